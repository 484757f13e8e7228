"""One-time links: who makes them, who is let in by them, and who is not, whatever they try."""

import datetime as dt
import json
import logging
import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import AccountEvent, ApiToken, PasswordLink, User
from accounts.services.password_links import LinkDoesNotWork, make_link, set_password
from accounts.services.tokens import make_token
from tests import factories as make
from tests.clients import client_as
from tests.commitments.services.test_concurrency import at_once
from tests.html import form_of, page_of, text_of

LIST = "/admin/accounts/user/"
ADD = f"{LIST}add/"
PAGE = "/accounts/link/"
OLD, NEW = "correct horse battery", "a lacquer box of salt 7"
TYPED = {"new_password1": NEW, "new_password2": NEW}
pytestmark = pytest.mark.django_db


def link_page(user: User) -> str:
    return f"{LIST}{user.pk}/link/"


def address_in(answer: Any) -> str:
    """The link that the page shows, without the host."""
    return page_of(answer).one("#link")["value"].removeprefix("http://testserver")


def opened(address: str, client: Client | None = None) -> Client:
    """A browser in which the link was opened."""
    browser = client or Client()
    answer = browser.get(address)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    return browser


def is_signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def can_sign_in(user: User, password: str) -> bool:
    browser = Client()
    browser.post("/accounts/login/", {"login": user.username, "password": password})
    return is_signed_in(browser)


def told(user: User) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
    events = AccountEvent.objects.filter(account_number=user.pk).order_by("pk")
    return [(each.before, each.after, str(each.actor or "")) for each in events]


def works(key: str) -> bool:
    browser = Client()
    browser.get(f"{PAGE}{key}/")
    return browser.get(PAGE).status_code == 200


# -- the way of an invitation -----------------------------------------------------------------------------


def test_an_administrator_invites_and_the_person_chooses_the_password_and_is_in() -> None:
    administrator = client_as("administrator", first_name="Ada")
    form = form_of(administrator.get(ADD), "user_form")
    assert not {name for name in form if "password" in name}
    shown = administrator.post(ADD, form | {"username": ["lan"], "roles": ["reviewer"]})
    assert shown.status_code == 200
    assert "Copy the link now. It will not be shown again." in text_of(shown)
    lan = User.objects.get(username="lan")
    assert (lan.has_usable_password(), lan.roles) == (False, {"reviewer"})

    browser = opened(address_in(shown))
    page = browser.get(PAGE)
    assert "For the account “lan”" in text_of(page)
    answer = browser.post(PAGE, form_of(page) | TYPED, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "Your password is set." in text_of(answer)
    assert answer.context["user"] == lan
    assert can_sign_in(lan, NEW)

    told_of_link = [row for row in told(lan) if {"link", "link_used"} & {*row[0], *row[1]}]
    (none, made, ada), (_unused, used, nobody) = told_of_link
    assert (none, made["link"], ada) == ({}, "invitation", "Ada")
    assert (set(used), nobody) == ({"link_used"}, "")
    assert told(lan)[-1] == ({}, {"new_password": True}, "")


def test_the_link_is_in_no_table_no_log_and_no_second_page(caplog: pytest.LogCaptureFixture) -> None:
    administrator, person = client_as("administrator"), make.user("reader", username="mai")
    with caplog.at_level(logging.DEBUG):
        shown = administrator.post(link_page(person))
        address = address_in(shown)
        key = address.split("/")[-2]
        browser = opened(address)
        browser.post(PAGE, TYPED | {"new_password2": "other"})
        browser.post(PAGE, TYPED)
        Client().get(address)
    assert len(key) >= 43
    lines = [
        record.getMessage() + json.dumps(getattr(record, "facts", {}), default=str)
        for record in caplog.records
    ]
    ours = [line for line, record in zip(lines, caplog.records, strict=True) if record.name == "security"]
    assert any("password set with a link" in line for line in ours)
    assert any("link made" in line for line in ours)
    assert not any(key in line or NEW in line for line in ours)
    for page in (link_page(person), f"{LIST}{person.pk}/change/", f"{LIST}{person.pk}/history/"):
        assert key not in administrator.get(page).content.decode()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            assert key not in str(cursor.fetchall()), table
    for session in Session.objects.all():
        assert key not in str(session.get_decoded())
    assert PasswordLink.objects.get().digest == ApiToken.digest_of(key)


def test_a_forgotten_password_is_replaced_and_works_until_then() -> None:
    acting, person = make.user("administrator"), make.user("officer", username="lan")
    token, _key = make_token(owner=person, name="x", scope="read", days=1)
    theirs, administrator = client_as(person), client_as(acting)
    assert "The present password works until then." in text_of(administrator.get(link_page(person)))
    assert not PasswordLink.objects.exists()
    browser = opened(address_in(administrator.post(link_page(person))))
    assert (can_sign_in(person, OLD), is_signed_in(theirs)) == (True, True)
    assert browser.post(PAGE, TYPED).status_code == 302
    assert (can_sign_in(person, OLD), can_sign_in(person, NEW)) == (False, True)
    token.refresh_from_db()
    assert (is_signed_in(theirs), token.is_usable, is_signed_in(browser)) == (False, False, True)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_change_message()) == (acting, "Made a link for a password")
    made = next(after for _before, after, who in told(person) if after.get("link"))
    assert made["link"] == "reset"


