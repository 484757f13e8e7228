"""The page of API tokens: creating and revoking them, and their limit for one account."""

import datetime as dt
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.services.password_links import make_link, set_password
from accounts.services.tokens import make_token, revoke_token
from notifications.services.calendar_feeds import make_feed
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of

pytestmark = pytest.mark.django_db
PAGE = "/accounts/tokens/"
TOKEN = {"name": "Records", "scope": "read", "days": "30"}


@pytest.fixture
def officer() -> User:
    return make.user("officer", username="lan")


@pytest.fixture
def browser(officer: User) -> Client:
    """A browser whose owner has just given the password."""
    client = client_as(officer)
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    return client


def fill(owner: User, n: int) -> list[ApiToken]:
    return [make_token(owner=owner, name=f"Program {i}", scope="read", days=30)[0] for i in range(n)]


def test_the_key_is_shown_once(browser: Client, officer: User) -> None:
    answer = browser.post(PAGE, TOKEN)
    token = officer.api_tokens.get()
    assert ApiToken.digest_of(answer.context["key"]) == token.digest
    assert answer.context["key"] not in browser.get(PAGE).content.decode()


def test_an_account_has_at_most_twenty_usable_tokens(browser: Client, officer: User) -> None:
    fill(officer, 19)
    assert browser.post(PAGE, TOKEN).status_code == 200
    answer = browser.post(PAGE, TOKEN)
    assert answer.status_code == 400
    alert = page_of(answer).one("[role=alert]")
    assert "An account has at most 20 tokens in use. Revoke one that is no longer needed." in alert.text
    assert form_of(answer)["name"] == ["Records"]
    assert officer.api_tokens.count() == 20


def test_revoked_and_expired_tokens_and_those_of_others_do_not_count(officer: User) -> None:
    fill(make.user("reader"), 20)
    tokens = fill(officer, 20)
    with pytest.raises(ValidationError, match="at most 20 tokens"):
        fill(officer, 1)
    revoke_token(token=tokens[0])
    fill(officer, 1)
    officer.api_tokens.filter(pk=tokens[1].pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    fill(officer, 1)
    with pytest.raises(ValidationError, match="at most 20 tokens"):
        fill(officer, 1)
    assert officer.api_tokens.usable().count() == 20


def test_usable_tokens_come_first_then_the_latest_of_the_others(browser: Client, officer: User) -> None:
    usable = fill(officer, 1)[0]
    for _ in range(25):
        revoke_token(token=fill(officer, 1)[0])
    listed = browser.get(PAGE).context["tokens"]
    assert listed[0] == usable
    assert len(listed) == 21
    assert listed[1].pk > listed[-1].pk > usable.pk


def test_a_form_with_an_error_has_a_summary_above_it(browser: Client, officer: User) -> None:
    page = page_of(browser.post(PAGE, {**TOKEN, "name": ""}))
    assert page.texts("[role=alert] h2") == ["Please correct one field."]
    assert page.links("[role=alert]") == {"Name: This field is required.": "#id_name"}
    assert not officer.api_tokens.exists()


# -- a token does not outlive the recovery of its account ------------------------------------------------

RECOVERIES: dict[str, Callable[[User], None]] = {
    "a new password": lambda user: (user.set_password("a lacquer box of salt"), user.save()),
    "the account is closed": lambda user: (setattr(user, "is_active", False), user.save()),
    "a link is used": lambda user: set_password(
        digest=make_link(account=user)[0].digest, password="a lacquer box of salt"
    ),
    "an administrator ends the password": lambda user: client_as("administrator").post(
        f"/admin/accounts/user/{user.pk}/link/", {"ends_password": "on"}
    ),
    "the owner changes the password": lambda user: client_as(user).post(
        "/accounts/password/change/",
        {
            "oldpassword": "correct horse battery",
            "password1": "a lacquer box of salt",
            "password2": "a lacquer box of salt",
        },
    ),
    "the second step is reset": lambda user: (
        TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
        client_as("administrator").post(f"/admin/accounts/user/{user.pk}/second-step/"),
    ),
}


@pytest.mark.parametrize("way", RECOVERIES)
def test_a_token_does_not_outlive_a_recovery(way: str, officer: User) -> None:
    fill(officer, 2)
    make_feed(owner=officer, name="Outlook", scope="all")
    other = fill(make.user("reader"), 1)[0]
    RECOVERIES[way](officer)
    assert not officer.api_tokens.usable().exists()
    assert not officer.calendar_feeds.usable().exists()
    other.refresh_from_db()
    assert other.is_usable


def test_saving_an_account_without_a_new_password_ends_no_token(officer: User) -> None:
    fill(officer, 1)
    officer.first_name = "Lan"
    officer.save()
    officer.password = officer.password.replace("md5$", "md5$")
    officer.save(update_fields=["password"])
    assert officer.api_tokens.usable().count() == 1


def test_making_a_token_asks_for_the_password_again_and_keeps_what_was_typed(officer: User) -> None:
    browser = client_as(officer)
    answer = browser.post(PAGE, TOKEN)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not officer.api_tokens.exists()
    answer = browser.post(answer["Location"], {"password": "correct horse battery"})
    assert officer.api_tokens.get().name == "Records"
    assert answer.context["key"]


def test_a_khmer_name_has_its_language(browser: Client) -> None:
    page = page_of(browser.post(PAGE, {**TOKEN, "name": "កម្មវិធី"}))
    assert page.texts('th[scope=row][lang="km"]') == ["កម្មវិធី"]
