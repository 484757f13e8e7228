"""How an account is told what is new."""

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING

from django.conf import settings

from notifications.choices import DigestRhythm
from notifications.models import MailPreferences

if TYPE_CHECKING:
    from accounts.models import User


def preferences_of(account: "User") -> MailPreferences:
    """The preferences of ``account``; those that hold without a row are not saved."""
    return MailPreferences.objects.filter(account=account).first() or MailPreferences(account=account)


def change_preferences(*, account: "User", rhythm: str, time_zone: str) -> None:
    """Set how often ``account`` is told what is new, and in which time zone its day begins."""
    values = {"rhythm": rhythm, "time_zone": time_zone}
    MailPreferences.objects.update_or_create(account=account, defaults=values)


def unsubscribe(*, account: "User") -> None:
    """Tell ``account`` nothing more by digests. What needs an answer of its own is still sent."""
    MailPreferences.objects.update_or_create(account=account, defaults={"rhythm": DigestRhythm.NONE})


def zone_of(preferences: MailPreferences) -> dt.tzinfo:
    """The time zone in which the day of an account begins."""
    try:
        return zoneinfo.ZoneInfo(preferences.time_zone or settings.TIME_ZONE)
    except zoneinfo.ZoneInfoNotFoundError:  # the system knows it no longer
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
