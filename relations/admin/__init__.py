"""Admin pages of who met whom."""

from relations.admin import bodies, meetings, sources

__all__ = ["bodies", "meetings", "sources"]
