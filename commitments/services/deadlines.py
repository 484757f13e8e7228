"""The deadline window of a commitment, and its one writer. The old window stays on record."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from commitments.choices import ProposalState
from commitments.models import Commitment, DeadlineChange, DeadlineDecision, DeadlineProposal
from core.stored_sentences import StoredSentence

if TYPE_CHECKING:
    from accounts.models import User

MOVED = StoredSentence(gettext_noop("The deadline was changed meanwhile."))
FIXED = StoredSentence(gettext_noop("The commitment was submitted or closed meanwhile."))


@dataclass(frozen=True, slots=True)
class Window:
    """A deadline: its wording, the earliest and latest date it can mean, or the date of the next review."""

    wording: str = ""
    earliest: dt.date | None = None
    latest: dt.date | None = None
    review_on: dt.date | None = None


COLUMNS = {
    "wording": "deadline_wording",
    "earliest": "deadline_earliest",
    "latest": "deadline_latest",
    "review_on": "review_on",
}
"""The column of each part of a window."""


def window_of(commitment: Commitment) -> Window:
    """The current window of ``commitment``."""
    return window_in({column: getattr(commitment, column) for column in COLUMNS.values()})


def window_in(columns: Mapping[str, Any]) -> Window:
    """The window that ``columns`` of a commitment describe. A missing column is empty."""
    given = {part: columns.get(column) for part, column in COLUMNS.items()}
    return Window(**given | {"wording": given["wording"] or ""})


def window_errors(window: Window) -> dict[str, list[str]]:
    """The errors of ``window``, by field. Every writer of a window uses this."""
    errors: dict[str, list[str]] = {}
    if window.earliest and window.latest and window.latest < window.earliest:
        errors["latest"] = [_("The latest date is before the earliest date.")]
    if window.review_on and window.latest:
        errors["review_on"] = [_("A review date is only for a deadline without a latest date.")]
    if (window.earliest or window.latest) and not window.wording:
        errors["wording"] = [_("Enter the wording as agreed; the dates come from it.")]
    return errors


def column_errors(columns: Mapping[str, Any]) -> dict[str, list[str]]:
    """The errors of the window in ``columns``, by column."""
    return {COLUMNS[part]: messages for part, messages in window_errors(window_in(columns)).items()}


def write_window(
    commitment: Commitment,
    window: Window,
    *,
    actor: "User | None",
    reason: str,
    occurred_on: dt.date,
    recorded_at: dt.datetime | None = None,
    accepted: DeadlineProposal | None = None,
) -> DeadlineChange:
    """Save the change and the new window, recorded now or with what was recorded at ``recorded_at``.

    Proposals to change the old window lapse, except the ``accepted`` one, on which the caller decides. The
    caller must have locked the commitment.
    """
    lapse(commitment, MOVED, but=accepted)
    old = window_of(commitment)
    change = DeadlineChange.objects.create(
        commitment=commitment,
        number=commitment.deadline_changes.count() + 1,
        old_wording=old.wording,
        old_earliest=old.earliest,
        old_latest=old.latest,
        old_review_on=old.review_on,
        new_wording=window.wording,
        new_earliest=window.earliest,
        new_latest=window.latest,
        new_review_on=window.review_on,
        reason=reason,
        occurred_on=occurred_on,
        recorded_at=recorded_at or timezone.now(),
        actor=actor,
    )
    for part, column in COLUMNS.items():
        setattr(commitment, column, getattr(window, part))
    commitment.save(update_fields=list(COLUMNS.values()))
    return change


def lapse(commitment: Commitment, because: StoredSentence, *, but: DeadlineProposal | None = None) -> None:
    """Close the proposals of ``commitment`` that await a decision, except ``but``.

    The caller must have locked the commitment.
    """
    waiting = commitment.deadline_proposals.filter(state=ProposalState.PROPOSED).order_by("number")
    for proposal in waiting.exclude(pk=but.pk) if but else waiting:
        lapse_one(proposal, because)


def lapse_one(proposal: DeadlineProposal, because: StoredSentence) -> None:
    """Close ``proposal``, which awaits a decision. The caller must have locked the commitment."""
    write_decision(DeadlineDecision(proposal=proposal, state=ProposalState.LAPSED, note=because.stored()))


def write_decision(decision: DeadlineDecision) -> DeadlineDecision:
    """Save ``decision`` and the state that it gives to its proposal. The caller has checked and locked.

    Nothing else writes ``state``.
    """
    decision.save(force_insert=True)
    proposal = decision.proposal
    DeadlineProposal.objects.filter(pk=proposal.pk).update(state=decision.state)
    proposal.state = decision.state
    return decision
