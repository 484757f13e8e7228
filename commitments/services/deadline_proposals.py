"""Proposing another deadline, and deciding on it. Who proposes never decides (docs/rules.md#deadlines)."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.choices import ProposalState
from commitments.models import Commitment, DeadlineDecision, DeadlineProposal
from commitments.services.deadlines import (
    COLUMNS,
    Window,
    window_errors,
    window_in,
    window_of,
    write_decision,
    write_window,
)
from commitments.services.dossier import Stamp, is_current
from commitments.services.errors import DossierChanged, NotYours, ProposalClosed, RequirementsNotMet
from commitments.services.locking import locked_for, require_counted
from commitments.services.policy import fixed_refusal
from commitments.services.progress import may_report
from core import clock

if TYPE_CHECKING:
    from accounts.models import User

DECISIONS = (ProposalState.ACCEPTED, ProposalState.REFUSED, ProposalState.WITHDRAWN)
"""What people decide. The first two are for reviewers, the last one for whoever proposed it."""


def require_proposer(commitment: Commitment, actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may propose another deadline for ``commitment``."""
    if not may_report(actor, commitment):
        raise NotYours(
            _("Only an officer or a focal point of an assigned agency can propose another deadline.")
        )


def window_before(proposal: DeadlineProposal) -> Window:
    """The window that stood when ``proposal`` was made."""
    return _window(proposal, "old")


def window_after(proposal: DeadlineProposal) -> Window:
    """The window that ``proposal`` proposes."""
    return _window(proposal, "new")


def _window(proposal: DeadlineProposal, prefix: str) -> Window:
    return window_in({column: getattr(proposal, f"{prefix}_{part}") for part, column in COLUMNS.items()})


@transaction.atomic
def propose_deadline(
    *, commitment: Commitment, actor: "User", window: Window, reason: str, occurred_on: dt.date | None = None
) -> DeadlineProposal:
    """Propose ``window``, agreed on ``occurred_on`` (default today), in place of the current deadline.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``NotEditable`` (under review,
    closed or entered in error), ``RequirementsNotMet`` by field.
    """
    locked = locked_for(actor, commitment)
    require_proposer(locked, actor)
    _require_changeable(locked)
    day, current = occurred_on or clock.today(), window_of(locked)
    errors = window_errors(window) | _day_errors(locked, day)
    if not reason.strip():
        errors["reason"] = [_("Say why the deadline changes.")]
    if window == current:
        errors["wording"] = [_("This is the current deadline already.")]
    elif is_proposed(window, locked):
        errors["wording"] = [_("This deadline is proposed already. A reviewer has still to decide on it.")]
    if errors:
        raise RequirementsNotMet(errors)
    return DeadlineProposal.objects.create(
        commitment=locked,
        number=locked.deadline_proposals.count() + 1,
        **{f"old_{part}": getattr(current, part) for part in COLUMNS},
        **{f"new_{part}": getattr(window, part) for part in COLUMNS},
        reason=reason.strip(),
        occurred_on=day,
        actor=actor,
    )


def is_proposed(window: Window, commitment: Commitment) -> bool:
    """Whether ``window`` is proposed for ``commitment`` and awaits a decision."""
    waiting = commitment.deadline_proposals.filter(state=ProposalState.PROPOSED)
    return any(window == window_after(each) for each in waiting)


def _require_changeable(commitment: Commitment) -> None:
    require_counted(commitment)
    if refused := fixed_refusal(commitment, ["deadline"]):
        raise refused


def _day_errors(commitment: Commitment, day: dt.date) -> dict[str, list[str]]:
    """Why the deadline cannot have been changed on ``day``."""
    today, last = clock.today(), commitment.deadline_changes.order_by("-number").first()
    if day > today:
        return {"occurred_on": [_("%(day)s is after today.") % {"day": date_format(day)}]}
    if last and day < clock.first_day_after(last.occurred_on, recorded_on=today):
        message = _("%(day)s is before the previous change, of %(previous)s.")
        values = {"day": date_format(day), "previous": date_format(last.occurred_on)}
        return {"occurred_on": [message % values]}
    return {}


