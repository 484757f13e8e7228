"""The chart of a target: periods, figures and positions inside the frame."""

import datetime as dt
from decimal import Decimal

import pytest

from commitments.models import Reading, Target
from commitments.reports.readings import figure, period_in_words, period_of, with_unit
from pages.detail.target_chart import TargetChart, chart_of


def reading(
    value: str = "10.4", period: str = "2025-01/2025-11", as_of: dt.date = dt.date(2025, 11, 30)
) -> Reading:
    return Reading(value=Decimal(value), period=period, as_of=as_of)


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2025-01/2025-11", "Jan–Nov 2025"),
        ("2025", "2025"),
        ("2024/2025", "2024–2025"),
        ("2025-06", "Jun 2025"),
        ("2024-11/2025-02", "Nov 2024–Feb 2025"),
        ("2025-01-10/2025-01-20", "10–20 Jan 2025"),
        ("", "30 Nov 2025"),
        ("first half", "first half"),
    ],
)
def test_a_period_is_parsed_as_iso_8601(period: str, words: str) -> None:
    assert period_in_words(reading(period=period)) == words


@pytest.mark.parametrize("period", ["2025-13", "2025-02-30", "2025-11/2025-01", "soon", "12", "2025-01/"])
def test_an_invalid_period_is_shown_as_it_is(period: str) -> None:
    found = period_of(reading(period=period))
    assert found is None or found[0] <= found[1]


def test_figures_have_units_and_grouping() -> None:
    assert figure(Decimal("20.000000")) == "20"
    assert figure(Decimal("10.400000")) == "10.4"
    assert figure(Decimal("1E+3")) == "1,000"
    assert with_unit(Decimal(20), "USD billion") == "USD 20 billion"
    assert with_unit(Decimal(500), "scholarships") == "500 scholarships"


@pytest.mark.parametrize(
    ("goal", "values", "baseline"),
    [
        ("20", ["10.4"], None),
        ("20", ["25", "3"], "5"),
        ("0", [], None),
        ("0.5", ["0"], "0"),
        ("1000000", ["1"], None),
        ("-5", ["-7"], None),
    ],
)
def test_all_positions_are_inside_the_frame(goal: str, values: list[str], baseline: str | None) -> None:
    target = Target(
        indicator="Trade",
        unit="USD billion",
        value=Decimal(goal),
        baseline=Decimal(baseline) if baseline else None,
    )
    chart = chart_of(
        target,
        [reading(value) for value in values],
        began=dt.date(2024, 7, 13),
        today=dt.date(2026, 1, 16),
        latest=None,
        review_on=dt.date(2026, 6, 30),
    )
    assert 34 <= chart.goal_y <= 254
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x2 <= 100
        assert 34 <= bar.y <= 254
    for tick in chart.ticks:
        assert 0 <= tick.x <= 100
    assert chart.day is not None
    assert 0 <= chart.day.x <= 100


def test_a_target_of_today_has_a_chart() -> None:
    today = dt.date(2026, 1, 16)
    target = Target(indicator="Trade", unit="USD billion", value=Decimal(20))
    chart = chart_of(target, [], began=today, today=today, latest=today, review_on=None)
    assert chart.desc == "No readings yet. Goal: USD 20 billion."
    assert chart.goal_label == "Goal: USD 20 billion, due 16 Jan 2026"


@pytest.mark.parametrize("far", [dt.date(9999, 12, 31), dt.date(9000, 1, 1)])
def test_dates_at_the_end_of_the_calendar_are_at_the_edge(far: dt.date) -> None:
    chart = chart_of(
        Target(indicator="Trade", unit="USD billion", value=Decimal(20)),
        [reading(period="", as_of=far), reading()],
        began=far,
        today=far,
        latest=far,
        review_on=None,
    )
    assert all(0 <= bar.x <= 100 for bar in chart.bars)


def chart_with(*readings: Reading, review_on: dt.date | None = None) -> TargetChart:
    target = Target(indicator="Gates", unit="gates", value=Decimal(20))
    begins = {"began": dt.date(2025, 1, 1), "today": dt.date(2026, 1, 1)}
    return chart_of(target, readings, **begins, latest=None, review_on=review_on)


def test_labels_that_would_overlap_are_left_out_but_the_last() -> None:
    close = [
        reading(value, "", dt.date(2025, 6, day)) for value, day in (("10", 1), ("10.2", 8), ("10.4", 15))
    ]
    labelled = [(bar.value, bar.anchor) for bar in chart_with(*close).bars if bar.is_labelled]
    assert labelled == [("10", "end"), ("10.4", "start")]
    year = reading("9.9", "2025-01/2025-05", dt.date(2025, 5, 31))
    assert [bar.value for bar in chart_with(year, *close).bars if bar.is_labelled] == ["9.9", "10.4"]
    apart = [reading("3", "", dt.date(2025, 1, 15)), reading("10.4", "", dt.date(2025, 7, 1))]
    assert [bar.value for bar in chart_with(*apart).bars if bar.is_labelled] == ["3", "10.4"]
    over = [reading("2", "", dt.date(2025, 6, 1)), reading("18", "", dt.date(2025, 6, 8))]
    assert [bar.value for bar in chart_with(*over).bars if bar.is_labelled] == ["2", "18"]


def test_no_label_lies_over_the_mark_of_the_review() -> None:
    there = reading("19.5", "", dt.date(2025, 6, 1))
    (bar,) = chart_with(there, review_on=dt.date(2025, 6, 5)).bars
    assert (bar.is_labelled, bar.anchor) == (True, "end")
    (bar,) = chart_with(there, review_on=dt.date(2025, 12, 30)).bars
    assert (bar.is_labelled, bar.anchor) == (True, "start")
