"""Everything the page of one commitment says about it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from commitments.choices import AssignmentRole, EvidenceKind, MentionKind, PartyRole, Status
from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    DeadlineChange,
    Evidence,
    Mention,
    ProgressUpdate,
    Reading,
    StatusChange,
)
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.addresses import list_url
from commitments.reports.chains import Chain, chain_of
from commitments.reports.citations import Citation, cite
from commitments.reports.named import Named, named
from commitments.reports.rows import Deadline, codes_in, deadline_on
from commitments.reports.strips import MOST_PLACES, Strip, scale_for, strip_of
from commitments.reports.targets import ReadingRow, TargetChart, chart_of, readings_in_rows
from commitments.workflow import Name
from relations.models import Country

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
    successor_id: int | None
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
    related: tuple[Named, ...]
    replaces: tuple[Named, ...]
    successor: Named | None
    last_on: dt.date | None
    began_on: dt.date | None
    progress_was_told: bool


_BY_OCCURRENCE: tuple[tuple[str, type[Model], str, str], ...] = (
    ("progress_updates", ProgressUpdate, "occurred_on", "actor"),
    ("deadline_changes", DeadlineChange, "occurred_on", "actor"),
    ("readings", Reading, "as_of", "paragraph__source"),
)


_WHOLE_TEXTS = ("paragraph__source__text", "paragraph__source__search_text")
"""Of a source that is cited, one paragraph is shown."""


def full(rows: CommitmentQuerySet, as_of: AsOf) -> CommitmentQuerySet:
    """``rows`` with everything their accounts read, as known on the day, in a fixed number of queries."""
    evidence = Evidence.objects.filter(as_of.happened("recorded_at__date"))
    return (
        rows.at(as_of)
        .select_related("theme", "outcome_meeting", "target")
        .defer("search_text", "theme__search_text", "outcome_meeting__search_text")
        .prefetch_related(
            Prefetch(
                "parties",
                CommitmentParty.objects.select_related("country").order_by("country__code"),
                to_attr="sides",
            ),
            Prefetch("assignments", Assignment.objects.select_related("agency", "focal_point")),
            Prefetch(
                "mentions",
                Mention.objects.filter(as_of.happened("meeting__day"))
                .select_related("meeting", "paragraph__source")
                .defer("meeting__search_text", *_WHOLE_TEXTS),
                to_attr="mentions_then",
            ),
            Prefetch(
                "status_changes",
                StatusChange.objects.filter(as_of.happened("occurred_on"))
                .select_related("actor", "paragraph__source")
                .defer(*_WHOLE_TEXTS)
                .order_by("number"),
            ),
            Prefetch("evidence", evidence.select_related("withdrawal__actor", "actor", "status_change")),
            *(
                Prefetch(name, model._default_manager.filter(as_of.happened(day)).select_related(with_it))
                for name, model, day, with_it in _BY_OCCURRENCE
            ),
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
    changes = changes_of(commitment, as_of)
    status = Status(commitment.status_then)
    successor = history[-1].successor_id if history and status == Status.SUPERSEDED else None
    pairs = Commitment.related.through.objects.filter(from_commitment=commitment.pk)
    related = set(pairs.values_list("to_commitment", flat=True))
    replaced = set(Commitment.objects.filter(successor=commitment.pk).order_by().values_list("pk", flat=True))
    beside = {*related, *replaced, *({successor} if successor else ())}
    others: list[Any] = list(visible.at(as_of).filter(pk__in=beside).order_by("prefix", "year", "serial"))

    def lines(pks: Collection[int | None]) -> tuple[Named, ...]:
        return tuple(named(each, as_of) for each in others if each.pk in pks)

    return Account(
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
        recorded_before=any(each.transition == Name.RECORD for each in history),
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


def changes_of(commitment: Commitment, as_of: AsOf) -> tuple[Change, ...]:
    """The status changes of a commitment that came through ``full``, each with the evidence given with it."""
    evidence = list(commitment.evidence.all())
    return tuple(
        _change(each, [one for one in evidence if one.status_change_id == each.pk], as_of)
        for each in commitment.status_changes.all()
    )


def evidence_of(commitment: Commitment, as_of: AsOf) -> tuple[EvidenceItem, ...]:
    """The evidence of a commitment that came through ``full``."""
    return tuple(_evidence_item(commitment, each, as_of) for each in commitment.evidence.all())


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


def _change(change: StatusChange, evidence: Sequence[Evidence], as_of: AsOf) -> Change:
    rests = [cite(change.paragraph, as_of)] if change.paragraph else []
    rests += [Citation(each.title, evidence_url(change.commitment, each)) for each in evidence]
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
        successor_id=change.successor_id,
        rests=tuple(rests),
    )


def evidence_url(commitment: Commitment, evidence: Evidence) -> str:
    """Where evidence is read: its own address, or the view that hands out a file to whoever may see it."""
    if evidence.kind == EvidenceKind.LINK:
        return evidence.url
    return reverse("evidence_file", args=[commitment.reference, evidence.pk])


def _evidence_item(commitment: Commitment, evidence: Evidence, as_of: AsOf) -> EvidenceItem:
    withdrawal = evidence.withdrawal if evidence.is_withdrawn else None
    known = withdrawal and (not as_of.is_past or timezone.localdate(withdrawal.recorded_at) <= as_of.day)
    reason = withdrawal.reason if withdrawal and known else ""
    return EvidenceItem(evidence, evidence_url(commitment, evidence), reason)
