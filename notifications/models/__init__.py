"""The models of notifications."""

from notifications.models.feed import CalendarFeed, FeedScope
from notifications.models.outbox import OutboxMessage, OutboxQuerySet

__all__ = ["CalendarFeed", "FeedScope", "OutboxMessage", "OutboxQuerySet"]
