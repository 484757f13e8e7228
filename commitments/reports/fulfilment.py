"""What became of the promises: verified, partial, claimed, reported, no report; told apart, never blended."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext as _

from commitments.choices import CLOCK_RUNS, PartyRole, Status
from commitments.models import StatusChange, Theme
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.addresses import Query, list_url
from commitments.workflow import Name
from relations.models import Country


class Figure(StrEnum):
    """What a commitment counts as, in the order in which a bar shows them."""

    VERIFIED = "verified"
    PARTIAL = "partial"
    CLAIMED = "claimed"
    REPORTED = "reported"
    NO_REPORT = "no_report"


_OF = {
    Status.FULFILLED: Figure.VERIFIED,
    Status.PARTLY_FULFILLED: Figure.PARTIAL,
    Status.IN_PROGRESS: Figure.REPORTED,
    Status.STALLED: Figure.REPORTED,
    Status.AGREED: Figure.NO_REPORT,
}
_SETTLED = [status for status in Status if status != Status.UNDER_REVIEW]
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
class Line:
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
    lines: tuple[Line, ...]


def labels() -> dict[Figure, str]:
    """The figures in words."""
    return {
        Figure.VERIFIED: _("verified"),
        Figure.PARTIAL: _("partial"),
        Figure.CLAIMED: _("claimed"),
        Figure.REPORTED: _("reported"),
        Figure.NO_REPORT: _("no report"),
    }


def figure_of(status: str, came_from: str, proposed: str) -> Figure | None:
    """What a commitment counts as; none where it stays out of any fulfilment figure.

    Under review, the status it came from decides, unless the delivery is claimed: what was only requested,
    or stands without end, stays out then too.
    """
    if status != Status.UNDER_REVIEW:
        return _OF.get(Status(status))
    if came_from not in CLOCK_RUNS:
        return None
    return Figure.CLAIMED if proposed in _CLAIMS else _OF.get(Status(came_from))


def by_theme(rows: CommitmentQuerySet, as_of: AsOf) -> Fulfilment:
    """The figures of ``rows`` (of the day) theme by theme, the largest first."""
    names = {pk: (slug, name) for pk, slug, name in Theme.objects.values_list("pk", "slug", "name")}
    return _drawn(_counted(rows, "theme", as_of), names, "theme", as_of)


def by_side(rows: CommitmentQuerySet, as_of: AsOf) -> Fulfilment:
    """The figures of ``rows`` by the country that must act; what several must do counts for each."""
    names = {pk: (code, name) for pk, code, name in Country.objects.values_list("pk", "code", "name")}
    bound = rows.filter(parties__role=PartyRole.OBLIGATED)
    return _drawn(_counted(bound, "parties__country", as_of), names, "obligated", as_of)


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many count as what, and how many are overdue, each by a key that is named later."""

    figures: dict[int, Counter[Figure]]
    late: dict[int, int]


def _counted(rows: CommitmentQuerySet, by: str, as_of: AsOf) -> _Counted:
    """``rows`` by the record that ``by`` leads to; what was proposed is looked up only under review."""
    plain = rows.in_status(*_SETTLED).order_by().values_list(by, "status_then")
    under_review = _with_proposal(rows.in_status(Status.UNDER_REVIEW), as_of)
    proposing = under_review.values_list(by, "status_then", "came_from_then", "proposed")
    figures: dict[int, Counter[Figure]] = {}
    for key, status, *rest, n in (*plain.annotate(n=Count("*")), *proposing.annotate(n=Count("*"))):
        came_from, proposed = rest or ("", "")
        if figure := figure_of(status, came_from or "", proposed or ""):
            figures.setdefault(key, Counter())[figure] += n
    late: Any = rows.overdue(as_of.day).order_by().values_list(by).annotate(n=Count("*"))
    return _Counted(figures, dict(late))


def _with_proposal(rows: CommitmentQuerySet, as_of: AsOf) -> Any:
    """Those under review with ``proposed``: what the last submission by that day proposed."""
    submissions = StatusChange.objects.filter(
        as_of.happened("occurred_on"), commitment=OuterRef("pk"), transition=Name.SUBMIT
    ).order_by("-number")
    return rows.order_by().annotate(proposed=Subquery(submissions.values("outcome")[:1]))


def _drawn(
    counted: _Counted, names: Mapping[int, tuple[str, str]], parameter: str, as_of: AsOf
) -> Fulfilment:
    """The lines, the longest first; ``names`` are the key and the name of each record."""
    figures = counted.figures
    late = {names[pk][0]: n for pk, n in counted.late.items()}
    ordered = sorted(figures.items(), key=lambda each: (-each[1].total(), names[each[0]][1]))
    most = max((counts.total() for counts in figures.values()), default=1)

    def line(key: str, name: str, counts: Counter[Figure]) -> Line:
        query: Query = {parameter: key}
        overdue = late.get(key, 0)
        return Line(
            key=key,
            name=name,
            url=list_url(as_of, query),
            parts=tuple(_parts(counts, most)),
            overdue=overdue,
            overdue_url=list_url(as_of, {**query, "overdue": "true"}),
            overdue_width=round(100 * overdue / most, 2),
            counted=counts.total(),
        )

    lines = tuple(line(*names[pk], counts) for pk, counts in ordered)
    return Fulfilment(tuple(labels().values()), lines)


def _parts(counts: Counter[Figure], most: int) -> Iterator[Part]:
    x = 0.0
    for figure, label in labels().items():
        width = 100 * counts[figure] / most
        yield Part(figure, label, counts[figure], round(x, 2), round(width, 2))
        x += width
