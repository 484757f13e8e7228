"""The mails, a module for each kind. ``notifications/apps.py`` imports them at the start."""

from notifications.mails import digest, escalation, password_link, reports

__all__ = ["digest", "escalation", "password_link", "reports"]
