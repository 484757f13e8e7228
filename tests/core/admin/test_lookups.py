"""The lists of the admin answer no question about fields and relations that they do not show."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory

from accounts.services.tokens import make_token
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db


def test_no_list_filters_by_a_relation_that_it_does_not_offer(rf: RequestFactory) -> None:
    request: Any = rf.get("/")
    request.user = make.user(is_superuser=True)
    for model, model_admin in admin.site._registry.items():
        relations = [field.name for field in model._meta.get_fields() if field.is_relation]
        for name in (*relations, "made_up__name"):
            for lookup in (f"{name}__pk__startswith", f"{name}__pk__gt", f"{name}__in"):
                assert not model_admin.lookup_allowed(lookup, "1", request), (model, lookup)
        for field in model._meta.concrete_fields:
            assert not model_admin.lookup_allowed(f"{field.name}__startswith", "1", request), (model, field)


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("administrator", "accounts/accountsession/?session__session_key__startswith=a"),
        ("administrator", "accounts/apitoken/?digest__startswith=a"),
        ("administrator", "accounts/user/?password__startswith=a"),
        ("officer", "relations/meeting/?outcome_of=1"),
        ("officer", "relations/meeting/?mentions=1"),
        ("officer", "relations/agency/?assignments=1"),
        ("officer", "relations/person/?participations=1"),
        ("officer", "commitments/theme/?commitments=1"),
        ("officer", "commitments/commitment/?successors=1"),
    ],
)
def test_such_an_address_is_refused(role: str, address: str) -> None:
    assert client_as(role).get(f"/admin/{address}").status_code == 400


def test_every_filter_that_a_list_offers_works() -> None:
    make.commitment(agencies=(make.agency("kh-mfa", "KH"), make.agency("vn-mofa")))
    person = make.user("officer", is_superuser=True, agency=make.agency("vn-moit"))
    make_token(owner=person, name="Records", scope="read", days=1)
    browser, followed = client_as(person), set()
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        shown = browser.get(address)
        changelist: Any = shown.context["cl"] if shown.status_code == 200 else None
        for each in changelist.filter_specs if changelist else ():
            choice = list(each.choices(changelist))[-1]
            assert browser.get(address + choice["query_string"]).status_code == 200, choice
            followed.add(type(each).__name__)
    assert {
        "RoleFilter",
        "ChoicesFieldListFilter",
        "RelatedFieldListFilter",
        "BooleanFieldListFilter",
    } <= followed


@pytest.mark.parametrize("address", ["relations/agency/", "relations/person/", "relations/meeting/"])
def test_a_key_that_no_database_can_hold_is_an_error_of_the_address(address: str) -> None:
    client = client_as("officer")
    for value in ("9" * 19, "9" * 30):
        answer = client.get(f"/admin/{address}", {"country": value})
        assert answer.status_code in (302, 400), value
    assert client.get(f"/admin/{address}", {"q": "9" * 30}).status_code == 200
