"""What became of the promises: verified, partial, claimed, reported, no report (docs/rules.md#figures)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext as _

from commitments.choices import CLOCK_RUNS, PartyRole, Status
from commitments.models import StatusChange
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import Query, list_url
from commitments.status_counts import StatusCounts
from commitments.workflow import TransitionName
from relations.models import Country


class FulfilmentFigure(StrEnum):
    """What a commitment counts as, in the order in which a bar shows them."""

    VERIFIED = "verified"
    PARTIAL = "partial"
    CLAIMED = "claimed"
    REPORTED = "reported"
    NO_REPORT = "no_report"


_OF = {
    Status.FULFILLED: FulfilmentFigure.VERIFIED,
    Status.PARTLY_FULFILLED: FulfilmentFigure.PARTIAL,
    Status.IN_PROGRESS: FulfilmentFigure.REPORTED,
    Status.STALLED: FulfilmentFigure.REPORTED,
    Status.AGREED: FulfilmentFigure.NO_REPORT,
}
_CLAIMS = frozenset({Status.FULFILLED, Status.PARTLY_FULFILLED})


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a line, and where its piece of the bar lies in per cent."""

    key: str
    label: str
    n: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class FulfilmentLine:
    """A theme or a side: its figures, how many of them are overdue, and how long that is drawn."""

    key: str
    name: str
    url: str
    parts: tuple[Part, ...]
    overdue: int
    overdue_url: str
    overdue_width: float
    counted: int

    @property
    def label(self) -> str:
        """The bar in words."""
        said = [f"{part.label} {part.n}" for part in self.parts]
        return ", ".join([*said, _("overdue %(n)d") % {"n": self.overdue}])


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """One drawing with its table. ``labels`` are the heads of the columns."""

    labels: tuple[str, ...]
    lines: tuple[FulfilmentLine, ...]


def labels() -> dict[FulfilmentFigure, str]:
    """The figures in words."""
    return {
        FulfilmentFigure.VERIFIED: _("verified"),
        FulfilmentFigure.PARTIAL: _("partial"),
        FulfilmentFigure.CLAIMED: _("claimed"),
        FulfilmentFigure.REPORTED: _("reported"),
        FulfilmentFigure.NO_REPORT: _("no report"),
    }


def figure_of(status: str, came_from: str, proposed: str) -> FulfilmentFigure | None:
    """What a commitment counts as; none where it stays out of any fulfilment figure.

    Under review, the status it came from decides, unless the delivery is claimed: what was only requested,
    or stands without end, stays out then too.
    """
    if status != Status.UNDER_REVIEW:
        return _OF.get(Status(status))
    if came_from not in CLOCK_RUNS:
        return None
    return FulfilmentFigure.CLAIMED if proposed in _CLAIMS else _OF.get(Status(came_from))


def by_theme(
    rows: CommitmentQuerySet, tally: StatusCounts, names: Mapping[int, tuple[str, str]], as_of: AsOf
) -> Fulfilment:
    """The figures of ``rows`` (of the day) theme by theme, the largest first.

    ``tally`` is that of ``rows``; ``names`` are the key and the name of each theme.
    """
    settled = ((theme, status, "", "", n) for (theme, status), n in tally.by("theme", "status_then").items())
    late = Counter[int]()
    for group in tally.groups:
        late[group.theme] += StatusCounts((group,)).overdue(as_of.day)
    figures = _figures((*settled, *_proposing(rows, "theme", tally, as_of)))
    return _drawn(figures, late, names, "theme", as_of)


def by_side(rows: CommitmentQuerySet, tally: StatusCounts, as_of: AsOf) -> Fulfilment:
    """The figures of ``rows`` by the country that must act; what several must do counts for each.

    ``tally`` is that of ``rows``.
    """
    names = {pk: (code, name) for pk, code, name in Country.objects.values_list("pk", "code", "name")}
    bound: Any = rows.filter(parties__role=PartyRole.OBLIGATED).order_by()
    side = "parties__country"
    settled = bound.in_status(*_OF).values_list(side, "status_then").annotate(n=Count("*"))
    late = bound.overdue(as_of.day).values_list(side).annotate(n=Count("*"))
    plain = ((country, status, "", "", n) for country, status, n in settled)
    figures = _figures((*plain, *_proposing(bound, side, tally, as_of)))
    return _drawn(figures, dict(late), names, "obligated", as_of)


_Figures = dict[int, Counter[FulfilmentFigure]]


def _figures(counted: Iterable[tuple[int, str, str | None, str | None, int]]) -> _Figures:
    """How many of each key count as what, by their status, that before the review, and what was proposed."""
    figures: _Figures = {}
    for key, status, came_from, proposed, n in counted:
        if figure := figure_of(status, came_from or "", proposed or ""):
            figures.setdefault(key, Counter())[figure] += n
    return figures


def _proposing(rows: CommitmentQuerySet, by: str, tally: StatusCounts, as_of: AsOf) -> Any:
    """How many are under review, by the record that ``by`` leads to and what the last submission proposed."""
    if not tally.by("status_then")[Status.UNDER_REVIEW]:
        return ()
    submissions = StatusChange.objects.filter(
        as_of.happened("occurred_on"), commitment=OuterRef("pk"), transition=TransitionName.SUBMIT
    ).order_by("-number")
    under_review: Any = rows.in_status(Status.UNDER_REVIEW).order_by()
    proposing = under_review.annotate(proposed=Subquery(submissions.values("outcome")[:1]))
    return proposing.values_list(by, "status_then", "came_from_then", "proposed").annotate(n=Count("*"))


def _drawn(
    figures: _Figures,
    overdue: Mapping[int, int],
    names: Mapping[int, tuple[str, str]],
    parameter: str,
    as_of: AsOf,
) -> Fulfilment:
    """The lines, the longest first; ``names`` are the key and the name of each record."""
    ordered = sorted(figures.items(), key=lambda each: (-each[1].total(), names[each[0]][1]))
    most = max((counts.total() for counts in figures.values()), default=1)
    said = labels()

    def line(pk: int, counts: Counter[FulfilmentFigure]) -> FulfilmentLine:
        key, name = names[pk]
        query: Query = {parameter: key}
        late = overdue.get(pk, 0)
        return FulfilmentLine(
            key=key,
            name=name,
            url=list_url(as_of, query),
            parts=tuple(_parts(counts, most, said)),
            overdue=late,
            overdue_url=list_url(as_of, {**query, "overdue": "true"}),
            overdue_width=round(100 * late / most, 2),
            counted=counts.total(),
        )

    lines = tuple(line(pk, counts) for pk, counts in ordered)
    return Fulfilment(tuple(said.values()), lines)


def _parts(
    counts: Counter[FulfilmentFigure], most: int, said: Mapping[FulfilmentFigure, str]
) -> Iterator[Part]:
    x = 0.0
    for figure, label in said.items():
        width = 100 * counts[figure] / most
        yield Part(figure, label, counts[figure], round(x, 2), round(width, 2))
        x += width
