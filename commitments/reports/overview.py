"""The overview page: the figures of the register and what needs attention."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from commitments.choices import OPEN, State
from commitments.models import Commitment, Mention, StatusChange, Theme
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.attention import quietest, soonest
from commitments.reports.charts import Segment, ThemeFigure, segments_of, themes_of
from commitments.reports.fulfilment import Fulfilment, by_side, by_theme
from commitments.reports.holders import HolderFigure, holder_figures
from commitments.reports.inbox import InboxItem, inbox_for
from commitments.reports.links import list_url
from commitments.reports.presence_strip import Scale, counted_pairings, scale_for
from commitments.reports.rows import Rows, rows_of
from commitments.reports.sections import days_after
from commitments.status_counts import StatusCounts
from relations.models import Country, Meeting

if TYPE_CHECKING:
    from accounts.models import User

A_YEAR = 365
DUE_WITHIN = (30, 90)
DUE_LINES, QUIET_LINES, CHANGES, NEXT_MEETINGS, LAST_MEETINGS = 10, 8, 10, 6, 6


@dataclass(frozen=True, slots=True)
class DueCount:
    """How many commitments are due within a number of days, or due for review; ``label`` says both."""

    key: str
    label: str
    n: int
    url: str


@dataclass(frozen=True)
class OverviewBasics:
    """The parts of the page that need no count of the whole register."""

    inbox: tuple[InboxItem, ...]
    next_meetings: tuple[Meeting, ...]
    last_meetings: tuple[Meeting, ...]
    changes: tuple[StatusChange, ...]

    @property
    def to_do(self) -> tuple[InboxItem, ...]:
        """The boxes of the inbox that have something in them."""
        return tuple(box for box in self.inbox if box.count)

    @property
    def nothing_to_do(self) -> tuple[str, ...]:
        """What the empty boxes of the inbox say, each a sentence."""
        return tuple(box.none for box in self.inbox if not box.count)


@dataclass(frozen=True)
class OverviewFigures:
    """The parts of the page that count the whole register.

    ``quiet`` counts open commitments without news for ``quiet_days`` days; ``quietest`` lists the first.
    """

    title: str
    recorded: int
    recorded_url: str
    open: int
    open_url: str
    overdue: int
    overdue_url: str
    quiet: int
    quiet_days: int
    quiet_url: str
    segments: tuple[Segment, ...]
    holders: tuple[HolderFigure, ...]
    by_theme: Fulfilment
    by_side: Fulfilment
    due_counts: tuple[DueCount, ...]
    due: Rows
    quietest: Rows
    themes: tuple[ThemeFigure, ...]
    scale: Scale

    @property
    def statuses_without(self) -> tuple[str, ...]:
        """The labels of the statuses that no commitment has."""
        return tuple(segment.label for segment in self.segments if not segment.n)


@dataclass(frozen=True)
class Overview(OverviewBasics, OverviewFigures):
    """The whole page."""


def overview_page(user: "User", as_of: AsOf) -> Overview:
    """The whole overview as of a date, of the commitments that ``user`` can see."""
    visible = Commitment.objects.visible_to(user)
    at = visible.at(as_of)
    counts = at.status_counts()
    return Overview(**vars(_basics(user, at, as_of, counts)), **vars(_figures(visible, at, as_of, counts)))


def overview_basics(user: "User", as_of: AsOf) -> OverviewBasics:
    """The parts of the overview that need no count of the whole register."""
    return _basics(user, Commitment.objects.visible_to(user).at(as_of), as_of, None)


def overview_figures(user: "User", as_of: AsOf) -> OverviewFigures:
    """The parts of the overview that count the whole register."""
    visible = Commitment.objects.visible_to(user)
    at = visible.at(as_of)
    return _figures(visible, at, as_of, at.status_counts())


def _basics(user: "User", at: CommitmentQuerySet, as_of: AsOf, counts: StatusCounts | None) -> OverviewBasics:
    today = as_of.day
    changes = StatusChange.objects.filter(commitment__in=at.order_by().values("pk"), day__lte=today)
    return OverviewBasics(
        inbox=inbox_for(user, at, as_of, counts),
        next_meetings=_next_meetings(user, today),
        last_meetings=_last_meetings(user, at, today),
        changes=tuple(changes.select_related("commitment").order_by("-day", "-pk")[:CHANGES]),
    )


def _figures(
    visible: CommitmentQuerySet, at: CommitmentQuerySet, as_of: AsOf, counts: StatusCounts
) -> OverviewFigures:
    today, by_status = as_of.day, counts.by("status_then")
    pairings = counted_pairings(at)
    scale = scale_for(visible, as_of, pairings)
    names = {pk: (slug, name) for pk, slug, name in Theme.objects.values_list("pk", "slug", "name")}
    themes = tuple(themes_of(at, counts, names, scale=scale, quiet_for=A_YEAR, as_of=as_of))
    is_open = sum(by_status[status] for status in OPEN)
    due, quiet = soonest(at, DUE_LINES), quietest(at, as_of, A_YEAR, QUIET_LINES, of=is_open)
    shown = at.with_last_activity(as_of).with_list_fields().in_order_of([*due, *quiet])
    rows = rows_of(shown, visible, as_of, scale=scale)
    by_key = {row.commitment.pk: row for row in rows.rows}
    return OverviewFigures(
        title=_title(pairings),
        recorded=sum(by_status.values()),
        recorded_url=list_url(as_of, {}),
        open=is_open,
        open_url=list_url(as_of, {"state": State.OPEN.value}),
        overdue=counts.overdue(today),
        overdue_url=list_url(as_of, {"overdue": "true"}),
        quiet=sum(theme.quiet for theme in themes),
        quiet_days=A_YEAR,
        quiet_url=list_url(as_of, {"quiet_for": str(A_YEAR), "ordering": "last_activity"}),
        segments=tuple(segments_of(by_status, as_of)),
        holders=holder_figures(at, as_of),
        by_theme=by_theme(at, counts, names, as_of),
        by_side=by_side(at, counts, as_of),
        due_counts=tuple(_due_counts(counts, as_of)),
        due=replace(rows, rows=tuple(by_key[key] for key in due if key in by_key)),
        quietest=replace(rows, rows=tuple(by_key[key] for key in quiet if key in by_key)),
        themes=themes,
        scale=scale,
    )


def _next_meetings(user: "User", today: dt.date) -> tuple[Meeting, ...]:
    """The next meetings by date; meetings without a date come last."""
    expected = Meeting.objects.visible_to(user).to_come(today).select_related("country")
    # Filtering by the date alone lets the database use the index and skip all past meetings.
    dated = expected.filter(closes_on__gte=today)[:NEXT_MEETINGS]
    return tuple(dated) if len(dated) == NEXT_MEETINGS else tuple(expected[:NEXT_MEETINGS])


def _last_meetings(user: "User", at: CommitmentQuerySet, today: dt.date) -> tuple[Meeting, ...]:
    """The last meetings held, each with ``mentioned``: how many commitments of ``at`` it mentioned."""
    held = Meeting.objects.visible_to(user).held()
    last = held.filter(day__lte=today).with_has_text().order_by("-day", "-pk")
    # The meetings are found first: counting mentions is slow and is done for these alone.
    keys = list(last.values_list("pk", flat=True)[:LAST_MEETINGS])
    mentions = Mention.objects.filter(meeting=OuterRef("pk"), commitment__in=at.order_by().values("pk"))
    counted: Any = mentions.order_by().values("meeting").annotate(n=Count("commitment", distinct=True))
    mentioned = Coalesce(Subquery(counted.values("n")), 0)
    return tuple(last.filter(pk__in=keys).annotate(mentioned=mentioned))


def _title(pairings: Mapping[frozenset[str], int]) -> str:
    """The names of the two countries that are party to every commitment, ours first; else "Overview"."""
    everywhere = frozenset.intersection(*pairings) if pairings else frozenset()
    if len(everywhere) != 2:
        return _("Overview")
    names = dict(Country.objects.filter(code__in=everywhere).values_list("code", "name"))
    first, second = sorted(everywhere, key=lambda code: (code != settings.HOME_COUNTRY, names[code]))
    # Translators: the title of the overview: the names of the two countries.
    title = pgettext("title of a register", "%(first)s and %(second)s")
    return title % {"first": names[first], "second": names[second]}


def _due_counts(counts: StatusCounts, as_of: AsOf) -> Iterable[DueCount]:
    """How many commitments are due within each number of ``DUE_WITHIN`` days, and how many due for review."""
    for days in DUE_WITHIN:
        n = counts.due_between(as_of.day, days_after(as_of.day, days))
        label = ngettext("%(n)s due within %(days)d days", "%(n)s due within %(days)d days", n)
        label %= {"n": number_format(n), "days": days}
        yield DueCount(f"within_{days}_days", label, n, list_url(as_of, {"due_within": str(days)}))
    review = counts.review_due(as_of.day)
    label = ngettext("%(n)s due for review", "%(n)s due for review", review) % {"n": number_format(review)}
    yield DueCount("review", label, review, list_url(as_of, {"review_due": "true"}))
