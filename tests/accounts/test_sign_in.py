"""Signing in: who can, who cannot, locks after failures, two-step sign-in, and the content policy."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import is_mfa_enabled
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests import factories as make
from tests.clients import client_as
from tests.html import Page, page_of

pytestmark = pytest.mark.django_db

STRICT = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}
OFFICE = "203.0.113.7"
HOME = "198.51.100.9"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_failures_yet() -> None:
    cache.clear()


@pytest.fixture
def officer() -> User:
    return User.objects.create_user("lan", email="lan@example.org", password="a lacquer box of tea")


@pytest.fixture
def colleague() -> User:
    return User.objects.create_user("minh", email="minh@example.org", password="a lacquer box of ink")


def sign_in(login: str, password: str, *, address: str = OFFICE) -> Client:
    """Return a new client after one attempt to sign in. ``is_signed_in`` tells whether it succeeded."""
    browser = Client(REMOTE_ADDR=address)
    browser.post("/accounts/login/", {"login": login, "password": password})
    return browser


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def current_code() -> str:
    """Return the code that the officer's authenticator app shows now."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def has_site_styles(page: Page) -> bool:
    """Return whether the page has the style sheet of the site."""
    return any("css/components.css" in link["href"] for link in page.select("link[rel=stylesheet]"))


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize("login", ["lan", "lan@example.org"])
def test_signs_in_with_user_name_or_email_address(login: str):
    assert is_signed_in(sign_in(login, "a lacquer box of tea"))


@pytest.mark.usefixtures("officer")
def test_a_wrong_password_does_not_sign_in():
    assert not is_signed_in(sign_in("lan", "a lacquer box of ink"))


def test_an_inactive_account_does_not_sign_in(officer: User):
    officer.is_active = False
    officer.save()
    assert not is_signed_in(sign_in("lan", "a lacquer box of tea"))


@pytest.mark.usefixtures("officer")
def test_signing_in_leads_to_the_requested_page(client: Client):
    credentials = {"login": "lan", "password": "a lacquer box of tea", "next": "/commitments/?state=open"}
    assert client.post("/accounts/login/", credentials)["Location"] == "/commitments/?state=open"


@pytest.mark.usefixtures("officer")
def test_signing_in_never_leads_to_another_site(client: Client):
    credentials = {"login": "lan", "password": "a lacquer box of tea", "next": "https://elsewhere.example/"}
    assert client.post("/accounts/login/", credentials)["Location"] == "/"


@pytest.mark.parametrize("path", ["/", "/commitments/", "/accounts/2fa/", "/accounts/password/change/"])
def test_anonymous_users_are_redirected_to_the_sign_in_page(client: Client, path: str):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/login/?next=/admin/"])
def test_the_admin_uses_the_same_sign_in_page(client: Client, path: str):
    response = client.get(path, follow=True)
    assert response.redirect_chain[0][0].startswith(("/accounts/login/", "/admin/login/"))
    address = response.redirect_chain[-1][0]
    assert address.startswith("/accounts/login/?next=/admin/")
    assert "accounts/login" not in address.partition("next=")[2]


def test_the_sign_in_address_of_the_admin_accepts_no_password(client: Client):
    User.objects.create_superuser("root", password="a lacquer box of salt")
    client.post("/admin/login/", {"username": "root", "password": "a lacquer box of salt"})
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "path", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/", "/accounts/login/code/"]
)
def test_there_is_no_sign_up_and_no_reset_by_email(client: Client, path: str):
    form = {
        "username": "eve",
        "email": "eve@example.org",
        "password1": "a lacquer box of tea",
        "password2": "a lacquer box of tea",
    }
    assert client.get(path).status_code == 404
    assert client.post(path, form).status_code == 404
    assert not User.objects.exists()


def test_the_sign_in_page_offers_no_sign_up(client: Client):
    answer = client.get("/accounts/login/")
    page = page_of(answer)
    assert page.texts("#main label") == ["Username or email", "Password"]
    assert [field["name"] for field in page.select("#main .field input")] == ["login", "password"]
    assert "sign up" not in page.text.lower()
    assert "signup" not in answer.content.decode().lower()


@pytest.mark.usefixtures("officer", "colleague")
def test_five_failures_lock_the_account_and_no_other_account_at_the_same_address():
    for _ in range(5):
        sign_in("lan", "wrong", address=OFFICE)
    assert not is_signed_in(sign_in("lan", "a lacquer box of tea", address=OFFICE))
    assert is_signed_in(sign_in("minh", "a lacquer box of ink", address=OFFICE))


@pytest.mark.usefixtures("officer")
def test_another_address_does_not_bypass_the_lock():
    for host in range(5):
        sign_in("lan", "wrong", address=f"192.0.2.{host}")
    assert not is_signed_in(sign_in("lan", "a lacquer box of tea", address=HOME))


