"""Loads the notes that something was entered in error. A load adds notes and takes none back."""

from collections.abc import Mapping, Sequence
from typing import Any

from commitments.documents.building import Document
from commitments.documents.error_schema import ERROR_NOTE, LIFTING
from commitments.models import Commitment, EnteredInError, Mention, ProgressUpdate, Reading
from interchange.register_file.assign import make
from interchange.register_file.lookups import Lookups
from interchange.register_file.structure import FileEntry

KEY = "entered_in_error"

_FIELDS = {Mention: "mention", ProgressUpdate: "progress_update", Reading: "reading"}


def is_in_error(row: Mapping[str, Any]) -> bool:
    """Whether ``row`` bears a note that is not lifted."""
    notes: Sequence[Document] = row.get(KEY) or ()
    return bool(notes) and "lifted" not in notes[-1]


def without_notes(row: Document) -> Document:
    """``row`` without its notes."""
    return {name: value for name, value in row.items() if name != KEY}


def notes_of(thing: Any, rows: Sequence[Document], lookups: Lookups) -> list[EnteredInError]:
    """The unsaved notes of ``rows`` about ``thing``, in the order in which they must be saved."""
    notes: list[EnteredInError] = []
    for row in rows:
        note = make(EnteredInError, row, ERROR_NOTE, lookups, **_about(thing))
        notes.append(note)
        if "lifted" in row:
            notes.append(_lifting(note, row, lookups, thing))
    return notes


def new_notes(
    thing: Any, in_file: Sequence[Document], stored: Sequence[Document], lookups: Lookups
) -> list[EnteredInError] | None:
    """The unsaved notes about ``thing`` that only the file has; ``None`` if the register has others."""
    notes: list[EnteredInError] = []
    for ours, row in zip(stored, in_file, strict=False):
        if row["reason"] != ours["reason"]:
            return None
        if "lifted" in row and "lifted" not in ours:
            last = thing.error_notes.filter(lifts=None, **_only(thing)).order_by("pk").last()
            notes.append(_lifting(last, row, lookups, thing))
    return notes + notes_of(thing, in_file[len(stored) :], lookups)


def _lifting(note: EnteredInError, row: Document, lookups: Lookups, thing: Any) -> EnteredInError:
    return make(EnteredInError, row["lifted"], LIFTING, lookups, lifts=note, **_about(thing))


def _about(thing: Any) -> dict[str, Any]:
    if isinstance(thing, Commitment):
        return {"commitment": thing}
    return {"commitment": thing.commitment, _FIELDS[type(thing)]: thing}


def _only(thing: Any) -> dict[str, None]:
    """The condition that a note of a commitment is about the commitment itself."""
    return dict.fromkeys(_FIELDS.values()) if isinstance(thing, Commitment) else {}


def holders(entry: FileEntry, readings: Sequence[Any]) -> list[FileEntry]:
    """The entry and its rows that can bear notes."""
    return [entry, *entry.get("mentions", []), *entry.get("progress", []), *readings]