def test_a_weak_or_mistyped_password_changes_nothing_and_the_link_still_works() -> None:
    person = make.user("reader", username="mai.nguyen")
    _link, key = make_link(account=person)
    browser = opened(f"{PAGE}{key}/")
    for first, second in (("123", "123"), (NEW, NEW + "x"), ("mai.nguyen", "mai.nguyen"), ("", "")):
        answer = browser.post(PAGE, {"new_password1": first, "new_password2": second})
        assert answer.status_code == 400
        assert page_of(answer).select("[role=alert] li")
        assert first == "" or first not in answer.content.decode().replace("mai.nguyen", "", 3)
    assert can_sign_in(person, OLD)
    assert browser.post(PAGE, TYPED).status_code == 302


def test_a_password_that_somebody_else_may_have_ends_at_once() -> None:
    person, administrator = make.user("officer", username="lan"), client_as("administrator")
    theirs = client_as(person)
    shown = administrator.post(link_page(person), {"ends_password": "on"})
    assert (can_sign_in(person, OLD), is_signed_in(theirs)) == (False, False)
    browser = opened(address_in(shown))
    assert browser.post(PAGE, TYPED).status_code == 302
    assert can_sign_in(person, NEW)
    links = [after["link"] for _before, after, _who in told(person) if "link" in after]
    assert links == ["reset"]


# -- attacks ----------------------------------------------------------------------------------------------


def test_a_link_works_once_in_every_browser_that_opened_it() -> None:
    _link, key = make_link(account=make.user("reader"))
    first, second = opened(f"{PAGE}{key}/"), opened(f"{PAGE}{key}/")
    assert second.get(PAGE).status_code == 200
    assert first.post(PAGE, TYPED).status_code == 302
    late = second.post(PAGE, {"new_password1": "stolen box of tea 9", "new_password2": "stolen box of tea 9"})
    assert late.status_code == 404
    assert "This link does not work" in text_of(late)
    assert not is_signed_in(second)
    assert can_sign_in(User.objects.get(password_link__isnull=False), NEW)
    assert not works(key)


@pytest.mark.parametrize("end", ["newer", "closed", "reopened", "own password", "expired", "deleted"])
def test_a_link_that_has_ended_sets_nothing(end: str) -> None:
    person = make.user("reader")
    _link, key = make_link(account=person)
    browser = opened(f"{PAGE}{key}/")
    assert works(key)
    person = User.objects.get(pk=person.pk)
    if end == "newer":
        make_link(account=person)
    elif end in ("closed", "reopened"):
        person.is_active = False
        person.save()
        person.is_active = end == "reopened"
        person.save()
    elif end == "own password":
        person.set_password("my very own 3 boxes")
        person.save()
    elif end == "expired":
        PasswordLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    else:
        person.delete()
    before = list(User.objects.values_list("pk", "password"))
    assert browser.post(PAGE, TYPED).status_code == 404
    assert browser.get(PAGE).status_code == 404
    assert list(User.objects.values_list("pk", "password")) == before
    assert not works(key)


