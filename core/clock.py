"""The current date: rules about dates read the clock only here."""

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """The current date in the time zone of the setting ``TIME_ZONE``."""
    return timezone.localdate()
