"""What changed between two days, or between two sessions of a mechanism, by the day things happened."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from commitments.choices import CLOSED, OPEN, Status
from commitments.filtersets import NOT_CONDITIONS, CommitmentFilterSet
from commitments.models import Commitment, DeadlineChange, Mention, StatusChange
from commitments.querysets import NEVER, AsOf, CommitmentQuerySet
from commitments.reports.presence_strip import Scale, could_speak_of, countries_of, pairings_of, scale_for
from commitments.reports.rows import Row, Side, rows_of
from commitments.services.deadlines import Window
from relations.models import Meeting

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_DAYS = ("earliest", "latest", "review_on")
_READ_AHEAD = 500
"""How many of the latest meetings between the two days are asked between which countries they were held."""


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One commitment on the later day, with its status (none before it was pledged) and window before."""

    row: Row
    status_before: Status | None
    window_before: Window


@dataclass(frozen=True, slots=True)
class ComparisonGroup:
    """Commitments that changed in the same way; ``rows`` is one page of ``count``."""

    key: str
    label: str
    says: str
    empty: str
    count: int
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from ``first`` to ``second``; ``longest`` is how many rows the longest group has."""

    first: dt.date
    second: dt.date
    groups: tuple[ComparisonGroup, ...]
    scale: Scale
    countries: tuple[Side, ...]

    @property
    def longest(self) -> int:
        """The rows of the longest group."""
        return max(group.count for group in self.groups)


Texts = Mapping[str, tuple["StrPromise", "StrPromise", "StrPromise"]]
"""For each group its heading, what it holds, and what an empty one says."""


@dataclass(frozen=True, slots=True)
class Span:
    """Two days in order, and what counts as raised by the first and as spoken of again by the second.

    ``taken_up`` is what of the latter is worth naming; ``passed_over`` what could have been spoken of again.
    """

    first: AsOf
    second: AsOf
    raised: Exists
    again: Exists
    taken_up: Q
    passed_over: Q


def days(rows: CommitmentQuerySet, one: AsOf, other: AsOf) -> Span:
    """The span between two days, given in any order; ``rows`` are those that the reader may see.

    A commitment was passed over where its countries met in between, spoke of something else that the reader
    may see, and not of it; a meeting that it promised to hold does not pass it over by being held.
    """
    first, second = sorted((one, other), key=lambda when: when.day)
    mentions = Mention.objects.filter(commitment=OuterRef("pk"))
    later = mentions.filter(second.happened("meeting__day"), meeting__day__gt=first.day)
    spoken = Mention.objects.filter(meeting=OuterRef("pk"), commitment__in=rows.order_by().values("pk"))
    met = {
        meeting.pk: countries_of(meeting)
        for meeting in Meeting.objects.held()
        .filter(Exists(spoken), day__gt=first.day, day__lte=second.day)
        .order_by("-day", "-pk")
        .select_related("country", "mechanism")
        .prefetch_related("participations__country", "mechanism__countries")[:_READ_AHEAD]
    }
    return Span(
        first=first,
        second=second,
        raised=Exists(mentions.filter(first.happened("meeting__day"))),
        again=Exists(later),
        taken_up=Q(),
        passed_over=_passed_over_by(met, pairings_of(rows)),
    )


def _passed_over_by(met: Mapping[int, frozenset[str]], pairings: Iterable[frozenset[str]]) -> Q:
    """What one of the meetings, each with who ``met``, could have spoken of, other than by being held."""
    could_have = {
        "".join(sorted(parties)): [pk for pk, there in met.items() if could_speak_of(there, parties)]
        for parties in pairings
    }
    alone: dict[int, list[str]] = {}
    for prefix, meetings in could_have.items():
        if len(meetings) == 1:
            alone.setdefault(meetings[0], []).append(prefix)
    passed_over = Q(prefix__in=[prefix for prefix, meetings in could_have.items() if meetings])
    for pk, prefixes in alone.items():
        passed_over &= ~Q(outcome_meeting=pk, prefix__in=prefixes)
    return passed_over


def shown_on_either(
    filterset: CommitmentFilterSet, visible: CommitmentQuerySet, span: Span
) -> CommitmentQuerySet:
    """What the filters show on either of the two days, so that what left a filter is not lost from sight."""
    if not filterset.active.keys() - NOT_CONDITIONS:
        return visible
    shown = Q()
    for when in (span.first, span.second):
        query = filterset.data.copy()
        query["as_of"] = when.day.isoformat()
        for name in ("page", "ordering"):
            query.pop(name, None)
        kept = CommitmentFilterSet(
            query, user=filterset.user, queryset=visible, also_known=filterset.also_known
        )
        shown |= Q(pk__in=kept.qs.order_by().values("pk"))
    return visible.filter(shown)


def sessions(earlier: Meeting, later: Meeting, today: dt.date) -> Span:
    """The span from the end of one session to the end of another; the later one could have raised all.

    What promised to hold the later one is not passed over by it.
    """
    mentions = Mention.objects.filter(commitment=OuterRef("pk"))
    raised = Exists(mentions.filter(meeting=earlier.pk))
    return Span(
        first=AsOf(closed_on(earlier), today),
        second=AsOf(closed_on(later), today),
        raised=raised,
        again=Exists(mentions.filter(meeting=later.pk)),
        taken_up=~Q(raised),
        passed_over=~Q(outcome_meeting=later.pk),
    )


def closed_on(session: Meeting) -> dt.date:
    """The day on which a session that was held ended."""
    day = session.ends_on or session.day
    assert day is not None, "a meeting that was held has a day"  # noqa: S101 - a constraint of the table
    return day


# -- what changed ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """The rows of a comparison, by what changed."""

    new: CommitmentQuerySet
    moved: CommitmentQuerySet
    closed: CommitmentQuerySet
    deadline: CommitmentQuerySet
    mentioned: CommitmentQuerySet
    silent: CommitmentQuerySet


def changed(rows: CommitmentQuerySet, span: Span) -> Changed:
    """What changed of ``rows`` in ``span``; a commitment can be in several.

    New: pledged after the first day. Closed: closed on the second day and not on the first. Moved: of any
    other status on the second day than on the first. Silent: raised by the first day, open on the second,
    and not spoken of again though it could have been.
    """
    then, since = rows.at(span.second), Q(occurred_on__gt=span.first.day)
    changes = StatusChange.objects.filter(since, commitment=OuterRef("pk"))
    pledged = Exists(changes.filter(number=1))
    known = then.filter(~pledged)
    was_open, is_new = Q(status_before__in=OPEN), Q(status_before__isnull=True)
    moving = _before(then.filter(Exists(changes)), span.first, "status")
    closing = (was_open | is_new) & Q(status_then__in=CLOSED)
    return Changed(
        new=then.filter(pledged),
        moved=moving.exclude(is_new | closing | Q(status_then=F("status_before"))),
        closed=moving.filter(closing),
        deadline=_with_another_window(known, span, since),
        mentioned=known.filter(span.again, span.taken_up),
        silent=known.open().filter(span.passed_over, span.raised).exclude(span.again),
    )


def _before(rows: CommitmentQuerySet, first: AsOf, *names: str) -> CommitmentQuerySet:
    """Annotate ``…_before``: what ``at`` says of the first day, nothing where it was not pledged yet."""
    earlier = Commitment.objects.at(first).filter(pk=OuterRef("pk"))
    values = {f"{name}_before": Subquery(earlier.values(f"{name}_then")[:1]) for name in names}
    return rows.annotate(**values)


def _with_another_window(known: CommitmentQuerySet, span: Span, since: Q) -> CommitmentQuerySet:
    """Those whose deadline was agreed anew, and is another on the second day than on the first."""
    agreed_anew = Exists(DeadlineChange.objects.filter(since, commitment=OuterRef("pk")))
    rows = _before(known.filter(agreed_anew), span.first, "wording", *_DAYS)
    same: dict[str, Any] = {"wording_then": F("wording_before")}
    for name in _DAYS:
        rows = rows.alias(**{f"{name}_now": Coalesce(f"{name}_then", NEVER)})
        same[f"{name}_now"] = Coalesce(F(f"{name}_before"), NEVER)
    return rows.exclude(**same)


# -- as a page shows it ----------------------------------------------------------------------------------

BETWEEN_DAYS: Texts = {
    "new": (_("New"), _("pledged since"), _("Nothing was pledged in between.")),
    "moved": (_("Moved"), _("of another status"), _("Nothing moved from one status to another.")),
    "closed": (_("Closed"), _("open before"), _("Nothing was closed.")),
    "deadline": (_("Deadline changed"), _("agreed anew"), _("No deadline was agreed anew.")),
    "mentioned": (
        _("Spoken of again"),
        _("pledged before"),
        _("No meeting spoke of anything pledged before."),
    ),
    "silent": (
        _("Silently absent"),
        _("open, and passed over"),
        _("Nothing open was passed over by a meeting of its countries."),
    ),
}
BETWEEN_SESSIONS: Texts = {
    "new": (_("New"), _("pledged since"), _("The later session raised nothing that was pledged since.")),
    "moved": (
        _("Moved"),
        _("of another status"),
        _("Nothing raised at either moved from one status to another."),
    ),
    "closed": (_("Closed"), _("open before"), _("Nothing raised at either was closed.")),
    "deadline": (
        _("Deadline changed"),
        _("agreed anew"),
        _("No deadline of anything raised at either was agreed anew."),
    ),
    "mentioned": (
        _("Taken up"),
        _("pledged before, not raised at the earlier"),
        _("The later session took up nothing that the earlier had left aside."),
    ),
    "silent": (
        _("Silently absent"),
        _("raised at the earlier, open, not mentioned at the later"),
        _("Everything raised at the earlier session and still open was mentioned at the later."),
    ),
}


def comparison_of(
    rows: CommitmentQuerySet, visible: CommitmentQuerySet, span: Span, texts: Texts, *, most: slice
) -> Comparison:
    """What changed of ``rows`` in ``span``; ``most`` is the part of each group that the page shows."""
    found, second = changed(rows, span), span.second
    scale = scale_for(visible, second, pairings_of(rows))
    countries: dict[str, Side] = {}
    groups = []
    for key, (label, says, empty) in texts.items():
        group: CommitmentQuerySet = getattr(found, key)
        listed = _before(group, span.first, "status", "wording", *_DAYS)
        listed = listed.with_last_activity(second).with_list_fields()
        listed = listed.order_by("prefix", "year", "serial")
        shown = rows_of(listed[most], visible, second, scale=scale)
        countries.update({country.code: country for country in shown.countries})
        compared = tuple(_compared(row) for row in shown.rows)
        groups.append(ComparisonGroup(key, str(label), str(says), str(empty), group.count(), compared))
    return Comparison(span.first.day, second.day, tuple(groups), scale, tuple(countries.values()))


def _compared(row: Row) -> ComparisonRow:
    now: Any = row.commitment
    before = Status(now.status_before) if now.status_before else None
    days = (now.earliest_before, now.latest_before, now.review_on_before)
    return ComparisonRow(row, before, Window(now.wording_before or "", *days))
