"""Officers in charge of commitments: who may be one, and whom the reader of a list can ask for."""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from accounts.permissions import Right
from commitments.models import Commitment

if TYPE_CHECKING:
    from collections.abc import Mapping


def officers() -> QuerySet[User]:
    """The accounts that can be put in charge of a commitment."""
    return User.objects.filter(is_active=True, groups__name=Role.OFFICER).order_by("username")


def officers_known_to(reader: User) -> QuerySet[User]:
    """The accounts that are in charge of a commitment that ``reader`` may see.

    Who reads the register knows all officers.
    """
    theirs = Exists(Commitment.objects.visible_to(reader).filter(officer=OuterRef("pk")).order_by())
    known = (
        theirs | Q(pk__in=officers().order_by().values("pk")) if reader.may(Right.READ_REGISTER) else theirs
    )
    return User.objects.filter(known).order_by("username")


def officer_errors(commitment: Commitment, officer: User | None) -> "Mapping[str, list[str]]":
    """The errors of ``officer`` as the officer in charge of ``commitment``, by field."""
    if officer is None:
        return {}
    values = {"person": officer}
    if not officer.is_active:
        return {"officer": [_("The account of %(person)s is closed. Choose another officer.") % values]}
    if Role.OFFICER not in officer.roles:
        return {"officer": [_("%(person)s is no officer.") % values]}
    if not _may_read(officer, commitment):
        return {"officer": [_("%(person)s may not read this commitment. Choose another officer.") % values]}
    return {}


def _may_read(officer: User, commitment: Commitment) -> bool:
    """Whether ``officer`` may read ``commitment``. Of a new one the countries are not known yet."""
    if commitment.classification > officer.clearance:
        return False
    return commitment.pk is None or not officer.desk.is_confined or _readable(officer, commitment)


def _readable(officer: User, commitment: Commitment) -> bool:
    """Whether ``commitment``, whose classification may not be saved yet, is of the desk of ``officer``."""
    return Commitment.objects.at_desk(officer).filter(pk=commitment.pk).exists()
