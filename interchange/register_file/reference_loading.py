"""Writes countries, agencies, people, mechanisms, themes, sources and meetings."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.choices import MentionKind, PassageClass
from commitments.documents.building import Document
from commitments.documents.reference import digest, document_of, recorded_paragraphs, stored
from commitments.documents.reference_schema import (
    PAPER,
    PAPER_WITHDRAWAL,
    PARAGRAPH_VERSION,
    PARTICIPANT,
    REFUSED_PASSAGE,
    SET_ASIDE,
)
from commitments.models import Candidate, SetAside
from commitments.models.candidate import words_of
from interchange.register_file.assign import fill, make
from interchange.register_file.edit_loading import EditLoader
from interchange.register_file.index import MODELS
from interchange.register_file.lookups import Lookups
from interchange.register_file.merge import changed_keys, conflict, is_same, rows_not_stored
from interchange.register_file.result import LoadResult
from interchange.register_file.sections import SECTIONS
from interchange.register_file.structure import FileEntry
from relations.choices import ParagraphRole
from relations.models import (
    Mechanism,
    Meeting,
    MeetingSource,
    Paper,
    PaperWithdrawal,
    Paragraph,
    ParagraphVersion,
    Participation,
    Source,
)
from relations.services.slugs import former_keys
from relations.services.sources import record_text

REASON = "register file"
"""The reason of every change by a load, in the field history."""

_ONLY_WHEN_NEW = ("sha256", "paragraphs", "versions")
"""Keys of a source that usually follow from its text. A load corrects no paragraph of a known source."""


class ReferenceLoader:
    """Creates missing records, and changes fields that nobody edited, entry by entry."""

    def __init__(self, lookups: Lookups, result: LoadResult, edits: EditLoader) -> None:
        self.lookups = lookups
        self.result = result
        self.edits = edits
        self._bases: list[tuple[Source, list[str]]] = []

    def load(self, section: str, entries: Sequence[FileEntry], loaded: dict[str, Document]) -> None:
        """Write ``entries`` of ``section``. ``loaded`` has the same entries as they were last loaded."""
        _model, field = MODELS[section]
        identity = SECTIONS[section].identity
        keys = [entry[identity] for entry in entries]
        existing = {
            getattr(record, field): record for record in stored(section).filter(**{f"{field}__in": keys})
        }
        if section == "meetings":
            self.lookups.load_paragraphs(entries)
        former = former_keys(MODELS[section][0])
        for entry in entries:
            self.lookups.use_current_bodies(entry)
            if "participants" in entry:
                rows = self.lookups.use_current_keys(entry["participants"], "person", "people")
                entry["participants"] = rows
            key = entry[identity]
            if key in former:  # an older file does not bring back what was merged
                self.edits.ignore(section, key)
                self.result.unchanged[section] += 1
                continue
            if key in existing:
                self.edits.ignore(section, key)
                counts = (
                    self.result.changed
                    if self._merge(section, entry, existing[key], loaded.get(key))
                    else None
                )
            else:
                self._create(section, entry)
                counts = self.result.created
            (self.result.unchanged if counts is None else counts)[section] += 1

    def finish(self) -> None:
        """Link sources to the sources that they are based on, once all of them exist."""
        for source, bases in self._bases:
            source.based_on.set([self.lookups.pk("sources", slug) for slug in bases])
        self._bases.clear()

    def _create(self, section: str, entry: FileEntry) -> None:
        model, field = MODELS[section]
        record: Any = make(model, entry, SECTIONS[section].schema, self.lookups)
        record._change_reason = REASON
        if self.edits.has(section, getattr(record, field)):
            record.skip_history_when_saving = True
        if isinstance(record, Source):
            _record_source(record, entry, self.lookups)
            self._papers(record, entry, [])
        else:
            record.save()
        self.lookups.add(section, getattr(record, field), record.pk)
        self._write_relations(record, entry, entry.keys())
        if isinstance(record, Meeting):
            self._set_aside(record, entry, {})
        if isinstance(record, Source):
            self._refused_passages(record, entry)

    def _merge(self, section: str, entry: FileEntry, record: Any, loaded: Document | None) -> bool:
        schema, conflicts = SECTIONS[section].schema, self.result.conflicts
        document = document_of(record)
        exclude = (*_ONLY_WHEN_NEW, "set_aside", "papers", "refused_passages")
        changed = changed_keys(entry, document, loaded, schema, conflicts, exclude=exclude)
        record._change_reason = REASON
        if isinstance(record, Source):
            self._merge_source(record, entry, document, changed)
        elif changed:
            fill(record, entry, schema, self.lookups, only=changed)
            record.save()
        self._write_relations(record, entry, changed)
        added = isinstance(record, Meeting) and self._set_aside(record, entry, loaded or {})
        if isinstance(record, Source):
            added = self._papers(record, entry, document.get("papers", []))
            added |= self._refused_passages(record, entry, loaded or {})
        return bool(changed) or added

    def _merge_source(
        self, source: Source, entry: FileEntry, stored_entry: Document, changed: list[str]
    ) -> None:
        """Change the source. A new wording of a cited paragraph is a conflict."""

        def add_conflict(key: str, reason: str) -> None:
            values = entry.get(key), stored_entry.get(key)
            self.result.conflicts.append(conflict(entry, key, *values, reason))

        for key in _ONLY_WHEN_NEW:
            if key in entry and entry[key] != stored_entry.get(key):
                add_conflict(key, _("loaded only with a new source"))
        fill(source, entry, SECTIONS["sources"].schema, self.lookups, only=set(changed) - {"text"})
        before = source.text, source.sha256
        try:
            if "text" in changed:
                with transaction.atomic():
                    record_text(source=source, text=entry.get("text", ""))
                return
        except ValidationError as error:
            source.text, source.sha256 = before
            changed.remove("text")
            add_conflict("text", error.messages[0])
        if changed:
            source.save()

    def _write_relations(self, record: Any, entry: FileEntry, keys: Collection[str]) -> None:
        """Write the many-to-many fields and the rows of a record."""
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

    def _set_aside(self, meeting: Meeting, entry: FileEntry, loaded: Document) -> bool:
        """Add what neither the register nor the last load has. Return whether there was any."""
        known = set(meeting.set_aside.values_list("paragraph", flat=True))
        before = {(row["source"], row["paragraph"]) for row in loaded.get("set_aside", [])}
        new = []
        for row in entry.get("set_aside", []):
            place = row["source"], row["paragraph"]
            if place not in self.lookups.paragraphs:
                reason = _("the register has a different text of this source")
                self.result.conflicts.append(conflict(row, "paragraph", row["paragraph"], None, reason))
            elif place not in before and self.lookups.paragraphs[place] not in known:
                new.append(make(SetAside, row, SET_ASIDE, self.lookups, meeting=meeting))
        SetAside.objects.bulk_create(new)
        return bool(new)

    def _papers(self, source: Source, entry: FileEntry, recorded: Sequence[Document]) -> bool:
        """Add the files that are not ``recorded``, and withdraw those that the file withdraws."""
        in_file = entry.get("papers", [])
        new = rows_not_stored(in_file, recorded)
        for row in new:
            paper = make(Paper, row, PAPER, self.lookups, source=source)
            paper.save()
            self._withdraw_paper(paper, row)
        withdrawn = 0
        for row, paper in zip(recorded, source.papers.order_by("pk"), strict=False):
            match = next((each for each in in_file if "withdrawn" in each and is_same(each, row)), None)
            if match is not None and "withdrawn" not in row:
                self._withdraw_paper(paper, match)
                withdrawn += 1
        return bool(new or withdrawn)

    def _withdraw_paper(self, paper: Paper, row: Document) -> None:
        if "withdrawn" in row:
            make(PaperWithdrawal, row["withdrawn"], PAPER_WITHDRAWAL, self.lookups, paper=paper).save()

    def _refused_passages(self, source: Source, entry: FileEntry, loaded: Document | None = None) -> bool:
        """Add what neither the register nor the last load has. Return whether there was any."""
        rows = entry.get("refused_passages", [])
        known = {(each.number, each.words): each for each in source.candidates.all()} if rows else {}
        texts = dict(source.paragraphs.values_list("number", "text")) if rows else {}
        before = {(row["paragraph"], row["quote"]) for row in (loaded or {}).get("refused_passages", [])}
        added = False
        for row in rows:
            number, quote = row["paragraph"], row["quote"]
            start = texts.get(number, "").find(quote)
            made = make(Candidate, row, REFUSED_PASSAGE, self.lookups, source=source)
            existing = known.get((number, words_of(quote)))
            if start < 0:
                reason = _("the register has a different text of this source")
                self.result.conflicts.append(conflict(row, "quote", quote, None, reason))
            elif (number, quote) not in before and not (existing and existing.is_refused):
                candidate = existing or made
                candidate.refused_by_id, candidate.refused_at = made.refused_by_id, made.refused_at
                if existing is None:
                    made.start, made.end = start, start + len(quote)
                    made.kind, made.passage_class = MentionKind.MADE, PassageClass.COMMITMENT
                candidate.save()
                added = True
        return added

    def _participants(self, meeting: Meeting, rows: Sequence[FileEntry]) -> None:
        """Replace the participants from the first one that differs on, to keep the order of the file."""
        new = [make(Participation, row, PARTICIPANT, self.lookups, meeting=meeting) for row in rows]
        existing = list(meeting.participations.order_by("pk"))
        same = 0
        while same < min(len(new), len(existing)) and _is_same(new[same], existing[same]):
            same += 1
        for participant in existing[same:]:
            participant.delete()
        for participant in new[same:]:
            participant._change_reason = REASON  # type: ignore[attr-defined]
            if hasattr(meeting, "skip_history_when_saving"):
                participant.skip_history_when_saving = True  # type: ignore[attr-defined]
            participant.save()


def _is_same(one: Participation, other: Participation) -> bool:
    fields = ("person_id", "office", "country_id", "role")
    return all(getattr(one, field) == getattr(other, field) for field in fields)


def _record_source(source: Source, entry: FileEntry, lookups: Lookups) -> None:
    if not entry.keys() & set(_ONLY_WHEN_NEW):
        record_text(source=source, text=entry.get("text", ""))
        return
    source.sha256 = entry.get("sha256", digest(entry))
    source.save()
    versions: defaultdict[int, list[Document]] = defaultdict(list)
    for row in entry.get("versions", []):
        versions[row["paragraph"]].append(row)
    paragraphs = [_paragraph(source, row, versions[row["number"]]) for row in recorded_paragraphs(entry)]
    Paragraph.objects.bulk_create(paragraphs)
    later = [(each, row) for each in paragraphs for row in versions[each.number][1:]]
    made = []
    for each, row in later:
        values = {"paragraph": each, "version": row["version"]}
        version = make(ParagraphVersion, row, PARAGRAPH_VERSION, lookups, **values)
        version.label = row.get("label")  # no label at all is another thing than the number
        made.append(version)
    ParagraphVersion.objects.bulk_create(made)


def _paragraph(source: Source, row: Document, versions: Sequence[Document]) -> Paragraph:
    paragraph = Paragraph(
        source=source,
        number=row["number"],
        text=row["text"],
        label=row.get("label"),
        role=row.get("role", ParagraphRole.PARAGRAPH),
        version=max(len(versions), 1),
    )
    if versions:
        first = versions[0]
        paragraph.first_text, paragraph.first_label = first["text"], first.get("label")
        paragraph.first_role = first.get("role", ParagraphRole.PARAGRAPH)
    return paragraph
