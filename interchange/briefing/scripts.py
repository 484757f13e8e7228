"""Marks the script and the language of texts in a Word document, so that each gets its font.

Word sets Khmer, Lao, Thai and Arabic by the properties of "complex scripts". Vietnamese is Latin, and only
its language is named, for hyphenation and for the spelling checker.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

_COMPLEX = {
    "km-KH": "\u1780-\u17ff\u19e0-\u19ff",
    "lo-LA": "\u0e80-\u0eff",
    "th-TH": "\u0e00-\u0e7f",
    "my-MM": "\u1000-\u109f",
}
_RIGHT_TO_LEFT = {"he-IL": "\u0590-\u05ff\ufb1d-\ufb4f", "ar-SA": "\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc"}
_LETTERS = {**_COMPLEX, **_RIGHT_TO_LEFT}
_BETWEEN = "\\s\\d.,;:()\\[\\]/\u200b-\u200d\u2013\u2014\u201c\u201d\u00ab\u00bb-"
"""What belongs to a text of a script where it stands between its letters."""
_STRETCH = re.compile(
    "|".join(
        f"(?P<{language.replace('-', '_')}>[{letters}](?:[{letters}{_BETWEEN}]*[{letters}\u200b-\u200d])?)"
        for language, letters in _LETTERS.items()
    )
)
_ANY = re.compile(f"[{''.join(_LETTERS.values())}]")
_VIETNAMESE = re.compile("[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
"""Letters that no other language in Latin script has; French and Portuguese share the other accents."""


def mark_scripts(element: Any) -> None:
    """Mark every text in ``element``, and set paragraphs that begin from right to left so."""
    for text in list(element.iter(qn("w:t"))):
        words = text.text or ""
        if _ANY.search(words):
            _split(text, words)
        elif _VIETNAMESE.search(words):
            _language(text.getparent(), "w:val", "vi-VN")


def _split(text: Any, words: str) -> None:
    """Replace the run of ``text`` by runs of one script each; what else the run contains keeps its order."""
    run = text.getparent()
    if run.tag != qn("w:r"):
        return
    before, after = _siblings(run, text)
    for new in (
        *([_run_with(run, before)] if before else []),
        *(_text_run(run, part, language) for part, language in _parts(words)),
        *([_run_with(run, after)] if after else []),
    ):
        run.addprevious(new)
    run.getparent().remove(run)


def _parts(words: str) -> Iterator[tuple[str, str]]:
    """``words`` in stretches of one script: (text, language or "")."""
    end = 0
    for found in _STRETCH.finditer(words):
        if found.start() > end:
            yield words[end : found.start()], ""
        yield found[0], str(found.lastgroup).replace("_", "-")
        end = found.end()
    if end < len(words):
        yield words[end:], ""


def _siblings(run: Any, text: Any) -> tuple[list[Any], list[Any]]:
    content = [child for child in run if child.tag != qn("w:rPr")]
    at = content.index(text)
    return content[:at], content[at + 1 :]


def _run_with(run: Any, content: list[Any]) -> Any:
    new = _empty_copy(run)
    new.extend(content)
    return new


def _text_run(run: Any, words: str, language: str) -> Any:
    new = _empty_copy(run)
    text = OxmlElement("w:t")
    text.text = words
    text.set(qn("xml:space"), "preserve")
    new.append(text)
    if language:
        properties = new.get_or_add_rPr()
        _add(properties, "w:cs")
        if language in _RIGHT_TO_LEFT:
            _add(properties, "w:rtl")
        _language(new, "w:bidi", language)
    elif _VIETNAMESE.search(words):
        _language(new, "w:val", "vi-VN")
    return new


def _empty_copy(run: Any) -> Any:
    new = OxmlElement("w:r")
    if (properties := run.find(qn("w:rPr"))) is not None:
        new.append(deepcopy(properties))
    return new


_AFTER = ("w:em", "w:lang", "w:eastAsianLayout", "w:specVanish", "w:oMath")
"""What the schema puts after ``w:cs``; ``w:rtl`` stands before it."""


def _add(properties: Any, tag: str) -> None:
    """Add the switch ``tag`` at its place in the order of the schema."""
    if properties.find(qn(tag)) is not None:
        return
    later = {qn(each) for each in _AFTER} | ({qn("w:cs")} if tag == "w:rtl" else set())
    new = OxmlElement(tag)
    place = next((n for n, child in enumerate(properties) if child.tag in later), len(properties))
    properties.insert(place, new)


def _language(run: Any, attribute: str, language: str) -> None:
    if run.tag != qn("w:r"):
        return
    properties = run.get_or_add_rPr()
    mark = properties.find(qn("w:lang"))
    if mark is None:
        mark = OxmlElement("w:lang")
        later = {qn(each) for each in _AFTER[2:]}
        place = next((n for n, child in enumerate(properties) if child.tag in later), len(properties))
        properties.insert(place, mark)
    mark.set(qn(attribute), language)
