"""The admin of commitments and themes. Replaces that of accounts, meetings and sources."""

from commitments.admin import accounts, commitments, meetings, sources, themes

__all__ = ["accounts", "commitments", "meetings", "sources", "themes"]
