"""What an account may not see changes no answer of any address.

Each account reads every address twice: before and after everything that it may not see is created. The world
and the addresses are those of ``test_classified``. What another desk does is created only for accounts with a
desk. `make test` reads as the accounts of ``ACCOUNTS``, `make torture` also as those of ``MORE_ACCOUNTS``.
"""

import pytest

from accounts.models import User
from relations.models import Person
from tests import factories as make
from tests.addresses import read
from tests.clients import client_as
from tests.test_classified import SEARCHES, World, all_addresses, plant, world  # noqa: F401
from tests.test_classified_meetings import REFERENCE_DATA, of_desk, plant_abroad, plant_restricted

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("plain_briefings")]

ACCOUNTS = (
    "officer",
    "officer of a desk",
    "reviewer of a desk",
    "focal_point",
    "reader",
    "nobody",
    "administrator",
    "security_officer",
)
MORE_ACCOUNTS = ("reviewer", "focal_point of a desk")


def person_of(account: str, world: World) -> User:  # noqa: F811
    role = account.removesuffix(" of a desk")
    if role != account:
        return of_desk(role, world)
    if role == "nobody":
        return world.people["nobody"]
    existing = world.people.get(role.replace("_", " "))
    return existing or make.user(role)


@pytest.mark.parametrize(
    "account", [*ACCOUNTS, *(pytest.param(each, marks=pytest.mark.torture) for each in MORE_ACCOUNTS)]
)
def test_what_may_not_be_seen_changes_no_answer(account: str, world: World) -> None:  # noqa: F811
    urls = [*all_addresses(world.values), *(each.format(**world.words) for each in SEARCHES)]
    has_desk = account.endswith("of a desk")
    if has_desk:
        # Countries and people are seen by everybody, so that they are there before.
        Person.objects.create(slug="la", name="Somebody of the neighbours", country=make.country("LA"))
        urls = [url for url in urls if not REFERENCE_DATA.match(url)]
    client = client_as(person_of(account, world))
    before = {url: read(client, url) for url in urls}
    assert 200 in {answer.status for answer in before.values()}
    plant(world)
    plant_restricted(world)
    if has_desk:
        plant_abroad(world)
    assert [url for url in urls if read(client, url) != before[url]] == []
