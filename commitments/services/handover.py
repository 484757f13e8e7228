"""Hands over the duties of an account, which is closed or about to be, to other accounts."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.models import User
from accounts.permissions import Right
from commitments.choices import OPEN, SharedWith, Status
from commitments.counted import COUNTS
from commitments.models import Assignment, Commitment, SavedView
from commitments.querysets import CommitmentQuerySet
from commitments.services.assignments import focal_point_errors
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.officers import officer_errors, officers
from core.stored_sentences import StoredSentence

_HANDED_OVER = StoredSentence(gettext_noop("Handed over from %(person)s."))


@dataclass(frozen=True, slots=True)
class Duties:
    """What somebody else has to do, or misses, once an account is closed.

    ``submissions`` are under review: a reviewer decides or returns them, but nobody else can withdraw them.
    """

    assignments: QuerySet[Assignment]
    in_charge_of: CommitmentQuerySet
    submissions: CommitmentQuerySet
    shared_views: QuerySet[SavedView]

    def __bool__(self) -> bool:
        return any(rows.exists() for rows in self.all_rows)

    @property
    def all_rows(self) -> tuple[QuerySet[Any], ...]:
        """The duties of each kind."""
        return (self.assignments, self.in_charge_of, self.submissions, self.shared_views)


def duties_of(account: User, *, reader: User | None = None) -> Duties:
    """The duties of ``account``; with a ``reader``, those at commitments that the reader may see."""
    rows = Commitment.objects.all() if reader is None else Commitment.objects.visible_to(reader)
    assignments = Assignment.objects.filter(
        focal_point=account, commitment__status__in=OPEN, commitment__is_in_error=False
    )
    if reader is not None:
        assignments = assignments.filter(commitment__in=rows.order_by().values("pk"))
    waiting = rows.filter(COUNTS, status=Status.UNDER_REVIEW)
    return Duties(
        assignments=assignments.select_related("commitment", "agency").order_by("commitment_id"),
        in_charge_of=rows.filter(COUNTS, officer=account, status__in=OPEN),
        submissions=waiting.submitted_by(account),
        shared_views=account.saved_views.exclude(shared_with=SharedWith.PRIVATE),
    )


def successors_of(account: User) -> QuerySet[User]:
    """The focal points who can take over assignments of ``account``."""
    agencies = duties_of(account).assignments.order_by().values("agency")
    active = User.objects.filter(is_active=True, groups__name=Role.FOCAL_POINT, agency__in=agencies)
    return active.exclude(pk=account.pk).select_related("agency").order_by("agency__name", "username")


@transaction.atomic
def hand_over(*, account: User, successor: User, actor: User) -> int:
    """Make ``successor`` the focal point of the open commitments that ``account`` has for the same agency.

    Return their number. The field history of each says from whom. Raises ``PermissionDenied`` and
    ``RequirementsNotMet``.
    """
    _require_administrator(actor)
    if errors := focal_point_errors(successor.agency, successor):
        raise RequirementsNotMet(errors)
    theirs = Assignment.objects.filter(focal_point=account, agency=successor.agency_id)
    # As in ``assign``, the commitment is locked before its assignment.
    commitments = Commitment.objects.filter(COUNTS, status__in=OPEN, assignments__in=theirs).order_by("pk")
    locked = [each.pk for each in commitments.select_for_update(of=("self",), no_key=True)]
    reason = _HANDED_OVER.stored(person=account)
    assignments = list(theirs.filter(commitment__in=locked))
    for assignment in assignments:
        assignment.focal_point = successor
        assignment._change_reason = reason  # type: ignore[attr-defined]
        assignment.save()
    return len(assignments)


def next_officers(account: User) -> QuerySet[User]:
    """The officers who can take charge of the commitments of ``account``."""
    return officers().exclude(pk=account.pk)


@transaction.atomic
def hand_over_charge(*, account: User, officer: User, actor: User) -> int:
    """Put ``officer`` in charge of the open commitments of ``account`` that ``officer`` may read.

    Return their number. The field history of each says from whom. Raises ``PermissionDenied`` and
    ``RequirementsNotMet``.
    """
    _require_administrator(actor)
    if errors := officer_errors(Commitment(), officer):
        raise RequirementsNotMet(errors)
    theirs = duties_of(account).in_charge_of.order_by("pk").select_for_update(of=("self",), no_key=True)
    readable = set(
        Commitment.objects.readable_by(officer).filter(officer=account).values_list("pk", flat=True)
    )
    commitments = [each for each in theirs if each.pk in readable]
    for commitment in commitments:
        commitment.officer = officer
        commitment._change_reason = _HANDED_OVER.stored(person=account)  # type: ignore[attr-defined]
        commitment.save(update_fields=["officer"])
    return len(commitments)


def _require_administrator(actor: User) -> None:
    if not actor.may(Right.MANAGE_USERS):
        raise NotYours(_("Only an administrator can hand over the assignments of an account."))
