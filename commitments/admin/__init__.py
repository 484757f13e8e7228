"""The admin of commitments and themes. Replaces the admin of meetings and sources in ``relations``."""

from commitments.admin import commitments, meetings, sources, themes

__all__ = ["commitments", "meetings", "sources", "themes"]
