"""The admin of commitments and themes. Adds to that of accounts, agencies, people, meetings and sources."""

from commitments.admin import accounts, body_merging, commitments, meetings, queues, register, sources, themes

__all__ = ["accounts", "body_merging", "commitments", "meetings", "queues", "register", "sources", "themes"]
