"""What a search finds in the whole register, in groups, in a fixed number of queries."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.services.search import found_in
from core.search.query import Term
from pages.search.commands import commands_for
from relations.models import Agency, Country, Mechanism, Meeting, Person, Source
from relations.names import fold_names, search_terms

if TYPE_CHECKING:
    from accounts.models import User

SHORTEST = 2
"""The shortest search for records. One letter is in nearly all of them."""

_MOST, _MOST_COMMITMENTS, _MOST_COMMANDS = 4, 8, 6
_RANKED = 60
"""How many of the latest commitments that match are read. Those with the words in the title come first."""

_REFERENCE = re.compile(r"([A-Z]{4,40})[ -]?([0-9]{4})[ -]([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Hit:
    """A record or a command that was found. ``mark`` is short and stands before the title: a reference."""

    url: str
    title: str
    mark: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind. ``more`` is the address of the list that has all of them, if there are more."""

    key: str
    label: str
    hits: tuple[Hit, ...]
    more: str = ""


def exact_match(user: "User", words: str) -> Commitment | None:
    """The commitment whose whole reference was typed, apart from case, spaces, hyphens and leading zeros."""
    typed = _REFERENCE.fullmatch(" ".join(fold_names(words).upper().split()))
    if typed is None:
        return None
    prefix, year, serial = typed.groups()
    visible = Commitment.objects.visible_to(user)
    return visible.filter(prefix=prefix, year=int(year), serial=int(serial)).first()


def found_for(user: "User", words: str, today: AsOf) -> tuple[Group, ...]:
    """The groups that have hits. Without words, the commands alone."""
    commands = [Hit(each.url, str(each.label)) for each in commands_for(user, words)][:_MOST_COMMANDS]
    groups = [Group("commands", _("Commands"), tuple(commands))]
    terms = search_terms(words)
    if any(len(term.text) >= SHORTEST for term in terms):
        records = [_commitments(user, words, terms, today), *_records(user, words)]
        wanted = any(_begins(command, words) for command in commands)
        groups = [*groups, *records] if wanted else [*records, *groups]
    return tuple(group for group in groups if group.hits)


def _begins(command: Hit, words: str) -> bool:
    """Whether somebody who types ``words`` is about to type the command."""
    return fold_names(command.title).startswith(fold_names(words))


def _commitments(user: "User", words: str, terms: Sequence[Term], today: AsOf) -> Group:
    visible = Commitment.objects.visible_to(user).at(today)
    rows: Any = found_in(visible, terms, today).with_list_fields().order_by("-year", "-serial", "prefix")
    latest = list(rows[:_RANKED])
    exact = exact_match(user, words)
    wanted = [term for term in terms if not term.excluded]

    def rank(each: Commitment) -> tuple[bool, bool]:
        folded = fold_names(each.title)
        return (exact is None or each.pk != exact.pk, not all(term.is_in(folded) for term in wanted))

    if exact is not None and all(each.pk != exact.pk for each in latest):
        latest = [*visible.with_list_fields().filter(pk=exact.pk), *latest]
    shown = sorted(latest, key=rank)[:_MOST_COMMITMENTS]
    more = len(latest) > _MOST_COMMITMENTS
    hits = tuple(
        Hit(each.get_absolute_url(), each.title, mark=each.reference, under=each.theme.name) for each in shown
    )
    return Group("commitments", _("Commitments"), hits, _list("commitments", words) if more else "")


def _records(user: "User", words: str) -> Iterable[Group]:
    def group(key: str, label: str, rows: Any, hit: Callable[[Any], Hit], *, has_list: bool = False) -> Group:
        found = list(rows.named_like(words)[: _MOST + 1])
        more = _list(key, words) if has_list and len(found) > _MOST else ""
        return Group(key, label, tuple(map(hit, found[:_MOST])), more)

    meetings = Meeting.objects.visible_to(user).order_by("-day", "-pk")
    sources = Source.objects.visible_to(user).defer("text").order_by("-published_on", "slug")
    agencies = Agency.objects.select_related("country")
    people = Person.objects.select_related("country")
    yield group("meetings", _("Meetings"), meetings, _meeting, has_list=True)
    yield group("sources", _("Sources"), sources, _source, has_list=True)
    yield group("agencies", _("Agencies"), agencies, _agency)
    yield group("people", _("People"), people, _person)
    yield group("countries", _("Countries"), Country.objects.all(), _plain)
    yield group("mechanisms", _("Mechanisms"), Mechanism.objects.all(), _plain)


def _meeting(meeting: Meeting) -> Hit:
    day = date_format(meeting.day) if meeting.day else meeting.window_wording
    return Hit(meeting.get_absolute_url(), meeting.title, under=day)


def _source(source: Source) -> Hit:
    day = date_format(source.published_on) if source.published_on else ""
    return Hit(source.get_absolute_url(), source.title, under=day)


def _agency(agency: Agency) -> Hit:
    return Hit(agency.get_absolute_url(), agency.name, mark=agency.acronym, under=agency.country.name)


def _person(person: Person) -> Hit:
    # The page of the person, or what was mentioned at the meetings that the person attended.
    page: Callable[[], str] | None = getattr(person, "get_absolute_url", None)
    url = page() if page else f"{reverse('commitments')}?{urlencode({'person': person.slug})}"
    return Hit(url, person.name, under=person.country.name)


def _plain(record: Model) -> Hit:
    return Hit(record.get_absolute_url(), str(record))  # type: ignore[attr-defined]


def _list(name: str, words: str) -> str:
    return f"{reverse(name)}?{urlencode({'q': words})}"
