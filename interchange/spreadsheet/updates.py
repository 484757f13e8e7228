"""Compares a row that has a reference with the register: what it changes, and what cannot be changed so."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.choices import Clearance
from accounts.levels import LOWER
from commitments.choices import Nature, Status
from commitments.models import Commitment
from commitments.reports.columns import COLUMNS, in_words, timeline
from commitments.reports.rows import Row
from commitments.services.deadline_wordings import read_wording
from commitments.services.deadlines import Window, window_of
from core.numbers import written
from core.texts import plain_text
from interchange.exports.xlsx import cell_text
from interchange.spreadsheet.fields import FIELDS, FOLLOWING
from interchange.spreadsheet.names import AGENCY, COUNTRY, THEME, label_of
from interchange.spreadsheet.new_rows import tell_days, window_of_cell
from interchange.spreadsheet.row_reading import RowReader
from interchange.spreadsheet.values import CellError, choice_of, day_of, interface_languages, number_of, shown

_TEXTS = ("title", "content", "remarks", "achieved", "challenges", "recommendations", "target", "target_unit")
_DAYS = ("earliest", "latest", "review_on")
_NAMES = {
    "lead_agency": AGENCY,
    "support_agencies": AGENCY,
    "obligated": COUNTRY,
    "beneficiaries": COUNTRY,
    "parties": COUNTRY,
    "partner": COUNTRY,
    "theme": THEME,
}
_CHOICES: dict[str, Any] = {"nature": Nature, "classification": Clearance, "status": Status}
_REQUIRED = frozenset({"title", "content", "nature", "theme", "obligated"})
_VOLATILE = frozenset({"overdue_days", "presence", "officer"})
"""Columns of an export that change by themselves, or are written in the language of the page."""
PROGRESS = ("achieved", "challenges", "recommendations")
_COLUMN_OF = {"title": "title", "content": "text", "remarks": "remarks", "nature": "nature"}
_TARGET = {"target": "indicator", "target_value": "value", "target_unit": "unit"}


@dataclass(slots=True)
class Change:
    """A cell that differs from the register: its field, both values in words, and the new value."""

    name: str
    before: str
    after: str
    value: Any


@dataclass(slots=True)
class Update:
    """What a row changes in a commitment."""

    commitment: Commitment
    row: Row
    changes: dict[str, Change] = field(default_factory=dict)
    window: Window | None = None

    def told(self) -> list[tuple[str, str, str]]:
        """The changes for a person: the field, its value in the register, and that of the sheet."""
        return [(str(FIELDS[each.name].label), each.before, each.after) for each in self.changes.values()]

    @property
    def fields(self) -> dict[str, Any]:
        """The new values of columns of the commitment."""
        found = {
            column: self.changes[name].value for name, column in _COLUMN_OF.items() if name in self.changes
        }
        if "theme" in self.changes:
            found["theme"] = self.changes["theme"].value[0]
        if "classification" in self.changes:
            found["classification"] = self.changes["classification"].value
        return found

    def records(self, name: str) -> list[Any] | None:
        """The records that the field ``name`` is changed to; ``None`` if it is not changed."""
        return self.changes[name].value if name in self.changes else None

    @property
    def target(self) -> dict[str, Any] | None:
        """The values to set in the target; ``None`` if none is changed."""
        found = {column: self.changes[name].value for name, column in _TARGET.items() if name in self.changes}
        return found or None

    @property
    def progress(self) -> dict[str, str]:
        """The parts of a new report of progress; those that are not changed are repeated. Empty: none."""
        if not any(name in self.changes for name in PROGRESS):
            return {}
        last, obstacle = self.row.details.progress, self.row.details.obstacle
        parts = {name: getattr(last, name, "") for name in PROGRESS}
        parts |= {name: self.changes[name].value for name in PROGRESS if name in self.changes}
        if obstacle and parts["challenges"].startswith(obstacle):
            parts["challenges"] = parts["challenges"][len(obstacle) :].strip()
        return parts


def update_of(reader: RowReader, row: Row, *, is_exported_state: bool) -> Update:
    """What the row of ``reader`` changes in the commitment of ``row``.

    ``is_exported_state`` says that nothing was changed in the register since the file was exported. Only then
    is a cell that cannot be imported known to have been edited.
    """
    update = Update(row.commitment, row)
    for name in FIELDS:
        if name in ("reference", "note", "timeline") or not reader.has(name):
            continue
        if change := _change(reader, name, row):
            update.changes[name] = change
    _refuse_fixed(reader, update, is_exported_state=is_exported_state)
    _window(reader, update)
    if update.window is not None and update.window != window_of(update.commitment):
        text = _("The new deadline has been proposed. It counts once a reviewer has accepted it.")
        reader.note(text, "timeline", "deadline", "latest", "earliest", "review_on")
    _refuse_empty(reader, update)
    if is_exported_state:
        _note_following(reader, row)
    return update


def _change(reader: RowReader, name: str, row: Row) -> Change | None:
    """The change of the field ``name``; ``None`` where the cell says what the register says."""
    value = COLUMNS[name].value(row)
    before = cell_text(in_words(value))
    if plain_text(shown(reader.cell(name))) == plain_text(before):
        return None
    if name in _NAMES:
        return _change_of_names(reader, name, before)
    try:
        after = _READERS[name](reader, name)
    except CellError as error:
        reader.refuse(str(error), name)
        return None
    if _is_same(value, after):
        return None
    told = written(after) if isinstance(after, Decimal) else in_words(after)
    return Change(name, before, told, after)


def _is_same(value: Any, after: Any) -> bool:
    if isinstance(value, str) and isinstance(after, str):
        return plain_text(cell_text(value)) == plain_text(after)
    return bool((value if value is not None else "") == (after if after is not None else ""))


def _text(reader: RowReader, name: str) -> str:
    return reader.text(name)


def _title(reader: RowReader, name: str) -> str:
    return " ".join(reader.text(name).split())


def _day(reader: RowReader, name: str) -> Any:
    return day_of(reader.cell(name), order=reader.order)


def _choice(reader: RowReader, name: str) -> Any:
    return choice_of(reader.cell(name), _CHOICES[name])


_READERS: dict[str, Callable[[RowReader, str], Any]] = {
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(_DAYS, _day),
    **dict.fromkeys(_CHOICES, _choice),
    "title": _title,
    "deadline": _title,
    "target_value": lambda reader, name: number_of(reader.cell(name)),
}


def _change_of_names(reader: RowReader, name: str, before: str) -> Change | None:
    n_errors = len(reader.errors)
    records = reader.records(name, _NAMES[name])
    if len(reader.errors) > n_errors:
        return None
    after = "; ".join(label_of(each) if name == "theme" else str(each) for each in records)
    if sorted(after.split("; ")) == sorted(before.split("; ")):
        return None
    return Change(name, before, after, records)


# -- what cannot be changed ------------------------------------------------------------------------------


def _refuse_fixed(reader: RowReader, update: Update, *, is_exported_state: bool) -> None:
    """Refuse another status or other parties, unless it is the register that has moved on."""
    reference = update.commitment.reference
    sentences = {
        "status": _(
            "A status is not imported. Open %(reference)s and use its own steps, such as “Submit for "
            "review”; here leave the cell as it was exported."
        ),
        "parties": _("The parties of %(reference)s are part of its reference and never change."),
        "partner": _("The parties of %(reference)s are part of its reference and never change."),
    }
    for name, sentence in sentences.items():
        change = update.changes.pop(name, None)
        if change is None:
            continue
        if is_exported_state or name != "status":
            reader.refuse(sentence % {"reference": reference}, name)
        else:
            text = _("The register says “%(before)s” now. A status is not imported.")
            reader.note(text % {"before": change.before}, name)


def _refuse_empty(reader: RowReader, update: Update) -> None:
    for name in _REQUIRED & update.changes.keys():
        if not update.changes[name].value:
            del update.changes[name]
            reader.refuse(_("This field of a commitment cannot be empty."), name)
    level = update.changes.get("classification")
    if level and level.value < update.commitment.classification:
        del update.changes["classification"]
        reader.refuse(str(LOWER), "classification")
    if (theme := update.changes.get("theme")) and len(theme.value) > 1:
        reader.refuse(_("A commitment has one theme."), "theme")
    if any(name in update.changes for name in PROGRESS) and not any(update.progress.values()):
        text = _("A report is not deleted by an import. Open the commitment and enter it in error.")
        reader.refuse(text, *(name for name in PROGRESS if name in update.changes))


def _note_following(reader: RowReader, row: Row) -> None:
    """Note edited cells of columns that follow from other records."""
    for name in FOLLOWING - _VOLATILE:
        if not reader.has(name):
            continue
        value = COLUMNS[name].value(row)
        told = cell_text(in_words(value))
        cell = reader.cell(name)
        if plain_text(shown(cell)) == plain_text(told) or _says_the_same(cell, value):
            continue
        text = _("“%(column)s” follows from other records. The cell is not imported.")
        reader.note(text % {"column": COLUMNS[name].heading}, name)


def _says_the_same(cell: Any, value: Any) -> bool:
    for read in (day_of, number_of):
        try:
            if read(cell) == (value if value not in ("", 0) else read(cell)):
                return True
        except CellError:
            continue
    return False


# -- the deadline ----------------------------------------------------------------------------------------


def _window(reader: RowReader, update: Update) -> None:
    """Set the new deadline, if the row changes any part of it."""
    parts = {
        name: update.changes[name].value
        for name in ("earliest", "latest", "review_on", "deadline")
        if name in update.changes
    }
    if change := _timeline_change(reader, update.row):
        if parts:
            text = _("The deadline is taken from its own columns, not from this one.")
            reader.note(text, "timeline")
        elif (window := window_of_cell(reader, "timeline")) is not None:
            update.changes["timeline"] = change
            update.window = replace(window, review_on=_review_on(update, window))
            tell_days(reader, window, "timeline")
            return
    if not parts:
        return
    now = window_of(update.commitment)
    wording = parts.pop("deadline", now.wording)
    window = replace(now, wording=wording, **parts)
    if wording != now.wording and not parts and (read := window_of_cell(reader, "deadline")) is not None:
        if read_wording(wording).is_sure or read.latest is not None:
            window = replace(read, review_on=_review_on(update, read))
        tell_days(reader, window, "deadline")
    if window.latest is not None and "review_on" not in parts:
        window = replace(window, review_on=None)
    update.window = window


def _review_on(update: Update, window: Window) -> Any:
    """The day of the next review stays, unless the new deadline has a latest day."""
    return None if window.latest is not None else update.commitment.review_on


def _timeline_change(reader: RowReader, row: Row) -> Change | None:
    """The change of the column that tells the whole deadline, whatever language it was exported in."""
    if not reader.has("timeline"):
        return None
    after = plain_text(shown(reader.cell("timeline")))
    known = []
    for code in interface_languages():
        with override(code):
            known.append(plain_text(timeline(row.deadline)))
    if after in known or (not after and not row.deadline):
        return None
    return Change("timeline", plain_text(timeline(row.deadline)), after, after)
