"""Classifying a record lower: one person proposes it with a reason, another one decides.

It is the same for commitments, meetings and sources (docs/rules.md#downgrades).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.choices import ProposalState
from commitments.models import Commitment, Downgrade, DowngradeDecision
from commitments.models.downgrade import DowngradeQuerySet
from commitments.services.errors import NotYours, ProposalClosed, RequirementsNotMet
from commitments.services.levels import too_low
from commitments.services.locking import require_counted
from relations.models import Meeting, Source

if TYPE_CHECKING:
    from accounts.models import User

Classified = Commitment | Meeting | Source
DECISIONS = (ProposalState.ACCEPTED, ProposalState.REFUSED, ProposalState.WITHDRAWN)
"""What people decide. The last one is for whoever proposed it."""


def may_propose(user: "User") -> bool:
    """Whether ``user`` may propose to classify a record lower that the account sees."""
    return user.may(Right.EDIT_REGISTER) or user.may(Right.DECIDE_DOWNGRADE)


def require_proposer(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may propose a lower classification."""
    if not may_propose(actor):
        raise NotYours(_("Only an officer, a reviewer or a security officer can propose a classification."))


def may_decide(user: "User", proposal: Downgrade) -> bool:
    """Whether ``user``, who sees the record, may accept or refuse ``proposal`` while it is open."""
    return user.may(Right.DECIDE_DOWNGRADE) and user.pk != proposal.actor_id


def is_open(proposal: Downgrade) -> bool:
    """Whether ``proposal`` awaits a decision."""
    return proposal.state == ProposalState.PROPOSED


def visible_records(user: "User", kind: type[Any]) -> Any:
    """The records of ``kind`` that ``user`` may see, those entered in error included."""
    rows: Any = kind._default_manager
    return rows.readable_by(user) if kind is Commitment else rows.visible_to(user)


def visible_downgrades(user: "User") -> DowngradeQuerySet:
    """The proposals about records that ``user`` may see."""
    of = {"commitment": Commitment, "meeting": Meeting, "source": Source}
    conditions = Q()
    for name, kind in of.items():
        conditions |= Q(**{f"{name}__in": visible_records(user, kind).order_by().values("pk")})
    return Downgrade.objects.filter(conditions)


def _locked(record: Any, actor: "User") -> Any:
    """``record``, locked. Raises ``DoesNotExist`` if ``actor`` may not see it."""
    visible_records(actor, type(record)).order_by().values("pk").get(pk=record.pk)
    return type(record)._default_manager.select_for_update(no_key=True).get(pk=record.pk)


@transaction.atomic
def propose_downgrade(*, record: Classified, actor: "User", level: int, reason: str) -> Downgrade:
    """Propose to classify ``record`` at ``level``, which is lower, because of ``reason``.

    Raises ``DoesNotExist`` (not visible), ``PermissionDenied``, ``IsInError``, ``RequirementsNotMet`` by
    field.
    """
    found = _locked(record, actor)
    require_proposer(actor)
    if isinstance(found, Commitment):
        require_counted(found)
    errors: dict[str, list[str]] = {}
    if level >= found.classification:
        errors["classification"] = [
            _("It is classified %(level)s. Choose a lower classification.") % _of(found)
        ]
    elif Downgrade.objects.of(found).open().exists():
        errors["classification"] = [_("A lower classification is proposed already. It awaits a decision.")]
    else:
        errors |= _errors_at(found, level)
    if not reason.strip():
        errors["reason"] = [_("Say why it can be classified lower.")]
    if errors:
        raise RequirementsNotMet(errors)
    return Downgrade.objects.create(
        **{str(found._meta.model_name): found},
        from_level=found.classification,
        to_level=level,
        reason=reason.strip(),
        actor=actor,
    )


def _of(record: Any) -> dict[str, Any]:
    return {"level": record.get_classification_display()}


def _errors_at(record: Any, level: int) -> dict[str, list[str]]:
    """The errors of ``level`` where a meeting or a source of a commitment is classified higher."""
    if not isinstance(record, Commitment):
        return {}
    stands, record.classification = record.classification, level
    errors = too_low(record)
    record.classification = stands
    return errors


@transaction.atomic
def decide_downgrade(
    *, proposal: Downgrade, actor: "User", decision: str, note: str = ""
) -> DowngradeDecision:
    """Accept, refuse or withdraw ``proposal``; ``decision`` is the state that it gets.

    Raises ``DoesNotExist`` (not visible), ``PermissionDenied`` (role), ``ProposalClosed`` (decided, or
    classified otherwise since), ``IsInError``, ``PermissionDenied`` (own proposal), ``RequirementsNotMet``.
    """
    record = _locked(proposal.record, actor)
    found = Downgrade.objects.get(pk=proposal.pk)
    withdraws = decision == ProposalState.WITHDRAWN
    require_concerned(found, actor)
    if not is_open(found):
        raise ProposalClosed(_("The proposal is %(state)s already.") % {"state": found.get_state_display()})
    accepts = decision == ProposalState.ACCEPTED
    if accepts and record.classification != found.from_level:
        raise ProposalClosed(
            _("It is classified %(level)s now. Refuse the proposal, or have it proposed again.") % _of(record)
        )
    if isinstance(record, Commitment):
        require_counted(record)
    if withdraws and user_is_not_author(actor, found):
        raise NotYours(_("Only the person who proposed it can withdraw the proposal."))
    if not withdraws and not may_decide(actor, found):
        raise NotYours(_("You proposed this classification yourself; another person decides."))
    errors = {} if decision in DECISIONS else {"decision": [_("Choose whether to accept or to refuse it.")]}
    if decision == ProposalState.REFUSED and not note.strip():
        errors["note"] = [_("Say why the classification stays.")]
    if accepts:
        errors |= _errors_at(record, found.to_level)
    if errors:
        raise RequirementsNotMet(errors)
    if accepts:
        record.classification = found.to_level
        record._change_reason = found.reason
        record.save(update_fields=["classification"])
    made = DowngradeDecision.objects.create(proposal=found, state=decision, note=note.strip(), actor=actor)
    Downgrade.objects.filter(pk=found.pk).update(state=decision)
    return made


def user_is_not_author(user: "User", proposal: Downgrade) -> bool:
    """Whether somebody else made ``proposal``."""
    return user.pk != proposal.actor_id


def require_concerned(proposal: Downgrade, actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` decides on proposals, or made this one."""
    if not actor.may(Right.DECIDE_DOWNGRADE) and user_is_not_author(actor, proposal):
        raise NotYours(_("Only a reviewer or a security officer can decide on a lower classification."))


def to_decide(user: "User") -> Iterable[Downgrade]:
    """The open proposals on which ``user`` may decide, the oldest first."""
    if not user.may(Right.DECIDE_DOWNGRADE):
        return Downgrade.objects.none()
    rows = visible_downgrades(user).open().exclude(actor=user)
    return rows.select_related("actor", "commitment", "meeting", "source").order_by("recorded_at", "pk")
