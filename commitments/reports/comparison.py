"""What changed between two dates, or between two sessions of a mechanism, by date of occurrence."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from commitments.choices import CLOSED, OPEN, Status
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment, DeadlineChange, Mention, StatusChange
from commitments.querysets import NEVER, AsOf, CommitmentQuerySet
from commitments.reports.presence_strip import Scale, could_mention, countries_of, pairings_of, scale_for
from commitments.reports.row_relations import Side
from commitments.reports.rows import Row, Rows, rows_of
from commitments.reports.tables import PageColumn, Places, Table, Title, fixed_columns, table_of, with_shown
from commitments.services.deadlines import Window
from relations.models import Meeting

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_DAYS = ("earliest", "latest", "review_on")
_ABOUT_TEXTS = frozenset({"new", "mentioned", "silent"})
"""Groups that depend on what was said at a session."""
_READ_AHEAD = 500
"""How many of the latest meetings between the two dates are examined for the countries that took part."""


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A commitment on the later date, with its earlier status and window.

    ``status_before`` is ``None`` if the commitment is new.
    """

    row: Row
    status_before: Status | None
    window_before: Window


@dataclass(frozen=True, slots=True)
class ComparisonGroup:
    """Commitments with the same kind of change. ``listed`` is one page of ``count``, as of ``second``."""

    key: str
    label: str
    description: str
    empty: str
    count: int
    listed: Rows
    second: dt.date

    @property
    def rows(self) -> tuple[ComparisonRow, ...]:
        """The rows with what they showed on the earlier date."""
        return tuple(ComparisonRow(row, _status_before(row), _window_before(row)) for row in self.listed.rows)

    @property
    def table(self) -> Table:
        """The rows as the page shows them."""
        if self.key == "deadline":
            return table_of(self.listed, _WINDOWS)
        if self.key == "silent":
            return table_of(self.listed, with_shown(_PRESENCE, title=self._title_with_news))
        return table_of(self.listed, _PRESENCE)

    def _title_with_news(self, row: Row, _places: Places) -> Title:
        one = row.commitment
        return Title(one.title, one.reference, last_on=row.last_on, until=self.second)


def _status_before(row: Row) -> Status | None:
    before = row.commitment.status_before
    return Status(before) if before else None


def _window_before(row: Row) -> Window:
    was = row.commitment
    return Window(was.wording_before or "", was.earliest_before, was.latest_before, was.review_on_before)


def _window_after(row: Row) -> Window:
    now = row.deadline
    return Window(now.wording, now.earliest, now.latest, now.review_on)


