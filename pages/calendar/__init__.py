"""The calendar by month, and its feeds."""
