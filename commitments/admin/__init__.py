"""The admin of commitments and themes. Adds to that of accounts, meetings and sources."""

from commitments.admin import accounts, commitments, meetings, queues, register, sources, themes

__all__ = ["accounts", "commitments", "meetings", "queues", "register", "sources", "themes"]
