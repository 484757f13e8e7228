"""The digest: what is new for an account in what it decides on, reported, or watches."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Role
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.attention import QUIET_DAYS
from commitments.reports.watching import watched_by
from notifications.choices import DigestRhythm
from notifications.events import events_for
from notifications.mail_kinds import Mail, mail_kind
from notifications.models import MailPreferences, OutboxMessage
from notifications.sections import (
    DEADLINE,
    REVIEW_DAY,
    Candidates,
    Told,
    last_change,
    sections_of,
    store_told,
)
from notifications.services.preferences import preferences_of

if TYPE_CHECKING:
    from accounts.models import User

DIGEST = "digest"
_DUE = ((0, 1), (2, 7), (8, 30))
"""The days from now of each section of what is due: a commitment is told in each of them once."""
_OVERLAP = dt.timedelta(hours=1)
"""Changes are looked for from so long before the last mail, since a transaction may have ended after it."""


@mail_kind(DIGEST, gettext_lazy("digest"))
def digest(message: OutboxMessage) -> Mail | None:
    """What is new for the recipient; nothing if that is nothing, or no longer wanted."""
    account, now = message.recipient, timezone.now()
    preferences = preferences_of(account)
    if preferences.rhythm == DigestRhythm.NONE:
        return None
    as_of = AsOf.now()
    since = preferences.told_until or now - _usual_pause(preferences)
    candidates = tuple(_candidates(account, as_of, since - _OVERLAP))
    sections, told = sections_of(account, candidates, as_of)
    if not sections:
        return None
    return Mail(
        subject=_("What is new on %(day)s") % {"day": date_format(as_of.day, "LONG_DATE_FORMAT")},
        template="digest",
        context={"sections": sections, "rhythm": preferences.rhythm},
        can_unsubscribe=True,
        on_sent=partial(_store, account, told, now),
    )


def _usual_pause(preferences: MailPreferences) -> dt.timedelta:
    return dt.timedelta(days=7 if preferences.rhythm == DigestRhythm.WEEKLY else 1)


def _store(account: "User", told: tuple[Told, ...], until: dt.datetime) -> None:
    store_told(account, told)
    MailPreferences.objects.update_or_create(account=account, defaults={"told_until": until})


def _candidates(account: "User", as_of: AsOf, since: dt.datetime) -> Iterator[Candidates]:
    """The sections, the most personal and the most urgent first."""
    at, watched, day = Commitment.objects.visible_to(account).at(as_of), watched_by(account), as_of.day
    if Role.REVIEWER in account.roles:
        yield Candidates(
            "awaiting",
            _("Awaiting your decision"),
            at.awaiting(account, as_of),
            {"awaiting": "me"},
            mark=last_change(),
        )
    if account.roles & {Role.OFFICER, Role.FOCAL_POINT}:
        yield Candidates(
            "returned",
            _("Returned to you"),
            at.returned_to(account, as_of),
            {"returned": "me"},
            mark=last_change(),
        )
    watching = {"watching": "me"}
    yield Candidates(
        "overdue",
        _("Overdue"),
        watched.overdue(day),
        {**watching, "overdue": "true"},
        mark=DEADLINE,
        alarms=True,
    )
    titles = (_("Due today or tomorrow"), _("Due within a week"), _("Due within 30 days"))
    for title, (first, last) in zip(titles, _DUE, strict=True):
        yield Candidates(
            f"due_{last}",
            title,
            watched.due_between(day + dt.timedelta(first), day + dt.timedelta(last)),
            {**watching, "due_within": str(last)},
            mark=DEADLINE,
        )
    yield Candidates(
        "review",
        _("Due for review"),
        watched.review_due(day),
        {**watching, "review_due": "true"},
        mark=REVIEW_DAY,
    )
    yield Candidates(
        "changed",
        _("Changed by others"),
        watched,
        {**watching, "ordering": "-last_activity"},
        events=events_for(account, since),
    )
    yield Candidates(
        "quiet",
        _("No news for %(days)d days") % {"days": QUIET_DAYS},
        watched.quiet_for(QUIET_DAYS, day),
        {**watching, "quiet_for": str(QUIET_DAYS)},
    )
