"""Status counts agree with the rules of the queryset."""

import datetime as dt

import pytest

from commitments.choices import OPEN, Status
from commitments.models import Commitment
from commitments.querysets import AsOf
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 16)
DAYS = [TODAY + dt.timedelta(days=n) for n in (-30, -1, 0, 1, 30)]
WITHOUT_A_REVIEW = sorted(set(Status) - {Status.UNDER_REVIEW, Status.SUPERSEDED})


@pytest.fixture
def one_of_each() -> None:
    """A commitment in every status, under review from every open status, with every date around today."""
    statuses = [(status, "") for status in WITHOUT_A_REVIEW]
    statuses += [(Status.UNDER_REVIEW, came_from) for came_from in sorted(OPEN - {Status.UNDER_REVIEW})]
    about, serial = make.theme(), 0
    for status, came_from in statuses:
        for day in (None, *DAYS):
            for window in ({"deadline_latest": day}, {"review_on": day}):
                serial += 1
                Commitment.objects.create(
                    reference=f"KHVN-2019-{serial:03d}",
                    prefix="KHVN",
                    year=2019,
                    serial=serial,
                    title=f"Pledge {serial}",
                    text="To do what was agreed.",
                    theme=about,
                    nature="cooperation",
                    status=status,
                    review_from=came_from,
                    **window,
                )


@pytest.mark.usefixtures("one_of_each")
def test_status_counts_agree_with_the_queryset() -> None:
    rows = Commitment.objects.at(AsOf(TODAY, TODAY))
    counts = rows.status_counts()
    for day in DAYS:
        assert counts.overdue(day) == rows.overdue(day).count()
        assert counts.review_due(day) == rows.review_due(day).count()
        for last in DAYS:
            assert counts.due_between(day, last) == rows.due_between(day, last).count()
        assert counts.due_between(None, day) == rows.due_between(None, day).count()
    assert 0 < counts.overdue(TODAY) < counts.due_between(None, TODAY)
    assert counts.review_due(TODAY - dt.timedelta(days=1)) < counts.review_due(TODAY)


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("day", [dt.date(2024, 12, 31), TODAY, dt.date(2027, 1, 1)])
def test_they_agree_on_the_shipped_register_for_any_date(day: dt.date) -> None:
    rows = Commitment.objects.at(AsOf(day, TODAY))
    counts = rows.status_counts()
    by_status = counts.by("status_then")
    assert sum(by_status.values()) == rows.count() > 0
    assert all(n == rows.in_status(status).count() for status, n in by_status.items())
    assert counts.overdue(day) == rows.overdue(day).count()
    assert counts.review_due(day) == rows.review_due(day).count()
