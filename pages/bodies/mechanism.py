"""A mechanism: the line of its sessions, what each left behind, and what is due before the next one."""

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

MOST_SESSIONS, MOST_TO_COME = 25, 5
_STILL_OPEN = "open"


@dataclass(frozen=True, slots=True)
class MechanismFigure:
    """How many commitments a session left behind in one way, and where they are."""

    label: str
    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session whose time has come, the days since the one before it, and what it left behind."""

    meeting: Meeting
    url: str
    is_held: bool
    days_since: int | None
    shapes: tuple[str, ...]
    figures: tuple[MechanismFigure, ...]
    compare_url: str


@dataclass(frozen=True, slots=True)
class MechanismPage:
    """Everything the page of one mechanism says; ``closes_in`` counts down to the first session to come."""

    mechanism: Mechanism
    sessions: tuple[Session, ...]
    recorded: int
    all_url: str
    since_url: str
    compare_url: str
    to_come: tuple[Meeting, ...]
    closes_in: int | None
    spoken_of: int
    open: int
    sections: tuple[Section, ...]
    frame: SectionContext

    @property
    def rest(self) -> int:
        """How many more sessions there are."""
        return self.recorded - len(self.sessions)


def mechanism_page(mechanism: Mechanism, user: "User", as_of: AsOf) -> MechanismPage:
    """The page of ``mechanism``, on the day, with what ``user`` may see."""
    visible = Commitment.objects.visible_to(user)
    at = visible.at(as_of)
    expected = Meeting.objects.to_come(as_of.day).filter(mechanism=mechanism)
    to_come = list(expected.select_related("country")[:MOST_TO_COME])
    closes_on = to_come[0].closes_on if to_come else None
    passed = Meeting.objects.filter(mechanism=mechanism).exclude(pk__in=expected.order_by().values("pk"))
    latest = list(passed.order_by("-day", "-pk").select_related("country")[:MOST_SESSIONS])
    spoken = at.mentioned(as_of, meeting__mechanism=mechanism.pk)
    due = at.due_between(None, closes_on) if closes_on else at.none()
    sides = [each.code for each in mechanism.countries.all() if each.code != settings.HOME_COUNTRY]
    if sides:
        due = due.with_party(sides, PartyRole.PARTY)
    frame = SectionContext.around(visible, as_of, spoken, due)
    sections = (
        frame.section(
            "due",
            _("Due before the next session"),
            _("Nothing with a latest day falls due before the next session closes."),
            due,
            query={"due_before_session": mechanism.slug, "country": sides},
        ),
        frame.section(
            "open",
            _("Spoken of here and open"),
            _("Nothing that was spoken of at its sessions is open, as far as this account may see."),
            spoken.open(),
            query={"mechanism": mechanism.slug, "state": State.OPEN.value},
            says="last",
        ),
    )
    sessions = tuple(_line(latest[::-1], mechanism, at, as_of))
    can_compare = any(session.compare_url for session in sessions)
    return MechanismPage(
        mechanism=mechanism,
        sessions=sessions,
        recorded=passed.count(),
        all_url=on_day(f"{reverse('meetings')}?mechanism={mechanism.slug}", as_of),
        since_url=_since(mechanism, latest, as_of),
        compare_url=reverse("mechanism_compare", args=[mechanism.slug]) if can_compare else "",
        to_come=tuple(to_come),
        closes_in=(closes_on - as_of.day).days if closes_on else None,
        spoken_of=spoken.count(),
        open=sections[1].count,
        sections=sections if to_come else sections[1:],
        frame=frame,
    )


def _line(
    meetings: Sequence[Meeting], mechanism: Mechanism, at: CommitmentQuerySet, as_of: AsOf
) -> Iterable[Session]:
    """The sessions in order, each with what was made and reported there, and what of it is still open."""
    counts, before = _left_behind(meetings, at), None
    for meeting in meetings:
        page = on_day(meeting.get_absolute_url(), as_of)
        left = counts[meeting.pk]
        made, still = (list_url(as_of, {"made_at": meeting.slug, **more}) for more in ({}, {"state": "open"}))
        held = meeting.status == MeetingStatus.HELD
        figures = (
            MechanismFigure(_("spoken of"), left["all"], list_url(as_of, {"meeting": meeting.slug})),
            MechanismFigure(_("made there"), left[MentionKind.MADE], made),
            MechanismFigure(_("of these still open"), left[_STILL_OPEN], still),
            MechanismFigure(_("reaffirmed"), left[MentionKind.REAFFIRMED], f"{page}#s-reaffirmed"),
            MechanismFigure(_("requested"), left[MentionKind.REQUESTED], f"{page}#s-requested"),
            MechanismFigure(_("progress reported"), left[MentionKind.PROGRESS], f"{page}#s-progress"),
            MechanismFigure(_("fulfilled"), left[MentionKind.FULFILLED], f"{page}#s-fulfilled"),
        )
        yield Session(
            meeting=meeting,
            url=page,
            is_held=held,
            days_since=_days_between(before, meeting),
            shapes=shapes_of({kind for kind in MentionKind if left[kind]}),
            figures=figures if left["all"] else (),
            compare_url=_comparison(mechanism, before, meeting) if before and held else "",
        )
        before = meeting if held else before


def _days_between(before: Meeting | None, meeting: Meeting) -> int | None:
    """The days from one session to the next; none where only a wording tells when one of them was."""
    if before is None or before.starts_on is None or meeting.starts_on is None:
        return None
    return (meeting.starts_on - (before.ends_on or before.starts_on)).days


def _since(mechanism: Mechanism, latest: Sequence[Meeting], as_of: AsOf) -> str:
    """The list of what changed since the last session that was held on a known day."""
    days = [
        meeting.ends_on or meeting.starts_on for meeting in latest if meeting.status == MeetingStatus.HELD
    ]
    last = next((day for day in days if day is not None), None)
    return list_url(as_of, {"mechanism": mechanism.slug, "compare": last.isoformat()}) if last else ""


def _comparison(mechanism: Mechanism, earlier: Meeting, later: Meeting) -> str:
    return f"{reverse('mechanism_compare', args=[mechanism.slug])}?from={earlier.slug}&to={later.slug}"


def _left_behind(meetings: Sequence[Meeting], at: CommitmentQuerySet) -> dict[int, Counter[str]]:
    """For each meeting how many commitments were spoken of, of each kind, and made there and still open."""
    counts: dict[int, Counter[str]] = {meeting.pk: Counter() for meeting in meetings}
    mentions = Mention.objects.filter(meeting__in=counts, commitment__in=at.order_by().values("pk"))
    still_open = Q(kind=MentionKind.MADE, commitment__in=at.open().order_by().values("pk"))
    for pk, spoken_of, left_open in (
        mentions.order_by()
        .values_list("meeting")
        .annotate(n=Count("commitment", distinct=True))
        .annotate(left=Count("commitment", filter=still_open, distinct=True))
    ):
        counts[pk]["all"], counts[pk][_STILL_OPEN] = spoken_of, left_open
    for pk, kind, n in (
        mentions.order_by().values_list("meeting", "kind").annotate(n=Count("commitment", distinct=True))
    ):
        counts[pk][kind] = n
    return counts
