"""Turns cells into texts, days, numbers and choices, or says in plain words why one cannot be read."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Choices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.choices import Clearance
from commitments.choices import Nature, Status
from core.lists import one_of
from core.numbers import read_number
from core.texts import plain_text
from interchange.exports.formula_escaping import looks_like_formula
from relations.names import words_in
from relations.services.dates_in_text import days_in

Cell = Any
_DAY_ONE = dt.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 61, 2_958_465
"""Spreadsheets disagree about the serial numbers before 61, which is 1 March 1900."""
_YEARS = range(1900, 2200)
_NUMERIC = re.compile(r"(?P<one>\d{1,2})\s*(?P<sign>[./-])\s*(?P<two>\d{1,2})\s*[./-]\s*(?P<year>\d{2,4})\.?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_SAYS_NOTHING = frozenset({"-", "–", "—", "n/a", "na", "none", "nil", "không", "/", "…", "..."})


class CellError(Exception):
    """A cell that cannot be read. The message is for a person."""


def is_empty(cell: Cell) -> bool:
    """Whether the cell has no value, or only a sign that says so, such as a dash."""
    return cell is None or (isinstance(cell, str) and plain_text(cell).lower() in {"", *_SAYS_NOTHING})


def text_of(cell: Cell) -> str:
    """The text of a cell. The apostrophe before what looks like a formula, in our own exports, is removed."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = plain_text(cell)
        return text[1:] if text.startswith("'") and looks_like_formula(text[1:]) else text
    match cell:
        case {"number": number}:
            return _number_in_digits(Decimal(number))
        case {"day": day}:
            return date_format(dt.date.fromisoformat(day[:10]), "LONG_DATE_FORMAT")
        case {"truth": truth}:
            return _("yes") if truth else _("no")
        case {"error": error}:
            raise CellError(_("The spreadsheet shows the error %(error)s here.") % {"error": error})
    raise CellError(
        _("The result of this formula is not stored in the file. Open it, save it again, and retry.")
    )


def _number_in_digits(number: Decimal) -> str:
    if number == number.to_integral_value():
        return f"{number:.0f}"  # ``quantize`` refuses more than 28 digits
    return f"{number.normalize():f}"


def shown(cell: Cell) -> str:
    """The cell as a person sees it, also where it cannot be read."""
    try:
        return text_of(cell)
    except CellError:
        return str(cell.get("error", "=…"))


# -- days ------------------------------------------------------------------------------------------------


def day_of(cell: Cell, *, order: str = "") -> dt.date | None:
    """The day in a cell; ``None`` if it is empty. Raises ``CellError``.

    ``order`` says how the file writes 3/4/2026: "dmy" or "mdy"; "" refuses such a day. With points the day
    comes first, as in 3.4.2026.
    """
    if is_empty(cell):
        return None
    match cell:
        case {"day": day}:
            return _plausible(dt.date.fromisoformat(day[:10]))
        case {"number": number}:
            return _of_serial(Decimal(number))
    return _of_text(text_of(cell), order)


def _of_serial(number: Decimal) -> dt.date:
    if number == number.to_integral_value() and int(number) in _YEARS:
        raise CellError(_("%(year)d is a year. Enter a day, such as 30.06.%(year)d.") % {"year": int(number)})
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        raise CellError(
            _("The number %(number)s is not a day. Enter a day, such as 30.06.2026.")
            % {"number": _number_in_digits(number)}
        )
    return _plausible(_DAY_ONE + dt.timedelta(days=int(number)))


def _of_text(text: str, order: str) -> dt.date:
    if iso := _ISO.fullmatch(text):
        return _plausible(_day(text, *map(int, iso.groups())))
    if numeric := _NUMERIC.fullmatch(text):
        return _plausible(_of_numbers(text, numeric, order))
    found = days_in(text)
    if len(found) == 1 and found[0].first == found[0].last:
        return _plausible(found[0].first)
    raise CellError(_("“%(text)s” is not a day. Enter a day, such as 30.06.2026.") % {"text": text[:60]})


