"""The admin of commitments and themes. Replaces that of accounts, agencies, people, meetings and sources."""

from commitments.admin import accounts, body_merging, commitments, meetings, sources, themes

__all__ = ["accounts", "body_merging", "commitments", "meetings", "sources", "themes"]
