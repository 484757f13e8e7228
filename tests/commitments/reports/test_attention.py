"""The commitments that need attention first are those that sorting all commitments would find."""

import datetime as dt
from collections.abc import Callable, Sequence

import pytest

from commitments.choices import Status
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports import attention
from commitments.reports.attention import (
    earliest,
    earliest_of_few,
    first_by_reference,
    quietest,
    soonest,
)
from core.large_tables import ENOUGH, Counted
from tests import factories as make

TODAY = dt.date(2026, 1, 16)
NOW = AsOf(day=TODAY, today=TODAY)
FEW, MANY = 1, ENOUGH + 1
"""Sizes given as ``of``: they choose the query, and must not change its result."""
pytestmark = pytest.mark.django_db


def titles(keys: object) -> list[str]:
    found = Commitment.objects.in_bulk(list(keys))  # type: ignore[call-overload]
    return [found[key].title for key in keys]  # type: ignore[attr-defined]


def test_soonest_is_by_the_running_deadline_else_by_the_review_date_without_closed_ones() -> None:
    make.commitment(title="third", deadline_wording="by then", deadline_latest=dt.date(2026, 3, 1))
    make.commitment(title="first", deadline_wording="by then", deadline_latest=dt.date(2024, 3, 1))
    make.commitment(title="second", deadline_wording="soon", review_on=dt.date(2025, 3, 1))
    make.commitment(
        "fulfilled", title="closed", deadline_wording="by then", deadline_latest=dt.date(2023, 3, 1)
    )
    make.commitment(
        "requested", title="asked", deadline_wording="by then", deadline_latest=dt.date(2023, 3, 1)
    )
    make.commitment(
        "requested", title="asked, reviewed", deadline_wording="soon", review_on=dt.date(2026, 4, 1)
    )
    make.commitment(title="no day")
    at = Commitment.objects.at(NOW)
    assert titles(soonest(at, 10)) == ["first", "second", "third", "asked, reviewed"]
    assert titles(soonest(at, 2)) == ["first", "second"]


def test_on_the_same_date_the_lower_reference_comes_first() -> None:
    for _ in range(3):
        make.commitment(deadline_wording="by then", deadline_latest=dt.date(2026, 3, 1))
    keys = soonest(Commitment.objects.at(NOW), 2)
    assert list(keys) == list(Commitment.objects.order_by("serial").values_list("pk", flat=True)[:2])


@pytest.mark.parametrize("first_of", [earliest, earliest_of_few])
@pytest.mark.parametrize("of", [Counted(FEW), Counted(MANY), Counted(ENOUGH, has_more=True)])
def test_the_earliest_are_by_the_latest_date_then_without_a_date_by_reference(
    of: Counted, first_of: Callable[..., Sequence[int]]
) -> None:
    make.commitment(title="no day")
    make.commitment(title="third", deadline_wording="by then", deadline_latest=dt.date(2026, 3, 1))
    make.commitment(title="second", deadline_wording="by then", deadline_latest=dt.date(2025, 3, 1))
    make.commitment(title="first", deadline_wording="by then", deadline_latest=dt.date(2024, 3, 1))
    make.commitment(title="fourth", deadline_wording="by then", deadline_latest=dt.date(2026, 3, 1))
    make.commitment(title="no day either")
    at = Commitment.objects.at(NOW)
    in_order = ["first", "second", "third", "fourth", "no day", "no day either"]
    assert titles(first_of(at, 10, of)) == in_order
    for most in (1, 4, 5):
        assert titles(first_of(at, most, of)) == in_order[:most]
    assert first_of(at, 10, Counted(0)) == []
    reviewed = at.filter(latest_then__isnull=True)
    assert titles(first_by_reference(reviewed, 1, of)) == ["no day"]


