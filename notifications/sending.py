"""Sending what is due in the outbox.

A message is claimed in one short transaction, sent without any, and stored as sent in a third one. If the
program is stopped between the last two, the message is sent again when its claim has run out, with the same
Message-ID: nothing is lost, and a server or mailbox that compares Message-IDs keeps one of them. A backend
that stores by Message-ID (``notifications/file_backend.py``) has it once.
"""

import datetime as dt
import logging
import smtplib
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone, translation

from notifications.choices import MessageState
from notifications.mail_building import build
from notifications.mail_kinds import Mail, known_kind
from notifications.models import OutboxMessage
from notifications.services.preferences import preferences_of, zone_of

CLAIM_LASTS = dt.timedelta(minutes=10)
"""Longer than ``EMAIL_TIMEOUT`` lets an attempt take."""
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (2, 10, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60))
"""The pause after each failed attempt. After one more, a message is given up."""
PERMANENT = 500
"""From this code on, a server of mail says that trying again is useless."""

_logger = logging.getLogger(__name__)


class NoServer(Exception):
    """The server of mail cannot be reached. No message is blamed for it."""


def send_due() -> Counter[str]:
    """Send every message that is due; return how many came into which state. Safe to run twice at a time.

    Raise ``NoServer``.
    """
    done: Counter[str] = Counter()
    if not OutboxMessage.objects.due(timezone.now()).exists():
        return done
    connection = get_connection()
    _open(connection)
    try:
        while message := _claimed():
            state = _send(message, connection)
            done[state] += 1
            if state in (MessageState.WAITING, MessageState.GIVEN_UP):
                # Whatever the server thinks of this connection now, the next message begins anew.
                connection.close()
                _open(connection)
    finally:
        connection.close()
    return done


def _open(connection: Any) -> None:
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NoServer(str(error)) from error


@transaction.atomic
def _claimed() -> OutboxMessage | None:
    """The next message, claimed for this process. Another one passes over it, on SQLite by waiting."""
    now = timezone.now()
    due = OutboxMessage.objects.due(now).order_by("next_attempt_at", "pk")
    message = due.select_for_update(skip_locked=True).first()
    if message is None:
        return None
    message.state, message.claim = MessageState.SENDING, uuid.uuid4()
    message.attempts += 1
    message.next_attempt_at = now + CLAIM_LASTS
    message.save(update_fields=["state", "claim", "attempts", "next_attempt_at"])
    return message


def _send(message: OutboxMessage, connection: Any) -> str:
    """Send one message, and return its new state."""
    try:
        mail = composed(message)
        if mail is None:
            return _finished(message, MessageState.NOT_NEEDED)
        with _as_told_to(message):
            built = build(message, mail, connection)
        built.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _text in refused.recipients.values()]
        return _failed(message, refused, for_good=min(codes, default=0) >= PERMANENT)
    except Exception as error:  # noqa: BLE001  (whatever one message raises keeps no other from being sent)
        return _failed(message, error)
    return _finished(message, MessageState.SENT, mail)


def composed(message: OutboxMessage) -> Mail | None:
    """What ``message`` says now; ``None`` if nothing, or to nobody any more."""
    recipient = message.recipient
    if not recipient.is_active or not recipient.email:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        return known_kind(message.kind).compose(message)


@contextmanager
def _as_told_to(message: OutboxMessage) -> Iterator[None]:
    """In the language and the time zone of the recipient. What "today" is, the site alone decides."""
    zone = zone_of(preferences_of(message.recipient))
    with translation.override(settings.LANGUAGE_CODE), timezone.override(zone):
        yield


@transaction.atomic
def _finished(message: OutboxMessage, state: MessageState, mail: Mail | None = None) -> str:
    """Store the end of a message, and what the mail itself stores, unless its claim had run out."""
    now = timezone.now()
    values = {"state": state, "error": "", "claim": None, "sent_at": now if mail else None}
    if _ours(message).update(**values) and mail and mail.on_sent:
        mail.on_sent()
    return state


def _failed(message: OutboxMessage, error: Exception, *, for_good: bool = False) -> str:
    """Store an error. The message is tried again, or given up."""
    _logger.warning("message %s (%s) was not sent: %s", message.pk, message.kind, error, exc_info=error)
    given_up = for_good or message.attempts > len(BACK_OFF)
    state = MessageState.GIVEN_UP if given_up else MessageState.WAITING
    pause = dt.timedelta() if given_up else BACK_OFF[message.attempts - 1]
    said = f"{type(error).__name__}: {error}"
    next_attempt_at = timezone.now() + pause
    _ours(message).update(state=state, error=said, claim=None, next_attempt_at=next_attempt_at)
    return state


def _ours(message: OutboxMessage) -> Any:
    return OutboxMessage.objects.filter(pk=message.pk, claim=message.claim)
