"""Two-step sign-in that a role requires."""

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.account_events import record_event_of_all
from accounts.choices import Role
from accounts.models import RequiredSecondStep, User
from accounts.permissions import Right
from core.locks import NamedLock, hold


def required_roles() -> list[Role]:
    """The roles that require two-step sign-in, in the order of ``Role``."""
    stored = set(RequiredSecondStep.objects.values_list("role", flat=True))
    return [role for role in Role if role in stored]


@transaction.atomic
def require_second_step(*, actor: User, roles: Collection[str]) -> None:
    """Let ``roles`` require two-step sign-in, and no others. An account event of all accounts says so.

    Raises ``PermissionDenied``.
    """
    if not actor.may(Right.MANAGE_USERS):
        raise PermissionDenied(_("Only an administrator says which roles require two-step sign-in."))
    hold(NamedLock.SECOND_STEP)
    before, after = required_roles(), [role for role in Role if role in roles]
    RequiredSecondStep.objects.exclude(role__in=after).delete()
    for role in after:
        RequiredSecondStep.objects.get_or_create(role=role)
    record_event_of_all({"second_step_roles": before}, {"second_step_roles": after})


def requires_second_step() -> ExpressionWrapper:
    """Whether a role of an account requires two-step sign-in, as a column of accounts."""
    required = RequiredSecondStep.objects
    by_role = Group.objects.filter(user=OuterRef("pk"), name__in=required.values("role"))
    as_superuser = Q(is_superuser=True) & Q(Exists(required.filter(role=Role.ADMINISTRATOR)))
    return ExpressionWrapper(Q(Exists(by_role)) | as_superuser, output_field=BooleanField())


def has_second_step() -> Exists:
    """Whether two-step sign-in of an account is set up, as a column of accounts."""
    codes = Authenticator.Type.RECOVERY_CODES  # they stand in for a second step, and are none
    return Exists(Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=codes))


def lacking_second_step() -> QuerySet[User]:
    """The open accounts whose role requires two-step sign-in, and that have not set it up."""
    accounts = User.objects.filter(requires_second_step(), ~has_second_step(), is_active=True)
    return accounts.order_by("username")
