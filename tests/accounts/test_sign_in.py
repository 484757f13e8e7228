"""The one door: who comes in by it, who is kept out, and what it cannot be walked around by."""

import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.clients import client_as

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
    """A fresh browser after one try; whether it is signed in, `came_in` tells."""
    browser = Client(REMOTE_ADDR=address)
    browser.post("/accounts/login/", {"login": login, "password": password})
    return browser


def came_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def code_of_now() -> str:
    """What the officer's telephone shows."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize("login", ["lan", "lan@example.org"])
def test_signs_in_with_user_name_or_email_address(login: str):
    assert came_in(sign_in(login, "a lacquer box of tea"))


@pytest.mark.usefixtures("officer")
def test_a_wrong_password_does_not_sign_in():
    assert not came_in(sign_in("lan", "a lacquer box of ink"))


def test_an_inactive_account_does_not_sign_in(officer: User):
    officer.is_active = False
    officer.save()
    assert not came_in(sign_in("lan", "a lacquer box of tea"))


@pytest.mark.usefixtures("officer")
def test_goes_on_to_the_page_that_was_asked_for(client: Client):
    credentials = {"login": "lan", "password": "a lacquer box of tea", "next": "/commitments/?state=open"}
    assert client.post("/accounts/login/", credentials)["Location"] == "/commitments/?state=open"


@pytest.mark.usefixtures("officer")
def test_never_goes_on_to_another_site(client: Client):
    credentials = {"login": "lan", "password": "a lacquer box of tea", "next": "https://elsewhere.example/"}
    assert client.post("/accounts/login/", credentials)["Location"] == "/"


@pytest.mark.parametrize("path", ["/", "/commitments/", "/accounts/2fa/", "/accounts/password/change/"])
def test_a_stranger_is_sent_to_the_door(client: Client, path: str):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/login/?next=/admin/"])
def test_the_admin_has_no_door_of_its_own(client: Client, path: str):
    response = client.get(path, follow=True)
    assert response.redirect_chain[0][0].startswith(("/accounts/login/", "/admin/login/"))
    address = response.redirect_chain[-1][0]
    assert address.startswith("/accounts/login/?next=/admin/")
    assert "accounts/login" not in address.partition("next=")[2]


def test_the_admin_door_takes_no_password(client: Client):
    User.objects.create_superuser("root", password="a lacquer box of salt")
    client.post("/admin/login/", {"username": "root", "password": "a lacquer box of salt"})
    assert not came_in(client)


@pytest.mark.parametrize(
    "path", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/", "/accounts/login/code/"]
)
def test_there_is_no_way_to_make_an_account_or_to_reset_one_by_email(client: Client, path: str):
    form = {
        "username": "eve",
        "email": "eve@example.org",
        "password1": "a lacquer box of tea",
        "password2": "a lacquer box of tea",
    }
    assert client.get(path).status_code == 404
    assert client.post(path, form).status_code == 404
    assert not User.objects.exists()


def test_the_door_offers_no_sign_up(client: Client):
    page = client.get("/accounts/login/").content.decode()
    assert 'name="login"' in page
    assert 'name="password"' in page
    assert "sign up" not in page.lower()
    assert "signup" not in page.lower()


@pytest.mark.usefixtures("officer", "colleague")
def test_five_failures_lock_the_account_and_nobody_else_at_the_same_address():
    for _ in range(5):
        sign_in("lan", "wrong", address=OFFICE)
    assert not came_in(sign_in("lan", "a lacquer box of tea", address=OFFICE))
    assert came_in(sign_in("minh", "a lacquer box of ink", address=OFFICE))


@pytest.mark.usefixtures("officer")
def test_another_address_does_not_get_around_the_lock():
    for host in range(5):
        sign_in("lan", "wrong", address=f"192.0.2.{host}")
    assert not came_in(sign_in("lan", "a lacquer box of tea", address=HOME))


@pytest.mark.usefixtures("officer")
def test_capitals_do_not_get_around_the_lock():
    for login in ("lan", "Lan", "LAN", "lAn", "laN"):
        sign_in(login, "wrong")
    assert not came_in(sign_in("lan", "a lacquer box of tea"))


@pytest.mark.usefixtures("officer")
def test_four_failures_do_not_lock():
    for _ in range(4):
        sign_in("lan", "wrong")
    assert came_in(sign_in("lan", "a lacquer box of tea"))


@pytest.mark.usefixtures("officer")
def test_a_whole_office_mistyping_locks_nobody_else_out():
    for number in range(40):
        sign_in(f"colleague{number}", "wrong", address=OFFICE)
    assert came_in(sign_in("lan", "a lacquer box of tea", address=OFFICE))


@pytest.mark.usefixtures("officer")
def test_a_whole_office_signing_in_is_not_slowed_down():
    assert all(came_in(sign_in("lan", "a lacquer box of tea", address=OFFICE)) for _ in range(40))


@pytest.mark.usefixtures("officer")
def test_a_server_that_hides_the_address_still_lets_people_in():
    assert came_in(sign_in("lan", "a lacquer box of tea", address=""))


def test_a_second_factor_is_asked_for_before_anything_opens(officer: User):
    TOTP.activate(officer, SECRET)
    browser = sign_in("lan", "a lacquer box of tea")
    assert not came_in(browser)
    assert browser.get("/")["Location"] == "/accounts/login/?next=/"
    assert browser.get("/admin/")["Location"].startswith(("/accounts/login/", "/admin/login/"))
    browser.post("/accounts/2fa/authenticate/", {"code": code_of_now()})
    assert came_in(browser)


def test_five_wrong_codes_lock_the_second_factor(officer: User):
    TOTP.activate(officer, SECRET)
    browser = sign_in("lan", "a lacquer box of tea")
    for _ in range(5):
        browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    browser.post("/accounts/2fa/authenticate/", {"code": code_of_now()})
    assert not came_in(browser)


@pytest.mark.usefixtures("officer")
def test_looking_at_the_sign_out_page_does_not_sign_out():
    browser = sign_in("lan", "a lacquer box of tea")
    browser.get("/accounts/logout/")
    assert came_in(browser)
    browser.post("/accounts/logout/")
    assert not came_in(browser)


@pytest.mark.usefixtures("officer")
def test_the_api_takes_no_password():
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
def test_every_answer_carries_the_strict_policy(client: Client, path: str, status: int):
    response = client.get(path)
    assert response.status_code == status
    assert set(response["Content-Security-Policy"].split("; ")) == STRICT


@pytest.mark.parametrize(
    "path", ["/", "/admin/", "/accounts/2fa/", "/accounts/password/change/", "/admin/password_change/"]
)
def test_pages_behind_the_door_carry_it_too(path: str):
    browser = client_as(User.objects.create_superuser("root", password="a lacquer box of salt"))
    response = browser.get(path, follow=True)
    assert response.status_code == 200
    assert set(response["Content-Security-Policy"].split("; ")) == STRICT


def test_a_refused_form_carries_it_too():
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"))
    assert response.status_code == 403
    assert set(response["Content-Security-Policy"].split("; ")) == STRICT


@pytest.mark.usefixtures("officer")
def test_the_sixth_failure_is_told_at_the_form():
    for _ in range(5):
        sign_in("lan", "wrong")
    answer = Client(REMOTE_ADDR=OFFICE).post("/accounts/login/", {"login": "lan", "password": "wrong"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Too many failed login attempts. Try again later." in page
    assert 'name="password"' in page
    assert "css/components.css" in page


def test_trying_the_old_password_too_often_is_refused_in_the_usual_look(officer: User):
    browser = client_as(officer)
    wrong = {"oldpassword": "wrong", "password1": "a tin box of ink", "password2": "a tin box of ink"}
    for _ in range(5):
        assert browser.post("/accounts/password/change/", wrong).status_code == 200
    answer = browser.post("/accounts/password/change/", wrong)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "<h1>Too many attempts</h1>" in page
    assert "css/components.css" in page
    assert 'href="/"' in page
    assert set(answer["Content-Security-Policy"].split("; ")) == STRICT


def test_a_change_of_how_one_signs_in_asks_again_who_it_is(officer: User) -> None:
    browser = client_as(officer)
    asked = browser.get("/accounts/2fa/totp/activate/", follow=True)
    page = asked.content.decode()
    assert "Once more, to be sure" in page
    data = {"password": "a lacquer box of tea", "next": "/accounts/2fa/totp/activate/"}
    assert browser.post("/accounts/reauthenticate/", data)["Location"] == "/accounts/2fa/totp/activate/"
    TOTP.activate(officer, SECRET)
    RecoveryCodes.activate(officer)
    codes = browser.get("/accounts/2fa/recovery-codes/").content.decode()
    assert "10 of 10 are left." in codes
    assert codes.count("\n", codes.index("<textarea"), codes.index("</textarea>")) == 0
    assert codes.count("&#10;", codes.index("<textarea"), codes.index("</textarea>")) == 9


def test_a_closed_account_is_told_so(officer: User) -> None:
    page = Client().get("/accounts/inactive/").content.decode()
    assert "This account is closed" in page
