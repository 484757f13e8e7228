"""Makes the arguments of a registration from a row without a reference."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.choices import Clearance
from accounts.levels import level_errors
from commitments.choices import AssignmentRole, MentionKind, Nature, Status
from commitments.reports.modality import title_of
from commitments.services.deadline_wordings import read_wording
from commitments.services.deadlines import COLUMNS, Window, window_errors
from commitments.workflow import first_statuses
from core.days import span_of_days
from core.lists import one_of
from interchange.spreadsheet.names import AGENCY, COUNTRY, THEME, UnknownName
from interchange.spreadsheet.row_reading import RowReader
from interchange.spreadsheet.values import CellError, choice_of, day_of, number_of
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User

QUOTED = ("“", "”")


@dataclass(slots=True)
class NewCommitment:
    """What a row says about a new commitment."""

    title: str = ""
    text: str = ""
    kind: str = MentionKind.MADE
    status: str = Status.AGREED
    note: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    parties: list[Country] = field(default_factory=list)
    obligated: list[Country] = field(default_factory=list)
    beneficiaries: list[Country] = field(default_factory=list)
    agencies: list[dict[str, Any]] = field(default_factory=list)
    target: dict[str, Any] | None = None
    progress: dict[str, str] = field(default_factory=dict)

    def arguments(self, note: str) -> dict[str, Any]:
        """The arguments of ``registration_of`` other than its mention."""
        target = {} if self.target is None else {"target": self.target}
        return {
            "fields": {**self.fields, "title": self.title, "text": self.text},
            "parties": self.parties,
            "obligated": self.obligated,
            "beneficiaries": self.beneficiaries,
            "agencies": self.agencies,
            "status": self.status,
            "note": note,
            **target,
        }


def quote_of(reader: RowReader) -> str:
    """The wording of a row that becomes its paragraph in the source."""
    return reader.text("content") or reader.text("title")


def new_commitment(reader: RowReader, options: Mapping[str, Any], user: "User") -> NewCommitment:
    """Read a row without a reference. What cannot be read is noted in ``reader``."""
    new = NewCommitment()
    content = reader.text("content")
    new.title = " ".join(reader.text("title").split()) or (title_of(content) if content else "")
    new.text = content or new.title
    if not new.text:
        text = _("This row says nothing of a commitment. Fill in its content, or leave the row out.")
        reader.refuse(text, "content", "title")
        return new
    new.status = _status(reader, options)
    new.kind = MentionKind.REQUESTED if new.status == Status.REQUESTED else MentionKind.MADE
    new.note = reader.text("note") or str(options.get("note", ""))
    new.fields = {
        "nature": _choice(reader, "nature", Nature, options),
        "theme": _theme(reader, options),
        "remarks": reader.text("remarks"),
        "classification": _level(reader, options, user),
        **{COLUMNS[part]: value for part, value in _parts(window_in_row(reader))},
    }
    _agencies(reader, new)
    _countries(reader, options, new)
    new.target = _target(reader)
    new.progress = progress_in_row(reader)
    return new


def _status(reader: RowReader, options: Mapping[str, Any]) -> str:
    status = reader.read("status", lambda cell: choice_of(cell, Status))
    if status is None:
        return str(options.get("status") or Status.AGREED)
    possible = first_statuses(Nature.PRINCIPLE)
    if status not in possible:
        reader.refuse(
            _(
                "A new commitment enters as %(possible)s, not as “%(status)s”. Import it as one of these, "
                "then open it and submit it for review with its evidence."
            )
            % {"possible": one_of(str(each.label) for each in possible), "status": status.label},
            "status",
        )
    return str(status)


def _choice(reader: RowReader, name: str, kind: Any, options: Mapping[str, Any]) -> str:
    found = reader.read(name, lambda cell: choice_of(cell, kind))
    if found is None and not options.get(name) and reader.is_empty(name):
        reader.refuse(
            _("Say what kind of undertaking it is: in a column “Nature”, or for all rows under “Columns”."),
            name,
        )
    return str(found or options.get(name) or "")


def _theme(reader: RowReader, options: Mapping[str, Any]) -> Any:
    found = reader.records("theme", THEME)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        reader.refuse(_("A commitment has one theme."), "theme")
        return found[0]
    default = reader.index(THEME).records.get(str(options.get("theme", "")))
    if default is None and reader.is_empty("theme"):
        reader.refuse(
            _("Say which theme it belongs to: in a column “Theme”, or for all rows under “Columns”."), "theme"
        )
    return default


def level_in(reader: RowReader, options: Mapping[str, Any]) -> int:
    """The classification of a row: its own, or that of all rows."""
    found = reader.read("classification", lambda cell: choice_of(cell, Clearance))
    return int(options.get("classification") or 0) if found is None else int(found)


def _level(reader: RowReader, options: Mapping[str, Any], user: "User") -> int:
    level = level_in(reader, options)
    for message in level_errors(user, level).get("classification", []):
        reader.refuse(message, "classification")
    return level


# -- who -------------------------------------------------------------------------------------------------


def _agencies(reader: RowReader, new: NewCommitment) -> None:
    for name, role in (("lead_agency", AssignmentRole.LEAD), ("support_agencies", AssignmentRole.SUPPORT)):
        taken = {each["agency"].pk for each in new.agencies}
        for agency in reader.records(name, AGENCY):
            if agency.pk not in taken:
                new.agencies.append({"agency": agency, "role": role})


def _countries(reader: RowReader, options: Mapping[str, Any], new: NewCommitment) -> None:
    known = reader.index(COUNTRY).records
    home = known.get(settings.HOME_COUNTRY)
    others = reader.records("parties", COUNTRY) or _partners(reader) or _named(known, options.get("parties"))
    new.parties = _distinct([home, *others] if home and others else others)
    if not others and not any(place == reader.place("parties", "partner") for place, _text in reader.errors):
        reader.refuse(
            _("Say with which country: in a column “Partner”, or for all rows under “Columns”."),
            "partner",
            "parties",
        )
    leads = [each["agency"].country for each in new.agencies if each["role"] == AssignmentRole.LEAD]
    new.obligated = (
        reader.records("obligated", COUNTRY)
        or [country for country in _distinct(leads) if country in new.parties]
        or [each for each in _named(known, options.get("obligated")) if each in new.parties]
    )
    new.beneficiaries = reader.records("beneficiaries", COUNTRY)
    if not new.obligated and new.parties and reader.is_empty("obligated"):
        reader.refuse(
            _(
                "Say which country must act: in a column “Responsible”, by a lead agency of that country, or "
                "for all rows under “Columns”."
            ),
            "obligated",
            "lead_agency",
        )


def _partners(reader: RowReader) -> list[Country]:
    """The countries in the column of the partner, which may also name an agency of the other side."""
    text = reader.text("partner")
    if not text:
        return []
    try:
        return reader.index(COUNTRY).all(text)
    except UnknownName as unknown:
        try:
            return _distinct(agency.country for agency in reader.index(AGENCY).all(text))
        except UnknownName:
            reader.refuse_name(unknown, "partner")
            return []


def _named(known: Mapping[str, Any], codes: Iterable[str] | None) -> list[Country]:
    return [known[code] for code in codes or () if code in known]


def _distinct(countries: Iterable[Any]) -> list[Country]:
    return list(dict.fromkeys(each for each in countries if each is not None))


# -- when ------------------------------------------------------------------------------------------------


def window_in_row(reader: RowReader) -> Window:
    """The deadline of a row: its wording, with the days that stand beside it or that the wording means."""
    name = "deadline" if not reader.is_empty("deadline") else "timeline"
    days: dict[str, Any] = {
        part: reader.read(part, partial(day_of, order=reader.order))
        for part in ("earliest", "latest", "review_on")
    }
    if reader.is_empty(name):
        if days["earliest"] or days["latest"]:
            return Window(_in_words(days["earliest"], days["latest"]), **days)
        return Window(**days)
    read = window_of_cell(reader, name)
    if read is None:
        return Window()
    if days["earliest"] or days["latest"]:
        read = Window(read.wording, days["earliest"], days["latest"])
    else:
        tell_days(reader, read, name)
    window = Window(read.wording, read.earliest, read.latest, days["review_on"])
    for messages in window_errors(window).values():
        for message in messages:
            reader.refuse(message, name)
    return window


def window_of_cell(reader: RowReader, name: str) -> Window | None:
    """The window that the cell of a wording means; ``None`` where a day in it can be read in two ways."""
    cell = reader.cell(name)
    if isinstance(cell, dict) and ("day" in cell or _is_serial(cell)):
        day = reader.read(name, partial(day_of, order=reader.order))
        return None if day is None else Window(date_format(day, "LONG_DATE_FORMAT"), latest=day)
    text = wording_in(reader.text(name))
    try:
        day = day_of(text, order=reader.order)
    except CellError as error:
        if not read_wording(text).is_sure and _is_written_in_numbers(text):
            reader.refuse(str(error), name)
            return None
        return read_wording(text).window
    return Window(text, latest=day)


def wording_in(text: str) -> str:
    """The wording, also from a cell of our own export, where it stands in quotation marks before the days."""
    if text.startswith(QUOTED[0]) and QUOTED[1] in text:
        return text[1 : text.rindex(QUOTED[1])]
    return " ".join(text.split())


def _is_serial(cell: Mapping[str, Any]) -> bool:
    """Whether a number is that of a day, and not a year."""
    return "number" in cell and float(cell["number"]) > 2199  # noqa: PLR2004  (the last year that is read)


def _is_written_in_numbers(text: str) -> bool:
    return text[:1].isdigit() and all(char.isdigit() or char in "./- " for char in text) and len(text) > 7  # noqa: PLR2004


def _in_words(earliest: Any, latest: Any) -> str:
    if earliest and latest and earliest <= latest:
        return span_of_days(earliest, latest, long=True)
    return date_format(latest or earliest, "LONG_DATE_FORMAT")


def tell_days(reader: RowReader, window: Window, name: str) -> None:
    """Note which days the wording was read as, or that it names none that could be read."""
    read = read_wording(window.wording)
    if window.earliest and window.latest:
        days = span_of_days(window.earliest, window.latest)
    elif window.latest:
        days = _("by %(day)s") % {"day": date_format(window.latest)}
    elif window.earliest:
        days = _("from %(day)s") % {"day": date_format(window.earliest)}
    elif read.is_sure:
        reader.note(_("“%(text)s” names no day: it is never overdue.") % {"text": window.wording}, name)
        return
    else:
        text = _("No day could be read from “%(text)s”: it is kept as it is worded, and is never overdue.")
        reader.note(text % {"text": window.wording[:80]}, name)
        return
    if read.is_sure or read.window.latest is None:
        text = _("“%(text)s” is read as %(days)s.")
    else:
        text = _("“%(text)s” is read as %(days)s. Please check it.")
    reader.note(text % {"text": window.wording[:80], "days": days}, name)


def _parts(window: Window) -> Iterable[tuple[str, Any]]:
    return ((part, getattr(window, part)) for part in COLUMNS)


# -- what else -------------------------------------------------------------------------------------------


def _target(reader: RowReader) -> dict[str, Any] | None:
    if all(reader.is_empty(name) for name in ("target", "target_value", "target_unit")):
        return None
    return {
        "indicator": reader.text("target"),
        "value": reader.read("target_value", number_of),
        "unit": reader.text("target_unit"),
    }


def progress_in_row(reader: RowReader) -> dict[str, str]:
    """What a row reports: what was achieved, the challenges and the recommendations, if any."""
    parts = {name: reader.text(name) for name in ("achieved", "challenges", "recommendations")}
    return parts if any(parts.values()) else {}
