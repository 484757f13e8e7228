"""The rows of the history about the deadline: what was proposed, decided and changed."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.choices import ProposalState
from commitments.models import Commitment, DeadlineChange, DeadlineProposal
from commitments.querysets import AsOf
from commitments.reports.history_events import HistoryEvent, name_of
from core.lists import listed
from core.stored_sentences import told


def deadline_changes(commitment: Commitment) -> Iterator[HistoryEvent]:
    proposals = {each.decision.change_id: each for each in _decided(commitment)}
    for change in commitment.deadline_changes.all():
        proposal = proposals.get(change.pk)
        proposer = name_of(proposal.actor) if proposal else ""
        yield HistoryEvent(
            occurred_on=change.occurred_on,
            recorded_at=change.recorded_at,
            kind=_("Deadline changed"),
            actor=name_of(change.actor),
            parts=(
                *_windows(change),
                *(((_("Proposed by"), proposer),) if proposer else ()),
                *(((_("Note"), proposal.decision.note),) if proposal and proposal.decision.note else ()),
            ),
            note=told(change.reason),
        )


def _windows(row: DeadlineChange | DeadlineProposal) -> tuple[tuple[str, str], ...]:
    """The deadline before and after, in words."""
    return (
        (pgettext("deadline", "Before"), _window(row.old_wording, row.old_latest, row.old_review_on)),
        (pgettext("deadline", "After"), _window(row.new_wording, row.new_latest, row.new_review_on)),
    )


def _decided(commitment: Commitment) -> list[DeadlineProposal]:
    return [each for each in commitment.deadline_proposals.all() if hasattr(each, "decision")]


def deadline_proposals(commitment: Commitment, as_of: AsOf) -> Iterator[HistoryEvent]:
    """The proposed deadlines, and what became of those that were not accepted."""
    for proposal in commitment.deadline_proposals.all():
        yield HistoryEvent(
            occurred_on=timezone.localdate(proposal.recorded_at),
            recorded_at=proposal.recorded_at,
            kind=_("Deadline proposed"),
            actor=name_of(proposal.actor),
            parts=_windows(proposal),
            note=proposal.reason,
        )
    kinds = {
        ProposalState.REFUSED: _("Proposed deadline refused"),
        ProposalState.WITHDRAWN: _("Proposed deadline withdrawn"),
        ProposalState.LAPSED: _("Proposed deadline lapsed"),
    }
    for proposal in _decided(commitment):
        decision, day = proposal.decision, timezone.localdate(proposal.decision.recorded_at)
        if decision.state in kinds and not (as_of.is_past and day > as_of.day):
            yield HistoryEvent(
                occurred_on=day,
                recorded_at=decision.recorded_at,
                kind=kinds[ProposalState(decision.state)],
                actor=name_of(decision.actor),
                parts=_windows(proposal)[1:],
                note=told(decision.note),
            )


def _window(wording: str, latest: dt.date | None, review_on: dt.date | None) -> str:
    parts = [pgettext("quotation", "“%(wording)s”") % {"wording": wording}] if wording else []
    if latest:
        parts.append(pgettext("deadline", "by %(day)s") % {"day": date_format(latest)})
    if review_on:
        parts.append(pgettext("deadline", "review on %(day)s") % {"day": date_format(review_on)})
    return listed(parts) or pgettext("deadline", "none")
