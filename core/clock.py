"""The current date: rules about dates read the clock only here."""

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """The current date in the time zone of the setting ``TIME_ZONE``."""
    return timezone.localdate()


def first_day_after(previous: dt.date, *, recorded_on: dt.date) -> dt.date:
    """The first day that a change recorded on ``recorded_on`` may have, if it follows one of ``previous``.

    A previous day in the future was written by a wrong clock. It must not block what follows.
    """
    return min(previous, recorded_on)
