"""The content of the page of one commitment."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from commitments.choices import AssignmentRole, Holder, MentionKind, PartyRole, ProposalState, Status
from commitments.models import (
    Assignment,
    Commitment,
    DeadlineProposal,
    EnteredInError,
    Mention,
    ReportRequest,
)
from commitments.querysets import AsOf
from commitments.reports.deadline_moves import DeadlineMoves
from commitments.reports.history import changes_of, evidence_of, submission_in
from commitments.reports.history_events import Change, EvidenceItem
from commitments.reports.links import CommitmentLink, commitment_link, list_url
from commitments.reports.presence_strip import MOST_PLACES, Strip, scale_for, strip_of
from commitments.reports.rows import Deadline, codes_in, deadline_on
from commitments.services.deadline_proposals import is_open, may_decide, may_withdraw
from commitments.workflow import TransitionName
from pages.detail.mention_chain import Chain, chain_of
from pages.detail.target_chart import ReadingRow, TargetChart, chart_of, readings_in_rows
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User

MOST_IN_CHAIN = 60
"""The number of latest meetings that the mention chain considers."""


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """A proposed deadline; ``url`` is where the reader can decide on it, or withdraw it, else ""."""

    proposal: DeadlineProposal
    url: str
    withdraws: bool


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """One commitment as of a date: its status, its mentions, and its history."""

    commitment: Commitment
    as_of: AsOf
    theme_url: str
    status: Status
    holder: Holder | None
    deadline: Deadline
    strip: Strip
    chain: Chain
    places: int
    changes: tuple[Change, ...]
    submission: Change | None
    recorded_before: bool
    evidence: tuple[EvidenceItem, ...]
    chart: TargetChart | None
    readings: tuple[ReadingRow, ...]
    parties: tuple[Country, ...]
    obligated: tuple[Country, ...]
    beneficiaries: tuple[Country, ...]
    leads: tuple[Assignment, ...]
    supports: tuple[Assignment, ...]
    related: tuple[CommitmentLink, ...]
    replaces: tuple[CommitmentLink, ...]
    successor: CommitmentLink | None
    last_on: dt.date | None
    began_on: dt.date | None
    progress_was_mentioned: bool
    error_note: EnteredInError | None
    proposals: tuple[ProposalShown, ...]
    report_requests: tuple[ReportRequest, ...]
    by_mail_link: frozenset[int | None]

    @property
    def withdrawn_evidence(self) -> int:
        """The number of pieces of evidence that were withdrawn and no longer count."""
        return sum(1 for item in self.evidence if item.withdrawn_because)

    @property
    def valid_evidence(self) -> int:
        """The number of pieces of evidence that count."""
        return len(self.evidence) - self.withdrawn_evidence


def commitment_page(commitment: Any, user: "User", as_of: AsOf) -> CommitmentPage:
    """The page of a commitment that was read with ``with_detail_relations``.

    Other commitments are named only if they are visible to ``user``.
    """
    visible = Commitment.objects.visible_to(user)
    parties = codes_in(commitment, PartyRole.PARTY)
    chain_scale = scale_for(visible, as_of, [parties], most=MOST_IN_CHAIN)
    scale = chain_scale.latest(MOST_PLACES)
    mentions: Sequence[Mention] = commitment.mentions_then
    history = list(commitment.status_changes.all())
    target, readings = getattr(commitment, "target", None), list(commitment.readings.all())
    moves = DeadlineMoves.of(commitment.deadline_changes.all())
    deadline = replace(deadline_on(commitment, as_of.day), moves=moves)
    changes = changes_of(commitment, as_of)
    status = Status(commitment.status_then)
    successor = history[-1].successor_id if history and status == Status.SUPERSEDED else None
    pairs = Commitment.related.through.objects.filter(from_commitment=commitment.pk)
    related = set(pairs.values_list("to_commitment", flat=True))
    replaced = set(Commitment.objects.filter(successor=commitment.pk).order_by().values_list("pk", flat=True))
    linked = {*related, *replaced, *({successor} if successor else ())}
    others: list[Any] = list(visible.at(as_of).filter(pk__in=linked).by_reference())

    asked = _report_requests(commitment, as_of)

    def links_to(pks: Collection[int | None]) -> tuple[CommitmentLink, ...]:
        return tuple(commitment_link(each, as_of) for each in others if each.pk in pks)

    return CommitmentPage(
        commitment=commitment,
        as_of=as_of,
        theme_url=list_url(as_of, {"theme": commitment.theme.slug}),
        status=status,
        holder=Holder(commitment.holder_then) if commitment.holder_then else None,
        deadline=deadline,
        strip=strip_of(scale, mentions, parties, promised=commitment.outcome_meeting_id).from_first_mention(),
        chain=chain_of(mentions, chain_scale, parties, as_of.day, promised=commitment.outcome_meeting_id),
        places=len(scale.places),
        changes=changes,
        submission=submission_in(changes),
        recorded_before=any(each.transition == TransitionName.RECORD for each in history),
        evidence=evidence_of(commitment, as_of),
        chart=chart_of(
            target,
            readings,
            began=history[0].happened_on if history else as_of.day,
            today=as_of.day,
            latest=deadline.latest,
            review_on=deadline.review_on,
        )
        if target
        else None,
        readings=readings_in_rows(target, readings) if target else (),
        parties=_countries(commitment, PartyRole.PARTY),
        obligated=_countries(commitment, PartyRole.OBLIGATED),
        beneficiaries=_countries(commitment, PartyRole.BENEFICIARY),
        leads=_assigned(commitment, AssignmentRole.LEAD),
        supports=_assigned(commitment, AssignmentRole.SUPPORT),
        related=links_to(related),
        replaces=links_to({each.pk for each in others if each.status_then == Status.SUPERSEDED} & replaced),
        successor=next(iter(links_to({successor})), None),
        last_on=_last_on(commitment, as_of),
        began_on=history[0].happened_on if history else None,
        error_note=_error_note(commitment),
        proposals=_proposals(commitment, user, as_of),
        report_requests=tuple(each for each in asked if not hasattr(each, "end") and not as_of.is_past),
        by_mail_link=frozenset(
            each.end.progress_update_id for each in asked if hasattr(each, "end") and each.end.by_mail_link
        ),
        progress_was_mentioned=any(each.kind == MentionKind.PROGRESS for each in mentions),
    )


def _proposals(commitment: Commitment, user: "User", as_of: AsOf) -> tuple[ProposalShown, ...]:
    """The proposed deadlines that did not become the deadline, the newest first."""
    rows = [each for each in commitment.deadline_proposals.all() if each.state != ProposalState.ACCEPTED]
    return tuple(
        ProposalShown(
            each,
            reverse("deadline_decision", args=[commitment.reference, each.number])
            if not as_of.is_past and is_open(each) and (may_decide(user, each) or may_withdraw(user, each))
            else "",
            may_withdraw(user, each),
        )
        for each in reversed(rows)
    )


def _last_on(commitment: Any, as_of: AsOf) -> dt.date | None:
    """The date of the last activity, as in ``with_last_activity``, from the relations that were read."""
    days = [
        *(each.meeting.day for each in commitment.mentions_then),
        *(each.happened_on for each in commitment.status_changes.all()),
        *(each.occurred_on for each in commitment.progress_updates.all()),
        *(each.as_of for each in commitment.readings.all()),
    ]
    return max((day for day in days if day and day <= as_of.day), default=None)


def _report_requests(commitment: Commitment, as_of: AsOf) -> list[ReportRequest]:
    """The requests for a report that were made by then."""
    rows = commitment.report_requests.filter(as_of.happened("asked_on"))
    return list(rows.select_related("addressee", "end"))


def _error_note(commitment: Commitment) -> EnteredInError | None:
    """The note that the commitment was entered in error, if it is in force."""
    if not commitment.is_in_error:
        return None
    notes = [note for note in commitment.error_notes.all() if note.is_about(commitment)]
    return next((note for note in reversed(notes) if note.lifts_id is None), None)


def _countries(commitment: Any, role: PartyRole) -> tuple[Country, ...]:
    return tuple(each.country for each in commitment.sides if each.role == role)


def _assigned(commitment: Commitment, role: AssignmentRole) -> tuple[Assignment, ...]:
    return tuple(each for each in commitment.assignments.all() if each.role == role)