@pytest.mark.usefixtures("officer")
def test_capital_letters_do_not_bypass_the_lock():
    for login in ("lan", "Lan", "LAN", "lAn", "laN"):
        sign_in(login, "wrong")
    assert not is_signed_in(sign_in("lan", "a lacquer box of tea"))


@pytest.mark.usefixtures("officer")
def test_four_failures_do_not_lock():
    for _ in range(4):
        sign_in("lan", "wrong")
    assert is_signed_in(sign_in("lan", "a lacquer box of tea"))


@pytest.mark.usefixtures("officer")
def test_many_failures_at_one_address_lock_no_other_account():
    for number in range(40):
        sign_in(f"colleague{number}", "wrong", address=OFFICE)
    assert is_signed_in(sign_in("lan", "a lacquer box of tea", address=OFFICE))


@pytest.mark.usefixtures("officer")
def test_many_sign_ins_at_one_address_are_not_limited():
    assert all(is_signed_in(sign_in("lan", "a lacquer box of tea", address=OFFICE)) for _ in range(40))


@pytest.mark.usefixtures("officer")
def test_signing_in_works_without_a_client_address():
    assert is_signed_in(sign_in("lan", "a lacquer box of tea", address=""))


def test_two_step_sign_in_asks_for_a_code_before_any_page(officer: User):
    TOTP.activate(officer, SECRET)
    browser = sign_in("lan", "a lacquer box of tea")
    assert not is_signed_in(browser)
    assert browser.get("/")["Location"] == "/accounts/login/?next=/"
    assert browser.get("/admin/")["Location"].startswith(("/accounts/login/", "/admin/login/"))
    browser.post("/accounts/2fa/authenticate/", {"code": current_code()})
    assert is_signed_in(browser)


def close(account: User) -> None:
    account.is_active = False
    account.save()


def close_and_reopen(account: User) -> None:
    close(account)
    account.is_active = True
    account.save()


def set_password(account: User) -> None:
    account.set_password("a lacquer box of salt")
    account.save()


def set_password_unrecorded(account: User) -> None:
    account.set_password("a lacquer box of salt")
    User.objects.filter(pk=account.pk).update(password=account.password)


@pytest.mark.parametrize(
    ("change", "title"),
    [
        (close, "This account is closed"),
        (close_and_reopen, "Sign in"),
        (set_password, "Sign in"),
        (set_password_unrecorded, "Sign in"),
    ],
)
def test_a_change_of_the_account_ends_a_sign_in_that_waits_for_a_code(
    change: Callable[[User], None], title: str, officer: User
) -> None:
    TOTP.activate(officer, SECRET)
    browser = sign_in("lan", "a lacquer box of tea")
    change(officer)
    answer = browser.post("/accounts/2fa/authenticate/", {"code": current_code()}, follow=True)
    assert page_of(answer).texts("h1") == [title]
    assert not is_signed_in(browser)
    assert "account_login" not in browser.session


def test_who_waits_for_a_code_signs_in_again_after_two_step_sign_in_was_reset(officer: User) -> None:
    TOTP.activate(officer, SECRET)
    browser = sign_in("lan", "a lacquer box of tea")
    assert page_of(browser.get("/accounts/login/", follow=True)).texts("h1") != ["Sign in"]
    Authenticator.objects.filter(user=officer).delete()
    answer = browser.get("/accounts/2fa/authenticate/", follow=True)
    assert page_of(answer).texts("h1") == ["Sign in"]
    browser.post("/accounts/login/", {"login": "lan", "password": "a lacquer box of tea"})
    assert is_signed_in(browser)


def test_five_wrong_codes_lock_two_step_sign_in(officer: User):
    TOTP.activate(officer, SECRET)
    browser = sign_in("lan", "a lacquer box of tea")
    for _ in range(5):
        browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    browser.post("/accounts/2fa/authenticate/", {"code": current_code()})
    assert not is_signed_in(browser)


@pytest.mark.usefixtures("officer")
def test_a_get_of_the_sign_out_page_does_not_sign_out():
    browser = sign_in("lan", "a lacquer box of tea")
    browser.get("/accounts/logout/")
    assert is_signed_in(browser)
    browser.post("/accounts/logout/")
    assert not is_signed_in(browser)


@pytest.mark.usefixtures("officer")
def test_the_api_accepts_no_password():
    # "lan:a lacquer box of tea"
    header = "Basic bGFuOmEgbGFjcXVlciBib3ggb2YgdGVh"
    assert Client(HTTP_AUTHORIZATION=header).get("/api/v1/commitments/").status_code == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/accounts/login/", 200),
        ("/", 302),
        ("/admin/", 302),
        ("/nothing/here/", 404),
        ("/health/live", 200),
        ("/api/v1/commitments/", 401),
    ],
)
def test_every_response_has_the_strict_policy(client: Client, path: str, status: int):
    response = client.get(path)
    assert response.status_code == status
    assert set(response["Content-Security-Policy"].split("; ")) == STRICT