@pytest.mark.parametrize("of", [FEW, MANY])
@pytest.mark.parametrize("batch", [1, 2, 512])
def test_quietest_is_by_the_date_of_the_last_news_for_any_size_of_batch(
    monkeypatch: pytest.MonkeyPatch, batch: int, of: int
) -> None:
    monkeypatch.setattr(attention, "_FIRST_BATCH", batch)
    monkeypatch.setattr(attention, "_NEXT_BATCH", 2)
    old = make.commitment(title="oldest, with recent news", occurred_on=dt.date(2020, 1, 1))
    make.record(old, Status.IN_PROGRESS, occurred_on=dt.date(2025, 12, 1))
    make.commitment(title="quiet second", occurred_on=dt.date(2021, 1, 2))
    make.commitment(title="quiet first", occurred_on=dt.date(2021, 1, 1))
    later = make.commitment(title="quiet third", occurred_on=dt.date(2020, 6, 1))
    make.record(later, Status.IN_PROGRESS, occurred_on=dt.date(2022, 1, 1))
    make.commitment("fulfilled", title="closed", occurred_on=dt.date(2019, 1, 1))
    make.commitment(title="new", occurred_on=dt.date(2025, 11, 1))
    at = Commitment.objects.at(NOW)
    assert titles(quietest(at, NOW, 365, 8, of=of)) == ["quiet first", "quiet second", "quiet third"]
    assert titles(quietest(at, NOW, 365, 1, of=of)) == ["quiet first"]
    assert titles(quietest(at, NOW, 1_800, 8, of=of)) == ["quiet first", "quiet second"]


@pytest.mark.parametrize("batch", [1, 2, 3, 512])
def test_quietest_of_the_same_date_is_by_reference_for_any_size_of_batch(
    monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(attention, "_FIRST_BATCH", batch)
    monkeypatch.setattr(attention, "_NEXT_BATCH", 1)
    day = dt.date(2021, 1, 1)
    for partner in ("TH", "LA", "KH"):
        make.commitment(title=partner, occurred_on=day, codes=("VN", partner))
    at = Commitment.objects.at(NOW)
    assert titles(quietest(at, NOW, 365, 2, of=MANY)) == ["KH", "LA"]
    assert titles(quietest(at, NOW, 365, 8, of=MANY)) == ["KH", "LA", "TH"]


def test_a_first_change_on_the_date_of_the_last_news_of_another_may_come_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attention, "_FIRST_BATCH", 1)
    monkeypatch.setattr(attention, "_NEXT_BATCH", 1)
    earlier, day = dt.date(2021, 1, 1), dt.date(2021, 2, 1)
    make.record(
        make.commitment(title="TH", codes=("VN", "TH"), occurred_on=earlier),
        Status.IN_PROGRESS,
        occurred_on=day,
    )
    make.record(
        make.commitment(title="KH", codes=("VN", "KH"), occurred_on=day),
        Status.IN_PROGRESS,
        occurred_on=dt.date(2025, 12, 1),
    )
    make.commitment(title="LA", codes=("VN", "LA"), occurred_on=day)
    at = Commitment.objects.at(NOW)
    assert titles(quietest(at, NOW, 365, 1, of=MANY)) == ["LA"]
    assert titles(quietest(at, NOW, 365, 2, of=MANY)) == ["LA", "TH"]


def test_exactly_that_many_days_count_as_quiet() -> None:
    make.commitment(title="a year ago", occurred_on=TODAY - dt.timedelta(days=365))
    at = Commitment.objects.at(NOW)
    assert titles(quietest(at, NOW, 365, 8, of=MANY)) == ["a year ago"]
    assert titles(quietest(at, NOW, 366, 8, of=MANY)) == []


def test_invisible_commitments_are_not_found() -> None:
    make.commitment(
        title="seen",
        occurred_on=dt.date(2021, 1, 2),
        deadline_wording="by then",
        deadline_latest=dt.date(2026, 3, 1),
    )
    make.commitment(
        title="secret",
        occurred_on=dt.date(2021, 1, 1),
        deadline_wording="by then",
        deadline_latest=dt.date(2026, 2, 1),
    )
    Commitment.objects.filter(title="secret").update(classification=2)
    at = Commitment.objects.visible_to(make.user("reader")).at(NOW)
    assert titles(quietest(at, NOW, 365, 8, of=MANY)) == ["seen"]
    assert titles(soonest(at, 8)) == ["seen"]
