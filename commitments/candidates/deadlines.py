"""Finds the wording of a deadline in a passage, and the days that it can mean.

Wordings with a year are read by ``commitments.services.deadline_wordings``. "Next year" gets its year from
the day of the text before, and "within six months" is counted from that day. "Soon" gives no days.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from commitments.services.deadline_wordings import read_wording

_NUMBERS = {
    word: n
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "một hai ba bốn năm sáu bảy tám chín mười",
    )
    for n, word in enumerate(words.split(), start=1)
} | {"fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90}
_NUMBER = r"(?P<n>\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_YEAR = r"(?P<year>20\d\d|this\s+year|next\s+year|the\s+(?:coming|current|following)\s+year|the\s+year)"
_JOIN = (
    r"(?:by|before|until|till|no\s+later\s+than|not\s+later\s+than|prior\s+to|from|starting\s+(?:from|in|"
    r"on)|as\s+of"
    r"|beginning\s+in|after|in|on|during|for|within|throughout|at)\s+(?:the\s+)?"
)
_PART = r"(?:(?:end|close|course|beginning|start|middle)\s+of\s+(?:the\s+)?)?"
_QUARTER = r"(?:(?:first|second|third|fourth|last|1st|2nd|3rd|4th)\s+(?:quarter|half)|q[1-4])"
_DAY_OR_MONTH = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}|{_MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d))?)"
)
_ENGLISH = (
    rf"{_JOIN}{_PART}{_DAY_OR_MONTH}(?:\s+of|,|\s+in)?(?:\s+{_YEAR})?",
    rf"{_JOIN}{_PART}{_QUARTER}(?:\s+(?:of\s+)?{_YEAR})?",
    rf"{_JOIN}(?:early|late|mid|end|beginning|middle)(?:[\s-]+of)?[\s-]+{_YEAR}",
    rf"at\s+an?\s+(?:\w+\s+)?(?:suitable|appropriate|convenient|early)\s+(?:time|date|"
    rf"opportunity)\s+in\s+{_YEAR}",
    r"(?:for|in|during|over|from|between)\s+(?:the\s+)?(?:(?:period|phase|years?|"
    r"school\s+year)\s+(?:of\s+)?)?(?P<year>20\d\d)\s*(?:-|to|and|until)\s*20\d\d",
    rf"{_JOIN}{_PART}{_YEAR}(?!\s*-\s*\d)",
    r"(?P<year>next\s+year|this\s+year)(?!'s)",
    r"(?:by|before|at)\s+(?:the\s+)?(?:year[- ]end|end\s+of\s+the\s+year)(?P<year>)",
    r"(?:in\s+)?next\s+month\b",
)
_VIETNAMESE_YEAR = r"(?:\s*[/,-]\s*|\s+(?:của\s+)?(?:năm\s+)?)(?P<year>20\d\d|nay|tới|sau)"
_VIETNAMESE_JOIN = (
    r"(?:(?:chậm\s+nhất|muộn\s+nhất|trước|đến|tới|từ|kể\s+từ|trong|vào|cho\s+đến|ngay)\s+(?:vào\s+)?)?"
)
_VIETNAMESE = (
    rf"{_VIETNAMESE_JOIN}(?:ngày\s+)\d{{1,2}}\s*(?:/|tháng\s+|-)\s*\d{{1,2}}(?:{_VIETNAMESE_YEAR})?",
    rf"{_VIETNAMESE_JOIN}(?:cuối\s+|hết\s+|đầu\s+|giữa\s+)?tháng\s+\d{{1,2}}(?:{_VIETNAMESE_YEAR})?",
    rf"{_VIETNAMESE_JOIN}(?:hết\s+|cuối\s+|đầu\s+)?quý\s+(?:iv|iii|ii|i|[1-4])\b(?:{_VIETNAMESE_YEAR})?",
    rf"{_VIETNAMESE_JOIN}(?:6\s+tháng|sáu\s+tháng|nửa)\s+(?:đầu|cuối)(?:{_VIETNAMESE_YEAR})?",
    rf"{_VIETNAMESE_JOIN}(?:đầu|giữa|cuối|hết)(?=\s+năm){_VIETNAMESE_YEAR}",
    r"(?:(?:trong\s+)?giai\s+đoạn|nhiệm\s+kỳ|trong\s+(?:(?:các|hai|ba|"
    r"những)\s+)?năm)\s+(?P<year>20\d\d)\s*-\s*20\d\d",
    r"(?:chậm\s+nhất\s+|trước\s+|đến\s+|tới\s+|từ\s+|trong\s+|vào\s+|ngay\s+)?(?:vào\s+|"
    r"trong\s+)?năm\s+(?P<year>20\d\d|nay|tới|sau)\b(?!\s*-)",
)
_SPAN = {
    "en": re.compile(
        rf"\b(?:within|in|over|during|for|no\s+later\s+than|not\s+later\s+than)\s+(?:a\s+|"
        rf"the\s+)?(?:(?:maximum|period|next|coming|following)\s+(?:of\s+)?)?{_NUMBER}\s*(?:\(\w+\)\s*)?"
        r"(?:calendar\s+|working\s+)?(?P<unit>day|week|month|year)s?\b(?P<of>\s+(?:of|from|after|"
        r"following)\s+[^,;.]{3,60})?"
    ),
    "vi": re.compile(
        rf"trong\s+(?:vòng\s+|thời\s+hạn\s+)?{_NUMBER}\s+(?P<unit>ngày|tuần|tháng|"
        rf"năm)\b(?:\s+tới)?(?P<of>\s+(?:kể\s+từ|từ|sau)\s+[^,;.]{{3,60}})?"
    ),
}
_VAGUE = {
    "en": re.compile(
        r"\b(?:as\s+soon\s+as\s+possible|at\s+(?:an|the)\s+(?:early|earliest(?:\s+possible)?|suitable|"
        r"appropriate|convenient|mutually\s+(?:convenient|agreed|agreeable))\s+(?:date|time|opportunity|"
        r"occasion)"
        r"|in\s+the\s+(?:near|coming|immediate)\s+(?:future|time|period|months|weeks|years)|"
        r"in\s+the\s+next\s+few\s+(?:months|weeks|years)|(?:in|for)\s+the\s+time\s+to\s+come|soon|"
        r"promptly|shortly|without\s+delay|upcoming)\b"
    ),
    "vi": re.compile(
        r"trong\s+thời\s+gian\s+(?:sớm\s+nhất|tới|sắp\s+tới)|vào\s+thời\s+(?:điểm|gian)\s+(?:thích\s+hợp|"
        r"phù\s+hợp)|trong\s+tương\s+lai\s+gần|càng\s+sớm\s+càng\s+tốt"
        r"|trong\s+(?:các|những)\s+(?:năm|tháng|tuần)\s+tới|sớm\s+nhất\s+có\s+thể|"
        r"thời\s+gian\s+sắp\s+tới|\bsớm\s+(?=(?:hoàn|ký|tổ|đưa|nối|khởi|mở|kết|triển|giải|thành|tiến|đạt|"
        r"nâng|phê|ban|thống|khai)\b)"
    ),
}
_PATTERNS = {
    "en": tuple(re.compile(rf"\b{each}") for each in _ENGLISH),
    "vi": tuple(re.compile(rf"\b{each}") for each in _VIETNAMESE),
}
_DAYS = {"day": 1, "ngày": 1, "week": 7, "tuần": 7}
_LATER_YEAR = re.compile(r"next|coming|following|tới|sau")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The wording as it stands in the text, and the days that it can mean."""

    wording: str
    earliest: dt.date | None = None
    latest: dt.date | None = None


