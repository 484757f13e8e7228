"""The page of a mechanism: its sessions and what is due before the next one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.choices import MentionKind, PartyRole, State
from commitments.models import Commitment, Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import list_url, on_day
from commitments.reports.presence_strip import shapes_of
from commitments.reports.sections import Section, SectionContext
from relations.choices import MeetingStatus
from relations.models import Mechanism, Meeting

if TYPE_CHECKING:
    from accounts.models import User

MOST_SESSIONS, MOST_NEXT_SESSIONS = 25, 5
_STILL_OPEN = "open"


@dataclass(frozen=True, slots=True)
class MechanismFigure:
    """A number of commitments of one session, and the address of their list."""

    label: str
    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Session:
    """A past session; ``days_since`` is the number of days since the previous one."""

    meeting: Meeting
    url: str
    is_held: bool
    days_since: int | None
    shapes: tuple[str, ...]
    figures: tuple[MechanismFigure, ...]
    compare_url: str


@dataclass(frozen=True, slots=True)
class MechanismPage:
    """The content of the page; ``closes_in`` is the number of days until the next session is over.

    ``recorded`` is the number of past sessions, ``to_come`` that of the others.
    """

    mechanism: Mechanism
    sessions: tuple[Session, ...]
    recorded: int
    to_come: int
    all_url: str
    since_url: str
    compare_url: str
    next_sessions: tuple[Meeting, ...]
    closes_in: int | None
    mentioned: int
    open: int
    sections: tuple[Section, ...]
    context: SectionContext

    @property
    def earlier(self) -> int:
        """The number of past sessions that the page does not show."""
        return self.recorded - len(self.sessions)


def mechanism_page(mechanism: Mechanism, user: "User", as_of: AsOf) -> MechanismPage:
    """The page of ``mechanism`` as of a date, with what ``user`` can see."""
    visible = Commitment.objects.visible_to(user)
    at = visible.at(as_of)
    meetings = Meeting.objects.visible_to(user).filter(mechanism=mechanism)
    expected = meetings.to_come(as_of.day)
    next_sessions = list(expected.select_related("country")[:MOST_NEXT_SESSIONS])
    closes_on = next_sessions[0].closes_on if next_sessions else None
    past = meetings.exclude(pk__in=expected.order_by().values("pk"))
    latest = list(past.with_has_text().order_by("-day", "-pk").select_related("country")[:MOST_SESSIONS])
    mentioned = at.mentioned(as_of, meeting__mechanism=mechanism.pk)
    due = at.due_between(None, closes_on) if closes_on else at.none()
    partners = [each.code for each in mechanism.countries.all() if each.code != settings.HOME_COUNTRY]
    if partners:
        due = due.with_party(partners, PartyRole.PARTY)
    context = SectionContext.of(visible, as_of, mentioned, due)
    sections = (
        context.section(
            "due",
            _("Due before the next session"),
            _("No commitment that you can see is due before the next session ends."),
            due,
            query={"due_before_session": mechanism.slug, "country": partners},
        ),
        context.section(
            "open",
            _("Open commitments mentioned here"),
            _("No open commitment that you can see was mentioned at a session."),
            mentioned.open(),
            query={"mechanism": mechanism.slug, "state": State.OPEN.value},
            last_column="last",
        ),
    )
    sessions = tuple(_sessions(latest[::-1], mechanism, at, as_of))
    can_compare = any(session.compare_url for session in sessions)
    return MechanismPage(
        mechanism=mechanism,
        sessions=sessions,
        recorded=past.count(),
        to_come=expected.count(),
        all_url=on_day(f"{reverse('meetings')}?mechanism={mechanism.slug}", as_of),
        since_url=_since(mechanism, latest, as_of),
        compare_url=reverse("mechanism_compare", args=[mechanism.slug]) if can_compare else "",
        next_sessions=tuple(next_sessions),
        closes_in=(closes_on - as_of.day).days if closes_on else None,
        mentioned=mentioned.count(),
        open=sections[1].count,
        sections=sections if next_sessions else sections[1:],
        context=context,
    )


def _sessions(
    meetings: Sequence[Meeting], mechanism: Mechanism, at: CommitmentQuerySet, as_of: AsOf
) -> Iterable[Session]:
    """The sessions in order, each with the numbers of its commitments."""
    counts, previous = _counts_of(meetings, at), None
    for meeting in meetings:
        page = on_day(meeting.get_absolute_url(), as_of)
        numbers = counts[meeting.pk]
        new, still_open = (
            list_url(as_of, {"made_at": meeting.slug, **more}) for more in ({}, {"state": "open"})
        )
        is_held = meeting.status == MeetingStatus.HELD
        figures = (
            MechanismFigure(_("mentioned"), numbers["all"], list_url(as_of, {"meeting": meeting.slug})),
            MechanismFigure(_("new commitments"), numbers[MentionKind.MADE], new),
            MechanismFigure(_("of these still open"), numbers[_STILL_OPEN], still_open),
            *(
                MechanismFigure(str(kind.label), numbers[kind], f"{page}#s-{kind.value}")
                for kind in MentionKind
                if kind != MentionKind.MADE
            ),
        )
        yield Session(
            meeting=meeting,
            url=page,
            is_held=is_held,
            days_since=_days_between(previous, meeting),
            shapes=shapes_of({kind for kind in MentionKind if numbers[kind]}),
            figures=figures if numbers["all"] else (),
            compare_url=_comparison(mechanism, previous, meeting) if previous and is_held else "",
        )
        previous = meeting if is_held else previous


def _days_between(previous: Meeting | None, meeting: Meeting) -> int | None:
    """The days from one session to the next; ``None`` if the exact date of one is unknown."""
    if previous is None or previous.starts_on is None or meeting.starts_on is None:
        return None
    return (meeting.starts_on - (previous.ends_on or previous.starts_on)).days


def _since(mechanism: Mechanism, latest: Sequence[Meeting], as_of: AsOf) -> str:
    """The address of the list of changes since the last session with an exact date."""
    days = [
        meeting.ends_on or meeting.starts_on for meeting in latest if meeting.status == MeetingStatus.HELD
    ]
    last = next((day for day in days if day is not None), None)
    return list_url(as_of, {"mechanism": mechanism.slug, "compare": last.isoformat()}) if last else ""


def _comparison(mechanism: Mechanism, earlier: Meeting, later: Meeting) -> str:
    return f"{reverse('mechanism_compare', args=[mechanism.slug])}?from={earlier.slug}&to={later.slug}"


def _counts_of(meetings: Sequence[Meeting], at: CommitmentQuerySet) -> dict[int, Counter[str]]:
    """Numbers of commitments by meeting: mentioned, by kind of mention, and new ones still open."""
    counts: dict[int, Counter[str]] = {meeting.pk: Counter() for meeting in meetings}
    mentions = Mention.objects.filter(meeting__in=counts, commitment__in=at.order_by().values("pk"))
    new_and_open = Q(kind=MentionKind.MADE, commitment__in=at.open().order_by().values("pk"))
    for pk, n_mentioned, n_open in (
        mentions.order_by()
        .values_list("meeting")
        .annotate(n=Count("commitment", distinct=True))
        .annotate(n_open=Count("commitment", filter=new_and_open, distinct=True))
    ):
        counts[pk]["all"], counts[pk][_STILL_OPEN] = n_mentioned, n_open
    for pk, kind, n in (
        mentions.order_by().values_list("meeting", "kind").annotate(n=Count("commitment", distinct=True))
    ):
        counts[pk][kind] = n
    return counts
