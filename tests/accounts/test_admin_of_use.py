"""What administrators see of the use of accounts: API tokens, sessions and account events."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent, AccountSession, User
from accounts.services.tokens import make_token, revoke_token
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db
TOKENS, SESSIONS, EVENTS = (
    f"/admin/accounts/{model}/" for model in ("apitoken", "accountsession", "accountevent")
)


@pytest.fixture
def lan() -> User:
    return make.user("officer", username="lan")


@pytest.fixture
def administrator() -> User:
    return make.user("administrator", username="root")


def act(browser: Client, url: str, action: str, *rows: Any) -> Any:
    return browser.post(url, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


def token_of(owner: User, name: str) -> tuple[Any, Client]:
    token, key = make_token(owner=owner, name=name, scope="write", days=30)
    return token, Client(HTTP_AUTHORIZATION=f"Bearer {key}")


def test_an_administrator_lists_and_revokes_the_tokens_of_others(lan: User, administrator: User) -> None:
    stolen, program = token_of(lan, "Dashboard")
    kept, other_program = token_of(make.user("reader"), "Records")
    old, _program = token_of(lan, "Old")
    revoke_token(token=old)
    browser = client_as(administrator)
    page = page_of(browser.get(TOKENS))
    assert set(page.texts("tbody th.field-name")) == {"Dashboard", "Records", "Old"}
    assert page_of(browser.get(f"{TOKENS}?usable=no")).texts("tbody th.field-name") == ["Old"]
    assert page_of(browser.get(f"{TOKENS}?q=lan&usable=yes")).texts("tbody th.field-name") == ["Dashboard"]

    assert "1 token was revoked." in text_of(act(browser, TOKENS, "revoke", stolen, old))
    assert (program.get("/api/v1/me/").status_code, other_program.get("/api/v1/me/").status_code) == (
        401,
        200,
    )
    event = AccountEvent.objects.filter(account_number=lan.pk).latest("pk")
    assert (event.actor, event.before, event.after) == (administrator, {"token": "Dashboard"}, {})


def test_an_administrator_ends_the_sessions_of_others_and_sees_no_key(lan: User, administrator: User) -> None:
    browser, theirs = client_as(administrator), client_as(lan)
    answer = browser.get(SESSIONS)
    assert page_of(answer).texts("tbody .field-account") == ["lan", "root"]
    assert theirs.session.session_key not in answer.content.decode()
    page = browser.get(f"{SESSIONS}{lan.sessions.get().pk}/change/")
    assert theirs.session.session_key not in page.content.decode()

    assert "1 session was ended." in text_of(act(browser, SESSIONS, "end", *AccountSession.objects.all()))
    assert theirs.get("/").status_code == 302
    event = AccountEvent.objects.filter(account_number=lan.pk).latest("pk")
    assert (event.actor, event.before, event.after) == (administrator, {"sessions": 1}, {"sessions": 0})


def test_account_events_are_found_and_read_in_words(lan: User, administrator: User) -> None:
    mofa = make.agency("vn-mofa", name="Foreign Affairs")
    lan.clearance, lan.agency = 2, mofa
    lan.save()
    browser = client_as(administrator)

    def what(query: str = "") -> list[str]:
        return page_of(browser.get(f"{EVENTS}{query}")).texts("tbody .field-what")

    assert what(f"?account_number={lan.pk}") == ["Clearance, agency", "Roles", "Account created"]
    assert what("?q=lan&kind=clearance") == ["Clearance, agency"]
    assert what("?q=lan&kind=created") == ["Account created"]
    assert what("?kind=sessions") == []
    today = timezone.localdate(AccountEvent.objects.latest("pk").occurred_at)
    day = f"&occurred_at__day={today.day}&occurred_at__month={today.month}&occurred_at__year={today.year}"
    assert len(what(f"?q=lan{day}")) == 3

    event = AccountEvent.objects.filter(account_number=lan.pk).latest("pk")
    table = page_of(browser.get(f"{EVENTS}{event.pk}/change/")).one(".field-values table")
    assert table.texts("tbody :is(th, td)") == [
        *("Clearance", "unclassified", "confidential"),
        *("Agency", "–", "Foreign Affairs"),
    ]
    for url in (f"{EVENTS}add/", f"{EVENTS}{event.pk}/delete/", f"{TOKENS}add/", f"{SESSIONS}add/"):
        assert browser.get(url).status_code == 403


def test_the_page_of_an_account_leads_to_its_sessions_tokens_and_events(
    lan: User, administrator: User
) -> None:
    client_as(lan)
    token_of(lan, "Dashboard")
    token_of(administrator, "Other")
    browser = client_as(administrator)
    page = page_of(browser.get(reverse("admin:accounts_user_change", args=[lan.pk])))
    for field, count in (("open_sessions", 1), ("tokens", 1), ("events", 3)):
        [(words, address)] = page.links(f".field-{field}").items()
        assert words == str(count)
        assert len(page_of(browser.get(address)).select("#result_list tbody tr")) == count


@pytest.mark.parametrize("url", [TOKENS, SESSIONS, EVENTS])
def test_only_administrators_see_the_use_of_accounts(url: str, lan: User) -> None:
    event = AccountEvent.objects.latest("pk")
    for who in (lan, make.user("reviewer")):
        browser = client_as(who)
        assert browser.get(url).status_code == 403
        assert browser.get(f"{EVENTS}{event.pk}/change/").status_code == 403
    token, _program = token_of(lan, "Dashboard")
    assert act(client_as(lan), TOKENS, "revoke", token).status_code == 403
    token.refresh_from_db()
    assert token.is_usable


@pytest.mark.parametrize("url", [TOKENS, SESSIONS, EVENTS])
def test_the_lists_need_no_more_queries_for_more_rows(
    url: str, administrator: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    browser = client_as(administrator)
    client_as(make.user("officer"))
    token_of(administrator, "One")
    with django_assert_max_num_queries(30) as few:
        browser.get(url)
    for number in range(4):
        officer = make.user("officer")
        client_as(officer)
        token_of(officer, f"Program {number}")
    with django_assert_num_queries(len(few)):
        browser.get(url)
