"""Commitments with and without recent activity are complements among the open ones."""

import datetime as dt

import pytest

from commitments.models import Commitment
from commitments.querysets import AsOf
from tests import factories as make

TODAY = dt.date(2026, 1, 16)
NOW = AsOf(TODAY, TODAY)


@pytest.mark.usefixtures("register")
@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, 1, 38, 39, 90, 365, 1_000_000])
@pytest.mark.parametrize("day", [TODAY, dt.date(2025, 12, 9), dt.date(2024, 8, 1), dt.date(2027, 1, 1)])
def test_an_open_commitment_is_either_active_or_quiet(day: dt.date, days: int) -> None:
    at = Commitment.objects.at(AsOf(day, TODAY))
    active = list(at.with_activity_within(days, day).values_list("pk", flat=True))
    quiet = list(at.quiet_for(days, day).values_list("pk", flat=True))
    assert sorted(active + quiet) == sorted(at.open().values_list("pk", flat=True))


@pytest.mark.django_db
def test_a_commitment_with_several_activities_counts_once() -> None:
    made = make.commitment(occurred_on=dt.date(2025, 12, 1))
    make.record(made, "in_progress", occurred_on=dt.date(2025, 12, 2))
    closed = make.commitment("fulfilled", occurred_on=dt.date(2025, 12, 1))
    both = Commitment.objects.filter(pk__in=[made.pk, closed.pk])
    assert list(both.at(NOW).with_activity_within(90, TODAY)) == [made]


@pytest.mark.django_db
def test_activity_exactly_that_many_days_ago_is_too_old() -> None:
    made = make.commitment(occurred_on=TODAY - dt.timedelta(days=90))
    at = Commitment.objects.filter(pk=made.pk).at(NOW)
    assert not at.with_activity_within(90, TODAY)
    assert at.with_activity_within(91, TODAY).count() == 1
