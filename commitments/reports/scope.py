"""Which commitments an account can see, in words: what every figure that it reads counts."""

from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Clearance
from accounts.permissions import NO_ROLE, Right
from commitments.models import Commitment
from core.lists import listed

if TYPE_CHECKING:
    from accounts.models import User


def scope_in_words(user: "User") -> str:
    """Which commitments are counted for ``user``, as a sentence; "" if the account can see all of them."""
    if not user.roles and not user.is_superuser:
        return str(NO_ROLE)
    if not user.may(Right.READ_REGISTER):
        return _assigned_in_words(user)
    if user.desk.is_confined:
        return _desk_in_words(user)
    if user.clearance == max(Clearance):
        return ""
    if user.clearance == Clearance.UNCLASSIFIED:
        return _("Only unclassified commitments are counted, as your clearance permits.")
    # Translators: %(clearance)s is a classification such as "restricted".
    sentence = _("Only commitments classified %(clearance)s or lower are counted, as your clearance permits.")
    return sentence % {"clearance": Clearance(user.clearance).label}


def _desk_in_words(user: "User") -> str:
    desk = listed(map(str, [*user.desk_countries.all(), *user.desk_mechanisms.all()]))
    # Translators: %(clearance)s is a classification such as "restricted".
    sentence = _("Only commitments of your desk (%(desk)s) classified %(clearance)s or lower are counted.")
    return sentence % {"desk": desk, "clearance": Clearance(user.clearance).label}


def _assigned_in_words(user: "User") -> str:
    n, has_more = Commitment.objects.visible_to(user).counted()
    if not n:
        return _("There are no commitments that your account can see.")
    agency = user.agency.short if user.agency else ""
    if has_more:
        sentence = _("Only commitments assigned to %(agency)s that you can see are counted.")
        return sentence % {"agency": agency}
    sentence = ngettext(
        "Only the %(n)s commitment assigned to %(agency)s that you can see is counted.",
        "Only the %(n)s commitments assigned to %(agency)s that you can see are counted.",
        n,
    )
    return sentence % {"n": number_format(n), "agency": agency}
