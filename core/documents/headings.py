"""Which lines of a paper are headings: "ANNEX II", "Article 3", "II. Security", a line in capitals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.documents.labels import LabelledLine, Series, Style, labelled
from core.documents.sentences import sentence_ends

LONGEST_HEADING = 120
MOST_HEADING_WORDS = 14
_NUMBER = r"\d{1,3}|[IVXLC]{1,7}\b|[A-Z]\b"
_END = r"(?=[\s.:៖º°ª–—-]|$)"
_ANNEX = re.compile(
    r"(?P<label>(?i:Annexe|Annex|Anexo|Appendix|Appendice|Apêndice|Phụ lục|ឧបសម្ព័ន្ធ)"
    rf"(?:\s?(?i:ទី|số))?(?:\s*(?:{_NUMBER}))?){_END}"
)
_CHAPTER = re.compile(
    r"(?P<label>(?i:Chapter|Chapitre|Capítulo|Chương|ជំពូក|Part|Partie|Parte|Phần|ផ្នែក|Section|Seção|Secção|Sección"
    rf"|Mục|កថាភាគ|Title|Titre|Título)(?:\s?(?i:ទី|thứ))?\s*(?:{_NUMBER})){_END}"
)
_ARTICLE = re.compile(
    r"(?P<label>(?i:Article|Artículo|Artigo|Điều|មាត្រា|ប្រការ|Clause|Cláusula)\s*"
    rf"(?:{_NUMBER}|(?i:premier|première|primeiro|primeira|primero|1er))){_END}"
)
_AFTER = re.compile(r"[\s.:៖º°ª–—-]*")
_PLACE_AND_DAY = re.compile(
    r"(?:(?:Done|Signed|Issued) (?:at|in)|Làm tại|Fait à|Feito em|Hecho en|ធ្វើនៅ)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A heading that names a part of a paper, such as "Annex II" or "Article 3"."""

    label: str
    is_article: bool = False
    """Whether its text is cited by it, where that has no number of its own."""


def unit(line: str) -> Unit | None:
    """The part of a paper that ``line`` is the heading of: alone, or with its title."""
    if len(line) > LONGEST_HEADING or len(line.split()) > MOST_HEADING_WORDS:
        return None
    for pattern, is_article in ((_ANNEX, False), (_CHAPTER, False), (_ARTICLE, True)):
        if match := pattern.match(line):
            after = _AFTER.match(line, match.end())
            title = line[after.end() :] if after else ""
            if title and (title[:1].islower() or sentence_ends(title)):
                return None
            return Unit(" ".join(match["label"].split()), is_article)
    return None


def is_place_and_day(line: str) -> bool:
    """Whether ``line`` says where and when a paper was signed."""
    return _PLACE_AND_DAY.match(line) is not None and len(line) <= LONGEST_HEADING


def is_numbered_heading(line: LabelledLine) -> bool:
    """Whether ``line`` is a heading with a Roman number or a letter, such as "II. Security"."""
    label = line.readings[0]
    return (
        label.series in (Series.UPPER_ROMAN, Series.UPPER_LETTERS)
        and label.style in (Style.DOT, Style.DASH, Style.RIGHT)
        and len(line.text) <= LONGEST_HEADING
        and not sentence_ends(line.text)
        and not line.text[:1].islower()
    )


def is_capital_heading(line: LabelledLine) -> bool:
    """Whether ``line`` is a heading with a number, in capitals, such as "2. FISHERIES"."""
    return (
        line.readings[0].style == Style.DOT
        and len(line.text) <= LONGEST_HEADING
        and is_in_capitals(line.text)
        and not sentence_ends(line.text)
    )


def is_in_capitals(line: str) -> bool:
    """Whether all letters of ``line`` are capitals, and it is no abbreviation."""
    letters = [char for char in line if char.isalpha()]
    return len(letters) > 3 and all(char.isupper() for char in letters)  # noqa: PLR2004


def bears_labels(lines: Sequence[str]) -> bool:
    """Whether the text of ``lines`` has labels: it begins with 1, or two numbers follow each other."""
    if len({part.label for line in lines if (part := unit(line)) and part.is_article}) > 1:
        return True
    seen: set[tuple[Style, Series, int]] = set()
    for place, line in enumerate(lines):
        found = labelled(line)
        for each in found.readings if found else ():
            if each.value == 1 and place == 0 and each.style == Style.DOT:
                return True
            if (each.style, each.series, each.value - 1) in seen:
                return True
            seen.add((each.style, each.series, each.value))
    return False
