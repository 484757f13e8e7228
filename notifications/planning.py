"""What is put into the outbox because its time has come, and not because something happened."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.models import User
from notifications.choices import DigestRhythm, EscalationAudience
from notifications.mails.digest import DIGEST
from notifications.mails.escalation import AUDIENCE_ROLES, ESCALATION
from notifications.models import EscalationRule, MailPreferences, OutboxMessage
from notifications.services.outbox import enqueue
from notifications.services.preferences import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MORNING = 7
"""The hour of an account's day from which it is told what is new."""
_MONDAY = 0


def plan_due(*, early: bool = False) -> int:
    """Put digests and escalations into the outbox for whoever has none yet today; return how many.

    ``early`` does not wait for the morning. Safe to run twice at a time: what is said has a key. Whether
    there is anything to tell is found when it is sent. A digest of the week is made on Monday, or when the
    site runs again after it.
    """
    planned = {key: (account, kind) for account, kind, key in _planned(timezone.now(), early=early)}
    known = set(
        OutboxMessage.objects.filter(dedupe_key__in=list(planned)).values_list("dedupe_key", flat=True)
    )
    return sum(
        enqueue(recipient=account, kind=kind, dedupe_key=key) is not None
        for key, (account, kind) in planned.items()
        if key not in known
    )


def _planned(now: dt.datetime, *, early: bool) -> "Iterator[tuple[User, str, str]]":
    audiences = EscalationRule.objects.filter(is_active=True).values_list("audience", flat=True).distinct()
    roles = {AUDIENCE_ROLES[EscalationAudience(each)] for each in audiences}
    preferences = {each.account_id: each for each in MailPreferences.objects.all()}
    accounts = User.objects.filter(is_active=True).exclude(email="").prefetch_related("groups")
    for account in accounts:
        own = preferences.get(account.pk) or MailPreferences(account=account)
        local = now.astimezone(zone_of(own))
        if local.hour < MORNING and not early:
            continue
        if own.rhythm != DigestRhythm.NONE:
            yield account, DIGEST, f"{DIGEST}:{account.pk}:{_period(own, local.date())}"
        if roles & {group.name for group in account.groups.all()}:
            yield account, ESCALATION, f"{ESCALATION}:{account.pk}:{local.date()}"


def _period(preferences: MailPreferences, day: dt.date) -> str:
    if preferences.rhythm == DigestRhythm.WEEKLY:
        return str(day - dt.timedelta(days=day.weekday() - _MONDAY))
    return str(day)
