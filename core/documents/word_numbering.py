"""The automatic numbers of a Word document: what Word writes before a paragraph of a list.

ECMA-376 Part 1, 17.9 (numbering). Names of elements stand without their namespace.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.documents.labels import LARGEST_ROMAN, to_roman
from core.documents.word_package import child, children, value_of

LEVELS = 9
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_KHMER_ZERO, _THAI_ZERO, _DEVANAGARI_ZERO = 0x17E0, 0x0E50, 0x0966


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    start: int = 1
    shape: str = "decimal"
    text: str = ""
    restarts_after: int | None = None
    """The level, from 0, above which a number lets this one begin again. None: any above."""
    is_decimal: bool = False
    """Whether the numbers of the levels above are written as decimals."""


@dataclass(slots=True)
class Lists:
    """The lists of a document, and how far each has been counted."""

    abstract: Mapping[str, dict[int, Level]]
    """The levels of each definition (``abstractNum``)."""
    numbers: Mapping[str, tuple[str, dict[int, Level], dict[int, int]]]
    """For each list (``num``): its definition, its own levels, and the numbers from which it begins again."""
    styles: Mapping[str, tuple[str, int]]
    """The definition and the level to which a paragraph style is linked."""
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def label(self, number: str, level: int) -> str:
        """Count one paragraph of the list ``number`` at ``level``, and return what Word writes before it."""
        if number not in self.numbers or not 0 <= level < LEVELS:
            return ""
        definition, own, restarts = self.numbers[number]
        levels = {**self.abstract.get(definition, {}), **own}
        counts = self._counts.setdefault(definition, [None] * LEVELS)
        if number not in self._begun:
            self._begun.add(number)
            for each in restarts:
                counts[each] = None
        here = levels.get(level, Level())
        start = restarts.get(level, here.start)
        count = counts[level]
        counts[level] = start if count is None else count + 1
        for above in range(level):
            if counts[above] is None:
                counts[above] = levels.get(above, Level()).start
        for below in range(level + 1, LEVELS):
            after = levels.get(below, Level()).restarts_after
            if after is None or level < after:
                counts[below] = None
        return _written(levels, counts, level)


def _written(levels: Mapping[int, Level], counts: list[int | None], level: int) -> str:
    here = levels.get(level, Level())
    if here.shape == "bullet":
        return "•"
    if here.shape == "none" and "%" not in here.text.replace(f"%{level + 1}", ""):
        return here.text.replace(f"%{level + 1}", "").strip()
    label = here.text
    for each in range(LEVELS):
        if f"%{each + 1}" in label:
            shape = "decimal" if here.is_decimal and each != level else levels.get(each, Level()).shape
            label = label.replace(f"%{each + 1}", _number(counts[each] or 0, shape))
    return label.strip()


def _number(number: int, shape: str) -> str:
    lower = shape.lower()
    if lower.endswith("roman") and 0 < number <= LARGEST_ROMAN:
        written = to_roman(number)
    elif lower.endswith("letter") and number > 0:
        written = _LETTERS[(number - 1) % 26] * ((number - 1) // 26 + 1)
    elif shape == "decimalZero":
        return f"{number:02d}"
    elif shape == "none":
        return ""
    else:
        zero = {"khmerNumbers": _KHMER_ZERO, "thaiNumbers": _THAI_ZERO, "hindiNumbers": _DEVANAGARI_ZERO}.get(
            shape
        )
        return str(number) if zero is None else "".join(chr(zero + int(digit)) for digit in str(number))
    return written.upper() if shape.startswith("upper") else written


def lists_of(numbering: Any) -> Lists:
    """The lists of the part ``numbering``, which may be None."""
    abstract: dict[str, dict[int, Level]] = {}
    styles: dict[str, tuple[str, int]] = {}
    linked: dict[str, str] = {}
    defined: dict[str, str] = {}
    for definition in children(numbering, "abstractNum"):
        key = value_of(definition, "abstractNumId")
        abstract[key] = {}
        if style := value_of(child(definition, "styleLink")):
            defined[style] = key
        if style := value_of(child(definition, "numStyleLink")):
            linked[key] = style
        for each in children(definition, "lvl"):
            number = _integer(value_of(each, "ilvl"), 0)
            abstract[key][number] = _level(each)
            if style := value_of(child(each, "pStyle")):
                styles[style] = (key, number)
    for key, style in linked.items():
        abstract[key] = abstract.get(defined.get(style, ""), abstract[key])
    return Lists(abstract, {value_of(num, "numId"): _list(num) for num in children(numbering, "num")}, styles)


def _list(num: Any) -> tuple[str, dict[int, Level], dict[int, int]]:
    own: dict[int, Level] = {}
    restarts: dict[int, int] = {}
    for each in children(num, "lvlOverride"):
        number = _integer(value_of(each, "ilvl"), 0)
        if (level := child(each, "lvl")) is not None:
            own[number] = _level(level)
        if (start := child(each, "startOverride")) is not None:
            restarts[number] = _integer(value_of(start), 1)
    return value_of(child(num, "abstractNumId")), own, restarts


def _level(level: Any) -> Level:
    shape = child(level, "numFmt")
    after = value_of(child(level, "lvlRestart"))
    return Level(
        start=_integer(value_of(child(level, "start")), 0 if child(level, "start") is None else 1),
        shape=_custom_shape(shape) or value_of(shape) or "decimal",
        text=value_of(child(level, "lvlText")),
        restarts_after=_integer(after, 0) if after else None,
        is_decimal=child(level, "isLgl") is not None
        and value_of(child(level, "isLgl")) not in ("0", "false"),
    )


def _custom_shape(shape: Any) -> str:
    """The series of a format that only its example names: "១, ២, ៣, ...", as newer programs write it."""
    example = "" if shape is None else value_of(shape, "format")
    first = example.split(",")[0].strip()
    return "khmerNumbers" if first in ("១", "០") else ""


def _integer(text: str, default: int) -> int:
    """``text`` as a number of a list. Not a number, or a hostile one, is ``default``."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else default  # noqa: PLR2004
