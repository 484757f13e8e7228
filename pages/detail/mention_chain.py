"""The mention chain of a commitment: all meetings in order, their mentions, and the gaps between them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.models import Mention
from commitments.reports.citations import cite
from commitments.reports.presence_strip import Scale, StripMeeting, shapes_of

GAP_DAYS, LONG_GAP_DAYS = 30, 180
"""A gap is drawn after more than so many days without a mention, and drawn wide after so many."""
MOST_NAMED = 3
"""The longest row of meetings without a mention that are named one by one."""


@dataclass(frozen=True, slots=True)
class ChainMention:
    """A mention of the commitment in one paragraph."""

    kind: str
    modality: str
    quote: str
    summary: str
    reader_quote: str
    source_title: str
    source_url: str
    versions_url: str = ""


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A link of the chain.

    It is a meeting with mentions, a meeting without, the meeting that the commitment promised to hold, a gap,
    or a line of ``text`` such as the one at the end.
    """

    kind: Literal["mentioned", "not_mentioned", "promised", "gap", "text"]
    day: dt.date | None = None
    wording: str = ""
    meeting_title: str = ""
    meeting_url: str = ""
    place: str = ""
    shapes: tuple[str, ...] = ()
    mentions: tuple[ChainMention, ...] = ()
    before_gap: bool = False
    days: int = 0
    long: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The links in order, with the number of mentions and of meetings that have any."""

    links: tuple[ChainLink, ...]
    mentions: int
    meetings: int
    last_day: dt.date | None


@dataclass(slots=True)
class _MeetingMentions:
    """A meeting with its mentions of the commitment."""

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
    """The chain of one commitment up to ``today``. ``scale`` holds meetings that could have mentioned it.

    ``promised`` is the primary key of the meeting that the commitment promised to hold.
    """
    meetings = _by_meeting(mentions)
    countries = frozenset(parties)
    without = [
        place
        for place in scale.places
        if place.pk not in {meeting.mentions[0].meeting_id for meeting in meetings}
        and place.day is not None
        and place.concerns(countries)
    ]
    links: list[ChainLink] = []
    for n, meeting in enumerate(meetings):
        until = meetings[n + 1].day if n + 1 < len(meetings) else today
        last = n + 1 == len(meetings)
        between = [place for place in without if place.day is not None and _lies_between(place, meetings, n)]
        days = (until - meeting.day).days
        links.append(_link_with_mentions(meeting, before_gap=bool(between) or days > GAP_DAYS))
        links.extend(_links_between(between, promised))
        if not last and days > GAP_DAYS:
            links.append(ChainLink("gap", days=days, long=days > LONG_GAP_DAYS))
    last_day = meetings[-1].day if meetings else None
    if last_day is not None and last_day <= today:
        links.append(ChainLink("text", day=today, text=_since((today - last_day).days)))
    return Chain(tuple(links), len(mentions), len(meetings), last_day)


def _by_meeting(mentions: Sequence[Mention]) -> list[_MeetingMentions]:
    ordered = sorted(mentions, key=lambda each: (each.meeting.day or dt.date.max, each.meeting_id, each.pk))
    return [
        _MeetingMentions(group[0].meeting.day or dt.date.max, group)
        for _pk, found in groupby(ordered, key=lambda each: each.meeting_id)
        for group in [list(found)]
    ]


def _lies_between(place: StripMeeting, meetings: Sequence[_MeetingMentions], n: int) -> bool:
    here = (meetings[n].day, meetings[n].mentions[0].meeting_id)
    at = (place.day, place.pk)
    following = meetings[n + 1] if n + 1 < len(meetings) else None
    return here < at and (following is None or at < (following.day, following.mentions[0].meeting_id))


def _link_with_mentions(found: _MeetingMentions, *, before_gap: bool) -> ChainLink:
    meeting = found.mentions[0].meeting
    return ChainLink(
        "mentioned",
        day=meeting.starts_on,
        wording=meeting.window_in_words,
        meeting_title=meeting.title,
        meeting_url=meeting.get_absolute_url(),
        place=meeting.place,
        shapes=shapes_of({each.kind for each in found.mentions}),
        mentions=tuple(_chain_mention(each) for each in found.mentions),
        before_gap=before_gap,
    )


def _chain_mention(mention: Mention) -> ChainMention:
    citation = cite(mention.paragraph)
    return ChainMention(
        kind=mention.get_kind_display(),
        modality=mention.get_modality_display(),
        quote=mention.paragraph.text,
        summary=mention.summary,
        reader_quote=mention.reader_quote,
        source_title=citation.title,
        source_url=citation.url,
        versions_url=mention.paragraph.get_versions_url() if mention.paragraph.version > 1 else "",
    )


def _links_between(places: Sequence[StripMeeting], promised: int | None) -> Iterable[ChainLink]:
    for held, group in groupby(places, key=lambda place: place.pk == promised):
        if held:
            for place in group:
                yield ChainLink(
                    "promised", **_time_of(place), meeting_title=place.title, meeting_url=place.url
                )
        else:
            yield from _links_without_mentions(list(group))


def _links_without_mentions(places: Sequence[StripMeeting]) -> Iterable[ChainLink]:
    if len(places) <= MOST_NAMED:
        for place in places:
            yield ChainLink("not_mentioned", **_time_of(place), meeting_title=place.title)
        return
    n = len(places)
    text = ngettext("%(n)d meeting did not mention it", "%(n)d meetings did not mention it", n) % {"n": n}
    yield ChainLink("text", **_time_of(places[0]), text=text)


def _time_of(place: StripMeeting) -> dict[str, Any]:
    return {"wording": place.window} if place.window else {"day": place.day}


def _since(days: int) -> str:
    if days == 0:
        return _("Mentioned on this day")
    return ngettext(
        "%(days)s day since the last mention",
        "%(days)s days since the last mention",
        days,
    ) % {"days": number_format(days)}
