"""A NUL, which PostgreSQL refuses in a text, is no error of ours wherever it stands for a key."""

import pytest

from tests.clients import client_as

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "url",
    [
        "/commitments/%00/",
        "/commitments/%00/progress/",
        "/commitments/%00/classification/",
        "/commitments/%00/deadline/1/",
        "/reports/ask/?reference=%00",
        "/api/v1/commitments/%00/",
        "/api/v1/sources/%00/downgrades/",
    ],
)
def test_an_address_with_a_nul_is_that_of_nothing(url: str) -> None:
    assert client_as("officer").get(url).status_code == 404


@pytest.mark.parametrize("kind", ["commitment", "view", "agency", "country"])
def test_nothing_to_watch_has_a_nul_in_its_key(kind: str) -> None:
    typed = {"kind": kind, "key": "\x00", "watch": "true"}
    assert client_as("officer").post("/watching/change/", typed).status_code == 404
