"""The first steps of an empty register: what is done, what is missing, and who does it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role
from accounts.lacking import roles_with
from accounts.models import User
from accounts.permissions import Right
from commitments.models import Register, Theme
from relations.models import Agency, Country, Meeting

_PARTIES = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of a step: whether it is enough, in words, and where to add it or see it."""

    is_done: bool
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step for the person who looks. ``url`` is "" if another role takes it: ``by`` says which."""

    key: str
    label: str
    is_done: bool
    state: str
    url: str
    by: str


def first_steps(user: User) -> tuple[Step, ...]:
    """The steps in their order, or none for somebody who can take none of them."""
    steps: tuple[tuple[str, str, Right, Callable[[], Found]], ...] = (
        ("title", _("Title of the register"), Right.EDIT_REFERENCE_DATA, _title),
        ("home", _("Home country"), Right.EDIT_REFERENCE_DATA, _home),
        ("countries", _("Other countries"), Right.EDIT_REFERENCE_DATA, _countries),
        ("themes", _("Themes"), Right.EDIT_REFERENCE_DATA, _themes),
        ("agencies", _("Agencies of the home country"), Right.EDIT_BODIES, _agencies),
        ("accounts", _("Accounts"), Right.MANAGE_USERS, _accounts),
        ("meeting", _("First meeting"), Right.EDIT_REGISTER, partial(_meeting, user)),
    )
    if not any(user.may(right) for _key, _label, right, _read in steps):
        return ()
    return tuple(_step(key, label, right, read(), user) for key, label, right, read in steps)


def _step(key: str, label: str, right: Right, found: Found, user: User) -> Step:
    mine = user.may(right)
    by = "" if mine else _("Done by: %(roles)s.") % {"roles": roles_with(right)}
    return Step(key, label, found.is_done, found.state, found.url if mine else "", by)


def _title() -> Found:
    register = Register.objects.first()
    if register is None:
        return Found(False, _("It stands at the foot of every page."), _add("commitments_register"))
    url = reverse("admin:commitments_register_change", args=[register.pk])
    return Found(True, register.title, url)


def _home() -> Found:
    code = settings.HOME_COUNTRY
    country = Country.objects.filter(code=code).first()
    if country is not None:
        return Found(True, country.name, country.get_absolute_url())
    state = _("The setting HOME_COUNTRY of the server is %(code)s. Add this country, or have it changed.")
    return Found(False, state % {"code": code}, f"{_add('relations_country')}?code={code}")


def _countries() -> Found:
    n = Country.objects.exclude(code=settings.HOME_COUNTRY).count()
    state = (
        ngettext("%(n)d country", "%(n)d countries", n) % {"n": n}
        if n
        else _("A commitment has at least two parties.")
    )
    return Found(n > 0, state, reverse("countries") if n else _add("relations_country"))


def _themes() -> Found:
    n = Theme.objects.count()
    state = ngettext("%(n)d theme", "%(n)d themes", n) % {"n": n} if n else _("Each commitment has one.")
    return Found(n > 0, state, _admin("commitments_theme", "changelist" if n else "add"))


def _agencies() -> Found:
    n = Agency.objects.filter(country__code=settings.HOME_COUNTRY).count()
    state = (
        ngettext("%(n)d agency", "%(n)d agencies", n) % {"n": n}
        if n
        else _("The ministries that lead commitments or support them.")
    )
    return Found(n > 0, state, reverse("agencies") if n else _add("relations_agency"))


def _accounts() -> Found:
    active = User.objects.filter(is_active=True)
    officers = set(active.filter(groups__name=Role.OFFICER).values_list("pk", flat=True))
    reviewers = set(active.filter(groups__name=Role.REVIEWER).values_list("pk", flat=True))
    two = bool(officers and reviewers) and len(officers | reviewers) >= _PARTIES
    state = (
        _("There is an officer, and another person as reviewer.")
        if two
        else _("An officer records, and another person decides as reviewer.")
    )
    return Found(two, state, _admin("accounts_user", "changelist" if two else "add"))


def _meeting(user: User) -> Found:
    n = Meeting.objects.visible_to(user).count()
    state = (
        ngettext("%(n)d meeting", "%(n)d meetings", n) % {"n": n}
        if n
        else _("Enter its text, then mark the commitments in each paragraph.")
    )
    return Found(n > 0, state, reverse("meetings") if n else reverse("record"))


def _add(name: str) -> str:
    return _admin(name, "add")


def _admin(name: str, page: str) -> str:
    return reverse(f"admin:{name}_{page}")
