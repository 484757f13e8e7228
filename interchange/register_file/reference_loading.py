"""Writes countries, agencies, people, mechanisms, themes, sources and meetings."""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.documents.commitment import Document
from commitments.documents.reference import derived_paragraphs, digest, document_of, stored
from interchange.register_file.assign import fill, make
from interchange.register_file.index import MODELS
from interchange.register_file.lookups import Lookups
from interchange.register_file.merge import changed_keys, conflict
from interchange.register_file.reference_schema import PARTICIPANT
from interchange.register_file.result import Outcome
from interchange.register_file.sections import SECTIONS
from interchange.register_file.structure import FileEntry
from relations.models import Mechanism, Meeting, MeetingSource, Paragraph, Participation, Source
from relations.services.sources import record_text

REASON = "register file"
"""What the field history says of every change that a load makes."""

_ONLY_WHEN_NEW = ("sha256", "paragraphs")
"""Keys of a source that otherwise follow from its text."""


class RelationLoading:
    """Creates what is missing and changes what nobody edited here, entry by entry."""

    def __init__(self, lookups: Lookups, outcome: Outcome) -> None:
        self.lookups = lookups
        self.outcome = outcome
        self._bases: list[tuple[Source, list[str]]] = []

    def load(self, section: str, entries: Sequence[FileEntry], loaded: dict[str, Document]) -> None:
        """Write ``entries`` of ``section``; ``loaded`` is what the file said of each last time."""
        _model, field = MODELS[section]
        identity = SECTIONS[section].identity
        keys = [entry[identity] for entry in entries]
        held = {getattr(record, field): record for record in stored(section).filter(**{f"{field}__in": keys})}
        for entry in entries:
            key = entry[identity]
            if key in held:
                counts = (
                    self.outcome.changed if self._merge(section, entry, held[key], loaded.get(key)) else None
                )
            else:
                self._create(section, entry)
                counts = self.outcome.created
            (self.outcome.left if counts is None else counts)[section] += 1

    def finish(self) -> None:
        """Link the sources to those they are based on, once all of them exist."""
        for source, bases in self._bases:
            source.based_on.set([self.lookups.pk("sources", slug) for slug in bases])
        self._bases.clear()

    def _create(self, section: str, entry: FileEntry) -> None:
        model, field = MODELS[section]
        record: Any = make(model, entry, SECTIONS[section].shape, self.lookups)
        record._change_reason = REASON
        if isinstance(record, Source):
            _record_source(record, entry)
        else:
            record.save()
        self.lookups.add(section, getattr(record, field), record.pk)
        self._attach(record, entry, entry.keys())

    def _merge(self, section: str, entry: FileEntry, record: Any, loaded: Document | None) -> bool:
        shape, conflicts = SECTIONS[section].shape, self.outcome.conflicts
        held = document_of(record)
        changed = changed_keys(entry, held, loaded, shape, conflicts, but=_ONLY_WHEN_NEW)
        record._change_reason = REASON
        if isinstance(record, Source):
            self._merge_source(record, entry, held, changed)
        elif changed:
            fill(record, entry, shape, self.lookups, only=changed)
            record.save()
        self._attach(record, entry, changed)
        return bool(changed)

    def _merge_source(self, source: Source, entry: FileEntry, held: Document, changed: list[str]) -> None:
        """Change the source; a new wording of a cited paragraph cannot be taken and is a conflict."""

        def refuse(key: str, why: str) -> None:
            refused = conflict(entry, key, entry.get(key), held.get(key), why)
            self.outcome.conflicts.append(refused)

        for key in _ONLY_WHEN_NEW:
            if key in entry and entry[key] != held.get(key):
                refuse(key, _("taken only while the source is new"))
        fill(source, entry, SECTIONS["sources"].shape, self.lookups, only=set(changed) - {"text"})
        before = source.text, source.sha256
        try:
            if "text" in changed:
                with transaction.atomic():
                    record_text(source=source, text=entry.get("text", ""))
                return
        except ValidationError as error:
            source.text, source.sha256 = before
            changed.remove("text")
            refuse("text", error.messages[0])
        if changed:
            source.save()

    def _attach(self, record: Any, entry: FileEntry, keys: Collection[str]) -> None:
        """Write what hangs on the record: links to many, and rows of its own."""
        if isinstance(record, Source) and "based_on" in keys:
            self._bases.append((record, list(entry.get("based_on", []))))
        if isinstance(record, Mechanism) and "countries" in keys:
            record.countries.set([self.lookups.pk("countries", code) for code in entry["countries"]])
        if isinstance(record, Meeting) and "sources" in keys:
            record.source_links.all().delete()
            MeetingSource.objects.bulk_create(
                MeetingSource(meeting=record, source_id=self.lookups.pk("sources", slug))
                for slug in entry["sources"]
            )
        if isinstance(record, Meeting) and "participants" in keys:
            self._participants(record, entry["participants"])

    def _participants(self, meeting: Meeting, rows: Sequence[FileEntry]) -> None:
        """Rows are kept up to the first that differs: their order is that of the file."""
        wanted = [make(Participation, row, PARTICIPANT, self.lookups, meeting=meeting) for row in rows]
        held = list(meeting.participations.order_by("pk"))
        kept = 0
        while kept < min(len(wanted), len(held)) and _alike(wanted[kept], held[kept]):
            kept += 1
        for stale in held[kept:]:
            stale.delete()
        for fresh in wanted[kept:]:
            fresh._change_reason = REASON  # type: ignore[attr-defined]
            fresh.save()


def _alike(one: Participation, other: Participation) -> bool:
    fields = ("person_id", "office", "country_id", "role")
    return all(getattr(one, field) == getattr(other, field) for field in fields)


def _record_source(source: Source, entry: FileEntry) -> None:
    if not entry.keys() & set(_ONLY_WHEN_NEW):
        record_text(source=source, text=entry.get("text", ""))
        return
    source.sha256 = entry.get("sha256", digest(entry))
    source.save()
    rows = entry["paragraphs"] if "paragraphs" in entry else derived_paragraphs(entry)
    Paragraph.objects.bulk_create(
        Paragraph(source=source, number=row["number"], text=row["text"]) for row in rows
    )
