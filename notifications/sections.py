"""The sections of a mail that lists commitments: what is new in each, and what was told already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db.models import F, Max, OuterRef, Subquery, Value
from django.utils import timezone

from accounts.choices import Clearance
from commitments.choices import AssignmentRole
from commitments.models import Commitment, StatusChange
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import list_url
from notifications.addresses import absolute
from notifications.models import ToldItem

if TYPE_CHECKING:
    from accounts.models import User

MOST_SHOWN = 10
"""The most commitments that a section names. Its link leads to all of them."""


class Event(NamedTuple):
    """The last thing that happened to a commitment: what it is told by, and the words for all that is new."""

    mark: str
    news: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """The commitments that belong into a section now, whether they were told already or not.

    ``rows`` are read with ``at``. ``query`` are the parameters of the list that shows them. ``mark`` is an
    expression: with another value, a commitment is told again. A section of ``events``, by key of the
    commitment, has its marks there, and is no state: what was told in it stays told.
    """

    key: str
    title: str
    rows: CommitmentQuerySet
    query: Mapping[str, str]
    mark: Any = field(default_factory=lambda: Value(""))
    events: Mapping[int, Event] | None = None
    alarms: bool = False


class _Row(NamedTuple):
    key: int
    mark: str
    level: int


@dataclass(frozen=True, slots=True)
class MailItem:
    """A commitment in a mail."""

    reference: str
    title: str
    address: str
    status: str
    deadline: str
    agency: str
    news: str


@dataclass(frozen=True, slots=True)
class MailSection:
    """What is new in a section. ``restricted`` counts what a mail may not name, ``more`` what is left out."""

    title: str
    count: int
    items: tuple[MailItem, ...]
    more: int
    restricted: int
    address: str
    alarms: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What an account will have been told in a section. ``current``: what is in it, if it is a state."""

    section: str
    new: Mapping[int, str]
    current: frozenset[int] | None


def last_change() -> Subquery:
    """A mark that differs after each status change."""
    numbers = StatusChange.objects.filter(commitment=OuterRef("pk")).order_by().values("commitment")
    return Subquery(numbers.annotate(n=Max("number")).values("n"))


DEADLINE = F("latest_then")
"""A mark that differs after each change of the last day of the deadline."""
REVIEW_DAY = F("review_on_then")
"""A mark that differs after each change of the day of review."""


def sections_of(
    account: "User", candidates: Sequence[Candidates], as_of: AsOf
) -> tuple[tuple[MailSection, ...], tuple[Told, ...]]:
    """The sections with something new for ``account``, and what it will have been told.

    The number of statements does not depend on the number of commitments.
    """
    before = _told_before(account, [each.key for each in candidates])
    highest = Clearance[settings.MAIL_MAX_LEVEL.upper()]
    new_of: list[tuple[Candidates, list[_Row]]] = []
    told, seen = [], set[int]()
    for each in candidates:
        rows = _rows(each)
        new = [row for row in rows if before.get((each.key, row.key)) != row.mark]
        current = frozenset(row.key for row in rows) if each.events is None else None
        told.append(Told(each.key, {row.key: row.mark for row in new}, current))
        if each.events is None:
            # A commitment stands once in a mail, in the most urgent section, beside what happened to it.
            new = [row for row in new if row.key not in seen]
            seen.update(row.key for row in new)
        if new:
            new_of.append((each, new))
    named = {each.key: [row for row in new if row.level <= highest] for each, new in new_of}
    shown = {row.key for rows in named.values() for row in rows[:MOST_SHOWN]}
    records = {each.pk: each for each in _records(account, shown, as_of)}
    sections = []
    for each, new in new_of:
        first = named[each.key][:MOST_SHOWN]
        sections.append(
            MailSection(
                title=each.title,
                count=len(new),
                items=tuple(
                    _item(records[row.key], (each.events or {}).get(row.key))
                    for row in first
                    if row.key in records
                ),
                more=len(named[each.key]) - len(first),
                restricted=len(new) - len(named[each.key]),
                address=absolute(list_url(as_of, each.query)),
                alarms=each.alarms,
            )
        )
    return tuple(sections), tuple(told)


def _rows(candidates: Candidates) -> list[_Row]:
    """The commitments of a section with their marks, the most urgent first."""
    rows = candidates.rows.by_reference(F("latest_then").asc(nulls_last=True))
    if candidates.events is not None:
        rows = rows.filter(pk__in=list(candidates.events))
        levels = rows.values_list("pk", "classification")
        return [_Row(key, candidates.events[key].mark, level) for key, level in levels]
    values = rows.annotate(mark=candidates.mark).values_list("pk", "mark", "classification")
    return [_Row(key, "" if mark is None else str(mark), level) for key, mark, level in values]


def _told_before(account: "User", sections: Iterable[str]) -> dict[tuple[str, int], str]:
    rows = ToldItem.objects.filter(account=account, section__in=list(sections))
    return {(section, key): mark for section, key, mark in rows.values_list("section", "commitment", "mark")}


def _records(account: "User", keys: Iterable[int], as_of: AsOf) -> CommitmentQuerySet:
    return Commitment.objects.visible_to(account).at(as_of).filter(pk__in=list(keys)).with_sides()


def _item(commitment: Any, event: Event | None) -> MailItem:
    leads = [each.agency.short for each in commitment.assigned if each.role == AssignmentRole.LEAD]
    return MailItem(
        reference=commitment.reference,
        title=commitment.title,
        address=absolute(commitment.get_absolute_url()),
        status=commitment.get_status_display(),
        deadline=commitment.wording_then,
        agency=", ".join(leads),
        news=event.news if event else "",
    )


def store_told(account: "User", told: Iterable[Told]) -> None:
    """Store that ``account`` was told, and forget what has left its section."""
    now = timezone.now()
    for each in told:
        ToldItem.objects.bulk_create(
            (
                ToldItem(account=account, section=each.section, commitment_id=key, mark=mark, told_at=now)
                for key, mark in each.new.items()
            ),
            update_conflicts=True,
            unique_fields=["account", "section", "commitment"],
            update_fields=["mark", "told_at"],
        )
        if each.current is not None:
            left = ToldItem.objects.filter(account=account, section=each.section)
            keys = set(left.values_list("commitment", flat=True)) - each.current
            if keys:
                left.filter(commitment__in=keys).delete()
