"""What is too large is refused at once, by the length that it announces."""

from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client

from tests.clients import client_as

pytestmark = pytest.mark.django_db
KB, MB = 1024, 1024 * 1024


class Unread(BytesIO):
    """A body that nobody may read."""

    def read(self, *_args: int) -> bytes:
        raise AssertionError("the body was read")

    readline = readlines = read


def send(client: Client, path: str, size: int, **headers: str) -> object:
    """A request that announces ``size`` bytes and fails the test when one of them is read."""
    return client.post(
        path,
        content_type="application/octet-stream",
        headers=headers,
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(size)},
    )


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/api/v1/commitments/", "/meetings/record/", "/nowhere/"]
)
def test_without_an_account_nothing_large_is_read(path: str) -> None:
    answer = send(Client(), path, 64 * KB + 1)
    assert answer.status_code == 413
    if path.startswith("/api/"):
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/commitments/views/new/", 5 * MB // 2),
        ("/meetings/record/", 21 * MB),
        ("/commitments/KHVN-2025-001/evidence/", 21 * MB),
        ("/commitments/bulk/1/move/submit/", 21 * MB),
        ("/api/v1/commitments/KHVN-2025-001/evidence/", 21 * MB),
    ],
)
def test_each_address_has_its_limit(path: str, most: int) -> None:
    officer = client_as("officer")
    assert send(officer, path, most + 1).status_code == 413
    assert officer.post(path, {"x": "y"}).status_code != 413


@pytest.mark.parametrize(("path", "is_limited"), [("/commitments/X/evidence/", True), ("/api/v1/me/", False)])
def test_a_token_counts_only_below_the_api(path: str, is_limited: bool) -> None:
    answer = Client().post(path, {"x": "x" * 64 * KB}, headers={"Authorization": "x"})
    assert (answer.status_code == 413) is is_limited


def test_a_length_that_is_no_number_is_no_length() -> None:
    assert Client().get("/accounts/login/", CONTENT_LENGTH="many").status_code == 200


def test_the_last_limit_is_for_every_address() -> None:
    assert settings.BODY_LIMITS[-1][0] == ""


def test_signing_in_is_far_below_the_limit() -> None:
    body = {"login": "x" * 200, "password": "x" * 4000}
    assert Client().post("/accounts/login/", body).status_code == 200
