"""Reads the wording of a deadline, in English or Vietnamese, into the days that it can mean."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from commitments.services.deadlines import Window
from core.english_words import MONTHS
from core.search.folding import fold

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_FIRST_YEAR, _LAST_YEAR = 1900, 2199

_YEAR = r"(?P<year>(?:19|20|21)\d\d)(?!\d)"
_OF = r"[\s/.,-]*(?:of\s+|nam\s+|in\s+)?"
_MONTH = r"(?P<name>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("day", r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
        ("day", rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}"),
        ("day", rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}"),
        ("day", rf"{_DAY}\s+thang\s+(?P<month>\d{{1,2}})\s*(?:nam\s+|[,/]\s*){_YEAR}"),
        ("day", rf"{_DAY}\s*\.\s*(?P<month>\d{{1,2}})\s*\.\s*{_YEAR}"),
        ("day or month", rf"{_DAY}\s*[/-]\s*(?P<month>\d{{1,2}})\s*[/-]\s*{_YEAR}"),
        ("quarter", rf"\b(?:q|quarter\s+|quy\s*)(?P<n>[1-4]|iv|i{{1,3}})\b{_OF}{_YEAR}"),
        ("quarter", rf"\b{_YEAR}\s*[-/]?\s*q(?P<n>[1-4])\b"),
        ("quarter", rf"\b(?P<n>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter{_OF}{_YEAR}"),
        ("half", rf"\b(?P<n>first|second|1st|2nd)\s+half{_OF}{_YEAR}"),
        ("half", rf"\bh(?P<n>[12])\b{_OF}{_YEAR}"),
        ("half", rf"\b(?:6 thang|sau thang|nua)\s+(?P<n>dau|cuoi)(?:\s+cua)?{_OF}{_YEAR}"),
        ("month", rf"\bthang\s+(?P<month>\d{{1,2}}){_OF}{_YEAR}"),
        ("month", rf"\b{_MONTH}\s*,?\s*(?:of\s+)?{_YEAR}"),
        ("month", rf"(?<![\d/.-])(?P<month>\d{{1,2}})\s*[/.]\s*{_YEAR}"),
        ("month", r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})(?![\d-])"),
        ("years", rf"(?<!\d){_YEAR}\s*(?:-|–|—|to|until|den)\s*(?P<last>(?:19|20|21)\d\d)(?!\d)"),
        ("year", rf"(?<![\d/.])(?<!\d-){_YEAR}"),
    )
)
_PART_OF_YEAR = re.compile(
    r"(?P<early>\b(?:early|beginning of|start of|dau|the beginning of|the start of))\s*(?:in\s+)?(?:nam\s+)?$"
    r"|(?P<mid>\b(?:mid|middle of|the middle of|giua))[\s-]*(?:in\s+)?(?:nam\s+)?$"
    r"|(?P<late>\b(?:late|end of|the end of|year end|end|cuoi))\s*(?:in\s+)?(?:nam\s+)?$"
)
_ARTICLES = r"(?:\s+(?:the|ngay|nam|quy))*\s*$"
_BEFORE = re.compile(rf"\b(?:before|prior to|ahead of|truoc){_ARTICLES}")
_BEFORE_THE_END = re.compile(
    r"\b(?:before|prior to|ahead of|truoc)(?: the)? (?:end of|close of|cuoi|het)\b[\s\w]*$"
)
_UNTIL = re.compile(
    r"\b(?:by|until|till|up to|no later than|not later than|at the latest|cham nhat(?: la| vao)?|"
    rf"muon nhat(?: la| vao)?|den(?: het)?|den cuoi|deadline:?|due:?){_ARTICLES}"
)
_FROM = re.compile(rf"\b(?:from|after|since|as of|starting(?: in)?|tu|sau|ke tu){_ARTICLES}")
_FILLER = re.compile(
    r"\b(?:the|in|on|of|at|within|during|around|about|by|before|until|till|to|from|after|no|not|later|than|"
    r"deadline|due|date|target|expected|year|quarter|a|suitable|time|and|nam|ngay|thang|quy|trong|vao|truoc|"
    r"den|het|toi|cham|nhat|muon|la|tu|khoang|du|kien|thoi|gian|thoi diem|thich hop|phu hop|cua|giai|doan|"
    r"diem|early|beginning|start|mid|middle|late|end|dau|giua|cuoi|period)\b"
)
_VAGUE = frozenset(
    fold(each)
    for each in (
        *("asap", "a.s.a.p.", "a.s.a.p", "as soon as possible", "soon", "soonest", "promptly", "immediately"),
        *("at once", "urgent", "upcoming", "in the near future", "in the coming time", "in due course"),
        *("at an early date", "at a suitable time", "when appropriate", "ongoing", "on-going", "continuous"),
        *("continuously", "continuing", "regular", "regularly", "annual", "annually", "yearly", "every year"),
        *("permanent", "long term", "long-term", "tbd", "tbc", "tba", "to be determined", "to be confirmed"),
        *("to be agreed", "no deadline", "sớm", "sớm nhất", "sớm nhất có thể", "càng sớm càng tốt", "ngay"),
        *("khẩn", "khẩn trương", "trong thời gian tới", "thời gian tới", "sắp tới", "thường xuyên"),
        *("liên tục", "hằng năm", "hàng năm", "lâu dài", "khi phù hợp", "vào thời điểm phù hợp"),
        *("vào thời điểm thích hợp", "chưa xác định", "đang thực hiện"),
    )
)
"""Wordings that name no day, and are understood: the deadline has no latest day."""


@dataclass(frozen=True, slots=True)
class WordingRead:
    """What a wording was read as. ``is_sure`` is false where a person should look at the result."""

    window: Window
    is_sure: bool


def read_wording(wording: str) -> WordingRead:
    """The window that ``wording`` means. What names no day gets a window without days.

    A plain day or a word such as "by" gives only the latest day; "in", "during" and a bare period give both.
    A date that could be read in two ways ("3/4/2026") gives no day, and is not sure.
    """
    folded = fold(wording).translate(str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789"))
    if folded.strip(" .!") in _VAGUE:
        return WordingRead(Window(wording), is_sure=True)
    spans = list(_spans(folded))
    if not spans:
        return WordingRead(Window(wording), is_sure=False)
    if any(span.first is None for span in spans):
        return WordingRead(Window(wording), is_sure=False)
    earliest, latest = _bounds(folded, spans)
    if earliest and latest and latest < earliest:
        return WordingRead(Window(wording), is_sure=False)
    rest = folded
    for span in reversed(spans):
        rest = rest[: span.start] + " " + rest[span.end :]
    left = re.sub(r"[\W_]", "", _FILLER.sub(" ", rest))
    return WordingRead(Window(wording, earliest, latest), is_sure=not left)


@dataclass(frozen=True, slots=True)
class _Span:
    """A period that the wording names; without days where it could be read in two ways."""

    first: dt.date | None
    last: dt.date | None
    start: int
    end: int
    is_day: bool


def _spans(text: str) -> Iterator[_Span]:
    """The periods in ``text``, in its order. A part of the text counts once, for the most exact pattern."""
    found: list[_Span] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < each.end and each.start < match.end() for each in found):
                continue
            try:
                first, last = _days(kind, match)
            except ValueError:
                first = last = None
            found.append(_Span(first, last, match.start(), match.end(), kind.startswith("day")))
    yield from sorted(found, key=lambda each: each.start)


def _days(kind: str, match: re.Match[str]) -> tuple[dt.date | None, dt.date | None]:
    parts = match.groupdict()
    year, month = int(parts["year"]), _month(parts)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None, None
    match kind:
        case "day" | "day or month":
            day = int(parts["day"])
            if kind != "day" and day <= 12 and month <= 12 and day != month:  # noqa: PLR2004
                return None, None
            if month > 12:  # noqa: PLR2004  (written with the month first)
                day, month = month, day
            found = dt.date(year, month, day)
            return found, found
        case "quarter":
            n = _number(parts["n"])
            return dt.date(year, 3 * n - 2, 1), _end_of(year, 3 * n)
        case "half":
            is_second = parts["n"] in ("2", "second", "2nd", "cuoi")
            return dt.date(year, 7 if is_second else 1, 1), _end_of(year, 12 if is_second else 6)
        case "month":
            return dt.date(year, month, 1), _end_of(year, month)
        case "years":
            return dt.date(year, 1, 1), dt.date(int(parts["last"]), 12, 31)
    return _part_of_year(match.string[: match.start()], year)


def _month(parts: dict[str, str | None]) -> int:
    if name := parts.get("name"):
        return MONTHS[name]
    return int(parts.get("month") or 0)


def _number(text: str) -> int:
    return _ROMAN.get(text) or _ORDINALS.get(text) or int(text)


def _end_of(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _part_of_year(before: str, year: int) -> tuple[dt.date, dt.date]:
    """The year, or its beginning, middle or end if the text before it says so."""
    part = _PART_OF_YEAR.search(before)
    if part is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if part["early"]:
        return dt.date(year, 1, 1), dt.date(year, 3, 31)
    if part["mid"]:
        return dt.date(year, 4, 1), dt.date(year, 9, 30)
    return dt.date(year, 10, 1), dt.date(year, 12, 31)


def _bounds(text: str, spans: list[_Span]) -> tuple[dt.date | None, dt.date | None]:
    """The earliest and the latest day, from the periods and the words before the first of them."""
    first, last = spans[0], spans[-1]
    before = _PART_OF_YEAR.sub("", text[: first.start])
    if _BEFORE_THE_END.search(text[: first.start]):
        return None, first.last
    if len(spans) > 1:
        return first.first, last.last
    if _BEFORE.search(before):
        assert first.first is not None  # noqa: S101  (``read_wording`` has asked)
        return None, first.first - dt.timedelta(days=1)
    if _UNTIL.search(before) or (first.is_day and not _FROM.search(before)):
        return None, first.last
    if _FROM.search(before):
        return first.first, None
    return first.first, first.last
