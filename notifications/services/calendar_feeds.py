"""Makes and revokes calendar feeds, and keeps what was told of each of their events."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from accounts.models import ApiToken, User
from commitments.models import SavedView
from commitments.reports.calendar import CalendarEntry
from notifications.models import CalendarFeed, FeedScope

if TYPE_CHECKING:
    from relations.models import Agency

MAX_FEEDS = 20
"""The most usable feeds of one account."""
CANCELLED_FOR = dt.timedelta(days=180)
"""For so long a feed tells that an event is cancelled. Then every program has read it."""
_READ_TO_THE = dt.timedelta(hours=1)
"""How exact ``last_read_at`` is: reading writes nothing more often."""


@transaction.atomic
def make_feed(
    *,
    owner: User,
    name: str,
    scope: str,
    agency: "Agency | None" = None,
    view: SavedView | None = None,
) -> tuple[CalendarFeed, str]:
    """Make a feed of ``owner`` in the current language. Return it with its token, which cannot be read later.

    Raise ``ValidationError`` where ``MAX_FEEDS`` feeds are in use, or where what it is to have is missing.
    """
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two at once must not exceed the limit
    if owner.calendar_feeds.usable().count() >= MAX_FEEDS:
        message = ngettext(
            "An account has at most %(n)d calendar feed in use. Revoke one that is no longer needed.",
            "An account has at most %(n)d calendar feeds in use. Revoke one that is no longer needed.",
            MAX_FEEDS,
        )
        raise ValidationError(message % {"n": MAX_FEEDS})
    token = ApiToken.new_key()
    feed = CalendarFeed(
        owner=owner,
        name=name,
        scope=scope,
        agency_key=agency.slug if agency and scope == FeedScope.AGENCY else "",
        view=view if scope == FeedScope.VIEW else None,
        language=get_language() or "en",
        digest=ApiToken.digest_of(token),
    )
    feed.full_clean(exclude=["digest"])
    feed.save()
    return feed, token


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed) -> None:
    """Revoke ``feed``: its address no longer works. An account event says so."""
    if feed.revoked_at is None:
        feed.revoked_at, feed.told = timezone.now(), {}
        feed.save(update_fields=["revoked_at", "told"])


def feed_with(token: str) -> CalendarFeed | None:
    """The usable feed with this token."""
    found = CalendarFeed.objects.usable().filter(digest=ApiToken.digest_of(token))
    return found.select_related("owner", "view__owner").first()


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An event of a feed, how often it was changed, and when last. Cancelled, it has no ``entry``."""

    uid: str
    sequence: int
    modified_at: dt.datetime
    first: dt.date
    last: dt.date
    entry: CalendarEntry | None


@transaction.atomic
def tell(*, feed: CalendarFeed, entries: Collection[CalendarEntry], since: dt.date) -> list[FeedEvent]:
    """The events of ``feed`` for ``entries``, and those that were told before and are no longer there.

    What ended before ``since`` is forgotten, not cancelled. Nothing is written where nothing has changed.
    """
    feed = CalendarFeed.objects.select_for_update(of=("self",)).get(pk=feed.pk)
    now = timezone.now().replace(microsecond=0)
    told: dict[str, Any] = {}
    events = []
    for entry in entries:
        uid = f"{entry.kind}-{entry.key}.{feed.key}@aide-memoire"
        told[uid] = _told_again(feed.told.get(uid), entry, now)
        events.append(_event(uid, told[uid], entry))
    for uid, before in feed.told.items():
        if uid in told or dt.date.fromisoformat(before["last"]) < since:
            continue
        gone = before if before["cancelled"] else _cancelled(before, now)
        if now - dt.datetime.fromisoformat(gone["at"]) < CANCELLED_FOR:
            told[uid] = gone
            events.append(_event(uid, gone, None))
    if told != feed.told or feed.last_read_at is None or now - feed.last_read_at > _READ_TO_THE:
        feed.told, feed.last_read_at = told, now
        feed.save(update_fields=["told", "last_read_at"])
    return events


def _told_again(before: dict[str, Any] | None, entry: CalendarEntry, now: dt.datetime) -> dict[str, Any]:
    """What is told of ``entry``: as before where it has not changed."""
    # That it has become overdue changes nothing of what is told.
    values = [str(getattr(entry, name)) for name in entry.__slots__ if name != "is_overdue"]
    digest = hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]
    if before and before["digest"] == digest and not before["cancelled"]:
        return before
    return {
        "digest": digest,
        "sequence": before["sequence"] + 1 if before else 0,
        "at": now.isoformat(),
        "first": entry.first.isoformat(),
        "last": entry.last.isoformat(),
        "cancelled": False,
    }


def _cancelled(before: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    return {**before, "sequence": before["sequence"] + 1, "at": now.isoformat(), "cancelled": True}


def _event(uid: str, told: dict[str, Any], entry: CalendarEntry | None) -> FeedEvent:
    return FeedEvent(
        uid,
        told["sequence"],
        dt.datetime.fromisoformat(told["at"]),
        dt.date.fromisoformat(told["first"]),
        dt.date.fromisoformat(told["last"]),
        entry,
    )
