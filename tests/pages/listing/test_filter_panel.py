"""The filter panel: labels of records, values of controls, and the figures alone."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment
from core.large_tables import Figures
from pages.listing.filter_panel import PARTS, Facet, Panel
from relations.models import Agency, Country, Mechanism, Meeting, Person, Source
from tests import factories as make

pytestmark = pytest.mark.django_db


def panel(query: dict[str, Any] | None = None, **options: Any) -> Panel:
    filterset = CommitmentFilterSet(query or {}, user=make.user("reader"))
    return Panel(filterset, Commitment.objects.all(), **{"opened": PARTS, **options})


def facet(shown: Panel, name: str) -> Facet:
    return next(each for each in (*shown.counted, *shown.facets, *shown.more.choosers) if each.name == name)


def test_records_have_their_own_names() -> None:
    made = make.commitment(agencies=(make.agency("vn-mofa"),))
    make.mechanism()
    Person.objects.create(slug="le-hoai-trung", name="Lê Hoài Trung", country=make.country("VN"))
    shown = panel()
    for name, model, key in (
        ("theme", type(made.theme), "slug"),
        ("country", Country, "code"),
        ("agency", Agency, "slug"),
        ("mechanism", Mechanism, "slug"),
        ("meeting", Meeting, "slug"),
        ("source", Source, "slug"),
        ("person", Person, "slug"),
    ):
        options = {each.value: each.label for each in facet(shown, name).options}
        records: Any = model._default_manager.all()
        assert records
        assert {getattr(record, key): str(record) for record in records}.items() <= options.items()


def test_each_model_is_read_once() -> None:
    make.commitment()
    with CaptureQueriesContext(connection) as captured:
        shown = panel(figures=Figures.NONE)
        assert shown.facets
        assert shown.more.choosers
    # The query of an account's roles joins the countries of its desk.
    queries = [query["sql"] for query in captured if '"auth_group"' not in query["sql"]]
    read = [query for query in queries if '"relations_country"' in query]
    assert len(read) == 1


def test_a_control_shows_the_value_of_this_request_alone() -> None:
    first = {
        each.label: each.control for each in panel({"made_after": "2025-01-31", "page_size": "20"}).more.typed
    }
    again = {each.label: each.control for each in panel().more.typed}
    assert 'value="2025-01-31"' in first["First mentioned on or after"]
    assert "value=" not in again["First mentioned on or after"]
    assert first["First mentioned on or before"] == again["First mentioned on or before"]
    size = panel({"page_size": "20"}).more.size
    assert size is not None
    assert 'value="20"' in size.control


def test_in_a_large_register_only_the_facets_of_own_fields_are_counted() -> None:
    make.commitment()
    shown = panel(figures=Figures.OWN)
    assert [each.name for each in shown.counted] == ["state", "status", "theme", "nature"]
    assert {option.n for facet in shown.counted for option in facet.options} == {0, 1}
    assert {option.n for facet in shown.facets for option in facet.options} == {None}


def test_only_the_parts_in_force_or_opened_are_read() -> None:
    make.commitment()
    filterset = CommitmentFilterSet({"country": "KH"}, user=make.user("reader"))
    with CaptureQueriesContext(connection) as captured:
        shown = Panel(filterset, Commitment.objects.all(), opened=["agency"])
        closed = [each.name for each in shown.facets if each.closed]
    assert closed == ["obligated", "lead_agency", "meeting", "mechanism"]
    assert [option.checked for option in facet(shown, "country").options if option.value == "KH"] == [True]
    assert shown.more.closed
    assert not any("relations_mechanism" in query["sql"] for query in captured if "desk" not in query["sql"])


@pytest.mark.parametrize("query", [{"overdue": "true"}, {"page_size": "20"}])
def test_the_last_part_is_read_if_any_of_its_parameters_is_given(query: dict[str, str]) -> None:
    shown = panel(query, opened=())
    assert not shown.more.closed
    assert shown.more.open is ("overdue" in query)
