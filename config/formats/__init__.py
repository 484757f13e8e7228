"""Formats of dates, by language, where ours are not Django's."""
