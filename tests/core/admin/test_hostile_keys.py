"""An address of the admin with something else than a key is no error of the program."""

from urllib.parse import quote

import pytest

from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db

NO_KEYS = ("abc", "\x00", "9" * 30, "9" * 18, "-1", "²")


@pytest.mark.parametrize("value", NO_KEYS)
def test_a_form_that_is_filled_in_by_its_address(value: str) -> None:
    client = client_as(make.user("officer", "administrator", is_staff=True))
    for address in (
        f"/admin/relations/agency/add/?country={quote(value)}",
        f"/admin/relations/meeting/add/?mechanism={quote(value)}",
        f"/admin/commitments/commitment/add/?meeting={quote(value)}&officer={quote(value)}",
        f"/admin/accounts/user/add/?agency={quote(value)}",
    ):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("value", NO_KEYS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_merge_with_what_is_no_record(value: str, method: str) -> None:
    client, agency = client_as(make.user("officer", is_staff=True)), make.agency()
    address = f"/admin/relations/agency/{agency.pk}/merge/"
    answer = getattr(client, method)(address, {"other": value})
    assert answer.status_code == 400
    assert "error" in answer.text
