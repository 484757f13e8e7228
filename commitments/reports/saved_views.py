"""Saved views as the list knows them: the query that is kept, whether it fits still, who may use what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.choices import SharedWith
from commitments.models import DefaultView, SavedView
from commitments.reports.columns import PARAMETER
from commitments.reports.query import ListQuery, list_query

if TYPE_CHECKING:
    from accounts.models import User

NOT_KEPT = frozenset({"page", "compare", "csrfmiddlewaretoken"})


@dataclass(frozen=True, slots=True)
class SavedViewLink:
    """A saved view, for somebody who may use it."""

    view: SavedView
    url: str
    is_mine: bool
    is_current: bool
    is_default: bool
    sharing: str


def kept_query(query: QueryDict | str) -> str:
    """``query`` as a saved view keeps it: without page and empty values, the columns in one value."""
    given = QueryDict(query.strip().removeprefix("?")) if isinstance(query, str) else query
    kept = QueryDict(mutable=True)
    for name, values in given.lists():
        said = [value for value in values if value != ""]
        if name == PARAMETER and said:
            said = [",".join(said)]
        if said and name not in NOT_KEPT:
            kept.setlist(name, said)
    return kept.urlencode(safe=",")


def list_address(query: str) -> str:
    """The list that ``query`` shows."""
    return reverse("commitments") + (f"?{query}" if query else "")


def asked_by(query: str, user: "User") -> ListQuery:
    """What a kept query asks for ``user``."""
    return list_query(QueryDict(query), user)


def checked(query: str, user: "User") -> tuple[str, list[str]]:
    """``query`` as it would be kept, and in words what the list would not understand."""
    kept = kept_query(query)
    faults = asked_by(kept, user).faults
    wrong = [
        _("%(name)s: %(message)s") % {"name": name, "message": message}
        for name, messages in faults.items()
        for message in messages
    ]
    return kept, wrong


def without(query: str, names: Iterable[str]) -> str:
    """``query`` without the parameters ``names``."""
    rest = QueryDict(query, mutable=True)
    for name in names:
        rest.pop(name, None)
    return rest.urlencode(safe=",")


def kept_for(user: "User", current: str | None = None) -> tuple[SavedViewLink, ...]:
    """The saved views that ``user`` may use, one's own first; ``current`` is the query that is shown."""
    seen = SavedView.objects.visible_to(user).select_related("owner", "owner__agency")
    views: Any = seen.annotate(is_default=Exists(DefaultView.objects.filter(view=OuterRef("pk"), user=user)))
    kept = [
        SavedViewLink(
            view,
            reverse("saved_view", args=[view.pk]),
            view.owner_id == user.pk,
            current is not None and view.query == current,
            view.is_default,
            _sharing(view),
        )
        for view in views
    ]
    return tuple(sorted(kept, key=lambda each: (not each.is_mine, each.view.name.casefold())))


def _sharing(view: SavedView) -> str:
    if view.shared_with == SharedWith.ROLE:
        return _("shared with the role %(role)s") % {"role": view.get_role_display()}
    return _("shared with everyone") if view.shared_with == SharedWith.EVERYONE else _("private")
