"""A role can require two-step sign-in: who lacks it sets it up first, and nobody is locked out."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.doctor import second_step
from accounts.models import AccountEvent, ApiToken, User
from accounts.services.second_step import lacking_second_step, require_second_step, required_roles
from accounts.services.tokens import make_token
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/accounts/user/second-step/"
SET_UP = "/accounts/2fa/totp/activate/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery"


def require(*roles: str) -> User:
    administrator = make.user("administrator")
    require_second_step(actor=administrator, roles=roles)
    return administrator


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_an_administrator_requires_it_and_an_event_says_so() -> None:
    administrator, reader = make.user("administrator", username="ada"), make.user("reader", username="rose")
    client = client_as(administrator)
    assert PAGE in page_of(client.get("/admin/accounts/user/")).links().values()
    assert "once" in form_of(client.get(PAGE), "requirement_form")
    assert client.post(PAGE, {"roles": ["reader", "security_officer"]}).status_code == 302
    assert required_roles() == ["reader", "security_officer"]
    page = page_of(client.get(PAGE))
    assert "1 account is asked" in page.text
    assert f"/admin/accounts/user/{reader.pk}/change/" in page.links().values()
    event = AccountEvent.objects.get(account_number=0)
    assert (event.actor, event.before, event.after) == (
        administrator,
        {"second_step_roles": []},
        {"second_step_roles": ["reader", "security_officer"]},
    )
    listed = page_of(client.get("/admin/accounts/accountevent/?kind=second_step_roles")).text
    assert "all accounts" in listed
    assert (
        "Reader, Security officer"
        in page_of(client.get(f"/admin/accounts/accountevent/{event.pk}/change/")).text
    )
    assert client.post(PAGE, {}).status_code == 302
    assert required_roles() == []
    assert client.post(PAGE, {"roles": ["emperor"]}).status_code == 400
    assert AccountEvent.objects.filter(account_number=0).count() == 2


@pytest.mark.parametrize("role", ["officer", "reviewer", "security_officer"])
def test_nobody_else_requires_it(role: str) -> None:
    actor = make.user(role)
    assert client_as(actor).post(PAGE, {"roles": ["reader"]}).status_code == 403
    with pytest.raises(PermissionDenied):
        require_second_step(actor=actor, roles=["reader"])
    assert required_roles() == []


@pytest.mark.parametrize(
    "url",
    ["/", "/commitments/", "/admin/", "/accounts/tokens/", "/accounts/2fa/", "/accounts/password/change/"],
)
def test_who_lacks_it_is_led_to_set_it_up(url: str) -> None:
    client = client_as("officer", "administrator")
    assert client.get(url).status_code == 200
    require("officer")
    assert client.get(url)["Location"] == SET_UP
    assert client.post(url, {"title": "x"})["Location"] == SET_UP
    assert client.get(url, headers={"HX-Current-URL": "http://testserver/"})["HX-Redirect"] == SET_UP
    assert client.get("/health/live").status_code == 200


def test_it_is_set_up_and_the_account_goes_on() -> None:
    account = make.user("reader")
    require("reader")
    client = Client()
    client.post("/accounts/login/", {"login": account.username, "password": PASSWORD})
    asked = client.get("/", follow=True)
    assert page_of(asked).texts("h1") == ["Confirm that it is you"]
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": SET_UP})
    page = page_of(client.get(SET_UP))
    assert "Your role requires it" in page.text
    assert "Cancel" not in page.links()
    code = code_for(page.one("#authenticator_secret")["value"])
    codes = client.post(SET_UP, {"code": code}, follow=True)
    assert "10 of 10 codes are left." in page_of(codes).text
    assert client.get("/").status_code == 200
    assert "Your role requires it." in page_of(client.get("/accounts/2fa/")).text


def test_signing_out_and_an_account_of_another_role_need_none() -> None:
    require("reader")
    client = client_as("reader")
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert client_as("officer").get("/").status_code == 200


def test_a_superuser_is_asked_as_an_administrator() -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    assert client_as(root).get("/admin/").status_code == 200
    require("administrator")
    assert client_as(root).get("/admin/")["Location"] == SET_UP
    assert root in lacking_second_step()


def test_recovery_codes_alone_are_no_second_step() -> None:
    account = make.user("reader")
    require("reader")
    Authenticator.objects.create(user=account, type="recovery_codes", data={})
    assert client_as(account).get("/")["Location"] == SET_UP
    TOTP.activate(account, SECRET)
    assert client_as(account).get("/").status_code == 200


def test_a_session_reads_no_api_and_a_token_does() -> None:
    account = make.user("reader")
    _token, key = make_token(owner=account, name="Script", scope=ApiToken.Scope.READ, days=1)
    require("reader")
    client = client_as(account)
    refused = client.get("/api/v1/commitments/")
    assert refused.status_code == 403
    assert "two-step" in refused.json()["detail"]
    # A header that brings no token leaves the session in charge, and opens nothing.
    assert client.get("/api/v1/commitments/", headers={"Authorization": "Basic bGFuOng="}).status_code == 403
    told = Client(headers={"Authorization": f"Bearer {key}"}).get("/api/v1/commitments/")
    assert told.status_code == 200


def test_a_new_phone_takes_the_place_of_the_old_one() -> None:
    account = make.user("reader")
    TOTP.activate(account, SECRET)
    require("reader")
    client, off = client_as(account), "/accounts/2fa/totp/deactivate/"
    client.get(off)
    client.post("/accounts/2fa/reauthenticate/", {"code": code_for(SECRET), "next": off})
    page = page_of(client.get(off))
    assert page.texts("h1") == ["Set up two-step sign-in anew?"]
    client.post(off)
    assert client.get("/")["Location"] == SET_UP


def test_a_reset_says_that_it_is_asked_for_again() -> None:
    account = make.user("reader")
    TOTP.activate(account, SECRET)
    client = client_as(require("reader"))
    url = f"/admin/accounts/user/{account.pk}/second-step/"
    assert "asked to set it up again" in page_of(client.get(url)).text
    told = client.post(url, follow=True)
    assert "The next sign-in asks to set it up again." in page_of(told).text
    assert "off, and asked for at the next sign-in" in page_of(told).text


def test_the_doctor_says_who_lacks_it() -> None:
    assert [each.level.value for each in second_step()] == ["warning"]
    account = make.user("reader", username="rose")
    require("reader")
    assert [(each.level.value, "rose" in each.found) for each in second_step()] == [
        ("ok", False),
        ("warning", True),
    ]
    TOTP.activate(account, SECRET)
    assert [each.level.value for each in second_step()] == ["ok"]


def test_it_costs_no_query_of_its_own(django_assert_num_queries: Any) -> None:
    client = client_as("reader")
    require("reader")
    with django_assert_num_queries(2):  # the session, and the account with its second step
        client.get("/")
