"""What follows from a change of an account or of a calendar feed, through whichever door it comes."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.account_events import record_event
from accounts.models import User, access_ended
from notifications.models import CalendarFeed
from notifications.services.calendar_feeds import revoke_feed


@receiver(access_ended)
def _end_feeds(account: User, **_: Any) -> None:
    for feed in account.calendar_feeds.filter(revoked_at=None):
        revoke_feed(feed=feed)


@receiver(post_save, sender=CalendarFeed)
def _feed_saved(
    instance: CalendarFeed, created: bool, update_fields: frozenset[str] | None = None, **_: Any
) -> None:
    if created:
        record_event(instance.owner, {}, {"calendar_feed": instance.name})
    elif "revoked_at" in (update_fields or ()):
        record_event(instance.owner, {"calendar_feed": instance.name}, {})


@receiver(post_delete, sender=CalendarFeed)
def _feed_deleted(instance: CalendarFeed, origin: Any = None, **_: Any) -> None:
    # Deleted together with its saved view. With the account, nothing is left to tell.
    if instance.revoked_at is None and not isinstance(origin, User):
        record_event(instance.owner, {"calendar_feed": instance.name}, {})
