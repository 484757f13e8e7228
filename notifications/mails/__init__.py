"""The mails, a module for each kind. ``notifications/apps.py`` imports them at the start."""

from notifications.mails import reports

__all__ = ["reports"]
