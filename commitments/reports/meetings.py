"""What a meeting did, and what to raise at the next one."""

import calendar
import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commitments.choices import MentionKind, PartyRole, Status
from commitments.models import Commitment, CommitmentParty, Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.rows import Rows, rows_of
from commitments.reports.strips import countries_of, pairings_of, scale_for
from relations.choices import MEETINGS_TO_COME, MeetingStatus
from relations.models import Meeting

SHORT, WHOLE = 12, 500
"""Rows that one group of the agenda shows, and those it shows when it is asked for alone."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was done there with one kind of mention: each commitment once."""

    key: str
    label: str
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True, slots=True)
class AgendaGroup:
    """Open commitments between the countries of a session that ask the same of it."""

    key: str
    label: str
    empty: str
    count: int
    rows: Rows

    @property
    def rest(self) -> int:
        """How many more there are."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What to raise: ``open`` commitments stand between the countries, ``in_progress`` of them in no group."""

    groups: tuple[AgendaGroup, ...]
    open: int
    in_progress: int
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthTick:
    """A month on the drawing of the window."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class WindowChart:
    """The time in which a planned session can fall, and how much of it is gone."""

    label: str
    ticks: tuple[MonthTick, ...]
    done: float
    today_x: float | None
    today: str
    latest: str


KINDS = (
    (MentionKind.MADE, _("Made there")),
    (MentionKind.REAFFIRMED, _("Reaffirmed")),
    (MentionKind.REQUESTED, _("Requested")),
    (MentionKind.PROGRESS, _("Progress reported")),
    (MentionKind.FULFILLED, _("Fulfilled")),
)


def spoken_at(meeting: Meeting, visible: CommitmentQuerySet) -> tuple[Spoken, ...]:
    """What was made, reaffirmed, requested and reported at ``meeting``; only kinds that occurred."""
    mentions = Mention.objects.filter(meeting=meeting, commitment__in=visible.order_by().values("pk"))
    found: dict[str, dict[int, Commitment]] = {}
    ordered = mentions.select_related("commitment").order_by(
        "commitment__prefix", "commitment__year", "commitment__serial"
    )
    for mention in ordered:
        found.setdefault(mention.kind, {})[mention.commitment_id] = mention.commitment
    return tuple(
        Spoken(kind.value, str(label), tuple(found[kind].values())) for kind, label in KINDS if kind in found
    )


def with_spoken_counts(
    meetings: QuerySet[Meeting], visible: CommitmentQuerySet
) -> QuerySet[Meeting]:
    """Annotate ``spoken_of``: how many commitments that may be seen were spoken of."""
    return meetings.annotate(
        spoken_of=Count(
            "mentions__commitment",
            filter=Q(mentions__commitment__in=visible.order_by().values("pk")),
            distinct=True,
        )
    )


# -- what to raise -----------------------------------------------------------------------------------------------


def between(rows: CommitmentQuerySet, codes: Collection[str]) -> CommitmentQuerySet:
    """Commitments of these countries: all of their parties are among them, or all of them are parties."""
    parties = CommitmentParty.objects.filter(commitment=OuterRef("pk"), role=PartyRole.PARTY)
    strangers = Exists(parties.exclude(country__code__in=codes))
    all_there = Q()
    for code in codes:
        all_there &= Q(Exists(parties.filter(country__code=code)))
    return rows.filter(~Q(strangers) | all_there)


def agenda_of(meeting: Meeting, visible: CommitmentQuerySet, as_of: AsOf, *, whole: str = "") -> Agenda | None:
    """What is open between the countries of a session to come, by what it asks; none where no country is known."""
    codes = sorted(countries_of(meeting))
    if not codes:
        return None
    rows = between(visible, codes).at(as_of).open()
    overdue = rows.overdue(as_of.day)
    rest = rows.overdue(as_of.day, value=False)
    parts = [
        ("overdue", _("Overdue"), _("Nothing is overdue between these countries."), overdue),
        (
            "awaiting",
            _("Awaiting decision"),
            _("None: nothing has been reported ready to close."),
            rest.in_status(Status.UNDER_REVIEW),
        ),
        (
            "stalled",
            _("Stalled"),
            _("None: no side has reported an obstacle."),
            rest.in_status(Status.STALLED),
        ),
        (
            "no_report",
            _("No report since"),
            _("None: something has been reported on everything agreed."),
            rest.in_status(Status.AGREED),
        ),
        (
            "requested",
            _("Requested, unanswered"),
            _("None: no request waits for an answer."),
            rest.in_status(Status.REQUESTED),
        ),
        (
            "reaffirm",
            _("To reaffirm"),
            _("None: no standing duty is recorded between these countries."),
            rest.in_status(Status.STANDING),
        ),
    ]
    scale = scale_for(visible, as_of, pairings_of(rows))

    def group(key: str, label: str, empty: str, found: CommitmentQuerySet) -> AgendaGroup:
        by_day = "latest_then" if key == "overdue" else "last_activity_on"
        shown = (
            found.with_last_activity(as_of)
            .with_list_relations(as_of)
            .order_by(F(by_day).asc(nulls_last=True), "prefix", "year", "serial")
        )[: WHOLE if whole else SHORT]
        return AgendaGroup(key, label, empty, found.count(), rows_of(shown, visible, as_of, scale=scale))

    groups = tuple(
        group(key, str(label), str(empty), found)
        for key, label, empty, found in parts
        if whole in ("", key)
    )
    return Agenda(
        groups,
        open=rows.count(),
        in_progress=rest.in_status(Status.IN_PROGRESS).count(),
        countries=tuple(codes),
    )


AGENDA_KEYS = frozenset({"overdue", "awaiting", "stalled", "no_report", "requested", "reaffirm"})


def is_to_come(meeting: Meeting, today: dt.date) -> bool:
    """Whether the meeting is still expected."""
    if meeting.status in MEETINGS_TO_COME:
        return True
    return meeting.status == MeetingStatus.HELD and meeting.day is not None and meeting.day > today


def session_before(meeting: Meeting) -> Meeting | None:
    """The last session of the same mechanism that was held before this one."""
    if meeting.mechanism_id is None:
        return None
    sessions = Meeting.objects.held().filter(mechanism=meeting.mechanism_id).exclude(pk=meeting.pk)
    if meeting.session is not None:
        sessions = sessions.filter(session__lt=meeting.session)
    return sessions.order_by("-day", "-pk").first()


# -- the window of a session without a day -----------------------------------------------------------------------


def window_chart(meeting: Meeting, today: dt.date) -> WindowChart | None:
    """The window of a session without a day, where both its ends are known."""
    first, last = meeting.window_earliest, meeting.window_latest
    if meeting.starts_on or first is None or last is None or last <= first:
        return None
    days = (last - first).days + 1
    gone = min(max((today - first).days + 1, 0), days)

    def x(day: dt.date) -> float:
        return round(100 * (day - first).days / days, 2)

    return WindowChart(
        label=str(_("The window runs from %(first)s to %(last)s; %(gone)d of its %(days)d days have begun."))
        % {
            "first": date_format(first, "j F Y"),
            "last": date_format(last, "j F Y"),
            "gone": gone,
            "days": days,
        },
        ticks=tuple(MonthTick(x(day), label) for day, label in _months(first, last)),
        done=round(100 * gone / days, 2),
        today_x=x(today) if first <= today <= last else None,
        today=date_format(today, "j M"),
        latest=date_format(last, "j M Y"),
    )


def _months(first: dt.date, last: dt.date) -> Iterable[tuple[dt.date, str]]:
    many = (last - first).days > 120
    day = first
    while day <= last:
        named = not many or (day.month - 1) % 3 == 0 or day == first
        yield day, date_format(day, "M Y" if day.month == 1 or day == first else "M") if named else ""
        day = day.replace(day=calendar.monthrange(day.year, day.month)[1]) + dt.timedelta(days=1)



# -- the page of one meeting -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything the page of one meeting says."""

    meeting: Meeting
    to_come: bool
    spoken: tuple[Spoken, ...]
    agenda: Agenda | None
    window: WindowChart | None
    before: Meeting | None
    left_behind: tuple[Spoken, ...]
    sessions: tuple[Meeting, ...]
    brings_about: tuple[Commitment, ...]
    closes_in: int | None


def meeting_page(meeting: Meeting, visible: CommitmentQuerySet, as_of: AsOf, *, whole: str = "") -> MeetingPage:
    """What was done at ``meeting``; for one to come, what to raise and what the session before left behind."""
    to_come = is_to_come(meeting, as_of.day)
    before = session_before(meeting) if to_come else None
    others = Meeting.objects.none()
    if meeting.mechanism_id:
        others = Meeting.objects.filter(mechanism=meeting.mechanism_id).exclude(pk=meeting.pk)
    closes_on = meeting.ends_on or meeting.starts_on or meeting.window_latest
    brings_about = visible.filter(outcome_meeting=meeting).order_by("prefix", "year", "serial")
    return MeetingPage(
        meeting=meeting,
        to_come=to_come,
        spoken=spoken_at(meeting, visible),
        agenda=agenda_of(meeting, visible, as_of, whole=whole) if to_come else None,
        window=window_chart(meeting, as_of.day) if to_come else None,
        before=before,
        left_behind=spoken_at(before, visible) if before else (),
        sessions=tuple(others.order_by("-day", "-pk")[:12]),
        brings_about=tuple(brings_about),
        closes_in=(closes_on - as_of.day).days if to_come and closes_on else None,
    )
