"""One comparison of names for every writer of accounts and for signing in: capital letters do not count."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AccountEvent, User
from accounts.services.demo import DemoRefused, make_demo_accounts
from interchange.register_file.lookups import Lookups
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of

pytestmark = pytest.mark.django_db
ADD = "/admin/accounts/user/add/"
migration = import_module("accounts.migrations.0007_fill_login_keys")


@pytest.fixture
def lan() -> User:
    return make.user("officer", username="Lan", email="Lan@Example.org")


@pytest.mark.usefixtures("lan")
@pytest.mark.parametrize("login", ["Lan", "lan", " LAN ", "ＬＡＮ", "lan@example.org", "LAN@EXAMPLE.ORG"])
def test_every_spelling_signs_in_to_the_one_account(login: str) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": login, "password": "correct horse battery"})
    assert "_auth_user_id" in browser.session


@pytest.mark.parametrize(("login", "signs_in"), [("THUÝ", True), ("Thuy", False), ("Thủy", False)])
def test_letters_beyond_ascii_have_capitals_too_and_diacritics_count(login: str, signs_in: bool) -> None:
    make.user("reader", username="thuý")
    browser = Client()
    browser.post("/accounts/login/", {"login": login, "password": "correct horse battery"})
    assert ("_auth_user_id" in browser.session) is signs_in


@pytest.mark.usefixtures("lan")
@pytest.mark.parametrize("fields", [{"username": "LAN"}, {"username": "other", "email": "lan@EXAMPLE.org"}])
def test_the_database_refuses_a_second_account_of_that_name(fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(**fields)


def test_a_change_of_the_name_alone_is_compared_too(lan: User) -> None:
    other = make.user("reader", username="other")
    other.username = "LAN"
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save(update_fields=["username"])


@pytest.mark.usefixtures("lan")
@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "LAN"), ("email", "lan@example.org"), ("username", "lan@example.org"), ("email", "")],
)
def test_the_admin_names_the_account_that_has_the_name(field: str, value: str) -> None:
    browser, other = client_as("administrator"), make.user("reader", username="other")
    new = {"username": "new", "clearance": "0"}
    change = f"/admin/accounts/user/{other.pk}/change/"
    for url, typed in ((ADD, new), (change, form_of(browser.get(change), "user_form"))):
        answer = browser.post(url, typed | {field: value})
        if not value:
            assert "adminform" not in (answer.context or {})
            continue
        assert answer.context["adminform"].form.errors == {
            field: ["This already names the account “Lan”. Capital letters do not count."]
        }


def test_a_load_finds_the_author_and_creates_no_second_account(lan: User) -> None:
    lookups = Lookups()
    assert lookups.create_missing_accounts(["LAN", "lan@example.org", "minh", "Minh"]) == ["Minh"]
    assert lookups.account("LAN") == lookups.account("lan@example.org") == lan.pk
    assert lookups.account("minh") == lookups.account("Minh")


@pytest.mark.parametrize(
    "fields", [{"username": "Officer"}, {"username": "x", "email": "OFFICER@example.org"}]
)
def test_demo_accounts_take_no_name_of_another_account(settings: Any, fields: dict[str, str]) -> None:
    settings.DEMO = True
    make.user("reader", **fields)
    with pytest.raises(DemoRefused, match=fields["username"]):
        make_demo_accounts(password="aide-memoire-demo")


@pytest.mark.usefixtures("lan")
@pytest.mark.parametrize(
    ("username", "email", "message"),
    [("LAN", "", "already taken"), ("root", "LAN@example.org", "This already names the account “Lan”.")],
)
def test_createsuperuser_says_that_a_name_is_taken(username: str, email: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("createsuperuser", interactive=False, username=username, email=email)


class Stored(SimpleNamespace):
    """An account as it was before names were compared by a key; no database holds two of them any more."""

    def save(self, **_kwargs: Any) -> None:
        assert self.username_key


def test_the_migration_keeps_every_account_and_says_what_it_changed() -> None:
    def stored(pk: int, username: str, email: str = "", **fields: Any) -> Stored:
        return Stored(
            **{"pk": pk, "username": username, "email": email, "is_active": True, "last_login": None} | fields
        )

    of_a_load = stored(1, "LAN", is_active=False)
    in_use = stored(2, "lan", "lan@example.org", last_login=timezone.now())
    never_used = stored(3, "Lan", "LAN@example.org")
    has_the_number = stored(4, "lan-2")
    accounts = [of_a_load, in_use, never_used, has_the_number]
    models = {"User": SimpleNamespace(objects=SimpleNamespace(order_by=lambda _field: accounts))}
    state = SimpleNamespace(get_model=lambda app, name: models.get(name) or apps.get_model(app, name))

    migration.fill(state, None)
    assert [(each.username, each.email) for each in accounts] == [
        ("LAN-4", ""),
        ("lan", "lan@example.org"),
        ("Lan-3", ""),
        ("lan-2", ""),
    ]
    assert [each.username_key for each in accounts] == ["lan-4", "lan", "lan-3", "lan-2"]
    assert [each.email_key for each in accounts] == [None, "lan@example.org", None, None]
    events = AccountEvent.objects.order_by("account_number").values_list("account_number", "before", "after")
    assert list(events) == [
        (1, {"username": "LAN"}, {"username": "LAN-4"}),
        (3, {"username": "Lan", "email": "LAN@example.org"}, {"username": "Lan-3", "email": ""}),
    ]
