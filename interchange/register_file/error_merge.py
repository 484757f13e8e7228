"""Compares the notes of errors in the file with those of a commitment that is in the register already."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from commitments.documents.building import Document
from commitments.documents.commitment import commitment_document, with_document_relations
from commitments.models import Commitment
from commitments.services.entered_in_error import mark
from interchange.register_file.error_notes import KEY, holders, is_in_error, new_notes
from interchange.register_file.lookups import Lookups, readings
from interchange.register_file.merge import by_key, is_same
from interchange.register_file.structure import FileEntry

_KEYS = {"mentions": ("meeting", "source", "paragraph", "kind"), "readings": ("as_of", "period")}


@dataclass(slots=True)
class NoteMerge:
    """Whether notes were added, and the rows of the file whose notes differ from those of the register."""

    has_changed: bool = False
    different: list[tuple[FileEntry, list[Document]]] = field(default_factory=list)


def merge_notes(commitment: Commitment, entry: FileEntry, lookups: Lookups) -> NoteMerge:
    """Add the notes that only the file has. All rows of ``entry`` must have been merged."""
    result = NoteMerge()
    if not any(KEY in row for row in holders(entry, readings(entry))):
        return result
    rows = Commitment.objects.filter(pk=commitment.pk)
    now = with_document_relations(rows, with_errors=True).get()
    for row, thing, stored in _pairs(entry, now):
        notes = new_notes(thing, row.get(KEY, []), stored.get(KEY, []), lookups)
        if notes is None:
            result.different.append((row, stored[KEY]))
        elif notes:
            for note in notes:
                note.save(force_insert=True)
            mark(thing, is_in_error=is_in_error(row))
            result.has_changed = True
    return result


def _pairs(entry: FileEntry, commitment: Commitment) -> Iterator[tuple[FileEntry, Any, Document]]:
    """Each row of the file that can bear notes, what it describes, and its document in the register."""
    document = commitment_document(commitment)
    yield entry, commitment, document
    for name, keys in _KEYS.items():
        in_file, stored = (
            readings(side) if name == "readings" else side.get(name, []) for side in (entry, document)
        )
        things = getattr(commitment, name).all()
        record_of = dict(zip(by_key(stored, keys), zip(things, stored, strict=True), strict=True))
        for key, row in by_key(in_file, keys).items():
            if key in record_of:
                yield row, *record_of[key]  # type: ignore[misc]
    rest = list(zip(commitment.progress_updates.all(), document.get("progress", []), strict=True))
    for row in entry.get("progress", []):
        match = next((each for each in rest if is_same(row, each[1])), None)
        if match is not None:
            rest.remove(match)
            yield row, *match
