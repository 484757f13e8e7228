"""Admin pages of what was pledged; meetings and sources as the register sees them replace the plain ones."""

from commitments.admin import commitments, meetings, sources, themes

__all__ = ["commitments", "meetings", "sources", "themes"]