def is_open(proposal: DeadlineProposal) -> bool:
    """Whether ``proposal`` awaits a decision."""
    return proposal.state == ProposalState.PROPOSED


def may_decide(user: "User", proposal: DeadlineProposal) -> bool:
    """Whether ``user`` may accept or refuse ``proposal``, while it is open."""
    return user.may(Right.DECIDE_DEADLINE) and user.pk != proposal.actor_id


def may_withdraw(user: "User", proposal: DeadlineProposal) -> bool:
    """Whether ``user`` may withdraw ``proposal``, while it is open."""
    return user.pk == proposal.actor_id


def require_concerned(proposal: DeadlineProposal, actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` decides on proposals, or made this one."""
    if not actor.may(Right.DECIDE_DEADLINE) and not may_withdraw(actor, proposal):
        raise NotYours(_("Only a reviewer can decide on a proposed deadline."))


@transaction.atomic
def decide_deadline(
    *,
    proposal: DeadlineProposal,
    actor: "User",
    decision: str,
    note: str = "",
    stamp: Stamp | None = None,
) -> DeadlineDecision:
    """Accept, refuse or withdraw ``proposal``; ``decision`` is the state that it gets.

    Accepted, it becomes the deadline, changed on the day on which it was agreed. ``stamp`` is the state of
    the dossier that ``actor`` has read, if known. Raises ``Commitment.DoesNotExist`` (not visible),
    ``PermissionDenied`` (role), ``ProposalClosed`` (decided, lapsed, or the deadline was changed),
    ``NotEditable``, ``DossierChanged``, ``PermissionDenied`` (own proposal), ``RequirementsNotMet`` by field.
    """
    locked = locked_for(actor, proposal.commitment)
    found = locked.deadline_proposals.get(pk=proposal.pk)
    withdraws = decision == ProposalState.WITHDRAWN
    require_concerned(found, actor)
    _require_open(found, locked, accepts=decision == ProposalState.ACCEPTED)
    if stamp is not None and not withdraws and not is_current(stamp, locked, actor):
        raise DossierChanged(
            _("The commitment has changed since you read it. Read it again, then decide."),
            status=locked.status,
        )
    if withdraws and not may_withdraw(actor, found):
        raise NotYours(_("Only the person who proposed it can withdraw the proposal."))
    if not withdraws and not may_decide(actor, found):
        raise NotYours(_("You proposed this deadline yourself; another reviewer decides."))
    errors = {} if decision in DECISIONS else {"decision": [_("Choose whether to accept or to refuse it.")]}
    if decision == ProposalState.REFUSED and not note.strip():
        errors["note"] = [_("Say why the proposed deadline is refused.")]
    if errors:
        raise RequirementsNotMet(errors)
    made = DeadlineDecision(proposal=found, state=decision, note=note.strip(), actor=actor)
    if decision == ProposalState.ACCEPTED:
        return _accept(made, locked)
    return write_decision(made)


def _require_open(proposal: DeadlineProposal, commitment: Commitment, *, accepts: bool) -> None:
    """Raise ``ProposalClosed`` or ``NotEditable`` unless a decision on ``proposal`` is possible."""
    if not is_open(proposal):
        values = {"state": proposal.get_state_display()}
        # Translators: "state" is a word such as "accepted" or "lapsed".
        raise ProposalClosed(_("The proposal is %(state)s already.") % values)
    _require_changeable(commitment)
    if accepts and window_before(proposal) != window_of(commitment):
        raise ProposalClosed(
            _("The deadline was changed after this was proposed. Refuse it, or have it proposed again.")
        )


def _accept(decision: DeadlineDecision, commitment: Commitment) -> DeadlineDecision:
    """Write the change of the deadline and the decision. Other proposals lapse."""
    proposal = decision.proposal
    decision.change = write_window(
        commitment,
        window_after(proposal),
        actor=decision.actor,
        reason=proposal.reason,
        occurred_on=proposal.occurred_on,
        recorded_at=decision.recorded_at,
        accepted=proposal,
    )
    return write_decision(decision)
