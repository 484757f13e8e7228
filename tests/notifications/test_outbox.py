"""The outbox: said once, sent once, tried again, given up."""

import datetime as dt
import smtplib
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.housekeeping import tasks
from core.metrics import _stored
from notifications.choices import MessageState
from notifications.mail_kinds import Mail
from notifications.models import OutboxMessage
from notifications.sending import BACK_OFF, CLAIM_LASTS, NoServer, _claimed, send_due
from notifications.services.outbox import enqueue
from tests import factories as make
from tests.clients import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("note")]


@pytest.fixture
def reader() -> User:
    return make.user("reader", email="reader@example.org", first_name="Lê", last_name="Hoài Trung")


def queue(recipient: User, n: int = 1, **fields: Any) -> OutboxMessage:
    message = enqueue(recipient=recipient, kind="note", dedupe_key=f"note:{n}", about={"n": n}, **fields)
    assert message is not None
    return message


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def raises(*_args: Any) -> int:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", raises)


def test_message_is_sent_once(reader: User, mailoutbox: Any) -> None:
    queue(reader)
    assert send_due() == {MessageState.SENT: 1}
    assert send_due() == {}
    (sent,) = mailoutbox
    assert sent.subject == "Note 1"
    assert sent.to == ["reader@example.org"]
    assert "Lê Hoài Trung" in sent.body
    assert [kind for _content, kind in sent.alternatives] == ["text/html"]


def test_same_thing_is_said_once(reader: User) -> None:
    queue(reader)
    assert enqueue(recipient=reader, kind="note", dedupe_key="note:1", about={"n": 9}) is None
    assert OutboxMessage.objects.count() == 1


def test_message_of_a_change_that_was_rolled_back_is_not_sent(reader: User) -> None:
    with transaction.atomic():
        queue(reader)
        transaction.set_rollback(True)
    assert send_due() == {}


def test_unknown_kind_is_refused(reader: User) -> None:
    with pytest.raises(LookupError):
        enqueue(recipient=reader, kind="unknown", dedupe_key="x")


def test_nobody_without_address_or_account_gets_a_message(reader: User, settings: Any) -> None:
    assert enqueue(recipient=make.user(), kind="note", dedupe_key="a") is None
    settings.SENDS_MAIL = False
    assert enqueue(recipient=reader, kind="note", dedupe_key="b") is None


def test_account_that_was_closed_meanwhile_gets_nothing(reader: User, mailoutbox: Any) -> None:
    queue(reader)
    reader.is_active = False
    reader.save()
    assert send_due() == {MessageState.NOT_NEEDED: 1}
    assert mailoutbox == []


def test_headers_tell_programs_what_it_is(reader: User, mailoutbox: Any) -> None:
    first, second = queue(reader, 1, thread="request:7"), queue(reader, 2, thread="request:7")
    send_due()
    one, two = (each.message() for each in mailoutbox)
    assert one["Message-ID"] == f"<{first.key}@register.example.org>"
    assert two["Message-ID"] == f"<{second.key}@register.example.org>"
    assert one["Auto-Submitted"] == "auto-generated"
    assert one["References"] == two["References"] == two["In-Reply-To"]


def test_subject_with_a_line_break_is_one_line(reader: User, note: Any, mailoutbox: Any) -> None:
    note(lambda message: Mail("Two\nlines", "base"))
    queue(reader)
    send_due()
    assert mailoutbox[0].subject == "Two lines"


def test_message_is_not_sent_before_its_time(reader: User) -> None:
    queue(reader, not_before=timezone.now() + dt.timedelta(hours=1))
    assert send_due() == {}


def test_failed_message_is_tried_again_later_and_given_up_at_last(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, smtplib.SMTPDataError(451, b"Try later"))
    queue(reader)
    for pause in BACK_OFF:
        assert send_due() == {MessageState.WAITING: 1}
        message = OutboxMessage.objects.get()
        assert message.error == "SMTPDataError: (451, b'Try later')"
        assert timezone.now() + pause - dt.timedelta(minutes=1) < message.next_attempt_at
        assert send_due() == {}
        OutboxMessage.objects.update(next_attempt_at=timezone.now())
    assert send_due() == {MessageState.GIVEN_UP: 1}


