"""The first page: how the register stands, and what wants attention."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.choices import Role
from commitments.choices import OPEN, Status
from commitments.models import Commitment, StatusChange
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.addresses import Query, list_url
from commitments.reports.attention import quietest, soonest
from commitments.reports.figures import Segment, ThemeFigure, segments_of, themes_of
from commitments.reports.fulfilment import Fulfilment, by_side, by_theme
from commitments.reports.meetings import with_spoken_counts
from commitments.reports.named import Named, named
from commitments.reports.rows import Rows, rows_of
from commitments.reports.strips import Scale, counted_pairings, scale_for
from commitments.workflow import Name
from relations.models import Country, Meeting

if TYPE_CHECKING:
    from accounts.models import User

A_YEAR = 365
DUE_WITHIN = (30, 90)
BOXES, FIRST_OF_BOX = 3, 2
DUE_LINES, QUIET_LINES, CHANGES, SESSIONS, HELD = 10, 8, 10, 6, 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the reader: how many, the first of them, or a sentence where there is none."""

    key: str
    label: str
    count: int
    url: str
    first: tuple[Named, ...]
    none: str


@dataclass(frozen=True, slots=True)
class Soon:
    """What wants attention within some days: the words, how many, and where they are."""

    key: str
    label: str
    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the first page says."""

    title: str
    recorded: int
    open: int
    overdue: int
    quiet: int
    quiet_url: str
    waiting: tuple[Waiting, ...]
    segments: tuple[Segment, ...]
    by_theme: Fulfilment
    by_side: Fulfilment
    soon: tuple[Soon, ...]
    due: Rows
    quietest: Rows
    themes: tuple[ThemeFigure, ...]
    scale: Scale
    to_come: tuple[Meeting, ...]
    held: tuple[Meeting, ...]
    changes: tuple[StatusChange, ...]


def overview_of(user: "User", as_of: AsOf) -> Overview:
    """The overview for ``user``, of what this user may see, on the day."""
    today = as_of.day
    visible = Commitment.objects.visible_to(user)
    at = visible.at(as_of)
    tally = at.tally()
    by_status = tally.by("status_then")
    pairings = counted_pairings(at)
    scale = scale_for(visible, as_of, pairings)

    def lines(keys: Sequence[int]) -> Rows:
        shown = at.with_last_activity(as_of).with_list_fields().in_order_of(keys)
        return rows_of(shown, visible, as_of, scale=scale)

    themes = tuple(themes_of(at, at.quiet_for(A_YEAR, today), scale, as_of))
    changes = StatusChange.objects.filter(commitment__in=at.order_by().values("pk"), occurred_on__lte=today)
    return Overview(
        title=_title(pairings),
        recorded=sum(by_status.values()),
        open=sum(by_status[status] for status in OPEN),
        overdue=tally.overdue(today),
        quiet=sum(theme.quiet for theme in themes),
        quiet_url=list_url(as_of, {"quiet_for": str(A_YEAR), "ordering": "last_activity"}),
        waiting=tuple(_waiting(user, at, as_of))[:BOXES],
        segments=tuple(segments_of(by_status, as_of)),
        by_theme=by_theme(at, as_of),
        by_side=by_side(at, as_of),
        soon=tuple(_soon(at, as_of)),
        due=lines(soonest(at, DUE_LINES)),
        quietest=lines(quietest(at, as_of, A_YEAR, QUIET_LINES)),
        themes=themes,
        scale=scale,
        to_come=tuple(Meeting.objects.to_come(today).select_related("country")[:SESSIONS]),
        held=_held(at, today),
        changes=tuple(changes.select_related("commitment").order_by("-occurred_on", "-pk")[:CHANGES]),
    )


def _held(at: CommitmentQuerySet, today: dt.date) -> tuple[Meeting, ...]:
    """The last meetings that were held; found first, since what is counted for each takes its time."""
    last = Meeting.objects.held().filter(day__lte=today).order_by("-day", "-pk")
    keys = list(last.values_list("pk", flat=True)[:HELD])
    return tuple(with_spoken_counts(Meeting.objects.filter(pk__in=keys), at).order_by("-day", "-pk"))


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


def _soon(at: CommitmentQuerySet, as_of: AsOf) -> Iterable[Soon]:
    """What is due within each span of days, and what is due for review."""
    for days in DUE_WITHIN:
        due = at.due_within(days, as_of.day)
        label = _("due within %(days)d days") % {"days": days}
        yield Soon(f"within_{days}_days", label, due.count(), list_url(as_of, {"due_within": str(days)}))
    review = at.review_due(as_of.day).count()
    yield Soon("review", _("due for review"), review, list_url(as_of, {"review_due": "true"}))


def _waiting(user: "User", at: CommitmentQuerySet, as_of: AsOf) -> Iterable[Waiting]:
    """By role and agency, the most personal first; everyone has as many as the page shows."""
    if Role.REVIEWER in user.roles:
        yield _box(
            "awaiting",
            _("Awaiting your decision"),
            at.awaiting(user, as_of),
            as_of,
            {"awaiting": "me"},
            _("Nothing that you may decide has been submitted for review."),
        )
    if user.roles & {Role.OFFICER, Role.FOCAL_POINT}:
        yield _box(
            "returned",
            _("Returned to you"),
            _returned_to(user, at, as_of),
            as_of,
            {"submitted_by": "me", "state": "open"},
            _("No submission of yours has come back."),
        )
    if user.agency is not None:
        yield _box(
            "led",
            _("Led by %(agency)s") % {"agency": user.agency.short},
            at.open().assigned_to([user.agency.slug], none=False, lead_only=True),
            as_of,
            {"state": "open", "lead_agency": user.agency.slug},
            _("Your agency leads nothing that is open."),
        )
    yield _box(
        "review",
        _("Due for review"),
        at.review_due(as_of.day),
        as_of,
        {"review_due": "true"},
        _("No review day has come."),
    )
    yield _box(
        "requested",
        _("Asked, unanswered"),
        at.in_status(Status.REQUESTED),
        as_of,
        {"status": "requested"},
        _("No request waits for an answer."),
    )
    yield _box(
        "no_agency",
        _("No agency named"),
        at.open().assigned_to([], none=True, lead_only=False),
        as_of,
        {"state": "open", "agency": "none"},
        _("Every open commitment has an agency."),
    )


def _box(key: str, label: str, found: CommitmentQuerySet, as_of: AsOf, query: Query, none: str) -> Waiting:
    in_order = found.order_by(F("latest_then").asc(nulls_last=True), "prefix", "year", "serial")
    first = found.in_order_of(list(in_order.values_list("pk", flat=True)[:FIRST_OF_BOX]))
    lines = tuple(named(commitment, as_of) for commitment in first)
    return Waiting(key, label, found.count(), list_url(as_of, query), lines, none)


def _returned_to(user: "User", at: CommitmentQuerySet, as_of: AsOf) -> CommitmentQuerySet:
    """Submitted by ``user`` since it was last opened, and the last thing that happened is its return."""
    moves = StatusChange.objects.filter(as_of.happened("occurred_on"), commitment=OuterRef("pk"))
    last = Subquery(moves.order_by("-number").values("transition")[:1])
    return at.submitted_by(user, as_of).annotate(last_move=last).filter(last_move=Name.RETURN)
