"""Presence strips: at which meetings a commitment was spoken of, and at which it was passed over."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commitments.choices import MentionKind
from commitments.models import Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from relations.models import Country, Mechanism, Meeting, Participation
from relations.querysets import MeetingQuerySet

MOST_PLACES = 12
_READ_AHEAD = 120
"""How many of the latest meetings are looked through for those between the countries of a page."""

_START, _STEP, _STEP_MONTHS, _STEP_LONG = 7.5, 14, 18, 23
_FEET = (
    (MentionKind.MADE, "m-made"),
    (MentionKind.REAFFIRMED, "m-reaffirmed"),
    (MentionKind.REQUESTED, "m-requested"),
)
_HEADS = ((MentionKind.FULFILLED, "m-fulfilled"), (MentionKind.PROGRESS, "m-progress"))


def could_speak_of(met: frozenset[str], parties: Collection[str]) -> bool:
    """Whether those who met could have spoken for ``parties``: one side of the two holds the other."""
    there = frozenset(parties)
    return bool(met) and (met <= there or there <= met)


@dataclass(frozen=True, slots=True)
class Place:
    """A meeting's place on every strip of a page."""

    n: int
    x: float
    pk: int
    title: str
    url: str
    day: dt.date | None
    countries: frozenset[str]

    def concerns(self, parties: Collection[str]) -> bool:
        """Whether silence there says something."""
        return could_speak_of(self.countries, parties)


@dataclass(frozen=True, slots=True)
class Scale:
    """The places of a page's strips, and how wide these are."""

    places: tuple[Place, ...] = ()

    @property
    def width(self) -> int:
        """In px."""
        return round(self.places[-1].x + _START) if self.places else 0

    @property
    def numbers(self) -> tuple[Place, ...]:
        """What the head of a column of strips is drawn from."""
        return self.places

    def latest(self, most: int) -> "Scale":
        """The same for the latest ``most`` places alone."""
        return Scale(_placed(self.places[-most:]))


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said at one meeting: the foot of the mark, the head is what was reported."""

    x: float
    shapes: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One commitment on the scale of its page; ``label`` says the same in words."""

    width: int
    line_from: float | None
    line_to: float
    marks: tuple[Mark, ...]
    dots: tuple[float, ...]
    label: str


def shapes_of(kinds: Collection[str]) -> tuple[str, ...]:
    """The parts of the sprite that draw mentions of these kinds at one meeting, foot first."""
    feet = [shape for kind, shape in _FEET if kind in kinds][:1]
    heads = [shape for kind, shape in _HEADS if kind in kinds][:1]
    return (*(feet or ["m-stem"]), *heads)


def kinds_in_words(kinds: Collection[str]) -> str:
    """The kinds as a text: “reaffirmed and progress reported”."""
    return get_text_list([str(kind.label) for kind in MentionKind if kind in kinds], _("and"))


def countries_of(meeting: Meeting) -> frozenset[str]:
    """Who met: the countries of the participants, else of the mechanism, else the host."""
    codes = {each.country.code for each in meeting.participations.all()}
    if not codes and meeting.mechanism:
        codes = {country.code for country in meeting.mechanism.countries.all()}
    if not codes and meeting.country:
        codes = {meeting.country.code}
    return frozenset(codes)


def pairings_of(rows: CommitmentQuerySet) -> Iterable[frozenset[str]]:
    """The sets of countries between which something of ``rows`` stands, as the references spell them."""
    for prefix in rows.order_by().values_list("prefix", flat=True).distinct():
        yield frozenset(prefix[n : n + 2] for n in range(0, len(prefix), 2))


def scale_for(
    visible: CommitmentQuerySet, as_of: AsOf, parties: Iterable[Collection[str]], *, most: int = MOST_PLACES
) -> Scale:
    """The latest meetings at which something that ``visible`` holds was spoken of, between these countries.

    ``parties`` are the countries of each commitment that will be drawn on the scale. Where few of the latest
    meetings of all were between them, those are looked through that spoke of their latest commitments.
    """
    groups = {frozenset(each) for each in parties}
    held = Meeting.objects.held().filter(day__lte=as_of.day)
    spoken = Mention.objects.filter(meeting=OuterRef("pk"), commitment__in=visible.order_by().values("pk"))
    latest = _latest(held.filter(Exists(spoken)))
    places = _between(groups, latest, most)
    if len(places) < most and len(latest) == _READ_AHEAD:
        theirs = visible.filter(prefix__in={"".join(sorted(group)) for group in groups})
        pledged = list(theirs.order_by("-year", "-serial").values_list("pk", flat=True)[:_READ_AHEAD])
        spoken_of = Mention.objects.filter(commitment__in=pledged)
        places = _between(groups, _latest(held.filter(pk__in=spoken_of.values("meeting"))), most)
    return Scale(_placed(places[::-1]))


