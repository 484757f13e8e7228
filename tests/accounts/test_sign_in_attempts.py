"""Lock-out counts by account, whatever the host, the spelling, the form or the moment."""

import time
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import adapters, sign_in_attempts
from accounts.models import User
from accounts.sign_in_attempts import AccountLocked, begin_attempt
from tests.clients import client_as
from tests.html import text_of

pytestmark = pytest.mark.django_db
RIGHT = "a lacquer box of tea"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def officer() -> User:
    cache.clear()
    return User.objects.create_user("lan", email="lan@example.org", password=RIGHT)


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_attempts, "_WAIT_SECONDS", 0)


def sign_in(login: str, password: str, host: str = "testserver") -> Client:
    browser = Client(headers={"host": host})
    browser.post(LOGIN, {"login": login, "password": password})
    return browser


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_another_port_is_no_other_account() -> None:
    for port in range(5):
        sign_in("lan", "wrong", host=f"testserver:{8000 + port}")
    assert not is_signed_in(sign_in("lan", RIGHT, host="testserver:9000"))


def test_name_and_email_address_are_one_account() -> None:
    for login in ("lan", "LAN@example.org", "lan@example.org", " Lan ", "lan@EXAMPLE.org"):
        sign_in(login, "wrong")
    assert not is_signed_in(sign_in("lan", RIGHT))
    assert not is_signed_in(sign_in("lan@example.org", RIGHT))


def test_a_name_that_nobody_has_is_counted_by_its_folded_text() -> None:
    for login in ("Thuý", "thuy", "THÚY", "thúy", "Thuy"):
        begin_attempt(login).failed()
    with pytest.raises(AccountLocked):
        begin_attempt("thuy")
    begin_attempt("thu")


def test_a_text_too_long_for_a_name_is_wrong_and_counted_for_no_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(adapters, "begin_attempt", None)
    answer = Client().post(LOGIN, {"login": "a" + "\u0301" * 300, "password": RIGHT})
    assert "The username and/or password you specified are not correct." in text_of(answer)


@pytest.mark.parametrize("door", ["/accounts/password/change/", "/accounts/reauthenticate/"])
def test_the_present_password_cannot_be_guessed_by_who_is_signed_in(door: str, officer: User) -> None:
    browser = client_as(officer)
    field = "oldpassword" if "change" in door else "password"
    for _ in range(5):
        browser.post(door, {field: "wrong", "password1": "new box of tea", "password2": "new box of tea"})
    browser.post(door, {field: RIGHT, "password1": "new box of tea", "password2": "new box of tea"})
    officer.refresh_from_db()
    assert officer.check_password(RIGHT)
    assert not is_signed_in(sign_in("lan", RIGHT))


def test_the_admin_has_no_form_of_its_own_for_the_password() -> None:
    browser = client_as("administrator")
    for method in (browser.get, browser.post):
        answer = method("/admin/password_change/")
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/change/")


def test_right_passwords_are_never_refused_however_many_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    under_way = [begin_attempt("lan") for _ in range(5)]

    def a_moment_later(_seconds: float) -> None:
        under_way.pop().succeeded()

    monkeypatch.setattr(time, "sleep", a_moment_later)
    for _ in range(4):
        begin_attempt("lan").succeeded()
    assert is_signed_in(sign_in("lan", RIGHT))


@pytest.mark.usefixtures("no_waiting")
def test_guesses_at_the_same_moment_do_not_pass_together() -> None:
    for _ in range(5):
        begin_attempt("lan")
    with pytest.raises(AccountLocked):
        begin_attempt("lan")


@pytest.mark.usefixtures("no_waiting")
def test_a_store_that_cannot_be_written_is_not_called_failed_attempts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refuse: Callable[..., bool] = lambda *_args, **_kwargs: False  # noqa: E731
    monkeypatch.setattr(cache, "add", refuse)
    answer = Client().post(LOGIN, {"login": "lan", "password": RIGHT})
    assert "Signing in is not possible at the moment." in text_of(answer)
    assert "Too many" not in text_of(answer)
