"""Everything the page of one commitment says about it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commitments.choices import AssignmentRole, MentionKind, PartyRole, Status
from commitments.models import (
    Assignment,
    Commitment,
    Mention,
)
from commitments.querysets import AsOf
from commitments.reports.history import Change, EvidenceItem, changes_of, evidence_of
from commitments.reports.links import CommitmentLink, commitment_link, list_url
from commitments.reports.presence_strip import MOST_PLACES, Strip, scale_for, strip_of
from commitments.reports.rows import Deadline, codes_in, deadline_on
from commitments.workflow import TransitionName
from pages.detail.mention_chain import Chain, chain_of
from pages.detail.target_chart import ReadingRow, TargetChart, chart_of, readings_in_rows
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User

MOST_IN_CHAIN = 60


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """One commitment: where it stands, what was said of it, and what was done."""

    commitment: Commitment
    as_of: AsOf
    theme_url: str
    status: Status
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
    beneficiaries: str
    leads: tuple[Assignment, ...]
    supports: tuple[Assignment, ...]
    related: tuple[CommitmentLink, ...]
    replaces: tuple[CommitmentLink, ...]
    successor: CommitmentLink | None
    last_on: dt.date | None
    began_on: dt.date | None
    progress_was_told: bool


def commitment_page(commitment: Any, user: "User", as_of: AsOf) -> CommitmentPage:
    """The account of a commitment that came through ``full``; only what ``user`` may see is named in it."""
    visible = Commitment.objects.visible_to(user)
    parties = codes_in(commitment, PartyRole.PARTY)
    wide = scale_for(visible, as_of, [parties], most=MOST_IN_CHAIN)
    scale = wide.latest(MOST_PLACES)
    mentions: Sequence[Mention] = commitment.mentions_then
    history = list(commitment.status_changes.all())
    target, readings = getattr(commitment, "target", None), list(commitment.readings.all())
    deadline = deadline_on(commitment, as_of.day)
    changes = changes_of(commitment, as_of)
    status = Status(commitment.status_then)
    successor = history[-1].successor_id if history and status == Status.SUPERSEDED else None
    pairs = Commitment.related.through.objects.filter(from_commitment=commitment.pk)
    related = set(pairs.values_list("to_commitment", flat=True))
    replaced = set(Commitment.objects.filter(successor=commitment.pk).order_by().values_list("pk", flat=True))
    beside = {*related, *replaced, *({successor} if successor else ())}
    others: list[Any] = list(visible.at(as_of).filter(pk__in=beside).order_by("prefix", "year", "serial"))

    def lines(pks: Collection[int | None]) -> tuple[CommitmentLink, ...]:
        return tuple(commitment_link(each, as_of) for each in others if each.pk in pks)

    return CommitmentPage(
        commitment=commitment,
        as_of=as_of,
        theme_url=list_url(as_of, {"theme": commitment.theme.slug}),
        status=status,
        deadline=deadline,
        strip=strip_of(scale, mentions, parties, promised=commitment.outcome_meeting_id).from_its_beginning(),
        chain=chain_of(mentions, wide, parties, as_of.day, promised=commitment.outcome_meeting_id),
        places=len(scale.places),
        changes=changes,
        submission=changes[-1] if status == Status.UNDER_REVIEW else None,
        recorded_before=any(each.transition == TransitionName.RECORD for each in history),
        evidence=evidence_of(commitment, as_of),
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
        parties=_countries(commitment, PartyRole.PARTY),
        obligated=_countries(commitment, PartyRole.OBLIGATED),
        beneficiaries=get_text_list(
            [country.name for country in _countries(commitment, PartyRole.BENEFICIARY)], _("and")
        ),
        leads=_charged(commitment, AssignmentRole.LEAD),
        supports=_charged(commitment, AssignmentRole.SUPPORT),
        related=lines(related),
        replaces=lines({each.pk for each in others if each.status_then == Status.SUPERSEDED} & replaced),
        successor=next(iter(lines({successor})), None),
        last_on=_last_on(commitment, as_of),
        began_on=history[0].occurred_on if history else None,
        progress_was_told=any(each.kind == MentionKind.PROGRESS for each in mentions),
    )


def _last_on(commitment: Any, as_of: AsOf) -> dt.date | None:
    """The day something last happened, as ``with_last_activity`` finds it, from what was fetched."""
    days = [
        *(each.meeting.day for each in commitment.mentions_then),
        *(each.occurred_on for each in commitment.status_changes.all()),
        *(each.occurred_on for each in commitment.progress_updates.all()),
        *(each.as_of for each in commitment.readings.all()),
    ]
    return max((day for day in days if day and day <= as_of.day), default=None)


def _countries(commitment: Any, role: PartyRole) -> tuple[Country, ...]:
    return tuple(each.country for each in commitment.sides if each.role == role)


def _charged(commitment: Commitment, role: AssignmentRole) -> tuple[Assignment, ...]:
    return tuple(each for each in commitment.assignments.all() if each.role == role)
