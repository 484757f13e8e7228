"""Pages of keys: the same rows in the same order, however they are fetched."""

import pytest
from django.core.paginator import EmptyPage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment
from core import large_tables
from core.large_tables import Counted, KeyPaginator, numbers_of, up_to_enough
from tests import factories as make

pytestmark = pytest.mark.django_db


def paginator(*order: str, few: bool) -> KeyPaginator:
    made = KeyPaginator(Commitment.objects.order_by(*order), 2)
    made.likely_few = few
    return made


@pytest.fixture
def five() -> None:
    for year in (2024, 2023, 2025, 2022, 2023):
        make.commitment(occurred_on=make.LONG_AGO.replace(year=year))


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("few_are", [1, 2_000])
@pytest.mark.parametrize("order", [("prefix", "year", "serial"), ("-prefix", "-year", "-serial")])
def test_few_rows_are_fetched_once_in_the_order_of_the_database(
    monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...], few_are: int
) -> None:
    monkeypatch.setattr(large_tables, "FEW", few_are)
    expected = list(Commitment.objects.order_by(*order).values_list("pk", flat=True))
    pages = paginator(*order, few=True)
    assert [list(pages.page(number)) for number in (1, 2, 3)] == [expected[:2], expected[2:4], expected[4:]]
    assert pages.count == 5
    with pytest.raises(EmptyPage):
        pages.page(4)


@pytest.mark.usefixtures("five")
def test_few_rows_take_one_query_and_others_two() -> None:
    taken = []
    for few in (True, False):
        with CaptureQueriesContext(connection) as captured:
            paginator("prefix", "year", "serial", few=few).page(1)
        taken.append(len(captured))
    assert taken == [1, 2]


@pytest.mark.usefixtures("five")
def test_a_mixed_order_is_left_to_the_database() -> None:
    order = ("prefix", "-year", "serial")
    expected = list(Commitment.objects.order_by(*order).values_list("pk", flat=True))
    assert list(paginator(*order, few=True).page(1)) == expected[:2]


def test_the_first_page_of_an_empty_result_exists() -> None:
    page = paginator("prefix", "year", "serial", few=True).page(1)
    assert (list(page), page.paginator.count) == ([], 0)


@pytest.mark.usefixtures("five")
def test_several_queries_are_counted_in_one_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_tables, "ENOUGH", 3)
    rows = Commitment.objects.all()
    late = rows.filter(year__gt=2023).order_by().values("pk")
    with CaptureQueriesContext(connection) as captured:
        found = numbers_of(late, rows.none().values("pk"), up_to_enough(rows))
    assert found == [2, 0, 4]
    assert len(captured) == 1
    assert [Counted.of(n) for n in found] == [Counted(2), Counted(0), Counted(3, has_more=True)]


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("few", [True, False])
def test_a_page_has_the_rows_that_are_shown_in_order(*, few: bool) -> None:
    pages = paginator("-year", "prefix", "serial", few=few)
    pages.shown = Commitment.objects.order_by("-year", "prefix", "serial").only("reference")
    expected = list(Commitment.objects.order_by("-year", "prefix", "serial"))
    assert [list(pages.page(number)) for number in (1, 2, 3)] == [
        expected[:2],
        expected[2:4],
        expected[4:],
    ]
