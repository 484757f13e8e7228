"""Creates the commitments that the register does not hold yet, in bulk, with all that hangs on them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from commitments.choices import PartyRole, Status
from commitments.documents.commitment import Document
from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    DeadlineChange,
    Evidence,
    EvidenceWithdrawal,
    Mention,
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
from interchange.register_file.commitment_schema import (
    ASSIGNMENT,
    COMMITMENT,
    DEADLINE_CHANGE,
    EVIDENCE,
    MENTION,
    PROGRESS,
    READING,
    STATUS_CHANGE,
    TARGET,
    WITHDRAWAL,
)
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
    StatusChange,
    Evidence,
    EvidenceWithdrawal,
)
_WITH_FIELD_HISTORY = frozenset({CommitmentParty, Assignment, Target, Reading, Mention})

Batch = defaultdict[type[Model], list[Any]]


def create_commitments(
    entries: Sequence[FileEntry], lookups: Lookups
) -> tuple[list[Commitment], list[FileEntry]]:
    """Create the commitments of ``entries``.

    Returns them, and the entries whose history names a successor: those stand without their history until
    ``complete_histories``, since the successor may come later in the file.
    """
    later = [entry for entry in entries if any("successor" in row for row in entry["status_history"])]
    waiting = {entry["reference"] for entry in later}
    made, rows = [], Batch(list)
    for entry in entries:
        commitment = _commitment(entry, lookups)
        made.append(commitment)
        _hang_on(rows, commitment, entry, lookups)
        if entry["reference"] not in waiting:
            _histories(rows, commitment, entry, lookups)
    Commitment.objects.bulk_create(made, batch_size=BATCH)
    write(rows)
    refresh_search_text(commitment.pk for commitment in made)
    return made, later


def complete_histories(entries: Iterable[FileEntry], lookups: Lookups) -> None:
    """Write the histories of commitments that ``create_commitments`` left without."""
    waiting = {entry["reference"]: entry for entry in entries}
    rows = Batch(list)
    made = list(Commitment.objects.filter(reference__in=waiting).order_by("pk"))
    for commitment in made:
        _histories(rows, commitment, waiting[commitment.reference], lookups)
    write(rows)
    Commitment.objects.bulk_update(made, ["status", "review_from", "successor"], batch_size=BATCH)


def write(rows: Batch) -> None:
    """Insert ``rows`` model by model, each after what it points at."""
    for model in _IN_ORDER:
        if rows[model]:
            model._default_manager.bulk_create(rows[model], batch_size=BATCH)
            if model in _WITH_FIELD_HISTORY:
                create_history(rows[model], REASON)


def status_changes(
    commitment: Commitment, rows: Sequence[Document], lookups: Lookups, after: StatusChange | None = None
) -> list[StatusChange]:
    """Unsaved status changes for ``rows`` of a history, numbered on from the change ``after``."""
    made: list[StatusChange] = []
    for row in rows:
        change = make(StatusChange, row, STATUS_CHANGE, lookups, commitment=commitment)
        change.number = after.number + 1 if after else 1
        change.from_status = after.to_status if after else ""
        change.transition = change.transition or TransitionName.RECORD
        change.opens = opens(change.from_status, change.to_status)
        made.append(change)
        after = change
    return made


def evidence_rows(
    commitment: Commitment, rows: Sequence[Document], changes: Mapping[int, StatusChange], lookups: Lookups
) -> Batch:
    """Unsaved evidence with its withdrawals."""
    made = Batch(list)
    for row in rows:
        change = changes.get(row.get("status_change", 0))
        evidence = make(Evidence, row, EVIDENCE, lookups, commitment=commitment, status_change=change)
        made[Evidence].append(evidence)
        if "withdrawn" in row:
            withdrawal = make(EvidenceWithdrawal, row["withdrawn"], WITHDRAWAL, lookups, evidence=evidence)
            made[EvidenceWithdrawal].append(withdrawal)
    return made


def deadline_changes(
    commitment: Commitment, rows: Sequence[Document], lookups: Lookups, count: int = 0
) -> list[DeadlineChange]:
    """Unsaved changes of the deadline, numbered on from ``count``."""
    return [
        make(DeadlineChange, row, DEADLINE_CHANGE, lookups, commitment=commitment, number=number)
        for number, row in enumerate(rows, start=count + 1)
    ]


def _commitment(entry: FileEntry, lookups: Lookups) -> Commitment:
    commitment = make(Commitment, entry, COMMITMENT, lookups)
    commitment.prefix, commitment.year, commitment.serial = split_reference(entry["reference"])
    commitment.status = Status.AGREED
    return commitment


def _hang_on(rows: Batch, commitment: Commitment, entry: FileEntry, lookups: Lookups) -> None:
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
    for model, shape, each in lists:
        rows[model] += [make(model, row, shape, lookups, commitment=commitment) for row in each]
    rows[DeadlineChange] += deadline_changes(commitment, entry.get("deadline_changes", []), lookups)


def _histories(rows: Batch, commitment: Commitment, entry: FileEntry, lookups: Lookups) -> None:
    """The status history, and the evidence that was given with it; the stored status is what it leads to."""
    changes = status_changes(commitment, entry["status_history"], lookups)
    for field, value in state_after(changes[-1]).items():
        setattr(commitment, field, value)
    rows[StatusChange] += changes
    by_number = {change.number: change for change in changes}
    for model, made in evidence_rows(commitment, entry.get("evidence", []), by_number, lookups).items():
        rows[model] += made
