"""Saved views for the list: the stored query, whether it is still valid, and who can use which view."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.choices import SharedWith
from commitments.models import DefaultView, SavedView, Watch
from commitments.reports.columns import PARAMETER
from commitments.reports.query import ListQuery, list_query
from commitments.reports.watching import WatchButton
from core.form_errors import labelled
from core.sorting import sort_key

if TYPE_CHECKING:
    from accounts.models import User

_NOT_STORED = frozenset({"page", "compare", "csrfmiddlewaretoken"})


@dataclass(frozen=True, slots=True)
class SavedViewLink:
    """A saved view, for a user who can use it."""

    view: SavedView
    url: str
    is_mine: bool
    is_current: bool
    is_default: bool
    sharing: str
    is_watched: bool

    @property
    def watch(self) -> WatchButton | None:
        """The button *Watch*; none for a view of what is watched."""
        if self.view.shows_watched:
            return None
        return WatchButton("view", str(self.view.pk), self.is_watched)


def stored_query(query: QueryDict | str) -> str:
    """``query`` as a saved view stores it: without page and empty values, the columns as one value."""
    given = QueryDict(query.strip().removeprefix("?")) if isinstance(query, str) else query
    stored = QueryDict(mutable=True)
    for name, values in given.lists():
        values = [value for value in values if value != ""]
        if name == PARAMETER and values:
            values = [",".join(values)]
        if values and name not in _NOT_STORED:
            stored.setlist(name, values)
    return stored.urlencode(safe=",")


def is_same_query(one: str, other: str) -> bool:
    """Whether two stored queries have the same parameters, whatever their order."""
    first, second = (
        {name: sorted(values) for name, values in QueryDict(each).lists()} for each in (one, other)
    )
    return first == second


def list_address(query: str) -> str:
    """The address of the list for ``query``."""
    return reverse("commitments") + (f"?{query}" if query else "")


def read_query(query: str, user: "User") -> ListQuery:
    """Read a stored query for ``user``."""
    return list_query(QueryDict(query), user)


def check_query(query: str, user: "User") -> tuple[str, list[str]]:
    """Return ``query`` as it would be stored, and messages for what the list would refuse."""
    stored = stored_query(query)
    errors = read_query(stored, user).errors
    return stored, [labelled(name, message) for name, messages in errors.items() for message in messages]


def without_parameters(query: str, names: Iterable[str]) -> str:
    """``query`` without the parameters ``names``."""
    rest = QueryDict(query, mutable=True)
    for name in names:
        rest.pop(name, None)
    return rest.urlencode(safe=",")


def saved_views_for(user: "User", current: str | None = None) -> tuple[SavedViewLink, ...]:
    """The saved views that ``user`` can use, the user's own first. ``current`` is the query of the list."""
    visible = SavedView.objects.visible_to(user).select_related("owner", "owner__agency")
    views: Any = visible.annotate(
        is_default=Exists(DefaultView.objects.filter(view=OuterRef("pk"), user=user)),
        is_watched=Exists(Watch.objects.filter(view=OuterRef("pk"), account=user)),
    )
    links = [
        SavedViewLink(
            view,
            reverse("saved_view", args=[view.pk]),
            view.owner_id == user.pk,
            current is not None and is_same_query(view.query, current),
            view.is_default,
            _sharing(view),
            view.is_watched,
        )
        for view in views
    ]
    return tuple(sorted(links, key=lambda each: (not each.is_mine, sort_key(each.view.name))))


def _sharing(view: SavedView) -> str:
    if view.shared_with == SharedWith.ROLE:
        return _("shared with the role %(role)s") % {"role": view.get_role_display()}
    return _("shared with everyone") if view.shared_with == SharedWith.EVERYONE else _("private")
