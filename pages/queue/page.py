"""What the reviewer's queue shows: the place of a commitment in it, and what there is to decide on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from commitments.choices import AssignmentRole, EvidenceKind, MentionKind, PartyRole
from commitments.models import Assignment, Commitment, Mention
from commitments.querysets import AsOf
from commitments.reports.citations import Citation, cite
from commitments.reports.edit_history import edits_of
from commitments.reports.history import changes_of, evidence_of, history_of, submission_in
from commitments.reports.history_events import Change, EvidenceItem, HistoryEvent
from commitments.reports.rows import Deadline, deadline_on
from core.documents.kinds import Kind, kind_by_name
from core.previews import has_preview
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User


def queue_of(user: "User", as_of: AsOf) -> list[str]:
    """The references of the commitments that await the decision of ``user``, the longest waiting first."""
    waiting = Commitment.objects.visible_to(user).at(as_of).awaiting(user, as_of)
    return list(waiting.longest_waiting_first().values_list("reference", flat=True))


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a commitment in the queue: "3 of 6", and the references before and after it.

    After the last one the first follows: whoever skips one comes back to it.
    """

    number: int
    of: int
    before: str
    after: str


def place_in(queue: Sequence[str], reference: str) -> Place:
    """The place of ``reference``. Raises ``ValueError`` if it is not in the queue."""
    index, size = queue.index(reference), len(queue)
    others = size > 1
    return Place(
        number=index + 1,
        of=size,
        before=queue[index - 1] if others else "",
        after=queue[(index + 1) % size] if others else "",
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of evidence, and the address of its picture if it has one. A link opens beside the page."""

    item: EvidenceItem
    picture: str
    is_document: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a reviewer reads before deciding: promise, claim, evidence, and what happened since."""

    deadline: Deadline
    obligated: tuple[Country, ...]
    leads: tuple[Assignment, ...]
    said: Mention | None
    said_in: Citation | None
    claim: Change | None
    evidence: tuple[Shown, ...]
    history: tuple[HistoryEvent, ...]


def dossier_of(commitment: Any, user: "User", as_of: AsOf) -> Dossier:
    """The dossier of a commitment that was read with ``with_detail_relations``, as ``user`` may see it."""
    changes, evidence = changes_of(commitment, as_of), evidence_of(commitment, as_of)
    edits = edits_of(commitment, user, as_of)
    said = _first_mention(commitment.mentions_then)
    return Dossier(
        deadline=deadline_on(commitment, as_of.day),
        obligated=tuple(each.country for each in commitment.sides if each.role == PartyRole.OBLIGATED),
        leads=tuple(each for each in commitment.assignments.all() if each.role == AssignmentRole.LEAD),
        said=said,
        said_in=cite(said.paragraph, as_of) if said else None,
        claim=submission_in(changes),
        evidence=tuple(_shown(commitment, item) for item in evidence),
        history=tuple(_since_opened(commitment, history_of(commitment, changes, evidence, as_of, edits))),
    )


def _first_mention(mentions: Sequence[Mention]) -> Mention | None:
    """The mention that made it, or asked for it; else the earliest one."""
    made = [each for each in mentions if each.kind in (MentionKind.MADE, MentionKind.REQUESTED)]
    return next(iter(made or mentions), None)


def _shown(commitment: Commitment, item: EvidenceItem) -> Shown:
    piece = item.evidence
    is_file = piece.kind == EvidenceKind.FILE
    has_picture = is_file and not item.withdrawn_because and has_preview(piece.file_name)
    address = reverse("evidence_preview", args=[commitment.reference, piece.pk]) if has_picture else ""
    return Shown(item, address, has_picture and kind_by_name(piece.file_name) == Kind.PDF)


def _since_opened(commitment: Any, history: Sequence[HistoryEvent]) -> Sequence[HistoryEvent]:
    """The rows of the history since the commitment was last opened, that row included."""
    opened = [each for each in commitment.status_changes.all() if each.opens]
    if not opened:
        return history
    last = opened[-1]
    return [
        row
        for row in history
        if (row.recorded_at >= last.recorded_at if row.recorded_at else row.occurred_on >= last.occurred_on)
    ]