@pytest.mark.parametrize(
    "path", ["/", "/admin/", "/accounts/2fa/", "/accounts/password/change/", "/admin/password_change/"]
)
def test_pages_for_signed_in_people_have_it_too(path: str):
    browser = client_as(User.objects.create_superuser("root", password="a lacquer box of salt"))
    response = browser.get(path, follow=True)
    assert response.status_code == 200
    assert set(response["Content-Security-Policy"].split("; ")) == STRICT


def test_a_csrf_error_has_it_too():
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"))
    assert response.status_code == 403
    assert set(response["Content-Security-Policy"].split("; ")) == STRICT


@pytest.mark.usefixtures("officer")
def test_the_sixth_failure_shows_a_message_on_the_form():
    for _ in range(5):
        sign_in("lan", "wrong")
    answer = Client(REMOTE_ADDR=OFFICE).post("/accounts/login/", {"login": "lan", "password": "wrong"})
    page = page_of(answer)
    assert answer.status_code == 200
    assert "Too many failed attempts. Try again in 5 minutes." in page.one("#main [role=alert]").text
    assert page.select("#main input[name=password]")
    assert has_site_styles(page)


def test_too_many_attempts_with_the_old_password_show_an_error_page(officer: User):
    browser = client_as(officer)
    wrong = {"oldpassword": "wrong", "password1": "a tin box of ink", "password2": "a tin box of ink"}
    for _ in range(5):
        assert browser.post("/accounts/password/change/", wrong).status_code == 200
    answer = browser.post("/accounts/password/change/", wrong)
    page = page_of(answer)
    assert answer.status_code == 429
    assert page.texts("h1") == ["Too many attempts"]
    assert has_site_styles(page)
    assert "/" in page.links().values()
    assert set(answer["Content-Security-Policy"].split("; ")) == STRICT


def test_a_change_of_how_one_signs_in_asks_for_the_password_again(officer: User) -> None:
    browser = client_as(officer)
    asked = browser.get("/accounts/2fa/totp/activate/", follow=True)
    assert page_of(asked).texts("h1") == ["Confirm that it is you"]
    data = {"password": "a lacquer box of tea", "next": "/accounts/2fa/totp/activate/"}
    assert browser.post("/accounts/reauthenticate/", data)["Location"] == "/accounts/2fa/totp/activate/"
    secret = page_of(browser.get("/accounts/2fa/totp/activate/")).one("#authenticator_secret")["value"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert browser.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    again = sign_in("lan", "a lacquer box of tea")
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert not is_signed_in(again), "a code that was used once is used again"
    page = page_of(browser.get("/accounts/2fa/recovery-codes/"))
    assert "10 of 10 codes are left." in page.text
    codes = page.one("textarea").tree.text_content()
    assert len(codes.split("\n")) == 10
    assert codes == codes.strip()


@pytest.mark.parametrize("door", ["totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"])
def test_the_password_alone_does_not_change_a_second_step(door: str, officer: User) -> None:
    TOTP.activate(officer, SECRET)
    RecoveryCodes.activate(officer)
    browser, url = client_as(officer), f"/accounts/2fa/{door}"
    body = {"password": "a lacquer box of tea", "next": url}
    for answer in (browser.get(url), browser.post("/accounts/reauthenticate/", body)):
        assert answer["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert is_mfa_enabled(officer)
    confirmed = browser.post("/accounts/2fa/reauthenticate/", {"code": current_code(), "next": url})
    assert confirmed["Location"] == url
    assert browser.get(url).status_code == 200


@pytest.mark.parametrize(
    ("password", "title"), [("a lacquer box of tea", "This account is closed"), ("a wrong one", "Sign in")]
)
def test_who_knows_the_password_of_a_closed_account_is_told_that_it_is_closed(
    password: str, title: str, officer: User
) -> None:
    officer.is_active = False
    officer.save()
    answer = Client().post("/accounts/login/", {"login": "lan", "password": password}, follow=True)
    assert page_of(answer).texts("h1") == [title]


NO_ROLE = "Your account has no role yet, so you see no commitments. Ask an administrator for a role."


@pytest.mark.parametrize(("roles", "is_told"), [([], True), (["reader"], False), (["focal_point"], False)])
def test_an_account_without_a_role_is_told_so_at_sign_in(roles: list[str], is_told: bool) -> None:
    user = make.user(*roles)
    credentials = {"login": user.username, "password": "correct horse battery"}
    answer = Client().post("/accounts/login/", credentials, follow=True)
    assert (NO_ROLE in page_of(answer).text) is is_told
