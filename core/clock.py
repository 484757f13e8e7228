"""What day it is: the one place that reads the clock for rules about days."""

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """The current day in the desk's time zone (setting ``TIME_ZONE``)."""
    return timezone.localdate()