_FIRST_COLUMNS = with_shown(
    fixed_columns("reference", "title", "status", "obligated", status="w-why"),
    status=lambda row, _places: (row.status, _status_before(row)),
)
_PRESENCE = (*_FIRST_COLUMNS, *fixed_columns("presence"))
_WINDOWS = (
    *_FIRST_COLUMNS,
    PageColumn(
        "before",
        "window",
        pgettext_lazy("deadline", "Before"),
        "w-deadline",
        lambda row, _places: _window_before(row),
    ),
    PageColumn(
        "after",
        "window",
        pgettext_lazy("deadline", "After"),
        "w-deadline",
        lambda row, _places: _window_after(row),
    ),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from ``first`` to ``second``."""

    first: dt.date
    second: dt.date
    groups: tuple[ComparisonGroup, ...]
    scale: Scale
    countries: tuple[Side, ...]

    @property
    def longest(self) -> int:
        """The number of rows in the longest group."""
        return max(group.count for group in self.groups)


Texts = Mapping[str, tuple["StrPromise", "StrPromise", "StrPromise"]]
"""For each group its heading, its description and the text of an empty group."""


@dataclass(frozen=True, slots=True)
class Span:
    """Two dates in order, with the conditions that compare mentions.

    ``raised``: mentioned by the first date. ``again``: mentioned by the second. ``newly_raised``: which of
    the latter to list. ``could_be_raised``: which commitments could have been mentioned again.
    ``unrecorded`` is a session whose text is not recorded: nobody can say what it mentioned.
    """

    first: AsOf
    second: AsOf
    raised: Exists
    again: Exists
    newly_raised: Q
    could_be_raised: Q
    unrecorded: Meeting | None = None


def days(rows: CommitmentQuerySet, one: AsOf, other: AsOf) -> Span:
    """The span between two dates, given in any order. ``rows`` are the commitments that are visible.

    A commitment could have been mentioned again if its countries met between the dates and mentioned another
    visible commitment. A meeting that the commitment itself promised to hold does not count.
    """
    first, second = sorted((one, other), key=lambda when: when.day)
    mentions = Mention.objects.filter(commitment=OuterRef("pk"))
    later = mentions.filter(second.happened("meeting__day"), meeting__day__gt=first.day)
    mentioned = Mention.objects.filter(meeting=OuterRef("pk"), commitment__in=rows.order_by().values("pk"))
    met = {
        meeting.pk: countries_of(meeting)
        for meeting in Meeting.objects.held()
        .filter(Exists(mentioned), day__gt=first.day, day__lte=second.day)
        .order_by("-day", "-pk")
        .select_related("country", "mechanism")
        .prefetch_related("participations__country", "mechanism__countries")[:_READ_AHEAD]
    }
    return Span(
        first=first,
        second=second,
        raised=Exists(mentions.filter(first.happened("meeting__day"))),
        again=Exists(later),
        newly_raised=Q(),
        could_be_raised=_could_be_raised_at(met, pairings_of(rows)),
    )


def _could_be_raised_at(met: Mapping[int, frozenset[str]], pairings: Iterable[frozenset[str]]) -> Q:
    """The commitments that one of the meetings could have mentioned. ``met`` maps meetings to countries."""
    could_have = {
        "".join(sorted(parties)): [pk for pk, countries in met.items() if could_mention(countries, parties)]
        for parties in pairings
    }
    alone: dict[int, list[str]] = {}
    for prefix, meetings in could_have.items():
        if len(meetings) == 1:
            alone.setdefault(meetings[0], []).append(prefix)
    could_be_raised = Q(prefix__in=[prefix for prefix, meetings in could_have.items() if meetings])
    for pk, prefixes in alone.items():
        could_be_raised &= ~Q(outcome_meeting=pk, prefix__in=prefixes)
    return could_be_raised


def shown_on_either(
    filterset: CommitmentFilterSet, visible: CommitmentQuerySet, span: Span
) -> CommitmentQuerySet:
    """The commitments that match the filters on either date, so that none is lost because it changed."""
    if not filterset.conditions:
        return visible
    shown = Q()
    for when in (span.first, span.second):
        query = filterset.data.copy()
        query["as_of"] = when.day.isoformat()
        for name in ("page", "ordering"):
            query.pop(name, None)
        filtered = CommitmentFilterSet(
            query, user=filterset.user, queryset=visible, also_known=filterset.also_known
        )
        shown |= Q(pk__in=filtered.qs.order_by().values("pk"))
    return visible.filter(shown)


def sessions(earlier: Meeting, later: Meeting, today: dt.date) -> Span:
    """The span from the end of one session to the end of another.

    The later session could have mentioned any commitment, except one that promised to hold it. Without a text
    of the later session, no commitment is said to be silent. Both were read with ``with_has_text``.
    """
    unrecorded = next((session for session in (later, earlier) if not _is_recorded(session)), None)
    mentions = Mention.objects.filter(commitment=OuterRef("pk"))
    raised = Exists(mentions.filter(meeting=earlier.pk))
    return Span(
        first=AsOf(closed_on(earlier), today),
        second=AsOf(closed_on(later), today),
        raised=raised,
        again=Exists(mentions.filter(meeting=later.pk)),
        newly_raised=~Q(raised),
        could_be_raised=~Q(outcome_meeting=later.pk) if unrecorded != later else Q(pk__in=()),
        unrecorded=unrecorded,
    )


def _is_recorded(session: Any) -> bool:
    """Whether a text of the session is recorded: one of its own, or one that a mention cites."""
    return session.has_text or Mention.objects.filter(meeting=session.pk).exists()


def closed_on(session: Meeting) -> dt.date:
    """The last day of a session that was held."""
    day = session.ends_on or session.day
    assert day is not None, "a meeting that was held has a date"  # noqa: S101 - a constraint of the table
    return day


# -- groups of changes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """The commitments of a comparison, by kind of change."""

    new: CommitmentQuerySet
    moved: CommitmentQuerySet
    closed: CommitmentQuerySet
    deadline: CommitmentQuerySet
    mentioned: CommitmentQuerySet
    silent: CommitmentQuerySet


def changed(rows: CommitmentQuerySet, span: Span) -> Changed:
    """Which of ``rows`` changed in ``span``. A commitment can be in several groups.

    ``new``: first recorded after the first date. ``closed``: closed on the second date and not on the first.
    ``moved``: any other difference of status. ``silent``: raised by the first date, open on the second, and
    not mentioned again although it could have been.
    """
    then = rows.at(span.second)
    changes = StatusChange.objects.filter(day__gt=span.first.day, commitment=OuterRef("pk"))
    added = Exists(changes.filter(number=1))
    known = then.filter(~added)
    was_open, is_new = Q(status_before__in=OPEN), Q(status_before__isnull=True)
    moving = _before(then.filter(Exists(changes)), span.first, "status")
    closing = (was_open | is_new) & Q(status_then__in=CLOSED)
    return Changed(
        new=then.filter(added),
        moved=moving.exclude(is_new | closing | Q(status_then=F("status_before"))),
        closed=moving.filter(closing),
        deadline=_with_new_deadline(known, span),
        mentioned=known.filter(span.again, span.newly_raised),
        silent=known.open().filter(span.could_be_raised, span.raised).exclude(span.again),
    )


def _before(rows: CommitmentQuerySet, first: AsOf, *names: str) -> CommitmentQuerySet:
    """Annotate ``…_before``: the values of ``at`` on the first date, null if there was no commitment yet."""
    earlier = Commitment.objects.at(first).filter(pk=OuterRef("pk"))
    values = {f"{name}_before": Subquery(earlier.values(f"{name}_then")[:1]) for name in names}
    return rows.annotate(**values)


def _with_new_deadline(known: CommitmentQuerySet, span: Span) -> CommitmentQuerySet:
    """The commitments whose deadline was renegotiated and differs between the two dates."""
    since = DeadlineChange.objects.filter(occurred_on__gt=span.first.day, commitment=OuterRef("pk"))
    renegotiated = Exists(since)
    rows = _before(known.filter(renegotiated), span.first, "wording", *_DAYS)
    same: dict[str, Any] = {"wording_then": F("wording_before")}
    for name in _DAYS:
        rows = rows.alias(**{f"{name}_now": Coalesce(f"{name}_then", NEVER)})
        same[f"{name}_now"] = Coalesce(F(f"{name}_before"), NEVER)
    return rows.exclude(**same)


# -- texts of a page -------------------------------------------------------------------------------------

BETWEEN_DAYS: Texts = {
    "new": (
        pgettext_lazy("kind of change", "New"),
        _("recorded after the earlier date"),
        _("There are no new commitments that you can see."),
    ),
    "moved": (
        pgettext_lazy("kind of change", "Status changed"),
        _("another status on the later date"),
        _("No status of a commitment that you can see changed."),
    ),
    "closed": (
        pgettext_lazy("kind of change", "Closed"),
        _("open on the earlier date"),
        _("No commitment that you can see was closed."),
    ),
    "deadline": (
        pgettext_lazy("kind of change", "Deadline changed"),
        _("renegotiated"),
        _("No deadline of a commitment that you can see was renegotiated."),
    ),
    "mentioned": (
        pgettext_lazy("kind of change", "Mentioned again"),
        _("commitments from before the earlier date"),
        _("No meeting mentioned an earlier commitment that you can see."),
    ),
    "silent": (
        pgettext_lazy("kind of change", "Not mentioned"),
        _("open, although its countries met"),
        _("Every open commitment that you can see and whose countries met was mentioned."),
    ),
}
BETWEEN_SESSIONS: Texts = {
    "new": (
        pgettext_lazy("kind of change", "New"),
        _("recorded after the earlier session"),
        _("The later session mentioned no new commitments that you can see."),
    ),
    "moved": (
        pgettext_lazy("kind of change", "Status changed"),
        _("another status after the later session"),
        _("No commitment that you can see and that was mentioned at either session changed its status."),
    ),
    "closed": (
        pgettext_lazy("kind of change", "Closed"),
        _("open after the earlier session"),
        _("No commitment that you can see and that was mentioned at either session was closed."),
    ),
    "deadline": (
        pgettext_lazy("kind of change", "Deadline changed"),
        _("renegotiated"),
        _("No deadline of a commitment that you can see and that was mentioned at either session changed."),
    ),
    "mentioned": (
        pgettext_lazy("kind of change", "Newly raised"),
        _("earlier commitments, not mentioned at the earlier session"),
        _("The later session newly raised no earlier commitment that you can see."),
    ),
    "silent": (
        pgettext_lazy("kind of change", "Not mentioned"),
        _("mentioned at the earlier session, still open, not mentioned at the later"),
        _("Every open commitment that you can see from the earlier session was also mentioned at the later."),
    ),
}


def comparison_of(
    rows: CommitmentQuerySet, visible: CommitmentQuerySet, span: Span, texts: Texts, *, most: slice
) -> Comparison:
    """What changed in ``rows`` in ``span``. ``most`` is the slice of each group that the page shows."""
    found, second = changed(rows, span), span.second
    scale = scale_for(visible, second, pairings_of(rows))
    countries: dict[str, Side] = {}
    groups = []
    for key, (label, description, empty) in texts.items():
        group: CommitmentQuerySet = getattr(found, key)
        listed = _before(group, span.first, "status", "wording", *_DAYS)
        listed = listed.with_last_activity(second).with_list_fields()
        listed = listed.by_reference()
        shown = rows_of(listed[most], visible, second, scale=scale)
        countries.update({country.code: country for country in shown.countries})
        none = _nothing_to_say(span.unrecorded) if span.unrecorded and key in _ABOUT_TEXTS else str(empty)
        groups.append(
            ComparisonGroup(key, str(label), str(description), none, group.count(), shown, second.day)
        )
    return Comparison(span.first.day, second.day, tuple(groups), scale, tuple(countries.values()))


def _nothing_to_say(unrecorded: Meeting) -> str:
    """The text of an empty group if nobody can say what a session mentioned."""
    text = gettext("The text of “%(session)s” is not recorded, so nobody can say what it mentioned.")
    return text % {"session": unrecorded.title}
