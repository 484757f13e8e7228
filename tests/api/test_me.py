"""Who is asking, over HTTP."""

import pytest
from django.test import Client

from accounts.services.tokens import make_token
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/me/"


def test_somebody_signed_in_with_a_browser() -> None:
    user = make.user("reviewer", "officer", agency=make.agency(), clearance=2, username="le.hoai")
    user.first_name, user.last_name = "Lê", "Hoài"
    user.save()
    answer = client_as(user).get(ADDRESS)
    assert answer.json() == {
        "username": "le.hoai",
        "name": "Lê Hoài",
        "roles": ["officer", "reviewer"],
        "agency": "vn-mofa",
        "clearance": "confidential",
        "token": None,
    }
    assert client_as(user).get(ADDRESS, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client_as(user).get(f"{ADDRESS}?x=1").json()["errors"].keys() == {"x"}


def test_a_program_learns_what_its_token_may_do_until_when() -> None:
    user = make.user("reader", username="desk")
    token, key = make_token(owner=user, name="Dashboard", scope="read", days=30)
    told = Client().get(ADDRESS, headers={"Authorization": f"Bearer {key}"}).json()
    assert (told["agency"], told["clearance"], told["roles"]) == (None, "unclassified", ["reader"])
    assert (told["token"]["name"], told["token"]["scope"]) == ("Dashboard", "read")
    assert told["token"]["expires_at"][:10] >= "2026"
    assert key not in str(told)
    assert token.digest not in str(told)
