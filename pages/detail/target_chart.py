"""The chart of a target and its readings: x in per cent of the width, y in px."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.models import Reading, Target
from commitments.reports.citations import Citation, cite
from commitments.reports.readings import figure, period_in_words, period_of, with_unit
from core.lists import listed

HEIGHT, AXIS, TOP = 280, 254, 34
_MIN_WIDTH_FOR_LABEL = 13.0
"""The width in per cent from which a bar holds its label."""
_LABEL_WIDTH, _LABEL_TOP, _LABEL_BOTTOM = 26.0, 8.0, 50.0
"""How much a label takes: per cent of a narrow chart, and px from ``label_y``."""


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line of the grid with its figure."""

    y: float
    label_y: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A reading over its period, or a narrow bar on its date if it has no period.

    A label that would lie over another one is left out: the table below the chart has every figure.
    """

    x: float
    x2: float
    width: float
    y: float
    height: float
    value: str
    period: str
    label_x: float
    label_y: float
    dx: int
    anchor: str
    is_labelled: bool = True


@dataclass(frozen=True, slots=True)
class Tick:
    """A date on the axis."""

    x: float
    dx: int
    label: str


@dataclass(frozen=True, slots=True)
class ChartLabel:
    """A line of text."""

    y: int
    text: str


@dataclass(frozen=True, slots=True)
class DayMark:
    """The mark of the latest date of the deadline, or of the next review."""

    x: float
    dx: int
    anchor: str
    lines: tuple[ChartLabel, ...]


@dataclass(frozen=True, slots=True)
class TargetChart:
    """The chart. ``desc`` says the same in words."""

    title: str
    desc: str
    goal_label: str
    goal_y: float
    goal_label_y: float
    grid: tuple[GridLine, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    day: DayMark | None
    baseline_y: float | None
    baseline_label_y: float
    baseline_label: str
    height: int = HEIGHT
    axis_y: int = AXIS
    tick_end: int = AXIS + 5
    tick_label_y: int = AXIS + 20


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading in the table below the chart."""

    period: str
    value: str
    of_goal: str
    note: str
    source: Citation | None


def readings_in_rows(target: Target, readings: Sequence[Reading]) -> tuple[ReadingRow, ...]:
    """The readings as rows of the table: figures beside the goal, without a percentage."""
    return tuple(
        ReadingRow(
            period=period_in_words(reading),
            value=figure(reading.value),
            of_goal=pgettext("figure", "%(value)s of %(goal)s")
            % {"value": figure(reading.value), "goal": figure(target.value)},
            note=reading.note,
            source=cite(reading.paragraph) if reading.paragraph else None,
        )
        for reading in readings
    )


_FAR = dt.date(9000, 1, 1)
"""The latest date that is drawn, since the calendar ends soon after."""