def test_an_invitation_lasts_a_week_and_a_new_password_a_day() -> None:
    invited, forgetful = make.user("reader"), make.user("reader")
    invited.set_unusable_password()
    invited.save()
    lasting = [
        link.expires_at - link.made_at
        for link, _key in (make_link(account=each) for each in (invited, forgetful))
    ]
    assert lasting == [dt.timedelta(days=7), dt.timedelta(days=1)]


@pytest.mark.parametrize(
    "guess", ["x", "", "0" * 43, "%00", "a" * 5000, "../admin", "{digest}", "{key}x", "{Key}"]
)
def test_guessed_keys_and_the_stored_digest_open_nothing(guess: str) -> None:
    link, key = make_link(account=make.user("reader"))
    guess = guess.format(digest=link.digest, key=key, Key=key.swapcase())
    browser = Client()
    browser.get(f"{PAGE}{guess}/" if guess else PAGE)
    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE, TYPED | {"digest": link.digest, "key": key}).status_code == 404
    assert not Session.objects.exists()  # nobody fills the table of sessions by guessing


def test_two_step_sign_in_is_asked_for_after_a_new_password() -> None:
    person = make.user("reviewer")
    TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    _link, key = make_link(account=person)
    browser = opened(f"{PAGE}{key}/")
    assert browser.post(PAGE, TYPED)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(browser)


def test_somebody_who_is_signed_in_uses_up_no_link() -> None:
    _link, key = make_link(account=make.user("reader", username="mai"))
    administrator = opened(f"{PAGE}{key}/", client_as("administrator"))
    for answer in (administrator.get(PAGE), administrator.post(PAGE, TYPED)):
        assert answer.status_code == 409
        assert "Sign out first" in text_of(answer)
    assert works(key)


def test_the_form_needs_a_csrf_token_and_the_session_gets_a_new_key() -> None:
    _link, key = make_link(account=make.user("reader"))
    browser = opened(f"{PAGE}{key}/", Client(enforce_csrf_checks=True))
    planted = browser.session.session_key
    assert browser.post(PAGE, TYPED).status_code == 403
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.get(PAGE).content.decode())
    assert token
    assert browser.post(PAGE, TYPED | {"csrfmiddlewaretoken": token[1]}).status_code == 302
    assert is_signed_in(browser)
    assert browser.session.session_key != planted
    assert not Session.objects.filter(pk=planted).exists()


def test_no_page_behind_a_link_is_stored_or_framed() -> None:
    _link, key = make_link(account=make.user("reader"))
    browser = Client()
    for url in (f"{PAGE}{key}/", PAGE):
        answer = browser.get(url)
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in client_as("administrator").post(link_page(make.user("reader")))["Cache-Control"]


@pytest.mark.parametrize(
    ("role", "status"), [("officer", 403), ("reviewer", 403), ("reader", 302), ("focal_point", 302)]
)
def test_only_an_administrator_makes_links(role: str, status: int) -> None:
    person, client = make.user("reader"), client_as(role)
    for answer in (client.get(link_page(person)), client.post(link_page(person))):
        assert answer.status_code == status
    assert client.post(ADD, {"username": "x"}).status_code == status
    assert Client().post(link_page(person)).status_code == 302
    assert not PasswordLink.objects.exists()


def test_nobody_makes_a_link_for_themselves_for_a_superuser_or_for_a_closed_account() -> None:
    acting, root = make.user("administrator"), make.user(is_superuser=True)
    closed = make.user("reader", is_active=False)
    client = client_as(acting)
    assert client.post(link_page(acting))["Location"] == "/accounts/password/change/"
    assert client.post(link_page(root)).status_code == 403
    assert "This account is closed." in text_of(client.post(link_page(closed), follow=True))
    assert client.post(f"{LIST}999999/link/").status_code == 404
    assert not PasswordLink.objects.exists()
    assert client_as(is_superuser=True).post(link_page(root)).status_code == 200


