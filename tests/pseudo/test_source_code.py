"""What a template or a module says outside of gettext, read in its source: also where no test leads."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import DebugLexer, TokenType
from django.utils.formats import FORMAT_SETTINGS, get_format

from config.formats.en import formats
from tests.pseudo.reading import Seen, english_on, is_english

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
MODULES = sorted(module for app in ROOT.glob("*/__init__.py") for module in app.parent.rglob("*.py"))
OF_MACHINES = {"c", "Y-m-d", "Y-m"}
"""Formats that programs read: of attributes, and of what a browser's fields for days and months hold."""
NOT_FOR_PEOPLE = {
    "_": "gettext",
    "gettext": "gettext",
    "gettext_lazy": "gettext",
    "gettext_noop": "gettext",
    "pgettext": "gettext",
    "pgettext_lazy": "gettext",
    "ngettext": "gettext",
    "ngettext_lazy": "gettext",
    "npgettext": "gettext",
    "exception": "a line of the log",
    "ValueError": "a mistake of a programmer",
    "ImproperlyConfigured": "a mistake in the settings",
    "DemoRefused": "said by a command",
    "CommandError": "said by a command",
    "OAuth2Error": "a line of the log; the page says only that the sign-in did not work",
}
ABOUT_THE_API = re.compile(
    r"(^|/)(api|migrations|management)(/|_)|^config/start|^core/(backup|doctor)/|(^|/)(doctor|metrics)\.py$"
)
"""The OpenAPI document, what commands say (backups and ``doctor`` too), what a failed start says, and the
descriptions of figures for machines are in English."""
_SENTENCE = re.compile(r"[A-Z“][^<>{}A-Z][^<>{}]* [^<>{}]*[.?!:]\Z")
ATTRIBUTES = {"listing/closed_parts.html"}
"""Templates that stand inside a tag."""
NOT_SERVED = {"blocktranslate", "blocktrans", "comment"}
_GIVEN = re.compile(r"""(?:default|default_if_none|yesno|add):["']([^"']*)["']""")
_DATE = re.compile(r"""\|date:["']([^"']*)["']""")


def markup_of(source: str) -> str:
    """``source`` as it would be served if each of its tags were empty; what is translated is left out."""
    kept, inside = [], ""
    for token in DebugLexer(source).tokenize():
        words = token.contents.split() if token.token_type == TokenType.BLOCK else []
        if inside:
            inside = "" if words and words[0] == f"end{inside}" else inside
        elif words and (words[0] in NOT_SERVED or (words[0] == "block" and words[1].endswith("class"))):
            inside = words[0]
        elif token.token_type == TokenType.TEXT:
            kept.append(token.contents)
        else:
            kept.append("x" if kept and kept[-1].endswith(("<", "</")) else " ")
    return "".join(kept)


def english_in(source: str) -> Iterator[Seen]:
    """The words of a template that stand between its tags, and those that its tags give to a filter."""
    yield from english_on(markup_of(source))
    for token in DebugLexer(source).tokenize():
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for match in _GIVEN.finditer(token.contents):
                if is_english(match[1]):
                    yield Seen(match[0].partition(":")[0], match[1])


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Plain</p>", ["Plain"]),
        ('<p>{% translate "Plain" %}</p>', []),
        ("{% blocktranslate trimmed %}<b>Plain</b>{% endblocktranslate %}", []),
        ('<input type="submit" value="Send">', ["Send"]),
        ('<a title="{{ name }} here">{{ name }}</a>', ["  here"]),
        ('<a href="{% url "x" %}" class="plain">{{ name }}</a>', []),
        ("{% comment %}Plain{% endcomment %}", []),
        ("{% if a %}<p{% if b %} class='plain'{% endif %}>{% else %}open{% endif %}", ["open"]),
        ('{{ name|default:"nobody" }}', ["nobody"]),
        ('{% include "a part.html" with title=name|default:_("nobody") %}', []),
        ("<{% if a %}a{% else %}b{% endif %} class='plain'>", []),
        ("<body class='{% block main_class %}plain{% endblock %}'>", []),
    ],
)
def test_what_counts_as_english_in_a_template(source: str, found: list[str]) -> None:
    assert [seen.text for seen in english_in(source)] == found


def source_of(path: Path) -> str:
    source = path.read_text()
    return f"<div {source}>" if str(path.relative_to(ROOT / "templates")) in ATTRIBUTES else source


def test_no_template_says_anything_outside_of_gettext() -> None:
    found = [
        f"{path.relative_to(ROOT)} | {seen.place} | {seen.text}"
        for path in TEMPLATES
        for seen in english_in(source_of(path))
    ]
    assert not found, "\n".join(found)


def formats_in(path: Path) -> Iterator[str]:
    """The formats of days that a template or a module names."""
    if path.suffix != ".py":
        yield from _DATE.findall(path.read_text())
        return
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "date_format":
            for given in (part for argument in call.args[1:] for part in ast.walk(argument)):
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value


def test_no_day_is_written_in_a_format_that_a_language_cannot_change() -> None:
    names = FORMAT_SETTINGS | set(vars(formats)) | OF_MACHINES
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in [*TEMPLATES, *MODULES]
        for name in formats_in(path)
        if name not in names
    ]
    assert not found, "\n".join(found)


def sentences_in(path: Path) -> Iterator[str]:
    """The sentences of a module that gettext does not see, but for docstrings and what is for programmers."""
    waiting: list[ast.AST] = [ast.parse(path.read_text())]
    while waiting:
        node = waiting.pop()
        called = (
            getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        )
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_docstring or called in NOT_FOR_PEOPLE:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SENTENCE.match(node.value):
            yield node.value
        waiting.extend(ast.iter_child_nodes(node))


def test_no_module_says_a_sentence_outside_of_gettext() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {sentence}"
        for path in MODULES
        if not path.is_relative_to(ROOT / "tests") and not ABOUT_THE_API.search(str(path.relative_to(ROOT)))
        for sentence in sentences_in(path)
    ]
    assert not found, "\n".join(found)


def test_every_language_has_all_formats_of_our_own() -> None:
    locales = [path.name for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES")]
    own = {name for name in vars(formats) if name.endswith("_FORMAT")} - FORMAT_SETTINGS
    for language in {settings.LANGUAGE_CODE, *locales}:
        assert [name for name in own if get_format(name, lang=language) == name] == [], language
