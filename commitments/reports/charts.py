"""The drawings of the overview: all statuses in one bar, and the themes at each meeting."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from commitments.choices import CLOSED, OPEN, Status
from commitments.models import Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import list_url
from commitments.reports.presence_strip import Scale
from commitments.status_counts import StatusCounts

_GAP, _LEAST = 1.2, 0.5
"""In per cent of the bar of all: between open and closed, and the least that a status with a row is drawn."""
_TALLEST, _EACH, _FOOT = 40, 4, 52
"""Columns of a theme, in px: the tallest, what one commitment adds while that fits, and where they stand."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A status in the bar of all: where it lies in per cent, and how many."""

    key: str
    label: str
    n: int
    x: float
    width: float
    url: str


@dataclass(frozen=True, slots=True)
class YearColumn:
    """How many commitments of a theme one meeting spoke of."""

    x: float
    left: float
    y: float
    height: float
    label_y: float
    n: int


@dataclass(frozen=True, slots=True)
class ThemeFigure:
    """A theme at each meeting."""

    key: str
    name: str
    url: str
    columns: tuple[YearColumn, ...]
    label: str
    recorded: int
    quiet: int


def segments_of(by_status: Counter[str], as_of: AsOf) -> Iterable[Segment]:
    """Every status in order, with its place in the bar; open and closed stand apart."""
    drawn = [status for status in Status if by_status[status]]
    has_both = any(status in OPEN for status in drawn) and any(status in CLOSED for status in drawn)
    room = 100 - (_GAP if has_both else 0)
    all_rows = sum(by_status.values()) or 1
    widths = {status: max(room * by_status[status] / all_rows, _LEAST) for status in drawn}
    surplus = room / sum(widths.values()) if widths else 1
    x, in_closed = 0.0, False
    for status in Status:
        width = widths.get(status, 0) * surplus
        if status in CLOSED and width and not in_closed:
            in_closed = True
            x += _GAP if has_both else 0
        url = list_url(as_of, {"status": status.value})
        yield Segment(status, str(status.label), by_status[status], round(x, 2), round(width, 2), url)
        x += width


def themes_of(
    rows: CommitmentQuerySet,
    tally: StatusCounts,
    names: Mapping[int, tuple[str, str]],
    *,
    scale: Scale,
    quiet_for: int,
    as_of: AsOf,
) -> Iterable[ThemeFigure]:
    """The themes of ``rows``, the largest first, with what each meeting of ``scale`` spoke of.

    ``tally`` is that of ``rows``; ``names`` are the key and the name of each theme. What was not heard of for
    ``quiet_for`` days is what is open but for what was.
    """
    recorded = tally.by("theme")
    still = Counter[int]()
    for (theme, status), n in tally.by("theme", "status_then").items():
        still[theme] += n if status in OPEN else 0
    heard_of: Any = rows.with_activity_within(quiet_for, as_of.day).order_by()
    still.subtract(dict(heard_of.values_list("theme").annotate(n=Count("*"))))
    spoken = Counter(
        {
            (theme, meeting): n
            for theme, meeting, n in Mention.objects.filter(
                commitment__in=rows.order_by().values("pk"),
                meeting__in=[place.pk for place in scale.places],
            )
            .values_list("commitment__theme", "meeting")
            .annotate(n=Count("commitment", distinct=True))
        }
    )
    each = min(_EACH, _TALLEST / max(spoken.values(), default=1))
    largest_first = sorted((theme for theme in names if recorded[theme]), key=lambda theme: -recorded[theme])
    for theme in largest_first:
        slug, name = names[theme]
        counts = [spoken[theme, place.pk] for place in scale.places]
        yield ThemeFigure(
            key=slug,
            name=name,
            url=list_url(as_of, {"theme": slug}),
            columns=tuple(
                YearColumn(
                    place.x,
                    place.x - 4,
                    round(_FOOT - found * each, 1),
                    round(found * each, 1),
                    round(_FOOT - 4 - found * each, 1),
                    found,
                )
                for place, found in zip(scale.places, counts, strict=True)
            ),
            label=_("Spoken of at each meeting in turn: %(counts)s")
            % {"counts": ", ".join(map(str, counts))},
            recorded=recorded[theme],
            quiet=still[theme],
        )
