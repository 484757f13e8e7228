"""Outcomes of commitments: verified, partial, claimed, reported, no report (docs/rules.md#figures)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.formats import number_format
from django.utils.translation import pgettext

from commitments.choices import CLAIMS, CLOCK_RUNS, FIGURE_OF_STATUS, FulfilmentFigure, PartyRole, Status
from commitments.filtersets import ANY_FIGURE
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import Query, list_url
from commitments.status_counts import StatusCounts
from core.lists import listed
from core.sorting import sort_key
from relations.models import Country


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a line: its number, and its place in the bar in percent."""

    key: str
    label: str
    n: int
    url: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class FulfilmentLine:
    """The figures of a theme or of a country.

    ``counted`` is their sum and ``counted_url`` the list of these; ``overdue`` of them are overdue, drawn
    ``overdue_width`` percent wide.
    """

    key: str
    name: str
    parts: tuple[Part, ...]
    overdue: int
    overdue_url: str
    overdue_width: float
    counted: int
    counted_url: str

    @property
    def label(self) -> str:
        """The bar in words, for screen readers."""
        # Translators: one figure of a bar, for example "verified: 3".
        figure = pgettext("part of a figure", "%(label)s: %(n)s")
        figures = [(part.label, part.n) for part in self.parts]
        figures.append((pgettext("part of a figure", "of which overdue"), self.overdue))
        words = listed(figure % {"label": label, "n": number_format(n)} for label, n in figures)
        # Translators: a theme or a country, and the figures of its bar.
        return pgettext("figures of a bar", "%(name)s. %(figures)s") % {"name": self.name, "figures": words}


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """One chart with its table. ``labels`` are the column headings."""

    labels: tuple[str, ...]
    lines: tuple[FulfilmentLine, ...]


def figure_of(status: str, came_from: str, proposed: str) -> FulfilmentFigure | None:
    """What a commitment counts as; ``None`` if it is in no figure.

    Under review, a commitment counts as claimed if fulfilment is proposed, else by its earlier status.
    Requested commitments and standing duties are in no figure, also while under review.
    """
    if status != Status.UNDER_REVIEW:
        return FIGURE_OF_STATUS.get(Status(status))
    if came_from not in CLOCK_RUNS:
        return None
    return FulfilmentFigure.CLAIMED if proposed in CLAIMS else FIGURE_OF_STATUS.get(Status(came_from))


def by_theme(
    rows: CommitmentQuerySet, status_counts: StatusCounts, names: Mapping[int, tuple[str, str]], as_of: AsOf
) -> Fulfilment:
    """The figures of ``rows`` by theme, the largest first.

    ``status_counts`` are those of ``rows``; ``names`` are the key and the name of each theme.
    """
    by_status = status_counts.by("theme", "status_then").items()
    not_under_review = ((theme, status, "", "", n) for (theme, status), n in by_status)
    overdue = Counter[int]()
    for group in status_counts.groups:
        overdue[group.theme] += StatusCounts((group,)).overdue(as_of.day)
    figures = _figures((*not_under_review, *_under_review(rows, "theme", status_counts, as_of)))
    return _chart(figures, overdue, names, "theme", as_of)


def by_side(rows: CommitmentQuerySet, status_counts: StatusCounts, as_of: AsOf) -> Fulfilment:
    """The figures of ``rows`` by responsible country; a joint commitment counts for each of its countries.

    ``status_counts`` are those of ``rows``.
    """
    names = {pk: (code, name) for pk, code, name in Country.objects.values_list("pk", "code", "name")}
    obligated: Any = rows.filter(parties__role=PartyRole.OBLIGATED).order_by()
    country = "parties__country"
    by_status = obligated.in_status(*FIGURE_OF_STATUS).values_list(country, "status_then")
    not_under_review = ((pk, status, "", "", n) for pk, status, n in by_status.annotate(n=Count("*")))
    overdue = obligated.overdue(as_of.day).values_list(country).annotate(n=Count("*"))
    figures = _figures((*not_under_review, *_under_review(obligated, country, status_counts, as_of)))
    return _chart(figures, dict(overdue), names, "obligated", as_of)


_Figures = dict[int, Counter[FulfilmentFigure]]


def _figures(counted: Iterable[tuple[int, str, str | None, str | None, int]]) -> _Figures:
    """The figures by key. ``counted``: key, status, status before review, proposed outcome, number."""
    figures: _Figures = {}
    for key, status, came_from, proposed, n in counted:
        if figure := figure_of(status, came_from or "", proposed or ""):
            figures.setdefault(key, Counter())[figure] += n
    return figures


def _under_review(rows: CommitmentQuerySet, by: str, status_counts: StatusCounts, as_of: AsOf) -> Any:
    """The commitments under review, counted by ``by``, status before the review and proposed outcome."""
    if not status_counts.by("status_then")[Status.UNDER_REVIEW]:
        return ()
    under_review: Any = rows.in_status(Status.UNDER_REVIEW).with_proposed_outcome(as_of).order_by()
    return under_review.values_list(by, "status_then", "came_from_then", "proposed_then").annotate(
        n=Count("*")
    )


def _chart(
    figures: _Figures,
    overdue: Mapping[int, int],
    names: Mapping[int, tuple[str, str]],
    parameter: str,
    as_of: AsOf,
) -> Fulfilment:
    """The chart, the longest line first; ``names`` are the key and the name of each record."""
    ordered = sorted(figures.items(), key=lambda each: (-each[1].total(), sort_key(names[each[0]][1])))
    most = max((counts.total() for counts in figures.values()), default=1)

    def line(pk: int, counts: Counter[FulfilmentFigure]) -> FulfilmentLine:
        key, name = names[pk]
        query: Query = {parameter: key}
        n_overdue = overdue.get(pk, 0)
        return FulfilmentLine(
            key=key,
            name=name,
            parts=tuple(_parts(counts, most, query, as_of)),
            overdue=n_overdue,
            overdue_url=list_url(as_of, {**query, "overdue": "true"}),
            overdue_width=round(100 * n_overdue / most, 2),
            counted=counts.total(),
            counted_url=list_url(as_of, {**query, "figure": ANY_FIGURE}),
        )

    lines = tuple(line(pk, counts) for pk, counts in ordered)
    return Fulfilment(tuple(str(figure.label) for figure in FulfilmentFigure), lines)


def _parts(counts: Counter[FulfilmentFigure], most: int, query: Query, as_of: AsOf) -> Iterator[Part]:
    x = 0.0
    for figure in FulfilmentFigure:
        width = 100 * counts[figure] / most
        url = list_url(as_of, {**query, "figure": figure.value})
        yield Part(figure, str(figure.label), counts[figure], url, round(x, 2), round(width, 2))
        x += width
