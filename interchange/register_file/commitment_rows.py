"""Creates commitments in bulk, with all their rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from commitments.choices import PartyRole, Status
from commitments.documents.building import Document
from commitments.documents.commitment_schema import (
    ASSIGNMENT,
    COMMITMENT,
    DAY_CORRECTION,
    DEADLINE_CHANGE,
    DEADLINE_DECISION,
    DEADLINE_PROPOSAL,
    EVIDENCE,
    MENTION,
    PROGRESS,
    READING,
    STATUS_CHANGE,
    TARGET,
    WITHDRAWAL,
)
from commitments.documents.merge_schema import MERGE, UNDOING
from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    DayCorrection,
    DeadlineChange,
    DeadlineDecision,
    DeadlineProposal,
    EnteredInError,
    Evidence,
    EvidenceWithdrawal,
    Mention,
    Merge,
    ProgressUpdate,
    Reading,
    StatusChange,
    Target,
)
from commitments.services.field_history import create_history
from commitments.services.search import refresh_search_text
from commitments.services.transitions import opens, state_after
from commitments.workflow import TransitionName
from core.batches import BATCH
from interchange.register_file.assign import make
from interchange.register_file.error_notes import KEY, is_in_error, notes_of
from interchange.register_file.lookups import Lookups, readings
from interchange.register_file.reference_loading import REASON
from interchange.register_file.structure import FileEntry
from interchange.register_file.values import split_reference

PARTY_ROLES = {
    "parties": PartyRole.PARTY,
    "obligated": PartyRole.OBLIGATED,
    "beneficiaries": PartyRole.BENEFICIARY,
}

_IN_ORDER: tuple[type[Model], ...] = (
    CommitmentParty,
    Assignment,
    Target,
    Reading,
    Mention,
    ProgressUpdate,
    DeadlineChange,
    DeadlineProposal,
    DeadlineDecision,
    StatusChange,
    DayCorrection,
    Evidence,
    EvidenceWithdrawal,
)
"""Notes of errors come after these: they may name each other."""
_WITH_FIELD_HISTORY: tuple[type[Model], ...] = (CommitmentParty, Assignment, Target, Reading, Mention)

Batch = defaultdict[type[Model], list[Any]]


def create_commitments(
    entries: Sequence[FileEntry], lookups: Lookups, has_edits: Callable[[str], bool]
) -> tuple[list[Commitment], list[FileEntry]]:
    """Create the commitments of ``entries``.

    Returns them, and the entries whose history has a successor. The successor may come later in the file, so
    these commitments have no history until ``complete_histories``. The first row of the field history of
    their parts is written unless the file has it: ``has_edits`` of their reference.
    """
    later = [entry for entry in entries if any("successor" in row for row in entry["status_history"])]
    later_references = {entry["reference"] for entry in later}
    created, rows = [], Batch(list)
    for entry in entries:
        commitment = _commitment(entry, lookups)
        created.append(commitment)
        _add_rows(rows, commitment, entry, lookups)
        if entry["reference"] not in later_references:
            _add_histories(rows, commitment, entry, lookups)
    Commitment.objects.bulk_create(created, batch_size=BATCH)
    write(rows)
    for model in _WITH_FIELD_HISTORY:
        create_history([row for row in rows[model] if not has_edits(row.commitment.reference)], REASON)
    refresh_search_text(commitment.pk for commitment in created)
    return created, later


def complete_histories(entries: Iterable[FileEntry], lookups: Lookups) -> None:
    """Write the histories that ``create_commitments`` has left out."""
    by_reference = {entry["reference"]: entry for entry in entries}
    rows = Batch(list)
    commitments = list(Commitment.objects.filter(reference__in=by_reference).order_by("pk"))
    for commitment in commitments:
        _add_histories(rows, commitment, by_reference[commitment.reference], lookups)
    write(rows)
    Commitment.objects.bulk_update(commitments, ["status", "review_from", "successor"], batch_size=BATCH)


def write(rows: Batch) -> None:
    """Insert ``rows`` model by model, each after the models that it refers to."""
    for model in _IN_ORDER:
        if rows[model]:
            model._default_manager.bulk_create(rows[model], batch_size=BATCH)
    for note in rows[EnteredInError]:
        note.save(force_insert=True)


def absorb(entries: Iterable[FileEntry], lookups: Lookups) -> None:
    """Write the merges of new commitments, now that those which were kept exist too."""
    for entry in entries:
        pk = lookups.pk("commitments", entry["reference"])
        for row in entry["merges"]:
            done = make(Merge, row, MERGE, lookups, absorbed_id=pk)
            done.save(force_insert=True)
            if "undone" in row:
                undone = make(Merge, row["undone"], UNDOING, lookups, absorbed_id=pk, kept_id=done.kept_id)
                undone.undoes = done
                undone.save(force_insert=True)
        if "merged_into" in entry:
            kept = lookups.pk("commitments", entry["merged_into"])
            Commitment.objects.filter(pk=pk).update(merged_into=kept, is_in_error=True)


def status_changes(
    commitment: Commitment, rows: Sequence[Document], lookups: Lookups, after: StatusChange | None = None
) -> list[StatusChange]:
    """Return unsaved status changes for ``rows``, which follow the change ``after``."""
    changes: list[StatusChange] = []
    for row in rows:
        change = make(StatusChange, row, STATUS_CHANGE, lookups, commitment=commitment)
        change.number = after.number + 1 if after else 1
        change.from_status = after.to_status if after else ""
        change.transition = change.transition or TransitionName.RECORD
        change.opens = opens(change.from_status, change.to_status)
        if "version" not in row:
            place = row.get("source", ""), row.get("paragraph", 0)
            change.paragraph_version = lookups.newest_versions.get(place, 1)
        changes.append(change)
        after = change
    return changes


def day_corrections(change: StatusChange, rows: Sequence[Document], lookups: Lookups) -> list[DayCorrection]:
    """Return unsaved corrections of the day of ``change``."""
    return [make(DayCorrection, row, DAY_CORRECTION, lookups, status_change=change) for row in rows]


def evidence_rows(
    commitment: Commitment, rows: Sequence[Document], changes: Mapping[int, StatusChange], lookups: Lookups
) -> Batch:
    """Return unsaved evidence, with its withdrawals."""
    batch = Batch(list)
    for row in rows:
        change = changes.get(row.get("status_change", 0))
        evidence = make(Evidence, row, EVIDENCE, lookups, commitment=commitment, status_change=change)
        batch[Evidence].append(evidence)
        if "withdrawn" in row:
            withdrawal = make(EvidenceWithdrawal, row["withdrawn"], WITHDRAWAL, lookups, evidence=evidence)
            batch[EvidenceWithdrawal].append(withdrawal)
    return batch


def deadline_changes(
    commitment: Commitment, rows: Sequence[Document], lookups: Lookups, count: int = 0
) -> list[DeadlineChange]:
    """Return unsaved deadline changes, numbered after the first ``count``."""
    return [
        make(DeadlineChange, row, DEADLINE_CHANGE, lookups, commitment=commitment, number=number)
        for number, row in enumerate(rows, start=count + 1)
    ]


def deadline_proposals(
    commitment: Commitment,
    rows: Sequence[Document],
    changes: Mapping[int, DeadlineChange],
    lookups: Lookups,
    count: int = 0,
) -> Batch:
    """Return unsaved proposals of deadlines, numbered after the first ``count``, with their decisions.

    ``changes`` are the changes of the deadline by number.
    """
    batch = Batch(list)
    for number, row in enumerate(rows, start=count + 1):
        proposal = make(
            DeadlineProposal, row, DEADLINE_PROPOSAL, lookups, commitment=commitment, number=number
        )
        batch[DeadlineProposal].append(proposal)
        if "decision" in row:
            batch[DeadlineDecision].append(deadline_decision(proposal, row["decision"], changes, lookups))
    return batch


def deadline_decision(
    proposal: DeadlineProposal, row: Document, changes: Mapping[int, DeadlineChange], lookups: Lookups
) -> DeadlineDecision:
    """Return the unsaved decision ``row`` on ``proposal``, which gets its state."""
    decision = make(DeadlineDecision, row, DEADLINE_DECISION, lookups, proposal=proposal)
    decision.change = changes.get(row.get("change", 0))
    proposal.state = decision.state
    return decision


def _commitment(entry: FileEntry, lookups: Lookups) -> Commitment:
    commitment = make(Commitment, entry, COMMITMENT, lookups)
    commitment.prefix, commitment.year, commitment.serial = split_reference(entry["reference"])
    commitment.status = Status.AGREED
    return commitment


def _add_rows(rows: Batch, commitment: Commitment, entry: FileEntry, lookups: Lookups) -> None:
    for name, role in PARTY_ROLES.items():
        rows[CommitmentParty] += [
            CommitmentParty(commitment=commitment, country_id=lookups.pk("countries", code), role=role)
            for code in entry.get(name, [])
        ]
    lists = (
        (Assignment, ASSIGNMENT, entry.get("agencies", [])),
        (Target, TARGET, [entry["target"]] if "target" in entry else []),
        (Reading, READING, readings(entry)),
        (Mention, MENTION, entry["mentions"]),
        (ProgressUpdate, PROGRESS, entry.get("progress", [])),
    )
    for model, schema, each in lists:
        made = [make(model, row, schema, lookups, commitment=commitment) for row in each]
        rows[model] += made
        for row, record in zip(each, made, strict=True):
            rows[EnteredInError] += _error_notes(record, row, lookups)
    rows[EnteredInError] += _error_notes(commitment, entry, lookups)
    changes = deadline_changes(commitment, entry.get("deadline_changes", []), lookups)
    rows[DeadlineChange] += changes
    proposed = entry.get("deadline_proposals", [])
    by_number = {change.number: change for change in changes}
    for kind, proposals in deadline_proposals(commitment, proposed, by_number, lookups).items():
        rows[kind] += proposals


def _error_notes(record: Any, row: Document, lookups: Lookups) -> list[EnteredInError]:
    """The notes in ``row`` about ``record``, which is marked if it is in error."""
    if KEY not in row:
        return []
    if not isinstance(record, ProgressUpdate):
        record.is_in_error = is_in_error(row)
    return notes_of(record, row[KEY], lookups)


def _add_histories(rows: Batch, commitment: Commitment, entry: FileEntry, lookups: Lookups) -> None:
    """Add the status history and the evidence, and set the status that the history leads to."""
    changes = status_changes(commitment, entry["status_history"], lookups)
    for field, value in state_after(changes[-1]).items():
        setattr(commitment, field, value)
    rows[StatusChange] += changes
    for change, row in zip(changes, entry["status_history"], strict=True):
        corrections = day_corrections(change, row.get("corrected", []), lookups)
        rows[DayCorrection] += corrections
        if corrections:
            change.corrected_on = corrections[-1].occurred_on
    by_number = {change.number: change for change in changes}
    for model, evidence in evidence_rows(commitment, entry.get("evidence", []), by_number, lookups).items():
        rows[model] += evidence