def above(actor: str) -> list[User]:
    """Accounts that may read more than ``actor``: cleared higher, a security officer, without its desk."""
    cleared, guard = make.user("officer", clearance=2), make.user("security_officer")
    return [cleared, guard] if actor == "administrator" else [make.user("officer")]


@pytest.mark.parametrize("actor", ["administrator", "confined"])
@pytest.mark.parametrize("act", ["link", "second-step"])
def test_an_account_that_may_read_more_is_out_of_reach(actor: str, act: str) -> None:
    acting = make.user("administrator", clearance=1)
    if actor == "confined":
        acting.desk_countries.add(make.country("LA"))
    client = client_as(acting)
    for person in above(actor):
        for answer in (client.get(f"{LIST}{person.pk}/{act}/"), client.post(f"{LIST}{person.pk}/{act}/")):
            assert answer.status_code == 403
            assert "This account may read more than you." in text_of(answer)
    assert not PasswordLink.objects.exists()
    peer = make.user("officer", clearance=1)
    if actor == "confined":
        peer.desk_countries.add(make.country("LA"))
    assert client.get(f"{LIST}{peer.pk}/{act}/").status_code == 200


def test_a_link_is_made_only_with_a_csrf_token() -> None:
    person = make.user("reader")
    client = client_as("administrator", client=Client(enforce_csrf_checks=True))
    assert client.post(link_page(person)).status_code == 403
    assert not PasswordLink.objects.exists()


def test_an_administrator_sets_no_password_of_somebody_else_by_any_form() -> None:
    person, client = make.user("reader", username="mai"), client_as("administrator")
    page = f"{LIST}{person.pk}/change/"
    data = form_of(client.get(page), "user_form")
    told_twice = {"password": NEW, "password1": NEW, "password2": NEW, "usable_password": "true"}
    assert client.post(page, data | told_twice).status_code == 302
    old_form = client.post(f"{LIST}{person.pk}/password/", told_twice)
    assert old_form["Location"] == link_page(person)
    assert client.post(f"{LIST}x/password/", told_twice).status_code == 404
    new = form_of(client.get(ADD), "user_form") | {"username": ["lan"]} | told_twice
    assert client.post(ADD, new).status_code == 200
    assert not User.objects.get(username="lan").has_usable_password()
    assert (can_sign_in(person, OLD), can_sign_in(person, NEW)) == (True, False)


def test_the_account_says_what_became_of_its_link() -> None:
    client, person = client_as("administrator"), make.user("reader")

    def state() -> str:
        [text] = page_of(client.get(f"{LIST}{person.pk}/change/")).texts(".field-password_state .readonly")
        return text

    assert state() == "set · Make a link"
    person.set_unusable_password()
    person.save()
    assert state() == "not set, and no invitation · Make a link"
    make_link(account=person)
    assert state().startswith("not set yet; the invitation can be used until ")
    PasswordLink.objects.update(expires_at=timezone.now())
    assert state() == "not set; the invitation has expired · Make a link"


def test_events_of_links_are_read_in_the_admin() -> None:
    client, person = client_as("administrator"), make.user("reader")
    client.post(link_page(person))
    event = AccountEvent.objects.filter(account_number=person.pk).latest("pk")
    words = text_of(client.get(f"/admin/accounts/accountevent/{event.pk}/change/"))
    assert "Link for a password – new password" in words
    rows = page_of(client.get("/admin/accounts/accountevent/?kind=link")).texts("#result_list tbody tr")
    assert len(rows) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_who_use_a_link_at_the_same_moment_one_is_refused() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; run the suite with DATABASE_URL=postgres://…")
    link, _key = make_link(account=make.user("reader"))

    def use(password: str) -> str:
        try:
            set_password(digest=link.digest, password=password)
        except LinkDoesNotWork:
            return "refused"
        return password

    answers = at_once(*(lambda n=n: use(f"a lacquer box {n}") for n in range(4)))
    [winner] = [answer for answer in answers if answer != "refused"]
    assert User.objects.get().check_password(winner)