def _latest(meetings: MeetingQuerySet) -> list[Meeting]:
    fields = ("slug", "title", "day", "country", "mechanism")
    return list(meetings.only(*fields).order_by("-day", "-pk")[:_READ_AHEAD])


def _between(groups: Collection[frozenset[str]], meetings: Collection[Meeting], most: int) -> list[Place]:
    """The places of the first of ``meetings`` at which any of ``groups`` could have been spoken for."""
    met = _who_met(meetings)
    there = (each for each in meetings if any(could_speak_of(met[each.pk], group) for group in groups))
    return [
        Place(0, 0, each.pk, each.title, each.get_absolute_url(), each.day, met[each.pk])
        for each in islice(there, most)
    ]


def _who_met(meetings: Collection[Meeting]) -> dict[int, frozenset[str]]:
    """``countries_of`` for many meetings at once, by their keys."""
    codes: dict[int, str] = dict(Country.objects.values_list("pk", "code"))
    there: dict[int, set[str]] = {each.pk: set() for each in meetings}
    came = Participation.objects.filter(meeting__in=there).order_by()
    for meeting, country in came.values_list("meeting", "country").distinct():
        there[meeting].add(codes[country])
    sides: dict[int, set[str]] = {}
    held_by = {each.mechanism_id for each in meetings if each.mechanism_id}
    members = Mechanism.objects.filter(pk__in=held_by).order_by()
    for mechanism, country in members.values_list("pk", "countries"):
        sides.setdefault(mechanism, set()).update({codes[country]} if country else ())
    return {
        each.pk: frozenset(
            there[each.pk]
            or sides.get(each.mechanism_id or 0)
            or ({codes[each.country_id]} if each.country_id else ())
        )
        for each in meetings
    }


def _placed(places: Sequence[Place]) -> tuple[Place, ...]:
    """``places`` numbered from 1, with wider steps where months lie between."""
    placed: list[Place] = []
    for n, place in enumerate(places, start=1):
        x = _START
        if placed:
            before, day = placed[-1].day, place.day
            days = (day - before).days if day and before else 0
            x = placed[-1].x + (_STEP_LONG if days > 180 else _STEP_MONTHS if days > 30 else _STEP)
        placed.append(replace(place, n=n, x=x))
    return tuple(placed)


def strip_of(scale: Scale, mentions: Sequence[Mention], parties: Collection[str]) -> Strip:
    """Where the commitment was spoken of, on ``scale``; ``mentions`` are those known on that day."""
    kinds: dict[int, set[str]] = {}
    for mention in mentions:
        kinds.setdefault(mention.meeting_id, set()).add(mention.kind)
    marks, dots, said, began = [], [], [], None
    earlier = bool(kinds.keys() - {place.pk for place in scale.places})
    for place in scale.places:
        if place.pk in kinds:
            words = kinds_in_words(kinds[place.pk])
            on = date_format(place.day, "j M Y") if place.day else ""
            marks.append(Mark(place.x - 6.5, shapes_of(kinds[place.pk]), f"{place.title}, {on}: {words}"))
            said.append(f"{words} {on}".strip())
            began = began if began is not None else place.x
        elif (began is not None or earlier) and place.concerns(parties):
            dots.append(place.x)
    line_from = 0.0 if earlier and scale.places else began
    asked = {
        place.pk for place in scale.places if place.pk in kinds or place.concerns(parties)
    } | kinds.keys()
    label = _("Mentioned at %(n)d of %(all)d meetings") % {"n": len(kinds), "all": len(asked)}
    if said:
        label = f"{label}: {'; '.join(said)}"
    return Strip(scale.width, line_from, scale.width - 2, tuple(marks), tuple(dots), label)