def test_unknown_mailbox_is_given_up_at_once(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, smtplib.SMTPRecipientsRefused({reader.email: (550, b"No such user")}))
    queue(reader)
    assert send_due() == {MessageState.GIVEN_UP: 1}


def test_one_bad_message_keeps_no_other_from_being_sent(reader: User, mailoutbox: Any) -> None:
    queue(reader, 1)
    enqueue(recipient=reader, kind="note", dedupe_key="without n")
    queue(reader, 3)
    assert send_due() == {MessageState.SENT: 2, MessageState.WAITING: 1}
    assert [each.subject for each in mailoutbox] == ["Note 1", "Note 3"]


def test_server_that_cannot_be_reached_is_no_fault_of_a_message(reader: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    queue(reader)
    with pytest.raises(NoServer):
        send_due()
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts) == (MessageState.WAITING, 0)
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("send_due")


def test_claimed_message_is_left_alone_until_the_claim_runs_out(reader: User) -> None:
    queue(reader)
    claimed = _claimed()
    assert claimed is not None
    assert _claimed() is None
    OutboxMessage.objects.update(next_attempt_at=timezone.now())
    again = _claimed()
    assert again is not None
    assert again.next_attempt_at > timezone.now() + CLAIM_LASTS - dt.timedelta(minutes=1)


def test_program_whose_claim_ran_out_stores_nothing(reader: User, note: Any, mailoutbox: Any) -> None:
    """It was stopped for longer than its claim lasts, and another one sends the message meanwhile."""
    stored: list[int] = []

    def compose(message: OutboxMessage) -> Mail:
        OutboxMessage.objects.update(claim=None)
        return Mail("Late", "base", on_sent=lambda: stored.append(1))

    note(compose)
    queue(reader)
    send_due()
    assert stored == []
    assert OutboxMessage.objects.get().state == MessageState.SENDING


def test_command_says_what_it_did(reader: User, capsys: pytest.CaptureFixture[str], settings: Any) -> None:
    queue(reader)
    call_command("send_due")
    assert capsys.readouterr().out == "1 sent, 0 not needed any more, 0 failed.\n"
    settings.SENDS_MAIL = False
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("send_due")


def test_administrator_sees_the_outbox_and_tries_again(reader: User, mailoutbox: Any) -> None:
    given_up, other = queue(reader, 1), queue(reader, 2)
    OutboxMessage.objects.filter(pk=given_up.pk).update(state=MessageState.GIVEN_UP, attempts=8, error="No.")
    address = reverse("admin:notifications_outboxmessage_changelist")
    client = client_as(make.user("administrator"))
    page = client.get(address)
    assert "given up" in page.content.decode()
    chosen = {"action": "send_again", "_selected_action": [given_up.pk, other.pk]}
    client.post(address, chosen)
    assert send_due() == {MessageState.SENT: 2}
    assert client.get(reverse("admin:notifications_outboxmessage_change", args=[other.pk])).status_code == 200


def test_only_administrators_see_the_outbox() -> None:
    address = reverse("admin:notifications_outboxmessage_changelist")
    assert client_as(make.user("officer")).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_outbox_is_kept_small_and_measured(reader: User) -> None:
    old, new = queue(reader, 1), queue(reader, 2)
    send_due()
    given_up = queue(reader, 3)
    OutboxMessage.objects.filter(pk=given_up.pk).update(state=MessageState.GIVEN_UP)
    long_ago = timezone.now() - dt.timedelta(days=91)
    OutboxMessage.objects.filter(pk__in=[old.pk, given_up.pk]).update(created_at=long_ago)
    (task,) = (each for each in tasks() if each.removes.startswith("mails"))
    assert task.carry_out() == 1
    assert set(OutboxMessage.objects.values_list("pk", flat=True)) == {new.pk, given_up.pk}
    numbers = {each.name: each.read() for each in _stored}
    assert numbers["aide_memoire_outbox"][MessageState.GIVEN_UP] == 1
    assert numbers["aide_memoire_outbox_delay_seconds"] == {"": 0.0}
