"""The saved view in force: the one that the list shows, or the one from which the reader changed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse

from accounts.requests import SignedInRequest
from commitments.models import SavedView
from commitments.reports.saved_views import SavedViewLink, is_same_query, stored_query
from pages.listing.tabs import Tab

OPENED = "list_view"
"""The session key of the view that was opened last."""


@dataclass(frozen=True, slots=True)
class ViewInForce:
    """A saved view, and whether the list differs from it."""

    view: SavedView
    is_mine: bool
    is_changed: bool


def open_view(request: SignedInRequest, view: SavedView) -> None:
    """Remember ``view`` as the one that the reader works with."""
    request.session[OPENED] = view.pk


def view_in_force(
    request: SignedInRequest, views: Iterable[SavedViewLink], tabs: Iterable[Tab]
) -> ViewInForce | None:
    """The view in force, if there is one.

    A view that was opened stays in force while its parameters are changed on the list itself. It ends with a
    ready-made view, and with a link to the list from elsewhere.
    """
    opened = request.session.get(OPENED)
    by_key = {each.view.pk: each for each in views}
    shown = [each for each in by_key.values() if each.is_current]
    if shown:
        link = next((each for each in shown if each.view.pk == opened), shown[0])
        return ViewInForce(link.view, link.is_mine, is_changed=False)
    link_opened = by_key.get(opened) if opened else None
    if link_opened is None or not _comes_from_the_list(request) or _is_ready_made(request, tabs):
        return None
    return ViewInForce(link_opened.view, link_opened.is_mine, is_changed=True)


def _is_ready_made(request: SignedInRequest, tabs: Iterable[Tab]) -> bool:
    """Whether the list is exactly one of the ready-made views."""
    current = stored_query(request.GET)
    return any(is_same_query(urlsplit(tab.url).query, current) for tab in tabs if tab.current)


def _comes_from_the_list(request: SignedInRequest) -> bool:
    """Whether the reader changed the list, instead of following a link from elsewhere."""
    return urlsplit(request.headers.get("Referer", "")).path == reverse("commitments")
