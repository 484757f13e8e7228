"""Writes the field history of new entries, after everything else, since it may name any entry."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from django.db.models import Min, QuerySet

from commitments.documents.building import Document, build
from commitments.documents.commitment import with_edited_relations
from commitments.documents.reference import stored
from commitments.documents.schema import Key
from commitments.models import Commitment
from core.batches import BATCH, batches
from interchange.register_file.assign import make
from interchange.register_file.edit_schema import EDITED, EDITS, TYPES, Edited, field_name
from interchange.register_file.index import MODELS
from interchange.register_file.lookups import Lookups
from interchange.register_file.sections import SECTIONS
from interchange.register_file.structure import FileEntry
from interchange.register_file.values import split_reference


class EditLoader:
    """Keeps the edits of entries that the load creates, and writes them at the end.

    An entry that is in the register already has its history, so its edits in the file are ignored.
    """

    def __init__(self, lookups: Lookups) -> None:
        self.lookups = lookups
        self._edits: dict[str, dict[str, FileEntry]] = {section: {} for section in SECTIONS}

    def take(self, section: str, entries: Iterable[FileEntry]) -> None:
        """Remove the edits from ``entries``, which the load compares with the register, and keep them."""
        identity = SECTIONS[section].identity
        for entry in entries:
            if EDITS in entry:
                self._edits[section][entry[identity]] = entry.pop(EDITS)

    def has(self, section: str, key: str) -> bool:
        """Whether the history of the entry comes from the file."""
        return key in self._edits[section]

    def ignore(self, section: str, key: str) -> None:
        """Do not write the edits of the entry ``key``."""
        self._edits[section].pop(key, None)

    def finish(self) -> None:
        """Write all edits, now that all entries exist."""
        for section, taken in self._edits.items():
            edits = {key: entry for key, entry in taken.items() if any(entry.values())}
            field = MODELS[section][1]
            for keys in batches(edits, BATCH // 10 if section == "sources" else BATCH):
                records = {
                    getattr(each, field): each for each in _stored(section).filter(**{f"{field}__in": keys})
                }
                for kind in EDITED[section]:
                    self._write(kind, [(records[key], edits[key].get(kind.name, [])) for key in keys])

    def _write(self, kind: Edited, entries: Sequence[tuple[Any, list[FileEntry]]]) -> None:
        # Removed rows have numbers that no record has, now or later.
        lowest = kind.history.objects.aggregate(lowest=Min("id"))["lowest"]
        unused = count(min(0, lowest or 0) - 1, -1)
        versions = [version for entry in entries for version in _versions(kind, *entry, unused)]
        self.lookups.load_cited(version.values for version in versions)
        rows = [self._row(kind, version) for version in versions]
        kind.history.objects.bulk_create(rows, batch_size=BATCH)
        for key in kind.many:
            self._write_links(kind, key, zip(rows, versions, strict=True))

    def _row(self, kind: Edited, version: "_Version") -> Any:
        values, edit = version.values, version.edit
        record: Any = make(kind.model, values, kind.values, self.lookups, pk=version.pk)
        if kind.parent:
            setattr(record, kind.parent, version.parent)
        if isinstance(record, Commitment):
            record.prefix, record.year, record.serial = split_reference(values["reference"])
        row = kind.history(
            **{field.attname: getattr(record, field.attname) for field in kind.history.tracked_fields},
            history_type=TYPES[edit["did"]],
            history_date=dt.datetime.fromisoformat(edit["at"]),
            history_user_id=self.lookups.account(edit["actor"]) if "actor" in edit else None,
            history_change_reason=edit.get("reason"),
        )
        if isinstance(record, Commitment):
            row.history_relation_id = version.pk
        for key in kind.links:
            for pk in _deleted(key, edit):
                setattr(row, f"{field_name(key)}_id", pk)
        return row

    def _write_links(self, kind: Edited, key: Key, rows: Iterable[tuple[Any, "_Version"]]) -> None:
        """Write what a many-to-many field had, once the rows of the history have their keys."""
        field: Any = kind.model._meta.get_field(field_name(key))
        model = getattr(kind.history, field.name).model
        own, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        section = key.of.links if isinstance(key.of, Key) else ""
        model.objects.bulk_create(
            (
                model(id=0, history=row, **{own: row.id, other: pk})
                for row, version in rows
                for pk in (
                    *(self.lookups.pk(section, each) for each in version.values.get(key.name, ())),
                    *_deleted(key, version.edit),
                )
            ),
            batch_size=BATCH,
        )


class _Version(NamedTuple):
    """A record after an edit: its primary key, that of its entry, the edit and all its values."""

    pk: int
    parent: int
    edit: FileEntry
    values: Document


def _versions(
    kind: Edited, record: Any, edits: Sequence[FileEntry], unused: Iterator[int]
) -> Iterator[_Version]:
    """The versions that ``edits`` of the entry ``record`` made. A removed row gets the next of ``unused``."""
    existing = dict(enumerate(kind.rows(record), start=1)) if edits else {}
    pks = {number: row.pk for number, row in existing.items()}
    values: dict[int, Document] = {}
    for edit in edits:
        number = edit.get("row", 1)
        if number not in pks:
            pks[number] = next(unused)
        if number not in values:
            is_now = number in existing and not kind.is_complete
            values[number] = build(existing[number], kind.values) if is_now else {}
        values[number] = values[number] | edit.get("values", {})
        for name in edit.get("without", ()):
            values[number].pop(name, None)
        yield _Version(pks[number], record.pk, edit, dict(values[number]))


def _stored(section: str) -> QuerySet[Any]:
    """The records with the relations that a field history reads."""
    if section == "commitments":
        rows = Commitment.objects.all()
        return with_edited_relations(
            rows, rows.only("reference", "prefix", "year", "serial"), with_errors=True
        )
    return stored(section)


def _deleted(key: Key, edit: FileEntry) -> list[int]:
    """Primary keys that no record has, for the records of ``key`` that no longer exist."""
    return [-each["number"] for each in edit.get("deleted", ()) if each["key"] == key.name]
