"""Putting messages into the outbox, and trying again what was given up."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from notifications.choices import MessageState
from notifications.mail_kinds import known_kind
from notifications.models import OutboxMessage

if TYPE_CHECKING:
    from accounts.models import User


def enqueue(
    *,
    recipient: "User",
    kind: str,
    dedupe_key: str,
    about: dict[str, Any] | None = None,
    thread: str = "",
    not_before: dt.datetime | None = None,
) -> OutboxMessage | None:
    """Put a message into the outbox, in the transaction of the caller: it is sent if that is committed.

    ``about`` holds keys of records, never texts. ``dedupe_key`` names what is said: with the same key nothing
    is added. ``not_before`` delays it. Return the new message; ``None`` where it was said already, the
    account is closed or has no address, or the site sends no mail. Raise ``LookupError`` for an unknown
    ``kind``.
    """
    known_kind(kind)
    if not (settings.SENDS_MAIL and recipient.is_active and recipient.email):
        return None
    message, created = OutboxMessage.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "recipient": recipient,
            "kind": kind,
            "about": about or {},
            "thread": thread,
            "next_attempt_at": not_before or timezone.now(),
        },
    )
    return message if created else None


def try_again(messages: Iterable[int]) -> int:
    """Send those of ``messages`` (primary keys) that were given up once more. Return how many there are."""
    given_up = OutboxMessage.objects.filter(pk__in=messages, state=MessageState.GIVEN_UP)
    return given_up.update(state=MessageState.WAITING, attempts=0, next_attempt_at=timezone.now(), error="")
