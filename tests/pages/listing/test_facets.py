"""Counts of the filter panel on the shipped register, against the list and literal numbers."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.http import QueryDict

from accounts.models import User
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment, Theme
from pages.listing.facets import OWN, RELATED, counts_of
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
DAY = "as_of=2026-01-16"


@pytest.fixture
def reader() -> User:
    return make.user("reader")


def counts(query: str, user: User) -> Mapping[str, Mapping[str, int]]:
    visible = Commitment.objects.visible_to(user)
    filterset = CommitmentFilterSet(QueryDict(f"{query}&{DAY}"), user=user, queryset=visible)
    assert filterset.faults == {}
    themes = Theme.objects.values_list("pk", "slug", "name")
    return counts_of(filterset, visible, themes, related=RELATED)


def non_zero(found: Mapping[str, int]) -> dict[str, int]:
    return {key: n for key, n in found.items() if n}


def test_without_filters_each_value_counts_the_rows_it_would_show(reader: User) -> None:
    found = counts("", reader)
    assert non_zero(found["status"]) == {
        "requested": 2,
        "agreed": 58,
        "in_progress": 13,
        "standing": 3,
        "fulfilled": 1,
    }
    assert found["theme"]["border"] == 12
    assert non_zero(found["country"]) == {"KH": 77, "VN": 77, "LA": 5}


def test_a_facet_is_counted_with_the_other_filters_and_without_its_own(reader: User) -> None:
    found = counts("status=in_progress&theme=border", reader)
    assert non_zero(found["status"]) == {"agreed": 9, "in_progress": 2, "standing": 1}
    assert found["theme"]["border"] == 2
    assert sum(found["theme"].values()) == 13
    assert sum(found["nature"].values()) == 2


@pytest.mark.parametrize(
    "query",
    ["", "state=open&theme=border", "lead_agency=none", "meeting=jc-21&obligated=KH", "q=border&agency=none"],
)
@pytest.mark.parametrize("name", [name for name in (*OWN, *RELATED) if name != "state"])
def test_choosing_a_value_shows_as_many_as_were_counted(name: str, query: str, reader: User) -> None:
    found = counts(query, reader)[name]
    visible: Any = Commitment.objects.visible_to(reader)
    for value, n in found.items():
        query_with_value = QueryDict(f"{query}&{DAY}", mutable=True)
        query_with_value.setlist(name, [value])
        filtered = CommitmentFilterSet(query_with_value, user=reader, queryset=visible)
        assert filtered.qs.count() == n, value


def test_invisible_commitments_are_not_counted(reader: User) -> None:
    Commitment.objects.filter(theme__slug="border").update(classification=3)
    found = counts("", reader)
    assert found["theme"]["border"] == 0
    assert found["country"]["VN"] == 65
