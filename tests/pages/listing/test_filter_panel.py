"""The filter panel: records are named as they name themselves, and controls keep what was typed."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment
from pages.listing.filter_panel import Facet, Panel, panel_of
from relations.models import Agency, Country, Mechanism, Meeting, Person, Source
from tests import factories as make

pytestmark = pytest.mark.django_db


def panel(query: dict[str, Any] | None = None, **options: bool) -> Panel:
    filterset = CommitmentFilterSet(query or {}, user=make.user("reader"))
    return panel_of(filterset, Commitment.objects.all(), **options)


def facet(shown: Panel, name: str) -> Facet:
    return next(each for each in (*shown.counted, *shown.facets, *shown.choosers) if each.name == name)


def test_records_are_named_as_they_name_themselves() -> None:
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


def test_each_kind_of_record_is_read_once() -> None:
    make.commitment()
    with CaptureQueriesContext(connection) as captured:
        panel(counted=False)
    read = [query["sql"] for query in captured if '"relations_country"' in query["sql"]]
    assert len(read) == 1


def test_a_typed_control_shows_what_was_typed_and_nothing_of_another_request() -> None:
    first = {
        each.label: each.control for each in panel({"made_after": "2025-01-31", "page_size": "20"}).typed
    }
    again = {each.label: each.control for each in panel().typed}
    assert 'value="2025-01-31"' in first["Made on or after"]
    assert "value=" not in again["Made on or after"]
    assert first["Made on or before"] == again["Made on or before"]
    size = panel({"page_size": "20"}).size
    assert size is not None
    assert 'value="20"' in size.control


def test_figures_alone_leave_out_what_is_not_counted() -> None:
    make.commitment()
    shown = panel(whole=False)
    assert [each.name for each in shown.counted] == ["state", "status", "theme", "nature"]
    assert (shown.facets, shown.choosers, shown.typed, shown.size) == ((), (), (), None)
