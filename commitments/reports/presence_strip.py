"""Presence strips: at which meetings a commitment was mentioned, and at which it was not."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext

from commitments.choices import MentionKind
from commitments.models import Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from core.lists import all_of, listed
from relations.models import Mechanism, Meeting
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

    @property
    def line_path(self) -> str:
        """The life line as a path; "" without one."""
        return "" if self.line_from is None else f"M{self.line_from:g} 18.5H{self.line_to:g}"

    @property
    def dots_path(self) -> str:
        """The dots as one path: short, because every row of a list has it."""
        steps = (x - before for before, x in zip(self.dots, self.dots[1:], strict=False))
        return f"M{self.dots[0]:g} 18.5h0" + "".join(f"m{step:g} 0h0" for step in steps) if self.dots else ""

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
    latest = _met(held.filter(Exists(mentioned))[:limit])
    # The latest meetings are enough for many groups of countries and rarely for few. This saves queries.
    meetings = _between(groups, latest) if len(groups) > most or len(latest) < limit else []
    if len(latest) == limit and len(meetings) < most:
        theirs = visible.filter(prefix__in={"".join(sorted(group)) for group in groups})
        newest = theirs.order_by("-year", "-serial").values("pk")[:limit]
        of_theirs = held.filter(pk__in=Mention.objects.filter(commitment__in=newest).values("meeting"))
        found = {**latest, **_met(of_theirs[:limit])}
        in_order = sorted(found.items(), key=lambda item: (item[1].day, item[0]), reverse=True)
        meetings = _between(groups, dict(in_order))
    places = [
        StripMeeting(
            0,
            0,
            pk,
            each.title,
            reverse("meeting", args=[each.slug]),
            each.day,
            met,
            window_in_words(each.dates),
        )
        for pk, each, met in meetings[:most]
    ]
    return Scale(_placed(places[::-1]))


@dataclass(frozen=True, slots=True)
class _Met:
    """A meeting, and the countries of its participants."""

    slug: str
    title: str
    day: dt.date
    mechanism: int | None
    host: str | None
    dates: tuple[Any, ...]
    participants: set[str]

    @property
    def url(self) -> str:
        """The address of its page."""
        return reverse("meeting", args=[self.slug])


def _met(meetings: QuerySet[Meeting]) -> dict[int, _Met]:
    """``meetings`` by primary key, in their order, in one query."""
    rows = Meeting.objects.filter(pk__in=meetings.values("pk")).order_by("-day", "-pk")
    found: dict[int, _Met] = {}
    for pk, slug, title, day, mechanism, host, participant, *dates in rows.values_list(
        "pk", "slug", "title", "day", "mechanism", "country__code", "participations__country__code", *DATES
    ).distinct():
        each = found.setdefault(pk, _Met(slug, title, day, mechanism, host, tuple(dates), set()))
        if participant:
            each.participants.add(participant)
    return found


def _between(
    groups: Collection[frozenset[str]], meetings: dict[int, _Met]
) -> list[tuple[int, _Met, frozenset[str]]]:
    """The ``meetings`` that could mention a commitment of any of the groups, each with the countries."""
    met = _who_met(meetings)
    return [
        (pk, each, met[pk])
        for pk, each in meetings.items()
        if any(could_mention(met[pk], group) for group in groups)
    ]


def _who_met(meetings: dict[int, _Met]) -> dict[int, frozenset[str]]:
    """``countries_of`` for many meetings at once, by primary key."""
    few = [each for each in meetings.values() if len(each.participants) < _MIN_COUNTRIES]
    members: dict[int | None, set[str]] = {}
    if bodies := {each.mechanism for each in few if each.mechanism}:
        memberships = Mechanism.objects.filter(pk__in=bodies, countries__isnull=False).order_by()
        for mechanism, code in memberships.values_list("pk", "countries__code"):
            members.setdefault(mechanism, set()).add(code)
    met = {}
    for pk, each in meetings.items():
        codes = each.participants
        if len(codes) < _MIN_COUNTRIES:
            codes = codes | members.get(each.mechanism, set())
        if len(codes) < _MIN_COUNTRIES and each.host:
            codes = codes | {each.host}
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
