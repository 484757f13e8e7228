"""The commands of the search: pages that an account may open, by what people want to do there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.permissions import Right
from core.search.query import words_of
from relations.names import fold_names

if TYPE_CHECKING:
    from accounts.models import User

Rule = Callable[["User"], bool]


def _anybody(user: "User") -> bool:
    return True


def _has_password(user: "User") -> bool:
    return user.has_usable_password()


def _with(right: Right) -> Rule:
    return lambda user: user.may(right)


def _in_role(*roles: Role) -> Rule:
    return lambda user: bool(user.roles & set(roles))


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody may do: its words, the page where it is done, and who may."""

    label: Promise
    page: str
    query: tuple[tuple[str, str], ...] = ()
    may: Rule = _anybody

    @property
    def url(self) -> str:
        """The address of the page."""
        address = reverse(self.page)
        return f"{address}?{urlencode(self.query)}" if self.query else address


COMMANDS = (
    Command(_("Go through my queue"), "queue", may=_in_role(Role.REVIEWER)),
    Command(_("Record a meeting"), "record", may=_with(Right.EDIT_REGISTER)),
    Command(
        _("See what was returned to me"),
        "commitments",
        (("returned", "me"),),
        may=_in_role(Role.OFFICER, Role.FOCAL_POINT),
    ),
    Command(_("List open commitments"), "commitments", (("state", "open"),)),
    Command(_("List overdue commitments"), "commitments", (("overdue", "true"),)),
    Command(_("List what is under review"), "commitments", (("status", "under_review"),)),
    Command(_("Go to the overview"), "overview"),
    Command(_("List meetings"), "meetings"),
    Command(_("List sources"), "sources"),
    Command(_("List countries"), "countries"),
    Command(_("List agencies"), "agencies"),
    Command(_("List mechanisms"), "mechanisms"),
    Command(_("Manage saved views"), "saved_views"),
    Command(_("Invite somebody: new account"), "admin:accounts_user_add", may=_with(Right.MANAGE_USERS)),
    Command(_("Manage accounts"), "admin:accounts_user_changelist", may=_with(Right.MANAGE_USERS)),
    Command(_("Enter the admin"), "admin:index", may=_with(Right.ENTER_ADMIN)),
    Command(_("Change my password"), "account_change_password", may=_has_password),
    Command(_("Set up two-step sign-in"), "mfa_index"),
    Command(_("See where I am signed in"), "sessions"),
    Command(_("Make an API token"), "api_tokens"),
    Command(_("Read the API documentation"), "api-docs"),
)
"""The commands, the most useful ones first."""


def commands_for(user: "User", words: str) -> Iterator[Command]:
    """The commands that ``user`` may use and whose words begin with each of ``words``, in any order."""
    wanted = words_of(fold_names(words)) if words else []
    for command in COMMANDS:
        if command.may(user):
            own = words_of(fold_names(str(command.label)))
            if all(any(each.startswith(word) for each in own) for word in wanted):
                yield command
