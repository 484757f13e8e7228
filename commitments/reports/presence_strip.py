"""Presence strips: at which meetings a commitment was mentioned, and at which it was not."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext

from commitments.choices import MentionKind
from commitments.models import Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from core.lists import all_of, listed
from relations.models import Mechanism, Meeting, Participation
from relations.models.meeting import DATES, window_in_words

MOST_PLACES = 12
_READ_AHEAD = 120
"""How many of the latest meetings, and of the latest commitments, are searched for the strips of a page."""

_MIN_COUNTRIES = 2
"""If the participants name fewer countries, those of the mechanism and the host are added."""

_START, _STEP, _STEP_MONTHS, _STEP_LONG = 7.5, 14, 18, 23
_BASES = (
    (MentionKind.MADE, "m-made"),
    (MentionKind.REAFFIRMED, "m-reaffirmed"),
    (MentionKind.REQUESTED, "m-requested"),
)
_TOPS = ((MentionKind.FULFILLED, "m-fulfilled"), (MentionKind.PROGRESS, "m-progress"))


def could_mention(met: frozenset[str], parties: Collection[str]) -> bool:
    """Whether a meeting of ``met`` could have mentioned a commitment of ``parties``.

    This is so if one of the two sets of countries contains the other.
    """
    countries = frozenset(parties)
    return bool(met) and (met <= countries or countries <= met)


@dataclass(frozen=True, slots=True)
class StripMeeting:
    """A meeting with its position on every strip of a page."""

    n: int
    x: float
    pk: int
    title: str
    url: str
    day: dt.date | None
    countries: frozenset[str]
    window: str = ""
    """The window in words, if no day is known. ``day`` then only places the meeting."""

    def concerns(self, parties: Collection[str]) -> bool:
        """Whether the meeting could have mentioned a commitment of ``parties``."""
        return could_mention(self.countries, parties)


@dataclass(frozen=True, slots=True)
class Scale:
    """The meetings of the strips of a page, with their positions."""

    places: tuple[StripMeeting, ...] = ()

    @property
    def width(self) -> int:
        """The width of a strip in px."""
        return round(self.places[-1].x + _START) if self.places else 0

    @property
    def numbers(self) -> tuple[StripMeeting, ...]:
        """The meetings whose numbers are drawn above a column of strips."""
        return self.places

    def latest(self, most: int) -> "Scale":
        """The scale of the latest ``most`` meetings."""
        return Scale(_placed(self.places[-most:]))


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a commitment at one meeting. ``title`` says the same in words."""

    x: float
    shapes: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip of one commitment on the scale of its page. ``label`` says the same in words."""

    width: int
    line_from: float | None
    line_to: float
    marks: tuple[Mark, ...]
    dots: tuple[float, ...]
    label: str

    def from_first_mention(self) -> "Strip":
        """The strip without the meetings before the first mention, for a strip that is shown alone."""
        if not self.line_from:
            return self
        offset = self.line_from - _START
        return replace(
            self,
            width=round(self.width - offset),
            line_from=_START,
            line_to=self.line_to - offset,
            marks=tuple(replace(mark, x=mark.x - offset) for mark in self.marks),
            dots=tuple(x - offset for x in self.dots),
        )


class MentionLike(Protocol):
    """The fields of a mention that a strip needs."""

    @property
    def meeting_id(self) -> int: ...

    @property
    def kind(self) -> str: ...


def shapes_of(kinds: Collection[str]) -> tuple[str, ...]:
    """The shapes of the sprite that draw mentions of these ``kinds`` at one meeting, the base first."""
    bases = [shape for kind, shape in _BASES if kind in kinds][:1]
    tops = [shape for kind, shape in _TOPS if kind in kinds][:1]
    return (*(bases or ["m-stem"]), *tops)


def kinds_in_words(kinds: Iterable[str]) -> str:
    """The kinds of mention in words: “reaffirmed and progress reported”."""
    return _kinds_in_words(frozenset(kinds), get_language())


@lru_cache(maxsize=256)
def _kinds_in_words(kinds: frozenset[str], _language: str | None) -> str:
    """Cached, because a page has hundreds of marks with the same few combinations of kinds."""
    return all_of(kind.label for kind in MentionKind if kind in kinds)


@lru_cache(maxsize=1024)
def _formatted(day: dt.date | None, _language: str | None) -> str:
    """The date of a meeting, cached for the same reason."""
    return date_format(day) if day else ""


def countries_of(meeting: Meeting) -> frozenset[str]:
    """The countries that met: those of the participants.

    If there are fewer than two, the countries of the mechanism are added, and then the host.
    """
    codes = {each.country.code for each in meeting.participations.all()}
    if len(codes) < _MIN_COUNTRIES and meeting.mechanism:
        codes |= {country.code for country in meeting.mechanism.countries.all()}
    if len(codes) < _MIN_COUNTRIES and meeting.country:
        codes.add(meeting.country.code)
    return frozenset(codes)


def countries_near(meeting: Meeting) -> frozenset[str]:
    """Every country related to the meeting: of the participants, of the mechanism, and the host."""
    codes = {each.country.code for each in meeting.participations.all()}
    if meeting.mechanism:
        codes |= {country.code for country in meeting.mechanism.countries.all()}
    if meeting.country:
        codes.add(meeting.country.code)
    return frozenset(codes)


def pairings_of(rows: CommitmentQuerySet) -> Iterable[frozenset[str]]:
    """The sets of parties of ``rows``, read from the prefixes of the references."""
    return map(_countries_in, rows.order_by().values_list("prefix", flat=True).distinct())


def counted_pairings(rows: CommitmentQuerySet) -> dict[frozenset[str], int]:
    """The sets of parties of ``rows`` with the number of commitments of each."""
    counted: Any = rows.order_by().values_list("prefix").annotate(n=Count("*"))
    return {_countries_in(prefix): n for prefix, n in counted}


def _countries_in(prefix: str) -> frozenset[str]:
    return frozenset(prefix[n : n + 2] for n in range(0, len(prefix), 2))


def scale_for(
    visible: CommitmentQuerySet, as_of: AsOf, parties: Iterable[Collection[str]], *, most: int = MOST_PLACES
) -> Scale:
    """The scale of the latest meetings that mentioned a commitment in ``visible`` between these countries.

    ``parties`` are the countries of each commitment that will be drawn on the scale. If there are too many
    meetings to search, those that mentioned the latest commitments of these countries are added.
    """
    groups = {frozenset(each) for each in parties}
    held = Meeting.objects.held().filter(day__lte=as_of.day).order_by("-day", "-pk")
    mentioned = Mention.objects.filter(meeting=OuterRef("pk"), commitment__in=visible.order_by().values("pk"))
    limit = max(_READ_AHEAD, most)
    latest = list(held.filter(Exists(mentioned)).values_list(*_MET)[:limit])
    # The latest meetings are enough for many groups of countries and rarely for few. This saves queries.
    meetings = _between(groups, latest) if len(groups) > most or len(latest) < limit else []
    if len(latest) == limit and len(meetings) < most:
        theirs = visible.filter(prefix__in={"".join(sorted(group)) for group in groups})
        newest = theirs.order_by("-year", "-serial").values("pk")[:limit]
        of_theirs = held.filter(pk__in=Mention.objects.filter(commitment__in=newest).values("meeting"))
        found = {row[0]: row for row in (*latest, *of_theirs.values_list(*_MET)[:limit])}
        meetings = _between(groups, sorted(found.values(), key=lambda row: (row[3], row[0]), reverse=True))
    places = [
        StripMeeting(0, 0, pk, title, reverse("meeting", args=[slug]), day, met, window_in_words(dates))
        for (pk, slug, title, day, _mechanism, _host, *dates), met in meetings[:most]
    ]
    return Scale(_placed(places[::-1]))


def _between(
    groups: Collection[frozenset[str]], meetings: Sequence[tuple[Any, ...]]
) -> list[tuple[tuple[Any, ...], frozenset[str]]]:
    """The ``meetings`` that could mention a commitment of any of the groups, each with the countries."""
    met = _who_met(meetings)
    return [
        (row, met[row[0]]) for row in meetings if any(could_mention(met[row[0]], group) for group in groups)
    ]


_MET = ("pk", "slug", "title", "day", "mechanism", "country__code", *DATES)


def _who_met(meetings: Sequence[tuple[Any, ...]]) -> dict[int, frozenset[str]]:
    """``countries_of`` for many meetings at once, by primary key. Each meeting is a row of ``_MET``."""
    came = Participation.objects.filter(meeting__in=[row[0] for row in meetings]).order_by()
    participants: dict[int, set[str]] = {}
    for meeting, code in came.values_list("meeting", "country__code").distinct():
        participants.setdefault(meeting, set()).add(code)
    members: dict[int, set[str]] = {}
    if bodies := {
        row[4] for row in meetings if row[4] and len(participants.get(row[0], ())) < _MIN_COUNTRIES
    }:
        memberships = Mechanism.objects.filter(pk__in=bodies, countries__isnull=False).order_by()
        for mechanism, code in memberships.values_list("pk", "countries__code"):
            members.setdefault(mechanism, set()).add(code)
    met = {}
    for pk, _slug, _title, _day, mechanism, host, *_dates in meetings:
        codes = participants.get(pk, set())
        if len(codes) < _MIN_COUNTRIES:
            codes = codes | members.get(mechanism, set())
        if len(codes) < _MIN_COUNTRIES and host:
            codes = codes | {host}
        met[pk] = frozenset(codes)
    return met


def _placed(places: Sequence[StripMeeting]) -> tuple[StripMeeting, ...]:
    """``places`` numbered from 1 and positioned, with wider steps where months lie between."""
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
    """The strip of a commitment on ``scale``. ``mentions`` are those known on the date of the page.

    ``promised`` is the primary key of the meeting that the commitment promises to hold. If that meeting does
    not mention it, this is not shown as silence.
    """
    kinds: dict[int, set[str]] = {}
    for mention in mentions:
        kinds.setdefault(mention.meeting_id, set()).add(mention.kind)
    marks, dots, mentioned, began = [], [], [], None
    earlier = bool(kinds.keys() - {place.pk for place in scale.places})
    silent = {place.pk for place in scale.places if place.concerns(parties)} - {promised, *kinds}
    for place in scale.places:
        if place.pk in kinds:
            words = kinds_in_words(kinds[place.pk])
            day = _formatted(place.day, get_language())
            title = _mark_title(place.title, place.window or day, words)
            marks.append(Mark(place.x - 6.5, shapes_of(kinds[place.pk]), title))
            mentioned.append(_kinds_within(words, place.window) if place.window else _kinds_on(words, day))
            began = began if began is not None else place.x
        elif (began is not None or earlier) and place.pk in silent:
            dots.append(place.x)
    line_from = 0.0 if earlier and scale.places else began
    label = _strip_label(len(kinds), len(silent) + len(kinds), mentioned)
    return Strip(scale.width, line_from, scale.width - 2, tuple(marks), tuple(dots), label)


def _mark_title(meeting: str, day: str, kinds: str) -> str:
    if not day:
        return pgettext("mark of a meeting", "%(meeting)s: %(kinds)s") % {"meeting": meeting, "kinds": kinds}
    # Translators: for example “Session 21, 8 Dec 2025: reaffirmed and progress reported”.
    text = pgettext("mark of a meeting", "%(meeting)s, %(day)s: %(kinds)s")
    return text % {"meeting": meeting, "day": day, "kinds": kinds}


def _kinds_on(kinds: str, day: str) -> str:
    if not day:
        return kinds
    # Translators: for example “reaffirmed on 8 Dec 2025”.
    return pgettext("mentions", "%(kinds)s on %(day)s") % {"kinds": kinds, "day": day}


def _kinds_within(kinds: str, window: str) -> str:
    # Translators: for example “reaffirmed (early in 2025)”. The window is quoted as it was worded.
    return pgettext("mentions", "%(kinds)s (%(window)s)") % {"kinds": kinds, "window": window}


def _strip_label(n: int, possible: int, mentioned: Sequence[str]) -> str:
    """The strip in words: at how many of the ``possible`` meetings there was a mention, and which."""
    if not mentioned:
        return ngettext(
            "Mentioned at %(n)d of %(all)d meeting", "Mentioned at %(n)d of %(all)d meetings", possible
        ) % {"n": n, "all": possible}
    # Translators: "mentions" is a list such as “made on 1 Mar 2025, reaffirmed on 8 Dec 2025”.
    return ngettext(
        "Mentioned at %(n)d of %(all)d meeting: %(mentions)s",
        "Mentioned at %(n)d of %(all)d meetings: %(mentions)s",
        possible,
    ) % {"n": n, "all": possible, "mentions": listed(mentioned)}
