"""Proposes the facts of a meeting from the text that records it. A person checks them first."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from core.search.folding import fold
from relations.models import Country, Mechanism, Meeting, Person
from relations.names import fold_names
from relations.services.dates_in_text import DaysFound, days_in
from relations.services.paper_structure import HEADING_MARK
from relations.services.sessions_in_text import sessions_in

if TYPE_CHECKING:
    from accounts.models import User

Key = TypeVar("Key", int, str)
_HEAD = 3_000
"""Characters of the text in which a document says what it is, when and where."""
_PEOPLE_IN = 30_000
_LONGEST_TITLE, _SHORTEST_TITLE = 200, 2
_MOST_PEOPLE = 20
_IN = re.compile(r"\b(?:in|at|tại)\s+")
_UNTIL_DAY = re.compile(r"[\s,]+(?:(?:on|from|từ|ngày)\s+)*$")
_MOST_WORDS_OF_PLACE = 4
_BEFORE_DAY = 60


@dataclass(frozen=True, slots=True)
class MeetingProposal:
    """What a text says about its meeting. What it does not say is empty."""

    title: str = ""
    days: DaysFound | None = None
    place: str = ""
    country: Country | None = None
    mechanism: Mechanism | None = None
    session: int | None = None
    people: tuple[Person, ...] = ()


def propose_meeting(text: str, *, user: "User", people: Iterable[Person], today: dt.date) -> MeetingProposal:
    """Read ``text`` for ``user``. ``people`` are those to look for; a day after ``today`` is another one."""
    head = text[:_HEAD]
    days = next((each for each in days_in(head) if each.last <= today), None)
    place = _known_place(head, user) or _place_before(head, days)
    mechanism = _mechanism(head)
    return MeetingProposal(
        title=_title(text),
        days=days,
        place=place,
        country=_country_of(place, user),
        mechanism=mechanism,
        session=next(iter(sessions_in(head)), None) if mechanism else None,
        people=tuple(_people(text[:_PEOPLE_IN], people))[:_MOST_PEOPLE],
    )


def _title(text: str) -> str:
    """The heading: the first paragraph, if it is short and no sentence."""
    paragraph = re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]
    heading = " ".join(paragraph.removeprefix(HEADING_MARK).split())
    is_heading = heading[-1:] not in ".;:,!?" and not heading[:1].isdigit()
    words = len(heading.split())
    return heading if is_heading and words >= _SHORTEST_TITLE and len(heading) <= _LONGEST_TITLE else ""


def _known_place(head: str, user: "User") -> str:
    """The place of an earlier meeting that the text names first."""
    seen = Meeting.objects.visible_to(user).exclude(place="")
    places = seen.order_by().values_list("place", flat=True).distinct()
    return _first_named(fold(head), {place: (fold(place),) for place in places}) or ""


def _place_before(head: str, days: DaysFound | None) -> str:
    """The place that stands just before the day: "in Kampot on 3 May 2025"."""
    if days is None:
        return ""
    before = _UNTIL_DAY.sub("", head[max(0, days.start - _BEFORE_DAY) : days.start])
    *_rest, place = _IN.split(before)
    words = place.split()
    is_name = _rest and 0 < len(words) <= _MOST_WORDS_OF_PLACE and all(word[0].isupper() for word in words)
    return place if is_name else ""


def _country_of(place: str, user: "User") -> Country | None:
    """The country in which the last meeting at ``place`` was."""
    seen = Meeting.objects.visible_to(user)
    rows = seen.filter(place=place, country__isnull=False) if place else seen.none()
    meeting = rows.select_related("country").order_by("-day", "-pk").first()
    return meeting.country if meeting else None


def _mechanism(head: str) -> Mechanism | None:
    folded = fold_names(head)
    names = {each.pk: (fold_names(each.name),) for each in Mechanism.objects.all()}
    key = _first_named(folded, names)
    if key is not None:
        return Mechanism.objects.get(pk=key)
    for each in Mechanism.objects.exclude(acronym=""):
        if re.search(rf"(?<!\w){re.escape(each.acronym)}(?!\w)", head):
            return each
    return None


def _people(text: str, people: Iterable[Person]) -> list[Person]:
    """Those of ``people`` whom ``text`` names in full, in its order."""
    folded = fold(text)
    places = {}
    for person in people:
        spellings = [fold(name) for name in (person.name, *person.aliases) if " " in name.strip()]
        if (start := _first_place(folded, spellings)) is not None:
            places[person.pk] = (start, person)
    return [person for _start, person in sorted(places.values(), key=lambda each: each[0])]


def _first_named(folded: str, spellings: Mapping[Key, Collection[str]]) -> Key | None:
    """The key whose name stands first in ``folded``; of two at one place, the longer name."""
    found = [
        (start, -max(map(len, names)), key)
        for key, names in spellings.items()
        if (start := _first_place(folded, names)) is not None
    ]
    return min(found, key=lambda each: each[:2])[2] if found else None


def _first_place(folded: str, names: Iterable[str]) -> int | None:
    """Where the first of ``names`` stands in ``folded`` as whole words."""
    starts = [
        match.start()
        for name in names
        if name and (match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded))
    ]
    return min(starts, default=None)
