"""The models of notifications."""

from notifications.models.outbox import OutboxMessage, OutboxQuerySet

__all__ = ["OutboxMessage", "OutboxQuerySet"]
