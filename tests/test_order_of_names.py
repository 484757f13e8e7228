"""Names are in the order of a reader everywhere, on both databases: pages, exports, API and admin."""

import csv
import io
from collections.abc import Iterable

import pytest
from django.test import Client

from commitments.models import SavedView, Theme
from relations.models import Country, Mechanism, Person
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

pytestmark = pytest.mark.django_db
NAMES = ["áo", "Dak", "dữ", "Dz", "Đà", "ខ្មែរ"]
API = "/api/v1/"


def in_order(shown: Iterable[str]) -> list[str]:
    """Those of ``NAMES`` that are shown, in their order."""
    return [name for name in shown if name in NAMES]


@pytest.fixture
def client() -> Client:
    """An administrator and officer, in a register where everything has one of ``NAMES``."""
    for n, name in enumerate(reversed(NAMES)):
        country = Country.objects.create(code=f"X{'ABCDEF'[n]}", name=name)
        agency = make.agency(f"a-{n}", name=name)
        Person.objects.create(slug=f"p-{n}", name=name, country=country)
        Mechanism.objects.create(slug=f"m-{n}", name=name)
        theme = Theme.objects.create(slug=f"t-{n}", name=name)
        make.commitment(title=name, theme=theme, agencies=(agency,))
    return client_as("administrator", "officer")


@pytest.mark.parametrize("order", ["title", "theme"])
def test_commitments(order: str, client: Client) -> None:
    for ordering, expected in ((order, NAMES), (f"-{order}", NAMES[::-1])):
        query = {"ordering": ordering}
        rows = client.get(f"{API}commitments/", query).json()["results"]
        assert [row["title"] for row in rows] == expected
        page = client.get("/commitments/", query)
        assert [row.commitment.title for row in page.context["list"].rows] == expected
        export = client.get("/commitments/export.csv", query).getvalue().decode("utf-8-sig")
        assert [row["title"] for row in csv.DictReader(io.StringIO(export))] == expected


@pytest.mark.parametrize("records", ["agencies", "people", "mechanisms", "themes"])
def test_records_of_the_api(records: str, client: Client) -> None:
    rows = client.get(f"{API}{records}/").json()["results"]
    assert in_order(row["name"] for row in rows) == NAMES


@pytest.mark.parametrize("records", ["agencies", "mechanisms", "countries"])
def test_lists_of_the_site(records: str, client: Client) -> None:
    assert in_order(page_of(client.get(f"/{records}/")).texts("main a")) == NAMES


def test_facets(client: Client) -> None:
    for name in ("theme", "agency", "country", "mechanism"):
        address = "/commitments/" if name == "theme" else f"/commitments/choices/{name}/"
        panel = client.get(address).context["panel"]
        facets = {facet.name: facet for facet in (*panel.counted, *panel.facets)}
        assert in_order(option.label for option in facets[name].options) == NAMES, name


@pytest.mark.parametrize("model", ["relations/agency", "relations/person", "commitments/theme"])
def test_lists_of_the_admin(model: str, client: Client) -> None:
    for order, expected in (("", NAMES), ("0", NAMES), ("-0", NAMES[::-1])):
        rows = client.get(f"/admin/{model}/", {"o": order}).context["cl"].result_list
        assert in_order(row.name for row in rows) == expected


def test_saved_views(client: Client) -> None:
    owner = make.user("officer")
    for name in reversed(NAMES):
        SavedView.objects.create(owner=owner, name=name, query="state=open")
    assert in_order(page_of(client_as(owner).get("/commitments/views/")).texts("main a")) == NAMES
