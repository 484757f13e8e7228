"""What is done to an account leaves an event with before and after, by every door, and nobody can bend it."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import AccountEvent, User
from accounts.services.tokens import make_token, revoke_token
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of

pytestmark = pytest.mark.django_db


def told(account: User) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    rows = AccountEvent.objects.filter(account_number=account.pk).order_by("pk")
    return [(row.before, row.after) for row in rows]


@pytest.fixture
def clerk() -> User:
    return make.user("reader", username="clerk")


def test_making_an_account_is_told_without_its_password(clerk: User) -> None:
    (_none, made), (before, after) = told(clerk)
    assert (made["username"], made["is_active"], made["clearance"]) == ("clerk", True, 0)
    assert "password" not in made
    assert (before, after) == ({"roles": []}, {"roles": ["reader"]})


def test_a_change_tells_what_was_and_what_is_and_no_more(clerk: User) -> None:
    clerk.clearance, clerk.first_name = 2, "Lan"
    clerk.save()
    assert told(clerk)[2:] == [({"clearance": 0}, {"clearance": 2})]
    clerk.first_name = "Mai"
    clerk.save()
    assert len(told(clerk)) == 3


def test_roles_password_second_step_and_tokens_are_told(clerk: User) -> None:
    clerk.groups.set([Group.objects.get(name="reviewer")])
    clerk.set_password("a lacquer box of salt")
    clerk.save()
    TOTP.activate(clerk, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    token, _key = make_token(owner=clerk, name="Records", scope="read", days=1)
    revoke_token(token=token)
    text = str(told(clerk))
    assert "'roles': ['reviewer']" in text
    assert ({}, {"new_password": True}) in told(clerk)
    assert ({}, {"second_step": "totp"}) in told(clerk)
    assert ({}, {"token": "Records", "scope": "read"}) in told(clerk)
    assert ({"token": "Records"}, {}) in told(clerk)
    assert "salt" not in text
    clerk.set_unusable_password()
    for _ in range(2):
        clerk.save()
    assert told(clerk)[-1] == ({}, {"new_password": True})
    assert str(told(clerk)).count("new_password") == 2
    assert "JBSWY3" not in text


def test_the_admin_is_named_as_the_actor(clerk: User) -> None:
    administrator = make.user("administrator", username="root")
    browser = client_as(administrator)
    url = f"/admin/accounts/user/{clerk.pk}/change/"
    form = form_of(browser.get(url), "user_form")
    browser.post(url, form | {"roles": ["reviewer"], "email": ["clerk@example.org"]})
    events = AccountEvent.objects.filter(account_number=clerk.pk, actor=administrator).order_by("pk")
    assert [(row.before, row.after) for row in events if "roles" in row.after][-1][1] == {
        "roles": ["reviewer"]
    }
    assert ({"email": ""}, {"email": "clerk@example.org"}) in told(clerk)


def test_signing_in_changes_nothing_of_the_account(clerk: User) -> None:
    before = len(told(clerk))
    Client().post("/accounts/login/", {"login": "clerk", "password": "correct horse battery"})
    assert len(told(clerk)) == before


def test_events_are_append_only(clerk: User) -> None:
    for act in (lambda rows: rows.update(account="x"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="a correction is a new row"), transaction.atomic():
            act(AccountEvent.objects.filter(account_number=clerk.pk))


def test_what_was_done_outlives_the_account(clerk: User) -> None:
    number = clerk.pk
    clerk.groups.clear()
    clerk.delete()
    assert AccountEvent.objects.filter(account_number=number, after={"deleted": True}).exists()
