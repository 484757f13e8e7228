"""The first page: how the register stands, and what wants attention."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from commitments.choices import OPEN
from commitments.models import Commitment, Mention, StatusChange, Theme
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.attention import quietest, soonest
from commitments.reports.charts import Segment, ThemeFigure, segments_of, themes_of
from commitments.reports.fulfilment import Fulfilment, by_side, by_theme
from commitments.reports.inbox import InboxItem, waiting_for
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
DUE_LINES, QUIET_LINES, CHANGES, SESSIONS, HELD = 10, 8, 10, 6, 6


@dataclass(frozen=True, slots=True)
class Soon:
    """What wants attention within some days: the words, how many, and where they are."""

    key: str
    label: str
    n: int
    url: str


@dataclass(frozen=True)
class Beginning:
    """What the first page says at once, however large the register."""

    waiting: tuple[InboxItem, ...]
    to_come: tuple[Meeting, ...]
    held: tuple[Meeting, ...]
    changes: tuple[StatusChange, ...]


@dataclass(frozen=True)
class Figures:
    """What all that is recorded has to be counted for."""

    title: str
    recorded: int
    open: int
    overdue: int
    quiet: int
    quiet_url: str
    segments: tuple[Segment, ...]
    by_theme: Fulfilment
    by_side: Fulfilment
    soon: tuple[Soon, ...]
    due: Rows
    quietest: Rows
    themes: tuple[ThemeFigure, ...]
    scale: Scale


@dataclass(frozen=True)
class Overview(Beginning, Figures):
    """Everything the first page says."""


def overview_page(user: "User", as_of: AsOf) -> Overview:
    """The overview for ``user``, of what this user may see, on the day."""
    visible = Commitment.objects.visible_to(user)
    at = visible.at(as_of)
    tally = at.status_counts()
    return Overview(**vars(_beginning(user, at, as_of, tally)), **vars(_figures(visible, at, as_of, tally)))


def beginning_for(user: "User", as_of: AsOf) -> Beginning:
    """What is said at once."""
    return _beginning(user, Commitment.objects.visible_to(user).at(as_of), as_of, None)


def figures_for(user: "User", as_of: AsOf) -> Figures:
    """What is said when all is counted."""
    visible = Commitment.objects.visible_to(user)
    at = visible.at(as_of)
    return _figures(visible, at, as_of, at.status_counts())


def _beginning(user: "User", at: CommitmentQuerySet, as_of: AsOf, tally: StatusCounts | None) -> Beginning:
    today = as_of.day
    changes = StatusChange.objects.filter(commitment__in=at.order_by().values("pk"), occurred_on__lte=today)
    return Beginning(
        waiting=waiting_for(user, at, as_of, tally),
        to_come=_to_come(today),
        held=_held(at, today),
        changes=tuple(changes.select_related("commitment").order_by("-occurred_on", "-pk")[:CHANGES]),
    )


def _figures(
    visible: CommitmentQuerySet, at: CommitmentQuerySet, as_of: AsOf, tally: StatusCounts
) -> Figures:
    today, by_status = as_of.day, tally.by("status_then")
    pairings = counted_pairings(at)
    scale = scale_for(visible, as_of, pairings)
    names = {pk: (slug, name) for pk, slug, name in Theme.objects.values_list("pk", "slug", "name")}
    themes = tuple(themes_of(at, tally, names, scale=scale, quiet_for=A_YEAR, as_of=as_of))
    is_open = sum(by_status[status] for status in OPEN)
    due, silent = soonest(at, DUE_LINES), quietest(at, as_of, A_YEAR, QUIET_LINES, of=is_open)
    shown = at.with_last_activity(as_of).with_list_fields().in_order_of([*due, *silent])
    lines = rows_of(shown, visible, as_of, scale=scale)
    by_key = {row.commitment.pk: row for row in lines.rows}
    return Figures(
        title=_title(pairings),
        recorded=sum(by_status.values()),
        open=is_open,
        overdue=tally.overdue(today),
        quiet=sum(theme.quiet for theme in themes),
        quiet_url=list_url(as_of, {"quiet_for": str(A_YEAR), "ordering": "last_activity"}),
        segments=tuple(segments_of(by_status, as_of)),
        by_theme=by_theme(at, tally, names, as_of),
        by_side=by_side(at, tally, as_of),
        soon=tuple(_soon(tally, as_of)),
        due=replace(lines, rows=tuple(by_key[key] for key in due if key in by_key)),
        quietest=replace(lines, rows=tuple(by_key[key] for key in silent if key in by_key)),
        themes=themes,
        scale=scale,
    )


def _to_come(today: dt.date) -> tuple[Meeting, ...]:
    """The next meetings; those without any day come last, and are looked for only where there is room."""
    expected = Meeting.objects.to_come(today).select_related("country")
    # By the day alone, so that the index leads straight there, past all that is over.
    dated = expected.filter(closes_on__gte=today)[:SESSIONS]
    return tuple(dated) if len(dated) == SESSIONS else tuple(expected[:SESSIONS])


def _held(at: CommitmentQuerySet, today: dt.date) -> tuple[Meeting, ...]:
    """The last meetings that were held; found first, since what is counted for each takes its time."""
    last = Meeting.objects.held().filter(day__lte=today).order_by("-day", "-pk")
    keys = list(last.values_list("pk", flat=True)[:HELD])
    there = Mention.objects.filter(meeting=OuterRef("pk"), commitment__in=at.order_by().values("pk"))
    counted: Any = there.order_by().values("meeting").annotate(n=Count("commitment", distinct=True))
    spoken_of = Coalesce(Subquery(counted.values("n")), 0)
    return tuple(last.filter(pk__in=keys).annotate(spoken_of=spoken_of))


def _title(pairings: Mapping[frozenset[str], int]) -> str:
    """The two countries between which nearly everything here stands, ours first; else no names."""
    seen: Counter[str] = Counter()
    for codes, n in pairings.items():
        seen.update(dict.fromkeys(codes, n))
    most = max(seen.values(), default=0)
    main = [code for code, n in seen.items() if 2 * n > most]
    if len(main) != 2:
        return _("Overview")
    names = dict(Country.objects.filter(code__in=main).values_list("code", "name"))
    first, second = sorted(main, key=lambda code: (code != settings.HOME_COUNTRY, -seen[code]))
    return _("%(first)s and %(second)s") % {"first": names[first], "second": names[second]}


def _soon(tally: StatusCounts, as_of: AsOf) -> Iterable[Soon]:
    """What is due within each span of days, and what is due for review."""
    for days in DUE_WITHIN:
        n = tally.due_between(as_of.day, days_after(as_of.day, days))
        label = _("due within %(days)d days") % {"days": days}
        yield Soon(f"within_{days}_days", label, n, list_url(as_of, {"due_within": str(days)}))
    review = tally.review_due(as_of.day)
    yield Soon("review", _("due for review"), review, list_url(as_of, {"review_due": "true"}))
