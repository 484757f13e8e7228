"""Presence strips: at which meetings a commitment was spoken of, and at which it was passed over."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from commitments.choices import MentionKind
from commitments.models import Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from relations.models import Mechanism, Meeting, Participation

MOST_PLACES = 12
_READ_AHEAD = 120
"""How many of the latest meetings, and of the latest commitments, are looked through for those of a page."""

_SIDES = 2
"""Countries that it takes for a meeting: where fewer are named among those who came, others say who met."""

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
class StripMeeting:
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

    places: tuple[StripMeeting, ...] = ()

    @property
    def width(self) -> int:
        """In px."""
        return round(self.places[-1].x + _START) if self.places else 0

    @property
    def numbers(self) -> tuple[StripMeeting, ...]:
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

    def from_its_beginning(self) -> "Strip":
        """The same without the places before the first mention: for one that stands alone."""
        if not self.line_from:
            return self
        ahead = self.line_from - _START
        return replace(
            self,
            width=round(self.width - ahead),
            line_from=_START,
            line_to=self.line_to - ahead,
            marks=tuple(replace(mark, x=mark.x - ahead) for mark in self.marks),
            dots=tuple(x - ahead for x in self.dots),
        )


class MentionLike(Protocol):
    """A mention, as far as a strip draws it."""

    @property
    def meeting_id(self) -> int: ...

    @property
    def kind(self) -> str: ...


def shapes_of(kinds: Collection[str]) -> tuple[str, ...]:
    """The parts of the sprite that draw mentions of these kinds at one meeting, foot first."""
    feet = [shape for kind, shape in _FEET if kind in kinds][:1]
    heads = [shape for kind, shape in _HEADS if kind in kinds][:1]
    return (*(feet or ["m-stem"]), *heads)


def kinds_in_words(kinds: Iterable[str]) -> str:
    """The kinds as a text: “reaffirmed and progress reported”."""
    return _in_words(frozenset(kinds), get_language())


@lru_cache(maxsize=256)
def _in_words(kinds: frozenset[str], _language: str | None) -> str:
    """Put together once: a page says the same few of hundreds of marks."""
    return get_text_list([str(kind.label) for kind in MentionKind if kind in kinds], _("and"))


@lru_cache(maxsize=1024)
def _on(day: dt.date | None, _language: str | None) -> str:
    """The day of a meeting, likewise."""
    return date_format(day) if day else ""


def countries_of(meeting: Meeting) -> frozenset[str]:
    """Who met: the countries of the participants; where these are of one side alone, with those of the
    mechanism, and where that names no other either, with the host."""
    codes = {each.country.code for each in meeting.participations.all()}
    if len(codes) < _SIDES and meeting.mechanism:
        codes |= {country.code for country in meeting.mechanism.countries.all()}
    if len(codes) < _SIDES and meeting.country:
        codes.add(meeting.country.code)
    return frozenset(codes)


def countries_near(meeting: Meeting) -> frozenset[str]:
    """Every country that has to do with it: of the participants, of the mechanism, and the host."""
    codes = {each.country.code for each in meeting.participations.all()}
    if meeting.mechanism:
        codes |= {country.code for country in meeting.mechanism.countries.all()}
    if meeting.country:
        codes.add(meeting.country.code)
    return frozenset(codes)


def pairings_of(rows: CommitmentQuerySet) -> Iterable[frozenset[str]]:
    """The sets of countries between which something of ``rows`` stands, as the references spell them."""
    return map(_countries_in, rows.order_by().values_list("prefix", flat=True).distinct())


def counted_pairings(rows: CommitmentQuerySet) -> dict[frozenset[str], int]:
    """The same, each with how many stand there."""
    counted: Any = rows.order_by().values_list("prefix").annotate(n=Count("*"))
    return {_countries_in(prefix): n for prefix, n in counted}


def _countries_in(prefix: str) -> frozenset[str]:
    return frozenset(prefix[n : n + 2] for n in range(0, len(prefix), 2))


def scale_for(
    visible: CommitmentQuerySet, as_of: AsOf, parties: Iterable[Collection[str]], *, most: int = MOST_PLACES
) -> Scale:
    """The latest meetings at which something that ``visible`` holds was spoken of, between these countries.

    ``parties`` are the countries of each commitment that will be drawn on the scale. Where there are more
    meetings than are looked through, those come first that spoke of their own latest commitments.
    """
    groups = {frozenset(each) for each in parties}
    held = Meeting.objects.held().filter(day__lte=as_of.day).order_by("-day", "-pk")
    spoken = Mention.objects.filter(meeting=OuterRef("pk"), commitment__in=visible.order_by().values("pk"))
    ahead = max(_READ_AHEAD, most)
    latest = list(held.filter(Exists(spoken)).values_list(*_MET)[:ahead])
    # Between many countries the latest will do, between few they hardly ever do: not to ask twice who met.
    there = _between(groups, latest) if len(groups) > most or len(latest) < ahead else []
    if len(latest) == ahead and len(there) < most:
        theirs = visible.filter(prefix__in={"".join(sorted(group)) for group in groups})
        pledged = theirs.order_by("-year", "-serial").values("pk")[:ahead]
        of_theirs = held.filter(pk__in=Mention.objects.filter(commitment__in=pledged).values("meeting"))
        found = {row[0]: row for row in (*latest, *of_theirs.values_list(*_MET)[:ahead])}
        there = _between(groups, sorted(found.values(), key=lambda row: (row[3], row[0]), reverse=True))
    places = [
        StripMeeting(0, 0, pk, title, reverse("meeting", args=[slug]), day, met)
        for (pk, slug, title, day, *_sides), met in there[:most]
    ]
    return Scale(_placed(places[::-1]))


def _between(
    groups: Collection[frozenset[str]], meetings: Sequence[tuple[Any, ...]]
) -> list[tuple[tuple[Any, ...], frozenset[str]]]:
    """Those of ``meetings`` that could speak for any of the groups, each with who met."""
    met = _who_met(meetings)
    return [
        (row, met[row[0]]) for row in meetings if any(could_speak_of(met[row[0]], group) for group in groups)
    ]


_MET = ("pk", "slug", "title", "day", "mechanism", "country__code")


def _who_met(meetings: Sequence[tuple[Any, ...]]) -> dict[int, frozenset[str]]:
    """``countries_of`` for many meetings at once, by their keys; each a row of ``_MET``."""
    came = Participation.objects.filter(meeting__in=[row[0] for row in meetings]).order_by()
    there: dict[int, set[str]] = {}
    for meeting, code in came.values_list("meeting", "country__code").distinct():
        there.setdefault(meeting, set()).add(code)
    sides: dict[int, set[str]] = {}
    if bodies := {row[4] for row in meetings if row[4] and len(there.get(row[0], ())) < _SIDES}:
        members = Mechanism.objects.filter(pk__in=bodies, countries__isnull=False).order_by()
        for mechanism, code in members.values_list("pk", "countries__code"):
            sides.setdefault(mechanism, set()).add(code)
    met = {}
    for pk, _slug, _title, _day, mechanism, host in meetings:
        codes = there.get(pk, set())
        if len(codes) < _SIDES:
            codes = codes | sides.get(mechanism, set())
        if len(codes) < _SIDES and host:
            codes = codes | {host}
        met[pk] = frozenset(codes)
    return met


def _placed(places: Sequence[StripMeeting]) -> tuple[StripMeeting, ...]:
    """``places`` numbered from 1, with wider steps where months lie between."""
    placed: list[StripMeeting] = []
    for n, place in enumerate(places, start=1):
        x = _START
        if placed:
            before, day = placed[-1].day, place.day
            days = (day - before).days if day and before else 0
            x = placed[-1].x + (_STEP_LONG if days > 180 else _STEP_MONTHS if days > 30 else _STEP)
        placed.append(replace(place, n=n, x=x))
    return tuple(placed)


def strip_of(
    scale: Scale, mentions: Iterable[MentionLike], parties: Collection[str], *, promised: int | None = None
) -> Strip:
    """Where the commitment was spoken of, on ``scale``; ``mentions`` are those known on that day.

    ``promised`` is the key of the meeting that it promises to hold: its being held is no silence.
    """
    kinds: dict[int, set[str]] = {}
    for mention in mentions:
        kinds.setdefault(mention.meeting_id, set()).add(mention.kind)
    marks, dots, said, began = [], [], [], None
    earlier = bool(kinds.keys() - {place.pk for place in scale.places})
    silent = {place.pk for place in scale.places if place.concerns(parties)} - {promised, *kinds}
    for place in scale.places:
        if place.pk in kinds:
            words = kinds_in_words(kinds[place.pk])
            on = _on(place.day, get_language())
            marks.append(Mark(place.x - 6.5, shapes_of(kinds[place.pk]), f"{place.title}, {on}: {words}"))
            said.append(f"{words} {on}".strip())
            began = began if began is not None else place.x
        elif (began is not None or earlier) and place.pk in silent:
            dots.append(place.x)
    line_from = 0.0 if earlier and scale.places else began
    asked = len(silent) + len(kinds)
    label = ngettext(
        "Mentioned at %(n)d of %(all)d meeting", "Mentioned at %(n)d of %(all)d meetings", asked
    ) % {"n": len(kinds), "all": asked}
    if said:
        label = f"{label}: {'; '.join(said)}"
    return Strip(scale.width, line_from, scale.width - 2, tuple(marks), tuple(dots), label)
