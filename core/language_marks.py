"""Marks the language and the direction of texts, as far as their scripts tell them.

The language chooses fonts, line heights and the voice of a screen reader. A text from right to left would
reorder the numbers and signs beside it, so it is isolated. So is a text with characters that direct what
follows.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.texts import DIRECTING

_LANGUAGES = {
    "km": "\u1780-\u17ff",
    "lo": "\u0e80-\u0eff",
    "th": "\u0e00-\u0e7f",
    "my": "\u1000-\u109f",
    "ko": "\u1100-\u11ff\uac00-\ud7ff",
    "ja": "\u3040-\u30ff",
    "hy": "\u0530-\u058f",
    "ka": "\u10a0-\u10ff",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u0590-\u05ff\ufb1d-\ufb4f",
}
"""The letters of a language. Arabic, Cyrillic and Chinese letters do not tell the language."""
_OTHER_RIGHT_TO_LEFT = "\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"


def _run(letters: str, shortest: str = "") -> str:
    return f"[{letters}]{shortest}(?:[^<>&{_LATIN}]*[{letters}])?"


_RUNS = re.compile(
    "|".join(
        # A single Greek letter can be a symbol.
        f"(?P<{language}>{_run(letters, '{2}' if language == 'el' else '')})"
        for language, letters in _LANGUAGES.items()
    )
    + f"|(?P<right_to_left>{_run(_OTHER_RIGHT_TO_LEFT)})"
)
"""Stretches of one script, with the spaces, digits and signs inside them."""
_LETTERS = {language: re.compile(f"[{letters}]") for language, letters in _LANGUAGES.items()}
_LETTER = re.compile(f"[{''.join(_LANGUAGES.values())}{_OTHER_RIGHT_TO_LEFT}]")
_DIRECTING = re.compile(f"[{DIRECTING}]")
_RIGHT_TO_LEFT = re.compile(f"[{_LANGUAGES['he']}{_OTHER_RIGHT_TO_LEFT}]")
_ASCII = bytes(range(128))
_ENTITY = re.compile(r"&#?\w+;")
_LATIN_LETTER = re.compile(f"[{_LATIN}]")
_PARTS = re.compile(
    r"<!--.*?-->|<(?P<name>script|style|title|svg)\b.*?</(?P=name)>"
    r"|(?P<tag><[^<>]*>)(?P<text>[^<]*)(?P<ends>(?=</))?",
    re.DOTALL,
)
_TEXT_ALONE = ("<option", "<textarea")
"""Elements that cannot contain others."""
_MARKED = re.compile(r"\s(lang|dir)=")
"""The mark of a tag that a template has marked itself."""
_CONTAINS_NOTHING = ("</", "<br", "<hr", "<img", "<input", "<wbr")


def language_of_letters(text: str) -> str:
    """The language whose letters most letters of ``text`` are, or "". Latin letters tell no language."""
    for language, letter in _LETTERS.items() if _LETTER.search(text) else ():
        others, count = letter.subn("", text)
        if count > sum(map(str.isalpha, others)):
            return language
    return ""


def attributes_of(text: str, language: str = "") -> SafeString:
    """The attributes ``lang`` and ``dir`` of an element around ``text``; "" if there is nothing to mark.

    ``language`` is that of the text, if it is known, as of a source.
    """
    found = _RUNS.search(text) if _LETTER.search(text) else None
    if found and not language and found.lastgroup in _LANGUAGES:
        language = found.lastgroup
    is_right_to_left = found and _RIGHT_TO_LEFT.search(text)
    marks = (("lang", language), ("dir", "auto" if is_right_to_left else ""))
    return format_html_join(" ", '{}="{}"', (mark for mark in marks if mark[1]))


def marked(markup: str) -> str:
    """``markup`` with every text of ``_LANGUAGES``, or from right to left, marked.

    If it is all that an element contains, the element gets the attributes, unless it has some. In a sentence,
    it gets an element of its own.
    """
    return _PARTS.sub(_marked_part, markup)


def _marked_part(part: re.Match[str]) -> str:
    tag, text = part["tag"], part["text"]
    if tag and _DIRECTING.search(text) and not tag.startswith(_TEXT_ALONE):
        return f"{tag}<bdi>{text}</bdi>"
    if not tag or not _LETTER.search(text) or _MARKED.search(tag) or not _RUNS.search(text):
        return part[0]
    is_whole = part["ends"] is not None and not tag.startswith(_CONTAINS_NOTHING)
    if tag.startswith(_TEXT_ALONE) or (is_whole and not _LATIN_LETTER.search(_ENTITY.sub("", text))):
        return f"{tag[:-1]} {attributes_of(text)}>{text}"
    return tag + _RUNS.sub(lambda run: f"<bdi {attributes_of(run[0])}>{run[0]}</bdi>", text)


class LanguageMarksMiddleware:
    """Marks the texts of every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        # Most pages have nothing to mark. Without their ASCII bytes, they are searched much faster.
        others = response.content.translate(None, _ASCII).decode() if is_page else ""
        if _LETTER.search(others) or _DIRECTING.search(others):
            response.content = marked(response.content.decode())
        return response
