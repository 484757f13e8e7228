"""Sessions: they end without use, and their owner sees them and ends them."""

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts.browsers import browser_name
from accounts.models import AccountEvent, User
from tests import factories as make
from tests.html import page_of

pytestmark = pytest.mark.django_db
PAGE = "/accounts/sessions/"
PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def officer() -> User:
    return make.user("officer", username="lan")


def signed_in(user_agent: str = FIREFOX) -> Client:
    browser = Client(HTTP_USER_AGENT=user_agent)
    browser.post("/accounts/login/", {"login": "lan", "password": PASSWORD})
    return browser


def is_signed_in(browser: Client) -> bool:
    return browser.get(PAGE).status_code == 200


def let_pass(browser: Client, minutes: int) -> None:
    """Make it ``minutes`` later for the session of ``browser``."""
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    row = Session.objects.get(pk=key)
    row.expire_date -= dt.timedelta(minutes=minutes)
    data = row.get_decoded()
    data["activity"][1] -= 60 * minutes
    row.session_data = Session.get_session_store_class()().encode(data)
    row.save()


def expiry(browser: Client) -> dt.datetime:
    return Session.objects.get(pk=browser.cookies[settings.SESSION_COOKIE_NAME].value).expire_date


def test_a_browser_that_is_not_used_for_eight_hours_is_signed_out(officer: User) -> None:
    browser = signed_in()
    assert not browser.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    let_pass(browser, 8 * 60 - 1)
    assert is_signed_in(browser)
    let_pass(browser, 8 * 60 - 1)
    assert is_signed_in(browser)
    let_pass(browser, 8 * 60 + 1)
    assert browser.get("/")["Location"] == "/accounts/login/?next=/"
    assert not officer.sessions.open().exists()


@pytest.mark.parametrize(("minutes", "is_written"), [(0, False), (1, True)])
@pytest.mark.usefixtures("officer")
def test_the_use_of_a_session_is_written_once_a_minute(minutes: int, is_written: bool) -> None:
    browser = signed_in()
    let_pass(browser, minutes)
    before = expiry(browser)
    browser.get(PAGE)
    assert (expiry(browser) > before) is is_written


def test_a_session_ends_after_a_day_however_busy_it_is(officer: User) -> None:
    browser = signed_in()
    officer.sessions.update(started_at=timezone.now() - dt.timedelta(hours=23))
    let_pass(browser, 1)
    assert is_signed_in(browser)
    officer.sessions.update(started_at=timezone.now() - dt.timedelta(hours=25))
    let_pass(browser, 1)
    browser.get(PAGE)  # what was asked for is answered still
    assert not is_signed_in(browser)
    assert not officer.sessions.exists()


def test_the_page_lists_the_browsers_and_signs_out_the_others(officer: User) -> None:
    here, elsewhere = signed_in(), signed_in("Mozilla/5.0 (iPhone) Version/18.5 Safari/604.1")
    of_somebody = Client()
    of_somebody.force_login(make.user("reader"))
    page = page_of(here.get(PAGE))
    assert sorted(page.texts("tbody th")) == ["Firefox on Windows", "Safari on iPhone"]
    assert "This browser, now" in page.text

    page = page_of(here.post(f"{PAGE}end/", follow=True))
    assert "You are signed out in 1 other browser." in page.text
    assert page.texts("tbody th") == ["Firefox on Windows"]
    assert "You are signed in nowhere else." in page.text
    assert (is_signed_in(here), is_signed_in(elsewhere), is_signed_in(of_somebody)) == (True, False, True)
    event = AccountEvent.objects.filter(account_number=officer.pk).latest("pk")
    assert (event.actor, event.before, event.after) == (officer, {"sessions": 1}, {"sessions": 0})


@pytest.mark.usefixtures("officer")
def test_signing_out_ends_the_listed_session() -> None:
    here, elsewhere = signed_in(), signed_in()
    elsewhere.post("/accounts/logout/")
    assert len(page_of(here.get(PAGE)).select("tbody tr")) == 1


def test_a_browser_in_which_somebody_else_signs_in_is_theirs(officer: User) -> None:
    browser, reader = signed_in(), make.user("reader")
    browser.force_login(reader)
    assert page_of(browser.get(PAGE)).texts("tbody th") == ["Unknown browser"]
    assert (officer.sessions.count(), reader.sessions.count()) == (0, 1)


@pytest.mark.usefixtures("officer")
def test_a_new_password_keeps_the_browser_in_which_it_was_set_and_no_other() -> None:
    here, elsewhere = signed_in(), signed_in()
    new = {"password1": "a lacquer box of salt", "password2": "a lacquer box of salt"}
    assert here.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new}).status_code == 302
    assert not is_signed_in(elsewhere)
    assert page_of(here.get(PAGE)).texts("tbody th") == ["Firefox on Windows"]


def test_a_closed_account_is_signed_out_and_stays_so_when_it_is_opened_again(officer: User) -> None:
    browser = signed_in()
    officer.is_active = False
    officer.save()
    assert not is_signed_in(browser)
    officer.is_active = True
    officer.save()
    assert not is_signed_in(browser)
    assert is_signed_in(signed_in())


def test_an_account_that_is_closed_at_this_moment_gets_no_session(officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)
    browser = Client()
    with pytest.raises(PermissionDenied):
        browser.force_login(officer)  # as it was read before
    assert not officer.sessions.exists()
    assert not is_signed_in(browser)


def test_a_list_of_many_sessions_needs_no_more_queries(officer: User, django_assert_num_queries: Any) -> None:
    browser = signed_in()
    browser.get(PAGE)
    with django_assert_num_queries(5):
        browser.get(PAGE)
    for _ in range(3):
        signed_in()
    with django_assert_num_queries(5):
        browser.get(PAGE)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/138.0 Safari/537.36 Edg/138.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit Chrome/138.0 Safari/537",
            "Chrome on macOS",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit Chrome/138.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8.5.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_by_what_it_says_of_itself(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