def deadline_in(text: str, lower: str, language: str, on: dt.date | None) -> Deadline | None:
    """The first deadline in ``text``; ``lower`` is the same in small letters, ``on`` the day of the text.

    What was over on that day is no deadline. A vague wording counts only where there is none with days.
    """
    found = sorted(_with_days(text, lower, language, on), key=lambda each: each[:2])
    if found:
        return found[0][2]
    span = _SPAN[language].search(lower)
    if span:
        return Deadline(_wording(text, span), None, _from_today(span, on))
    vague = _VAGUE[language].search(lower)
    return Deadline(_wording(text, vague)) if vague else None


def _with_days(
    text: str, lower: str, language: str, on: dt.date | None
) -> Iterator[tuple[int, int, Deadline]]:
    for pattern in _PATTERNS[language]:
        for match in pattern.finditer(lower):
            window = read_wording(_dated(match, on)).window
            if (window.earliest or window.latest) and not (window.latest and on and window.latest < on):
                yield (
                    match.start(),
                    -match.end(),
                    Deadline(_wording(text, match), window.earliest, window.latest),
                )


def _dated(match: re.Match[str], on: dt.date | None) -> str:
    """The wording with its year in digits, if the day of the text tells it."""
    wording, named = match[0], match.groupdict().get("year")
    if named and named.isdigit() or on is None:
        return wording
    if "next month" in wording or not match.re.groups:
        year, month = divmod(on.year * 12 + on.month, 12)
        return f"{year}-{month + 1:02}"
    if named:
        begin, end = match.span("year")
        year = on.year + bool(_LATER_YEAR.search(named))
        head = wording[: begin - match.start()]
        return f"{head}{year}{wording[end - match.start() :]}"
    wording = re.sub(r"year[- ]end|end\s+of\s+the\s+year", "end of", wording)
    this_year = f"{wording} {on.year}"
    latest = read_wording(this_year).window.latest
    return f"{wording} {on.year + 1}" if latest and latest < on else this_year


def _from_today(match: re.Match[str], on: dt.date | None) -> dt.date | None:
    """So long from the day of the text. From another day ("of signature") it cannot be told."""
    if on is None or match["of"]:
        return None
    count = int(match["n"]) if match["n"].isdigit() else _NUMBERS[match["n"]]
    if match["unit"] in _DAYS:
        return on + dt.timedelta(days=count * _DAYS[match["unit"]])
    months = count * (12 if match["unit"] in ("year", "năm") else 1)
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return dt.date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def _wording(text: str, match: re.Match[str]) -> str:
    return " ".join(text[match.start() : match.end()].split()).strip(" ,")
