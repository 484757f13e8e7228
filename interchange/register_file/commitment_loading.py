"""Writes commitments batch by batch, and at the end what links them to one another."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from commitments.documents.commitment import Document, with_document_relations
from commitments.models import Commitment
from commitments.services.field_history import create_history_with_links
from commitments.services.transitions import lock_supersessions
from core.batches import batches
from interchange.register_file.commitment_merge import CommitmentMerge
from interchange.register_file.commitment_rows import complete_histories, create_commitments
from interchange.register_file.index import Ledger
from interchange.register_file.lookups import Lookups, citing
from interchange.register_file.reference_loading import REASON
from interchange.register_file.result import LoadConflict, Outcome
from interchange.register_file.structure import FileEntry
from interchange.register_file.values import split_reference


class CommitmentLoading:
    """Creates what is missing in bulk, merges the rest one by one."""

    def __init__(self, lookups: Lookups, outcome: Outcome, ledger: Ledger) -> None:
        self.lookups, self.outcome, self.ledger = lookups, outcome, ledger
        self._made: list[tuple[int, str]] = []
        self._waiting: list[FileEntry] = []
        self._merges: list[CommitmentMerge] = []

    def relate(self, entry: FileEntry) -> None:
        """Name the related commitments on both sides, whichever side of the file names them."""
        entry.pop("related", None)
        if related := self.ledger.related.get(entry["reference"]):
            entry["related"] = sorted(related, key=split_reference)

    def load(self, entries: Sequence[FileEntry], loaded: dict[str, Document]) -> None:
        """Write ``entries``; ``loaded`` is what the file said of each last time."""
        self.lookups.find_quotes(entries)
        for entry in entries:
            self._drop_lost_quotes(entry)
        rows = Commitment.objects.filter(reference__in=[entry["reference"] for entry in entries])
        rows = rows.select_for_update(no_key=True, of=("self",))
        held = {row.reference: row for row in with_document_relations(rows)}
        missing = [entry for entry in entries if entry["reference"] not in held]
        made, waiting = create_commitments(missing, self.lookups)
        self._made += [(commitment.pk, commitment.reference) for commitment in made]
        self._waiting += waiting
        if made:
            self.outcome.created["commitments"] += len(made)
        for entry in entries:
            if (commitment := held.get(entry["reference"])) is not None:
                self._merge(CommitmentMerge(commitment, entry, loaded.get(entry["reference"]), self.lookups))

    def finish(self) -> None:
        """Write what names other commitments, now that every one of them exists."""
        if self.ledger.successors:
            lock_supersessions()
        for some in batches(self._waiting):
            self.lookups.find_quotes(some)
            complete_histories(some, self.lookups)
        for merge in self._merges:
            self.lookups.find_quotes([merge.entry])
            self._finish(merge)
        for made in batches(self._made):
            self._link(made)

    def _merge(self, merge: CommitmentMerge) -> None:
        merge.run()
        if merge.waits:
            self._merges.append(merge)
        else:
            self._count(merge)

    def _finish(self, merge: CommitmentMerge) -> None:
        merge.finish()
        self._count(merge)

    def _count(self, merge: CommitmentMerge) -> None:
        self.outcome.conflicts += merge.conflicts
        counts = self.outcome.changed if merge.has_changed else self.outcome.left
        counts["commitments"] += 1

    def _link(self, made: Sequence[tuple[int, str]]) -> None:
        """Relate new commitments, and begin their field history with what they are related to."""
        through = Commitment.related.through
        pairs = set()
        for pk, reference in made:
            for other in self.ledger.related.get(reference, ()):
                other_pk = self.lookups.pk("commitments", other)
                pairs |= {(pk, other_pk), (other_pk, pk)}
        through.objects.bulk_create(
            (through(from_commitment_id=one, to_commitment_id=other) for one, other in sorted(pairs)),
            batch_size=500,
            ignore_conflicts=True,
        )
        rows = Commitment.objects.filter(pk__in=[pk for pk, _reference in made]).order_by("pk")
        create_history_with_links(list(rows.defer("search_text")), REASON, "related")

    def _drop_lost_quotes(self, entry: FileEntry) -> None:
        """A mention of a paragraph that the register worded otherwise, and keeps, cannot be written."""
        lost = [row for row in citing(entry) if (row["source"], row["paragraph"]) not in self.lookups.quotes]
        for row in lost:
            why = _("the register keeps another text of that source")
            line, where = row.line_of("paragraph"), row.at("paragraph")
            self.outcome.conflicts.append(LoadConflict(line, where, row["paragraph"], None, why))
            if row in entry["mentions"]:
                entry["mentions"].remove(row)
