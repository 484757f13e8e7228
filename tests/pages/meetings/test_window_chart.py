"""The chart of the window of a meeting, at any place in the calendar."""

import datetime as dt

import pytest

from pages.meetings.window_chart import window_chart
from relations.models import Meeting


def window(first: dt.date, last: dt.date) -> Meeting:
    return Meeting(window_earliest=first, window_latest=last)


def test_a_window_is_drawn_month_by_month() -> None:
    chart = window_chart(window(dt.date(2026, 1, 1), dt.date(2026, 3, 31)), dt.date(2026, 1, 16))
    assert chart is not None
    assert [tick.label for tick in chart.ticks] == ["Jan 2026", "Feb", "Mar"]


def test_the_last_month_of_the_calendar_is_drawn() -> None:
    chart = window_chart(window(dt.date(9999, 11, 1), dt.date(9999, 12, 31)), dt.date(2026, 1, 16))
    assert chart is not None
    assert len(chart.ticks) == 2


@pytest.mark.parametrize("last", [dt.date(9998, 1, 1), dt.date(2037, 1, 1)])
def test_a_window_of_more_than_ten_years_is_not_drawn(last: dt.date) -> None:
    assert window_chart(window(dt.date(2026, 1, 1), last), dt.date(2026, 1, 16)) is None
