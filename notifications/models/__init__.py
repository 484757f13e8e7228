"""The models of notifications."""

from notifications.models.digest import EscalationRule, MailPreferences, ToldItem
from notifications.models.feed import CalendarFeed, FeedScope
from notifications.models.outbox import OutboxMessage, OutboxQuerySet

__all__ = [
    "CalendarFeed",
    "EscalationRule",
    "FeedScope",
    "MailPreferences",
    "OutboxMessage",
    "OutboxQuerySet",
    "ToldItem",
]
