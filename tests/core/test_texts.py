"""Texts that somebody typed are stored alike through every door."""

import json

import pytest

from commitments.models import Commitment
from core.texts import plain_text
from relations.models import Agency
from tests import factories as make
from tests.clients import client_as


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" One\r\ntwo\rthree ", "One\ntwo\nthree"),
        ("Ha\u0300 No\u0302\u0323i", "H\u00e0 N\u1ed9i"),
        ("A \u202egnihton\u202c\u2066b\u2069", "A gnihtonb"),
        ("\u200fوزارة\u200e 5", "\u200fوزارة\u200e 5"),
    ],
)
def test_a_text_as_it_is_stored(typed: str, stored: str) -> None:
    assert plain_text(typed) == stored


@pytest.mark.django_db
def test_a_title_that_reverses_what_follows_is_stored_without_by_form_and_api() -> None:
    pledge, officer = make.commitment(), client_as("officer")
    address = f"/api/v1/commitments/{pledge.reference}/"
    body = json.dumps({"title": "Build \u202eit"})
    headers = {"If-Match": officer.get(address)["ETag"]}
    assert officer.patch(address, body, content_type="application/json", headers=headers).status_code == 200
    assert Commitment.objects.get().title == "Build it"
    made = {"name": "Office \u202eof roads", "kind": "ministry", "country": make.country("VN").pk}
    assert client_as("officer").post("/admin/relations/agency/add/", made).status_code == 302
    assert Agency.objects.get().name == "Office of roads"
