"""What an account watches, for pages: the button on a page, and the list."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment, SavedView, Watch
from commitments.services.watching import Target, is_in, watches_charge
from relations.models import Agency

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.querysets import CommitmentQuerySet


@dataclass(frozen=True, slots=True)
class WatchButton:
    """The button *Watch* of a page: what it is about, and whether it is watched.

    ``by_other`` says that a commitment is watched because of something else: an agency, a country, a view, or
    because the account is in charge of it.
    """

    kind: str
    key: str
    is_watched: bool
    by_other: bool = False


def watched_by(user: "User") -> "CommitmentQuerySet":
    """The commitments that ``user`` watches and may see now."""
    rows: CommitmentQuerySet = CommitmentFilterSet({"watching": "me"}, user=user).qs
    return rows


def watch_button(user: "User", target: Target) -> WatchButton:
    """The button for ``target``, which ``user`` may see."""
    if isinstance(target, Commitment):
        own = is_in(Watch.objects.filter(account=user, commitment=target), target)
        found = watched_by(user).filter(pk=target.pk).exists()
        return WatchButton("commitment", target.reference, found, by_other=found and not own)
    own = is_in(Watch.objects.filter(account=user, commitment=None), target)
    if isinstance(target, SavedView):
        return WatchButton("view", str(target.pk), own)
    if isinstance(target, Agency):
        return WatchButton("agency", target.slug, own)
    return WatchButton("country", target.code, own)


@dataclass(frozen=True, slots=True)
class WatchedThing:
    """A row of the list of what is watched."""

    name: str
    kind: str
    url: str
    button: WatchButton


@dataclass(frozen=True, slots=True)
class WatchList:
    """What an account watches by its own choice, as far as it may see it, and what it leaves out.

    ``count`` is the number of commitments that are watched, for whatever reason.
    """

    rows: tuple[WatchedThing, ...]
    muted: tuple[WatchedThing, ...]
    watches_charge: bool
    count: int

    @property
    def chosen(self) -> int:
        """How many things are watched by choice."""
        return len(self.rows)


def watch_list(user: "User") -> WatchList:
    """The watches of ``user``. The number of statements does not depend on how many there are."""
    rows = list(
        Watch.objects.filter(account=user)
        .select_related("commitment", "view", "agency", "country")
        .order_by("pk")
    )
    keys = [row.commitment_id for row in rows if row.commitment_id]
    visible = set(Commitment.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    views = set(SavedView.objects.visible_to(user).values_list("pk", flat=True))
    shown = [
        row
        for row in rows
        if row.commitment_id in visible or row.view_id in views or row.agency_id or row.country_id
    ]
    return WatchList(
        rows=tuple(_thing(row) for row in shown if not row.is_muted),
        muted=tuple(_thing(row) for row in shown if row.is_muted),
        watches_charge=watches_charge(rows),
        count=watched_by(user).count(),
    )


def _thing(row: Watch) -> WatchedThing:
    if each := row.commitment:
        button = WatchButton("commitment", each.reference, not row.is_muted)
        name = f"{each.reference} {each.title}"
        return WatchedThing(name, _("commitment"), each.get_absolute_url(), button)
    if view := row.view:
        button = WatchButton("view", str(view.pk), True)
        return WatchedThing(view.name, _("saved view"), reverse("saved_view", args=[view.pk]), button)
    if agency := row.agency:
        button = WatchButton("agency", agency.slug, True)
        return WatchedThing(agency.name, _("agency"), agency.get_absolute_url(), button)
    assert row.country is not None  # noqa: S101  (a constraint of the table)
    country = row.country
    return WatchedThing(
        country.name, _("country"), country.get_absolute_url(), WatchButton("country", country.code, True)
    )
