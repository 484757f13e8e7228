"""Finds the days that a text names, as English, Vietnamese and Khmer documents write them."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from core.english_words import MONTH_NAMES, MONTHS

_KHMER = ("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ")
_MONTHS = MONTHS | {name: number for number, name in enumerate(_KHMER, start=1)}
_MONTH = "(?P<month>" + "|".join(MONTH_NAMES) + r"|(?:[A-Z][a-z]{2}|Sept)\b\.?)"
_TO = r"(?:\s*(?:-|–|to|and|until|đến|và)\s*(?:ngày\s+)?(?P<last>\d{1,2})(?:st|nd|rd|th)?)?"
_DAY = rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_TO}"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+(?P<year>\d{{4}})",
        rf"\b{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})",
        rf"{_DAY}\s+tháng\s+(?P<number>\d{{1,2}})\s*(?:năm\s+|[,/]\s*)(?P<year>\d{{4}})",
        rf"ngày\s+{_DAY}\s*[/.-]\s*(?P<number>\d{{1,2}})\s*[/.-]\s*(?P<year>\d{{4}})",
        r"(?<!\d)(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?!\d)",
        r"ទី\s*(?P<day>\d{1,2})\s*ខែ\s*(?P<month>" + "|".join(_KHMER) + r")\s*ឆ្នាំ\s*(?P<year>\d{4})",
    )
)


class DaysFound(NamedTuple):
    """One day, or the first and last of several, and where the text names them."""

    first: dt.date
    last: dt.date
    start: int


def days_in(text: str) -> list[DaysFound]:
    """The days that ``text`` names, in its order; none that could be read in two ways ("3/4/2025")."""
    found = {days.start: days for pattern in _PATTERNS for days in _matches(pattern, text)}
    return [found[start] for start in sorted(found)]


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[DaysFound]:
    for match in pattern.finditer(text):
        parts = match.groupdict()
        month = _month(parts)
        if month is None:
            continue
        try:
            first = dt.date(int(parts["year"]), month, int(parts["day"]))
            last = first.replace(day=int(parts.get("last") or parts["day"]))
        except ValueError:
            continue
        yield DaysFound(first, max(first, last), match.start())


def _month(parts: dict[str, str | None]) -> int | None:
    if parts.get("number"):
        return int(parts["number"] or 0)
    return _MONTHS.get((parts.get("month") or "").lower().rstrip("."))
