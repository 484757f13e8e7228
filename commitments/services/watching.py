"""Watching: what an account watches, and how that changes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.choices import Role
from commitments.choices import PartyRole
from commitments.models import Assignment, Commitment, CommitmentParty, SavedView, Watch
from commitments.services.errors import RequirementsNotMet
from relations.models import Agency, Country

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.querysets import CommitmentQuerySet

Target = Commitment | SavedView | Agency | Country
MOST_WATCHES = 500
"""The most that one account watches by hand. All of a saved view, an agency or a country is one."""
MOST_VIEWS = 20
"""The most saved views among them: each is a filter of its own in one statement."""
_FIELDS: dict[type, str] = {
    Commitment: "commitment",
    SavedView: "view",
    Agency: "agency",
    Country: "country",
}


def in_charge(user: "User") -> Q:
    """The condition that ``user`` is in charge of a commitment: as its officer or as a focal point."""
    found = Q(pk__in=())
    if Role.OFFICER in user.roles:
        found |= Q(officer=user.pk)
    if Role.FOCAL_POINT in user.roles:
        own = Assignment.objects.filter(commitment=OuterRef("pk"))
        found |= Q(Exists(own.filter(Q(agency=user.agency_id) | Q(focal_point=user.pk))))
    return found


def watched(user: "User", rows_of_view: dict[int, "CommitmentQuerySet"]) -> Q:
    """The condition that ``user`` watches a commitment.

    ``rows_of_view`` are the commitments of the saved views that ``user`` watches and may see.
    """
    rows = list(Watch.objects.filter(account=user))
    keys = {name: [key for row in rows if (key := getattr(row, f"{name}_id"))] for name in _FIELDS.values()}
    muted = [row.commitment_id for row in rows if row.is_muted and row.commitment_id]
    found = Q(pk__in=keys["commitment"])
    if keys["agency"]:
        found |= Q(Exists(Assignment.objects.filter(commitment=OuterRef("pk"), agency__in=keys["agency"])))
    if keys["country"]:
        parties = CommitmentParty.objects.filter(role=PartyRole.PARTY, country__in=keys["country"])
        found |= Q(Exists(parties.filter(commitment=OuterRef("pk"))))
    for key in keys["view"]:
        if key in rows_of_view:
            found |= Q(pk__in=rows_of_view[key].order_by().values("pk"))
    if watches_charge(rows):
        found |= in_charge(user)
    return found & ~Q(pk__in=muted) if muted else found


def watches_charge(watches: Iterable[Watch]) -> bool:
    """Whether the account of ``watches`` watches what it is in charge of."""
    return not any(row.is_muted and row.commitment_id is None for row in watches)


def is_in(watches: Iterable[Watch], target: Target) -> bool:
    """Whether ``target`` itself is watched, by the rows of an account."""
    name = f"{_FIELDS[type(target)]}_id"
    return any(getattr(row, name) == target.pk and not row.is_muted for row in watches)


@transaction.atomic
def watch(*, account: "User", target: Target) -> None:
    """Let ``account`` watch ``target``, which it may see. Raises ``RequirementsNotMet``: too many."""
    own = Watch.objects.filter(account=account)
    if own.count() >= MOST_WATCHES:
        most = {"most": MOST_WATCHES}
        raise RequirementsNotMet(
            {"target": [_("You watch %(most)d things already. Stop watching one first.") % most]}
        )
    if isinstance(target, SavedView):
        _require_watchable(target, own.exclude(view=None).exclude(view=target).count())
    of_it: dict[str, Any] = {"account": account, _FIELDS[type(target)]: target}
    Watch.objects.update_or_create(**of_it, defaults={"is_muted": False})


def _require_watchable(view: SavedView, others: int) -> None:
    if view.shows_watched:
        raise RequirementsNotMet(
            {"target": [_("This view shows what you watch, so it cannot be watched itself.")]}
        )
    if others >= MOST_VIEWS:
        most = {"most": MOST_VIEWS}
        raise RequirementsNotMet(
            {"target": [_("You watch %(most)d saved views already. Stop watching one first.") % most]}
        )


@transaction.atomic
def stop_watching(*, account: "User", target: Target, mute: bool = False) -> None:
    """Let ``account`` watch ``target`` no more.

    With ``mute`` a commitment is left out, whatever else includes it: an agency, or that ``account`` is in
    charge of it.
    """
    of_it: dict[str, Any] = {"account": account, _FIELDS[type(target)]: target}
    if mute and isinstance(target, Commitment):
        Watch.objects.update_or_create(**of_it, defaults={"is_muted": True})
    else:
        Watch.objects.filter(**of_it).delete()


@transaction.atomic
def watch_charge(*, account: "User", value: bool) -> None:
    """Let ``account`` watch what it is in charge of, or not."""
    nothing: dict[str, Any] = {f"{name}__isnull": True for name in _FIELDS.values()}
    if value:
        Watch.objects.filter(account=account, **nothing).delete()
    elif not Watch.objects.filter(account=account, **nothing).exists():
        Watch.objects.create(account=account, is_muted=True)


def repoint_watches(*, kept: Target, absorbed: Target) -> None:
    """Let whoever watches ``absorbed``, which is merged into ``kept``, watch that."""
    name = _FIELDS[type(kept)]
    have = Watch.objects.filter(**{name: kept}).values("account")
    Watch.objects.filter(**{name: absorbed}).exclude(account__in=have).update(**{name: kept})
    Watch.objects.filter(**{name: absorbed}).delete()
