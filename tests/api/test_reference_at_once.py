"""Reference data written by several programs at once: real threads, real transactions, PostgreSQL."""

from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from relations.models import Country, Meeting, Participation, Person
from tests import factories as make
from tests.api.conftest import post
from tests.clients import client_as
from tests.commitments.services.test_concurrency import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
PROGRAMS = 8


@pytest.fixture(autouse=True)
def _only_where_transactions_overlap() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; run the suite with DATABASE_URL=postgres://…")


def test_of_several_who_record_the_same_one_does() -> None:
    administrator = make.user("administrator")
    clients = [client_as(administrator) for _ in range(PROGRAMS)]

    def send(client: Client) -> Any:
        return post(client, "/api/v1/countries/", {"code": "LA", "name": "Lao PDR"})

    answers = at_once(*(lambda client=client: send(client) for client in clients))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 400: PROGRAMS - 1}
    assert Country.objects.count() == 1


def test_of_several_who_change_what_they_read_one_does() -> None:
    officer, country = make.user("officer"), make.country("KH")
    for number in range(PROGRAMS):
        Person.objects.create(slug=f"person-{number}", name=f"Person {number}", country=country)
    url = f"/api/v1/meetings/{make.meeting(slug='talks').slug}/"
    clients = [client_as(officer) for _ in range(PROGRAMS)]
    tag = clients[0].get(url).headers["ETag"]

    def send(client: Client, number: int) -> Any:
        seats = [{"person": f"person-{number}", "office": "Minister"}]
        return client.patch(url, {"participants": seats}, "application/json", headers={"If-Match": tag})

    answers = at_once(*(lambda n=n, client=client: send(client, n) for n, client in enumerate(clients)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: PROGRAMS - 1}
    assert Participation.objects.filter(meeting=Meeting.objects.get(slug="talks")).count() == 1