def _of_numbers(text: str, match: re.Match[str], order: str) -> dt.date:
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    if len(match["year"]) != 4:  # noqa: PLR2004  (the digits of a year)
        raise CellError(_("“%(text)s” needs a year with four digits.") % {"text": text})
    if match["sign"] == "." or one > 12 or one == two or order == "dmy":  # noqa: PLR2004
        return _day(text, year, two, one)
    if two > 12 or order == "mdy":  # noqa: PLR2004
        return _day(text, year, one, two)
    raise CellError(
        _(
            "“%(text)s” can be two days: %(one)s or %(other)s. Say under “Columns” how the file writes days, "
            "or write the day as 2026-06-30."
        )
        % {
            "text": text,
            "one": date_format(_day(text, year, two, one)),
            "other": date_format(_day(text, year, one, two)),
        }
    )


def _day(text: str, year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise CellError(_("There is no day “%(text)s”.") % {"text": text}) from error


def _plausible(day: dt.date) -> dt.date:
    if day.year not in _YEARS:
        raise CellError(_("%(day)s is not between 1900 and 2199. Check the year.") % {"day": day.isoformat()})
    return day


# -- numbers ---------------------------------------------------------------------------------------------


def number_of(cell: Cell) -> Decimal | None:
    """The number in a cell, also one that is stored as a text; ``None`` if it is empty."""
    if is_empty(cell):
        return None
    if isinstance(cell, dict) and "number" in cell:
        return Decimal(cell["number"])
    text = text_of(cell)
    number, is_sure = read_number(text)
    if number is None:
        raise CellError(_("“%(text)s” is not a number.") % {"text": text[:60]})
    if not is_sure:
        try:
            return Decimal(text)  # as our own CSV writes it
        except InvalidOperation as error:
            raise CellError(
                _("“%(text)s” can be two numbers. Enter it without a separator of thousands.")
                % {"text": text}
            ) from error
    return number


# -- choices ---------------------------------------------------------------------------------------------


def interface_languages() -> tuple[str, ...]:
    """The codes of the languages that the pages, and so exports, can have."""
    return _languages_beside(settings.LANGUAGE_CODE)


@cache
def _languages_beside(usual: str) -> tuple[str, ...]:
    folders = [Path(folder) for folder in settings.LOCALE_PATHS]
    translated = (
        code for code, _name in settings.LANGUAGES if any((each / code).is_dir() for each in folders)
    )
    return tuple(dict.fromkeys([usual, *translated]))


@cache
def _choices(kind: type[Choices], languages: tuple[str, ...]) -> dict[tuple[str, ...], Any]:
    """The members of ``kind`` by the words of their keys and of their labels in each language."""
    found: dict[tuple[str, ...], Any] = {}
    for code in languages:
        with override(code):
            for member in kind:
                found[tuple(words_in(str(member.label)))] = member
    for member in kind:
        found[tuple(words_in(member.name.replace("_", " ")))] = member
    return found


_OTHER_WORDS: dict[tuple[str, ...], Status] = {
    tuple(words_in(words)): status
    for status, others in {
        Status.REQUESTED: ("asked", "proposed", "đề nghị", "đề xuất"),
        Status.AGREED: ("new", "open", "đã thỏa thuận", "đã nhất trí", "đồng ý"),
        Status.STANDING: ("continuing", "thường xuyên"),
        Status.IN_PROGRESS: ("ongoing", "on-going", "under way", "đang thực hiện", "đang triển khai"),
        Status.STALLED: ("blocked", "not begun", "chưa thực hiện", "vướng mắc"),
        Status.FULFILLED: ("done", "completed", "complete", "closed", "hoàn thành", "đã hoàn thành"),
        Status.DROPPED: ("cancelled", "canceled", "withdrawn", "đã hủy"),
    }.items()
    for words in others
}


def choice_of(cell: Cell, kind: type[Choices]) -> Any:
    """The member of ``kind`` that a cell names; ``None`` if it is empty. Raises ``CellError``."""
    if is_empty(cell):
        return None
    text = text_of(cell)
    words = tuple(words_in(text.replace("_", " ")))
    found = _choices(kind, interface_languages()).get(words)
    if found is None and kind is Status:
        found = _OTHER_WORDS.get(words)
    if found is None:
        raise CellError(
            _("“%(text)s” is not known. Possible: %(choices)s.")
            % {"text": text[:60], "choices": one_of(str(label) for label in _possible(kind))}
        )
    return found


def _possible(kind: type[Choices]) -> Iterable[Any]:
    if kind is Status:
        return [Status.REQUESTED.label, Status.AGREED.label, Status.STANDING.label]
    return kind.labels if kind in (Nature, Clearance) else [member.label for member in kind]
