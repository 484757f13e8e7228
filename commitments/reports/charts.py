"""The charts of the overview: the statuses in one bar, and the mentions of each theme at each meeting."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from commitments.choices import CLOSED, OPEN, Status
from commitments.models import Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import list_url
from commitments.reports.presence_strip import Scale
from commitments.status_counts import StatusCounts
from core.lists import listed

_GAP, _MIN_WIDTH = 1.2, 0.5
"""In percent of the status bar: the gap between open and closed, and the least width of a status."""
_MAX_HEIGHT, _STEP_HEIGHT, _BASELINE = 40, 4, 52
"""The columns of a theme, in pixels: the greatest height, the height of one commitment, and the baseline."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A status in the status bar: its position and width in percent, and its number of commitments."""

    key: str
    label: str
    n: int
    x: float
    width: float
    url: str

    @property
    def is_closed(self) -> bool:
        """Whether the status is one of the closed ones."""
        return self.key in CLOSED


@dataclass(frozen=True, slots=True)
class MeetingColumn:
    """How many commitments of a theme one meeting mentioned, as a column in pixels."""

    x: float
    left: float
    y: float
    height: float
    label_y: float
    n: int


@dataclass(frozen=True, slots=True)
class ThemeFigure:
    """A theme with a column for each meeting; ``quiet`` counts open commitments without news."""

    key: str
    name: str
    url: str
    columns: tuple[MeetingColumn, ...]
    label: str
    recorded: int
    quiet: int
    quiet_url: str


def segments_of(by_status: Counter[str], as_of: AsOf) -> Iterable[Segment]:
    """Every status in order with its place in the status bar; a gap separates open from closed."""
    present = [status for status in Status if by_status[status]]
    has_both = any(status in OPEN for status in present) and any(status in CLOSED for status in present)
    available = 100 - (_GAP if has_both else 0)
    total = sum(by_status.values()) or 1
    widths = {status: max(available * by_status[status] / total, _MIN_WIDTH) for status in present}
    factor = available / sum(widths.values()) if widths else 1
    x, in_closed = 0.0, False
    for status in Status:
        width = widths.get(status, 0) * factor
        if status in CLOSED and width and not in_closed:
            in_closed = True
            x += _GAP if has_both else 0
        url = list_url(as_of, {"status": status.value})
        yield Segment(status, str(status.label), by_status[status], round(x, 2), round(width, 2), url)
        x += width


def themes_of(
    rows: CommitmentQuerySet,
    status_counts: StatusCounts,
    names: Mapping[int, tuple[str, str]],
    *,
    scale: Scale,
    quiet_for: int,
    as_of: AsOf,
) -> Iterable[ThemeFigure]:
    """The themes of ``rows``, the largest first, with their mentions at each meeting of ``scale``.

    ``status_counts`` are those of ``rows``; ``names`` are the key and the name of each theme. Quiet = open
    minus those with news within ``quiet_for`` days.
    """
    recorded = status_counts.by("theme")
    quiet = Counter[int]()
    for (theme, status), n in status_counts.by("theme", "status_then").items():
        quiet[theme] += n if status in OPEN else 0
    with_news: Any = rows.with_activity_within(quiet_for, as_of.day).order_by()
    quiet.subtract(dict(with_news.values_list("theme").annotate(n=Count("*"))))
    mentioned = Counter(
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
    step = min(_STEP_HEIGHT, _MAX_HEIGHT / max(mentioned.values(), default=1))
    largest_first = sorted((theme for theme in names if recorded[theme]), key=lambda theme: -recorded[theme])
    for theme in largest_first:
        slug, name = names[theme]
        counts = [mentioned[theme, place.pk] for place in scale.places]
        yield ThemeFigure(
            key=slug,
            name=name,
            url=list_url(as_of, {"theme": slug}),
            columns=tuple(
                MeetingColumn(
                    place.x,
                    place.x - 4,
                    round(_BASELINE - n * step, 1),
                    round(n * step, 1),
                    round(_BASELINE - 4 - n * step, 1),
                    n,
                )
                for place, n in zip(scale.places, counts, strict=True)
            ),
            label=_("Commitments mentioned at each meeting, in order: %(counts)s")
            % {"counts": listed(map(number_format, counts))},
            recorded=recorded[theme],
            quiet=quiet[theme],
            quiet_url=list_url(as_of, {"theme": slug, "quiet_for": str(quiet_for)}),
        )
