"""The mails, a module for each kind. ``notifications/apps.py`` imports them at the start."""

from notifications.mails import digest, escalation, reports

__all__ = ["digest", "escalation", "reports"]
