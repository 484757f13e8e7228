"""The admin of countries, agencies, people, mechanisms, meetings and sources."""

from relations.admin import bodies, meetings, sources

__all__ = ["bodies", "meetings", "sources"]
