"""The mention chain of a commitment: every meeting in order, what was said there, and where silence fell."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.models import Mention
from commitments.reports.citations import cite
from commitments.reports.presence_strip import Scale, StripMeeting, shapes_of

SILENCE, LONG_SILENCE = 30, 180
"""Days without a mention from which the gap is drawn, and drawn wide."""
MOST_SILENT = 3
"""Meetings in a row that passed it over and are still named one by one."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What one paragraph said about the commitment."""

    kind: str
    modality: str
    quote: str
    summary: str
    source_title: str
    source_url: str


@dataclass(frozen=True, slots=True)
class Link:
    """One link: a meeting where it was spoken of, one that passed it over or was itself what was promised,
    a gap, or the day of the page."""

    kind: Literal["spoken", "silent", "promised", "gap", "end"]
    day: dt.date | None = None
    wording: str = ""
    meeting_title: str = ""
    meeting_url: str = ""
    place: str = ""
    shapes: tuple[str, ...] = ()
    sayings: tuple[Saying, ...] = ()
    before_gap: bool = False
    days: int = 0
    long: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The links in order, and how many mentions at how many meetings they hold."""

    links: tuple[Link, ...]
    mentions: int
    meetings: int
    last_day: dt.date | None


@dataclass(slots=True)
class _Spoken:
    """A meeting at which the commitment was spoken of."""

    day: dt.date
    mentions: list[Mention] = field(default_factory=list)


def chain_of(
    mentions: Sequence[Mention],
    scale: Scale,
    parties: Iterable[str],
    today: dt.date,
    *,
    promised: int | None = None,
) -> Chain:
    """The chain of one commitment up to ``today``; ``scale`` holds meetings that could have spoken of it.

    ``promised`` is the key of the meeting that it promises to hold: its being held is no silence.
    """
    spoken = _by_meeting(mentions)
    there = frozenset(parties)
    silent = [
        place
        for place in scale.places
        if place.pk not in {meeting.mentions[0].meeting_id for meeting in spoken}
        and place.day is not None
        and place.concerns(there)
    ]
    links: list[Link] = []
    for n, meeting in enumerate(spoken):
        until = spoken[n + 1].day if n + 1 < len(spoken) else today
        last = n + 1 == len(spoken)
        between = [place for place in silent if place.day is not None and _lies_between(place, spoken, n)]
        days = (until - meeting.day).days
        links.append(_spoken_link(meeting, before_gap=bool(between) or days > SILENCE))
        links.extend(_unspoken_links(between, promised))
        if not last and days > SILENCE:
            links.append(Link("gap", days=days, long=days > LONG_SILENCE))
    last_day = spoken[-1].day if spoken else None
    if last_day is not None and last_day <= today:
        links.append(Link("end", day=today, text=_since((today - last_day).days)))
    return Chain(tuple(links), len(mentions), len(spoken), last_day)


def _by_meeting(mentions: Sequence[Mention]) -> list[_Spoken]:
    ordered = sorted(mentions, key=lambda each: (each.meeting.day or dt.date.max, each.meeting_id, each.pk))
    return [
        _Spoken(group[0].meeting.day or dt.date.max, group)
        for _pk, found in groupby(ordered, key=lambda each: each.meeting_id)
        for group in [list(found)]
    ]


def _lies_between(place: StripMeeting, spoken: Sequence[_Spoken], n: int) -> bool:
    here = (spoken[n].day, spoken[n].mentions[0].meeting_id)
    at = (place.day, place.pk)
    following = spoken[n + 1] if n + 1 < len(spoken) else None
    return here < at and (following is None or at < (following.day, following.mentions[0].meeting_id))


def _spoken_link(spoken: _Spoken, *, before_gap: bool) -> Link:
    meeting = spoken.mentions[0].meeting
    return Link(
        "spoken",
        day=meeting.starts_on,
        wording=meeting.window_wording,
        meeting_title=meeting.title,
        meeting_url=meeting.get_absolute_url(),
        place=meeting.place,
        shapes=shapes_of({each.kind for each in spoken.mentions}),
        sayings=tuple(_saying(each) for each in spoken.mentions),
        before_gap=before_gap,
    )


def _saying(mention: Mention) -> Saying:
    citation = cite(mention.paragraph)
    return Saying(
        kind=mention.get_kind_display(),
        modality=mention.get_modality_display(),
        quote=mention.paragraph.text,
        summary=mention.summary,
        source_title=citation.title,
        source_url=citation.url,
    )


def _unspoken_links(places: Sequence[StripMeeting], promised: int | None) -> Iterable[Link]:
    for held, group in groupby(places, key=lambda place: place.pk == promised):
        if held:
            for place in group:
                yield Link("promised", day=place.day, meeting_title=place.title, meeting_url=place.url)
        else:
            yield from _silent_links(list(group))


def _silent_links(places: Sequence[StripMeeting]) -> Iterable[Link]:
    if len(places) <= MOST_SILENT:
        for place in places:
            yield Link("silent", day=place.day, meeting_title=place.title)
        return
    text = _("%(n)d meetings passed it over") % {"n": len(places)}
    yield Link("end", day=places[0].day, text=text)


def _since(days: int) -> str:
    if days == 0:
        return _("Spoken of on this day")
    return ngettext(
        "%(days)d day since it was last spoken of",
        "%(days)d days since it was last spoken of",
        days,
    ) % {"days": days}
