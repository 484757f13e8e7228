"""Writes commitments in batches, and their references to one another at the end."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from commitments.documents.building import Document
from commitments.documents.commitment import with_document_relations
from commitments.models import Commitment
from commitments.services.field_history import create_history_with_links
from commitments.services.transitions import lock_supersessions
from core.batches import batches
from interchange.register_file.commitment_merge import CommitmentMerge
from interchange.register_file.commitment_rows import absorb, complete_histories, create_commitments
from interchange.register_file.edit_loading import EditLoader
from interchange.register_file.index import FileIndex
from interchange.register_file.lookups import Lookups, rows_with_paragraph
from interchange.register_file.merge import conflict
from interchange.register_file.reference_loading import REASON
from interchange.register_file.result import LoadConflict, LoadResult
from interchange.register_file.structure import FileEntry
from interchange.register_file.values import split_reference


class CommitmentLoader:
    """Creates missing commitments in bulk and merges the others one by one."""

    def __init__(self, lookups: Lookups, result: LoadResult, index: FileIndex, edits: EditLoader) -> None:
        self.lookups, self.result, self.index, self.edits = lookups, result, index, edits
        self._created: list[tuple[int, str]] = []
        self._without_history: list[FileEntry] = []
        self._unfinished_merges: list[CommitmentMerge] = []
        self._absorbed: list[FileEntry] = []

    def relate(self, entry: FileEntry) -> None:
        """Set the related commitments of ``entry``, whichever of the two entries lists the other."""
        entry.pop("related", None)
        if related := self.index.related.get(entry["reference"]):
            entry["related"] = sorted(related, key=split_reference)

    def load(self, entries: Sequence[FileEntry], loaded: dict[str, Document]) -> None:
        """Write ``entries``. ``loaded`` has the same entries as they were last loaded."""
        self.lookups.load_paragraphs(entries)
        for entry in entries:
            self._drop_missing_paragraphs(entry)
            self.lookups.use_current_bodies(entry)
            if "agencies" in entry:
                entry["agencies"] = self.lookups.use_current_keys(entry["agencies"], "agency", "agencies")
        self._lock(entry["reference"] for entry in entries if loaded.get(entry["reference"]) != entry)
        rows = Commitment.objects.filter(reference__in=[entry["reference"] for entry in entries])
        existing = {row.reference: row for row in with_document_relations(rows, with_errors=True)}
        missing = [entry for entry in entries if entry["reference"] not in existing]
        for reference in existing:
            self.edits.ignore("commitments", reference)
        created, without_history = create_commitments(missing, self.lookups, self._has_edits)
        self._created += [(commitment.pk, commitment.reference) for commitment in created]
        self._without_history += without_history
        self._absorbed += [entry for entry in missing if entry.get("merges")]
        if created:
            self.result.created["commitments"] += len(created)
        for entry in entries:
            commitment = existing.get(entry["reference"])
            if commitment is not None and commitment.merged_into_id is not None:
                # A file that is older than the merge does not undo it.
                self.result.unchanged["commitments"] += 1
            elif commitment is not None:
                self._report_merge(entry)
                self._merge(CommitmentMerge(commitment, entry, loaded.get(entry["reference"]), self.lookups))

    def _lock(self, references: Iterable[str]) -> None:
        """Lock commitments until the load ends. Those that the file has not changed are not written."""
        rows = Commitment.objects.filter(reference__in=list(references)).select_for_update(no_key=True)
        list(rows.order_by("pk").values_list("pk"))

    def finish(self) -> None:
        """Write references to other commitments, now that all of them exist."""
        if self.index.successors:
            lock_supersessions()
        for entries in batches(self._without_history):
            self.lookups.load_paragraphs(entries)
            complete_histories(entries, self.lookups)
        absorb(self._absorbed, self.lookups)
        for merge in self._unfinished_merges:
            self.lookups.load_paragraphs([merge.entry])
            self._finish(merge)
        for created in batches(self._created):
            self._relate_created(created)

    def _report_merge(self, entry: FileEntry) -> None:
        """A load merges nothing that is in the register already."""
        if "merged_into" in entry:
            reason = _("the register has not merged it")
            self.result.conflicts.append(conflict(entry, "merged_into", entry["merged_into"], None, reason))

    def _merge(self, merge: CommitmentMerge) -> None:
        merge.run()
        if merge.is_unfinished:
            self._unfinished_merges.append(merge)
        else:
            self._count(merge)

    def _finish(self, merge: CommitmentMerge) -> None:
        merge.finish()
        self._count(merge)

    def _count(self, merge: CommitmentMerge) -> None:
        self.result.conflicts += merge.conflicts
        counts = self.result.changed if merge.has_changed else self.result.unchanged
        counts["commitments"] += 1

    def _relate_created(self, created: Sequence[tuple[int, str]]) -> None:
        """Relate new commitments, and write the first row of their field history."""
        through = Commitment.related.through
        pairs = set()
        for pk, reference in created:
            for other in self.index.related.get(reference, ()):
                other_pk = self.lookups.pk("commitments", other)
                pairs |= {(pk, other_pk), (other_pk, pk)}
        through.objects.bulk_create(
            (through(from_commitment_id=one, to_commitment_id=other) for one, other in sorted(pairs)),
            batch_size=500,
            ignore_conflicts=True,
        )
        without_edits = [pk for pk, reference in created if not self._has_edits(reference)]
        rows = Commitment.objects.filter(pk__in=without_edits).order_by("pk")
        create_history_with_links(list(rows.defer("search_text")), REASON, "related")

    def _has_edits(self, reference: str) -> bool:
        return self.edits.has("commitments", reference)

    def _drop_missing_paragraphs(self, entry: FileEntry) -> None:
        """Report rows whose paragraph the register does not have, and drop them if they are mentions."""
        missing = [
            row
            for row in rows_with_paragraph(entry)
            if (row["source"], row["paragraph"]) not in self.lookups.paragraphs
        ]
        for row in missing:
            reason = _("the register has a different text of this source")
            line, location = row.line_of("paragraph"), row.at("paragraph")
            self.result.conflicts.append(LoadConflict(line, location, row["paragraph"], None, reason))
            if row in entry["mentions"]:
                entry["mentions"].remove(row)
                # The edits number the mentions of the file.
                self.edits.ignore("commitments", entry["reference"])
