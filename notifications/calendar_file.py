"""A calendar feed as an iCalendar file (RFC 5545): all-day events of what its owner may see now."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from icalendar import Calendar, Event, vDuration

from accounts.choices import Clearance
from commitments.models import SavedView
from commitments.querysets import AsOf
from commitments.reports.calendar import (
    SHOWN,
    CalendarChoice,
    CalendarEntry,
    EntryKind,
    ViewUnfit,
    deadlines_between,
    entry_of_deadline,
    entry_of_meeting,
    entry_of_review,
    meetings_between,
    reviews_between,
)
from notifications.models import CalendarFeed, FeedScope
from notifications.services.calendar_feeds import FeedEvent, tell
from relations.models import Agency
from relations.services.slugs import former_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAST = dt.timedelta(days=365)
"""How far back a feed goes."""
MOST_EVENTS = 2000
"""The most events of each kind: the earliest ones."""
_AS_OFTEN_AS = dt.timedelta(hours=4)

Address = Callable[[str], str]
"""Makes the whole address of a path."""


def agencies_of(feeds: "Iterable[CalendarFeed]") -> dict[str, Agency]:
    """The agencies of ``feeds``, by the key that each names. One that was merged is the one that stays."""
    keys = {each.agency_key for each in feeds} - {""}
    if not keys:
        return {}
    former = {key: pk for key, pk in former_keys(Agency).items() if key in keys}
    rows = Agency.objects.filter(Q(slug__in=keys) | Q(pk__in=former.values()))
    by_pk = {each.pk: each for each in rows}
    found = {key: by_pk[pk] for key, pk in former.items() if pk in by_pk}
    return found | {each.slug: each for each in by_pk.values() if each.slug in keys}


def feed_choice(feed: CalendarFeed) -> CalendarChoice | None:
    """What ``feed`` has; ``None`` where its owner can no longer use the view, or the agency is gone."""
    match feed.scope:
        case FeedScope.AGENCY:
            agency = agencies_of([feed]).get(feed.agency_key)
            return CalendarChoice(feed.owner, agency=agency) if agency else None
        case FeedScope.VIEW:
            view = SavedView.objects.visible_to(feed.owner).filter(calendar_feeds=feed).first()
            return CalendarChoice(feed.owner, view=view) if view else None
        case _:
            return CalendarChoice(feed.owner, mine=feed.scope == FeedScope.MINE)


def calendar_of(feed: CalendarFeed, when: AsOf, address: Address) -> tuple[bytes, str]:
    """The file of ``feed`` and its ETag, in the language of the feed."""
    with translation.override(feed.language):
        since = when.day - PAST
        choice = feed_choice(feed)
        entries = list(_entries(choice, since, when)) if choice else []
        level = Clearance[settings.MAIL_MAX_LEVEL.upper()]
        told = tell(feed=feed, entries=entries, since=since)
        calendar = Calendar()
        calendar.add("prodid", "-//Aide-mémoire//Calendar//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        # Translators: the name of a calendar in another program. %(name)s is what its owner called it.
        calendar.add("x-wr-calname", _("Aide-mémoire: %(name)s") % {"name": feed.name})
        calendar.add("x-published-ttl", vDuration(_AS_OFTEN_AS).to_ical().decode())
        for event in sorted(told, key=lambda each: (each.first, each.uid)):
            calendar.add_component(_component(event, level, address))
        content = calendar.to_ical()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _entries(choice: CalendarChoice, since: dt.date, when: AsOf) -> "Iterator[CalendarEntry]":
    """What the calendar has from the day ``since`` on."""
    try:
        rows, meetings = choice.commitments(when), choice.meetings(when)
    except ViewUnfit:
        return
    for meeting in meetings_between(meetings, since, dt.date.max, windows=True)[:MOST_EVENTS]:
        yield entry_of_meeting(meeting)
    due = deadlines_between(rows, since, dt.date.max).only(*SHOWN).by_reference("latest_then")
    for row in due[:MOST_EVENTS]:
        yield entry_of_deadline(row, when.day)
    reviews = reviews_between(rows, since, dt.date.max).only(*SHOWN).by_reference("review_on_then")
    for row in reviews[:MOST_EVENTS]:
        yield entry_of_review(row)


def _component(told: FeedEvent, level: Clearance, address: Address) -> Event:
    event, entry = Event(), told.entry
    event.add("uid", told.uid)
    event.add("dtstamp", told.modified_at)
    event.add("last-modified", told.modified_at)
    event.add("sequence", told.sequence)
    event.add("dtstart", told.first)
    if told.last < dt.date.max:
        event.add("dtend", told.last + dt.timedelta(days=1))  # the first day after it
    event.add("transp", "TRANSPARENT")
    if entry is None:
        event.add("status", "CANCELLED")
        event.add("summary", _("No longer in this calendar"))
    elif entry.classification > level:
        event.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
        event.add("class", "CONFIDENTIAL")
        event.add("summary", pgettext("event of a calendar", "Restricted"))
    else:
        _tell(event, entry, address)
    return event


def _tell(event: Event, entry: CalendarEntry, address: Address) -> None:
    """Write what ``entry`` says into ``event``."""
    is_planned = entry.kind == EntryKind.MEETING and not entry.is_fixed
    event.add("status", "CANCELLED" if entry.is_off else "TENTATIVE" if is_planned else "CONFIRMED")
    event.add("summary", _summary(entry))
    lines = [entry.reference, entry.status, entry.precision]
    event.add("description", "\n".join(line for line in lines if line))
    if entry.place:
        event.add("location", entry.place)
    event.add("url", address(entry.url))


def _summary(entry: CalendarEntry) -> str:
    match entry.kind:
        case EntryKind.DEADLINE:
            text = pgettext("event of a calendar", "Deadline: %(title)s")
        case EntryKind.REVIEW:
            text = pgettext("event of a calendar", "Review: %(title)s")
        case _:
            return entry.title
    return text % {"title": entry.title}
