"""Everything the page of one commitment says about it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from commitments.choices import AssignmentRole, EvidenceKind, PartyRole, Status
from commitments.models import Assignment, Commitment, CommitmentParty, Evidence, Mention, StatusChange
from commitments.querysets import NEVER, AsOf, CommitmentQuerySet
from commitments.reports.chains import Chain, chain_of
from commitments.reports.citations import Citation, cite
from commitments.reports.rows import Deadline, codes_in, deadline_on
from commitments.reports.strips import MOST_PLACES, Strip, scale_for, strip_of
from commitments.reports.targets import ReadingRow, TargetChart, chart_of, readings_in_rows
from commitments.workflow import Name

if TYPE_CHECKING:
    from accounts.models import User

MOST_IN_CHAIN = 60


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the history."""

    occurred_on: dt.date
    recorded_at: dt.datetime
    from_key: str
    from_label: str
    to_key: str
    to_label: str
    move: str
    note: str
    actor: str
    outcome: str
    delivered_on: dt.date | None
    rests: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A piece of evidence as listed."""

    evidence: Evidence
    url: str
    withdrawn_because: str


@dataclass(frozen=True, slots=True)
class Account:
    """One commitment: where it stands, what was said of it, and what was done."""

    commitment: Commitment
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
    parties: str
    obligated: str
    beneficiaries: str
    leads: tuple[Assignment, ...]
    supports: tuple[Assignment, ...]
    related: tuple[Commitment, ...]
    replaces: tuple[Commitment, ...]
    successor: Commitment | None
    last_on: dt.date | None
    began_on: dt.date | None


def full(rows: CommitmentQuerySet, as_of: AsOf) -> CommitmentQuerySet:
    """``rows`` with everything their accounts read, in a fixed number of queries."""
    return (
        rows.at(as_of)
        .with_last_activity(as_of)
        .select_related("theme", "outcome_meeting", "target")
        .prefetch_related(
            Prefetch("parties", CommitmentParty.objects.select_related("country").order_by("country__code")),
            Prefetch("assignments", Assignment.objects.select_related("agency", "focal_point")),
            Prefetch(
                "mentions",
                Mention.objects.select_related("meeting", "paragraph__source"),
                to_attr="mentions_then",
            ),
            Prefetch(
                "status_changes",
                StatusChange.objects.select_related("actor", "paragraph__source")
                .prefetch_related("evidence")
                .order_by("number"),
            ),
            Prefetch("evidence", Evidence.objects.select_related("withdrawal", "actor", "status_change")),
            "progress_updates__actor",
            "deadline_changes__actor",
            "readings__paragraph__source",
        )
    )


def account_of(commitment: Any, user: "User", as_of: AsOf) -> Account:
    """The account of a commitment that came through ``full``; only what ``user`` may see is named in it."""
    visible = Commitment.objects.visible_to(user)
    parties = codes_in(commitment, PartyRole.PARTY)
    wide = scale_for(visible, as_of, [parties], most=MOST_IN_CHAIN)
    scale = wide.latest(MOST_PLACES)
    mentions: Sequence[Mention] = commitment.mentions_then
    history = list(commitment.status_changes.all())
    target, readings = getattr(commitment, "target", None), list(commitment.readings.all())
    deadline = deadline_on(commitment, as_of.day)
    changes = tuple(_change(each) for each in history)
    others = list(visible.filter(pk__in=_named_in(commitment)).order_by("prefix", "year", "serial"))
    related = set(commitment.related.values_list("pk", flat=True))
    return Account(
        commitment=commitment,
        deadline=deadline,
        strip=strip_of(scale, mentions, parties),
        chain=chain_of(mentions, wide, parties, as_of.day),
        places=len(scale.places),
        changes=changes,
        submission=changes[-1] if commitment.status == Status.UNDER_REVIEW else None,
        recorded_before=any(each.transition == Name.RECORD for each in history),
        evidence=tuple(_evidence_item(commitment, each) for each in commitment.evidence.all()),
        chart=chart_of(
            target,
            readings,
            began=history[0].occurred_on if history else as_of.day,
            today=as_of.day,
            latest=deadline.latest,
            review_on=deadline.review_on,
        )
        if target
        else None,
        readings=readings_in_rows(target, readings) if target else (),
        parties=_names(commitment, PartyRole.PARTY),
        obligated=_names(commitment, PartyRole.OBLIGATED),
        beneficiaries=_names(commitment, PartyRole.BENEFICIARY),
        leads=_charged(commitment, AssignmentRole.LEAD),
        supports=_charged(commitment, AssignmentRole.SUPPORT),
        related=tuple(each for each in others if each.pk in related),
        replaces=tuple(each for each in others if each.successor_id == commitment.pk),
        successor=next((each for each in others if each.pk == commitment.successor_id), None),
        last_on=commitment.last_activity_on if commitment.last_activity_on != NEVER else None,
        began_on=history[0].occurred_on if history else None,
    )


def _named_in(commitment: Commitment) -> list[int]:
    """Every commitment that this one's page names; what of them may be seen is asked in one go."""
    named = [
        *commitment.related.values_list("pk", flat=True),
        *commitment.predecessors.values_list("pk", flat=True),
    ]
    return [*named, commitment.successor_id] if commitment.successor_id else named


def _names(commitment: Commitment, role: PartyRole) -> str:
    return get_text_list(
        [each.country.name for each in commitment.parties.all() if each.role == role], _("and")
    )


def _charged(commitment: Commitment, role: AssignmentRole) -> tuple[Assignment, ...]:
    return tuple(each for each in commitment.assignments.all() if each.role == role)


def _change(change: StatusChange) -> Change:
    rests = [cite(change.paragraph)] if change.paragraph else []
    rests += [Citation(each.title, evidence_url(change.commitment, each)) for each in change.evidence.all()]
    by_loader = change.transition == Name.RECORD
    return Change(
        occurred_on=change.occurred_on,
        recorded_at=change.recorded_at,
        from_key=change.from_status,
        from_label=str(Status(change.from_status).label) if change.from_status else "",
        to_key=change.to_status,
        to_label=str(Status(change.to_status).label),
        move=_("Record") if by_loader else change.get_transition_display(),
        note=change.note,
        actor=str(change.actor) if change.actor else "",
        outcome=capfirst(change.get_outcome_display()) if change.transition == Name.SUBMIT else "",
        delivered_on=change.delivered_on,
        rests=tuple(rests),
    )


def evidence_url(commitment: Commitment, evidence: Evidence) -> str:
    """Where evidence is read: its own address, or the view that hands out a file to whoever may see it."""
    if evidence.kind == EvidenceKind.LINK:
        return evidence.url
    return reverse("evidence_file", args=[commitment.reference, evidence.pk])


def _evidence_item(commitment: Commitment, evidence: Evidence) -> EvidenceItem:
    reason = evidence.withdrawal.reason if evidence.is_withdrawn else ""
    return EvidenceItem(evidence, evidence_url(commitment, evidence), reason)