def chart_of(
    target: Target,
    readings: Sequence[Reading],
    *,
    began: dt.date,
    today: dt.date,
    latest: dt.date | None,
    review_on: dt.date | None,
) -> TargetChart:
    """The chart from the day when the commitment ``began`` to today and to its latest or review date."""
    marked = latest or review_on
    spans = [period_of(reading) or (reading.as_of, reading.as_of) for reading in readings]
    days = [began, today, *([marked] if marked else []), *(day for span in spans for day in span)]
    days = [min(day, _FAR) for day in days]
    start, end = min(days), max(days) + dt.timedelta(days=max(30, (max(days) - min(days)).days // 12))
    whole = (end - start).days

    def x(day: dt.date) -> float:
        return round(100 * (min(day, _FAR) - start).days / whole, 2)

    figures = [target.value, *(reading.value for reading in readings)]
    if target.baseline is not None:
        figures.append(target.baseline)
    top = max(max(figures), Decimal(0)) or Decimal(1)

    def y(value: Decimal) -> float:
        return round(AXIS - float(max(value, Decimal(0)) / top) * (AXIS - TOP), 1)

    goal = with_unit(target.value, target.unit)
    day = _day_mark(marked, x(marked), is_due=latest is not None) if marked else None
    bars = [
        _bar(reading, x(first), x(min(last, _FAR) + dt.timedelta(days=1)), y(reading.value))
        for reading, (first, last) in zip(readings, spans, strict=True)
    ]
    return TargetChart(
        title=_("%(indicator)s, in %(unit)s") % {"indicator": target.indicator, "unit": target.unit},
        desc=_describe(target, readings, goal),
        goal_label=_goal_label(goal, latest),
        goal_y=y(target.value),
        goal_label_y=y(target.value) - 9,
        grid=tuple(_grid(top, y)),
        bars=_labelled(bars, [_box_of_day(day, y(target.value))] if day else []),
        ticks=tuple(Tick(x(day), 0 if day == start else 4, label) for day, label in _ticks(start, end)),
        day=day,
        baseline_y=y(target.baseline) if target.baseline is not None else None,
        baseline_label_y=y(target.baseline) - 6 if target.baseline is not None else 0,
        baseline_label=_("baseline %(value)s") % {"value": figure(target.baseline)}
        if target.baseline is not None
        else "",
    )


def _goal_label(goal: str, latest: dt.date | None) -> str:
    if latest is None:
        return _("Goal: %(goal)s, no date set") % {"goal": goal}
    return _("Goal: %(goal)s, due %(day)s") % {"goal": goal, "day": date_format(latest)}


def _describe(target: Target, readings: Sequence[Reading], goal: str) -> str:
    if not readings:
        return _("No readings yet. Goal: %(goal)s.") % {"goal": goal}
    figures = listed(
        pgettext("figure of a period", "%(figure)s (%(period)s)")
        % {"figure": figure(each.value), "period": period_in_words(each)}
        for each in readings
    )
    return _("Readings: %(readings)s. Goal: %(goal)s.") % {"readings": figures, "goal": goal}


def _grid(top: Decimal, y: Callable[[Decimal], float]) -> list[GridLine]:
    rough = float(top) / 4
    magnitude = 10 ** math.floor(math.log10(rough))
    step = Decimal(str(next(n * magnitude for n in (1, 2, 2.5, 5, 10) if n * magnitude >= rough)))
    lines: list[GridLine] = []
    value = step
    while value < top:
        at = y(value)
        if at - TOP > 18:
            lines.append(GridLine(at, at - 5, figure(value)))
        value += step
    return lines


def _bar(reading: Reading, x: float, x2: float, y: float) -> Bar:
    width = max(round(x2 - x, 2), 0.8)
    roomy = width >= _MIN_WIDTH_FOR_LABEL
    above = AXIS - y < 52
    towards_end = x > 60 and not roomy
    return Bar(
        x=x,
        x2=round(x + width, 2),
        width=width,
        y=y,
        height=round(AXIS - y, 1),
        value=figure(reading.value),
        period=period_in_words(reading),
        label_x=x if roomy or towards_end else round(x + width, 2),
        label_y=y - 54 if roomy and above else min(y, AXIS - 54),
        dx=-8 if towards_end else 8,
        anchor="end" if towards_end else "start",
    )


Box = tuple[float, float, float, float]
"""Left and right in per cent, top and bottom in px."""


def _labelled(bars: Sequence[Bar], taken: list[Box]) -> tuple[Bar, ...]:
    """``bars`` with the labels that find room beside those ``taken``, on either side of their bars.

    The last readings come first.
    """
    found: list[Bar] = []
    for bar in reversed(bars):
        sides = [bar, *(each for each in (_other_side(bar),) if not _lies_on(each, bars))]
        sides = [each for each in sides if _has_room(_box_of(each), taken)]
        taken += [_box_of(each) for each in sides[:1]]
        found.append(sides[0] if sides else replace(bar, is_labelled=False))
    return tuple(reversed(found))


def _box_of(bar: Bar) -> Box:
    left = bar.label_x - (_LABEL_WIDTH if bar.anchor == "end" else 0)
    return left, left + _LABEL_WIDTH, bar.label_y + _LABEL_TOP, bar.label_y + _LABEL_BOTTOM


def _other_side(bar: Bar) -> Bar:
    if bar.anchor == "end":
        return replace(bar, label_x=bar.x2, dx=8, anchor="start")
    return replace(bar, label_x=bar.x, dx=-8, anchor="end")


def _lies_on(bar: Bar, bars: Sequence[Bar]) -> bool:
    """Whether the label of ``bar`` would stand on another bar, and be taken for the figure of that one."""
    left, right, _top, _bottom = _box_of(bar)
    return any(each.x < right and left < each.x2 for each in bars if each.x != bar.x)


def _box_of_day(day: DayMark, top: float) -> Box:
    left = day.x - (_LABEL_WIDTH if day.anchor == "end" else 0)
    return left, left + _LABEL_WIDTH, top, top + max(line.y for line in day.lines) + 4


def _has_room(box: Box, taken: Sequence[Box]) -> bool:
    left, right, top, bottom = box
    over = (each[0] < right and left < each[1] and each[2] < bottom and top < each[3] for each in taken)
    return (left >= 0 and right <= 100 or not taken) and not any(over)


def _ticks(start: dt.date, end: dt.date) -> list[tuple[dt.date, str]]:
    marks = [(start, date_format(start, "SHORT_YEAR_MONTH_FORMAT"))]
    if (end - start).days > 500:
        every = 1 if end.year - start.year <= 6 else math.ceil((end.year - start.year) / 6)
        years = range(start.year + 1, end.year + 1, every)
        found = [(dt.date(year, 1, 1), str(year)) for year in years]
    else:
        months = [(start.year + n // 12, n % 12 + 1) for n in range(start.month, start.month + 17)]
        found = [
            (dt.date(year, month, 1), date_format(dt.date(year, month, 1), "SHORT_YEAR_MONTH_FORMAT"))
            for year, month in months
        ]
        found = [each for each in found if each[0].month % 3 == 1]
    roomy = (end - start).days // 9
    marks += [each for each in found if each[0] < end and (each[0] - start).days > roomy]
    return [each for each in marks if (end - each[0]).days > roomy or each[0] == start]


def _day_mark(day: dt.date, x: float, *, is_due: bool) -> DayMark:
    words = pgettext("mark of a date", "due") if is_due else pgettext("mark of a date", "review")
    towards_end = x > 80
    return DayMark(
        x,
        -6 if towards_end else 6,
        "end" if towards_end else "start",
        (ChartLabel(18, words), ChartLabel(35, date_format(day))),
    )
