"""The link for a password by mail: from an administrator, and for whoever has lost it."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils import timezone

from accounts.choices import Clearance
from accounts.models import PasswordLink, User
from notifications.choices import MessageState
from notifications.models import OutboxMessage
from notifications.sending import send_due
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of

pytestmark = pytest.mark.django_db
LOST = "/accounts/lost-password/"


@pytest.fixture
def person() -> User:
    return make.user("reader", username="lan", email="lan@example.org")


def link_in(mailoutbox: Any) -> str:
    (line,) = (each for each in mailoutbox[-1].body.splitlines() if "/accounts/link/" in each)
    return str(line.removeprefix("https://register.example.org"))


def use(address: str) -> int:
    browser = Client()
    browser.get(address)
    typed = {"new_password1": "a very long secret", "new_password2": "a very long secret"}
    return browser.post("/accounts/link/", typed).status_code


def test_lost_password_is_replaced_with_the_link_of_a_mail(person: User, mailoutbox: Any) -> None:
    assert LOST in Client().get("/accounts/login/").content.decode()
    assert "Look into your mail" in Client().post(LOST, {"login": "LAN@example.org"}).content.decode()
    assert send_due() == {MessageState.SENT: 1}
    assert use(link_in(mailoutbox)) == 302
    person.refresh_from_db()
    assert person.check_password("a very long secret")
    assert use(link_in(mailoutbox)) == 404


def test_answer_does_not_say_whether_there_is_an_account(person: User) -> None:
    make.user("reader", username="closed", email="closed@example.org", is_active=False)
    make.user("reader", username="mute")
    answers = {
        Client().post(LOST, {"login": login}).content
        for login in ("lan", "lan@example.org", "nobody", "closed", "mute", "x" * 254)
    }
    assert len(answers) == 1
    assert list(OutboxMessage.objects.values_list("recipient__username", flat=True)) == ["lan"]


def test_one_mail_an_hour_however_often_it_is_asked_for(person: User) -> None:
    for _time in range(5):
        Client().post(LOST, {"login": "lan"})
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("login", ["", "  ", "x" * 255, "\x00"])
def test_what_is_no_name_is_refused(login: str) -> None:
    assert Client().post(LOST, {"login": login}).status_code == 400


@pytest.mark.parametrize("name", ["PASSWORD_RESET_BY_MAIL", "SENDS_MAIL", "LOCAL_SIGN_IN"])
def test_it_can_be_turned_off(name: str, person: User, settings: Any) -> None:
    setattr(settings, name, False)
    assert Client().get(LOST).status_code == 404
    assert LOST not in Client().get("/accounts/login/").content.decode()


def test_link_is_the_same_when_a_mail_is_sent_again(person: User, mailoutbox: Any) -> None:
    Client().post(LOST, {"login": "lan"})
    send_due()
    OutboxMessage.objects.update(state=MessageState.SENDING, next_attempt_at=timezone.now())
    send_due()
    assert len(mailoutbox) == 2
    assert mailoutbox[0].body == mailoutbox[1].body
    assert use(link_in(mailoutbox)) == 302
    OutboxMessage.objects.update(state=MessageState.SENDING, next_attempt_at=timezone.now())
    assert send_due() == {MessageState.NOT_NEEDED: 1}


def test_key_of_the_link_is_stored_nowhere(person: User, mailoutbox: Any) -> None:
    Client().post(LOST, {"login": "lan"})
    send_due()
    key = link_in(mailoutbox).rstrip("/").rpartition("/")[2]
    stored = [*OutboxMessage.objects.values(), *PasswordLink.objects.values()]
    assert key not in str(stored)


def test_administrator_sends_an_invitation_and_ends_a_password(person: User, mailoutbox: Any) -> None:
    administrator = client_as(make.user("administrator"))
    invited = User(username="mai", email="mai@example.org")
    invited.set_unusable_password()
    invited.save()
    address = f"/admin/accounts/user/{invited.pk}/link/"
    assert "mai@example.org" in administrator.get(address).content.decode()
    administrator.post(address, {"by_mail": "true"})
    send_due()
    assert mailoutbox[0].subject == "Your account of Aide-mémoire"
    assert "mai" in mailoutbox[0].body
    administrator.post(f"/admin/accounts/user/{person.pk}/link/", {"by_mail": "true", "ends_password": "on"})
    person.refresh_from_db()
    assert not person.has_usable_password()
    send_due()
    assert use(link_in(mailoutbox)) == 302


def test_no_administrator_has_the_link_of_an_account_that_reads_more_sent_elsewhere(
    person: User,
) -> None:
    User.objects.filter(pk=person.pk).update(clearance=Clearance.SECRET)
    administrator, url = client_as("administrator"), f"/admin/accounts/user/{person.pk}/change/"
    form = form_of(administrator.get(url), "user_form")
    refused = administrator.post(url, form | {"email": ["mine@example.org"]})
    assert "This account may read more than you." in refused.content.decode()
    person.refresh_from_db()
    assert person.email == "lan@example.org"


def test_a_mailbox_alone_opens_no_account_that_reads_more_than_a_mail_may_say(person: User) -> None:
    cleared = make.user("reader", username="mai", email="mai@example.org", clearance=1)
    make.user("security_officer", username="minh", email="minh@example.org")
    answers = {Client().post(LOST, {"login": login}).content for login in ("lan", "mai", "minh")}
    assert len(answers) == 1
    assert list(OutboxMessage.objects.values_list("recipient__username", flat=True)) == ["lan"]
    TOTP.activate(cleared, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    Client().post(LOST, {"login": "mai"})
    assert OutboxMessage.objects.filter(recipient=cleared).count() == 1


def test_account_without_an_address_gets_no_link_by_mail() -> None:
    mute = make.user("reader")
    administrator = client_as(make.user("administrator"))
    address = f"/admin/accounts/user/{mute.pk}/link/"
    assert "by_mail" not in administrator.get(address).content.decode()
    administrator.post(address, {"by_mail": "true", "ends_password": "on"})
    mute.refresh_from_db()
    assert mute.has_usable_password()
