"""The rows of the lists of commitments."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils.translation import pgettext

from commitments.choices import OPEN, AssignmentRole, PartyRole, Status, clock_runs
from commitments.models import Assignment, Commitment, CommitmentParty, Mention
from commitments.querysets import NEVER, AsOf, CommitmentQuerySet
from commitments.reports.presence_strip import Scale, Strip, scale_for, strip_of
from commitments.reports.search_snippets import Finding

MOST_COLUMNS = 8
"""Largest number of countries with a column of their own. The style sheet has as many columns."""


class Side(NamedTuple):
    """A country that is a party to a commitment."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PartyInColumn:
    """A party in its column: a responsible country, or only a party."""

    column: int
    code: str
    name: str
    is_responsible: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """The deadline as of a date: wording, possible dates, and whether it is overdue or due for review."""

    wording: str
    earliest: dt.date | None
    latest: dt.date | None
    review_on: dt.date | None
    overdue_days: int
    due_in_days: int | None
    review_is_due: bool

    def __bool__(self) -> bool:
        return bool(self.wording or self.latest or self.review_on)


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead agency in a cell. Where two have the same acronym, ``short`` includes the country."""

    short: str
    name: str


class RowCells(NamedTuple):
    """The values of the cells of a row. They are plain values, so that rendered cells can be cached."""

    reference: str
    title: str
    theme: str
    status: Status
    responsible: tuple[PartyInColumn, ...]
    deadline: Deadline
    leads: tuple[Lead, ...]
    strip: Strip
    last_on: dt.date | None
    found: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One commitment on a list."""

    commitment: Commitment
    status: Status
    responsible: tuple[PartyInColumn, ...]
    deadline: Deadline
    leads: tuple[Lead, ...]
    strip: Strip
    last_on: dt.date | None
    meetings: int
    found: tuple[Finding, ...] = ()

    @property
    def cells(self) -> RowCells:
        """The values of its cells."""
        one = self.commitment
        return RowCells(
            one.reference,
            one.title,
            one.theme.name,
            self.status,
            self.responsible,
            self.deadline,
            self.leads,
            self.strip,
            self.last_on,
            self.found,
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page, the scale of their presence strips, and the countries that have a column."""

    rows: tuple[Row, ...] = ()
    scale: Scale = Scale()
    countries: tuple[Side, ...] = ()

    def __iter__(self) -> Iterable[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def status_on(commitment: Any) -> Status:
    """The status as of the date of the page."""
    return Status(commitment.status_then)


def deadline_on(commitment: Any, on: dt.date) -> Deadline:
    """The deadline as of the date ``on``, of a commitment that ``at`` annotated."""
    status = commitment.status_then
    latest, review_on = commitment.latest_then, commitment.review_on_then
    left = (latest - on).days if latest and clock_runs(status, commitment.came_from_then) else None
    return Deadline(
        wording=commitment.wording_then,
        earliest=commitment.earliest_then,
        latest=latest,
        review_on=review_on if status in OPEN else None,
        overdue_days=max(0, -left) if left is not None else 0,
        due_in_days=left if left is not None and left >= 0 else None,
        review_is_due=bool(status in OPEN and review_on and review_on <= on),
    )


def codes_in(commitment: Any, role: PartyRole) -> list[str]:
    """The codes of the countries in ``role``, of a commitment with prefetched ``sides``."""
    return [each.country.code for each in commitment.sides if each.role == role]


class _MentionAt(NamedTuple):
    """A mention, as a presence strip needs it."""

    meeting_id: int
    kind: str


class _Related:
    """The parties, lead agencies and mentions of the commitments of a page, by primary key; three queries."""

    def __init__(self, keys: Collection[int], as_of: AsOf) -> None:
        self.parties: defaultdict[int, list[Side]] = defaultdict(list)
        self.obligated: defaultdict[int, set[str]] = defaultdict(set)
        parties = CommitmentParty.objects.filter(commitment__in=keys, role__in=_SHOWN).order_by(
            "country__code"
        )
        for key, role, *side in parties.values_list("commitment", "role", "country__code", "country__name"):
            if role == PartyRole.PARTY:
                self.parties[key].append(Side(*side))
            else:
                self.obligated[key].add(side[0])
        self.leads: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
        assignments = Assignment.objects.filter(commitment__in=keys, role=AssignmentRole.LEAD).order_by("pk")
        for key, *agency in assignments.values_list("commitment", *_AGENCY):
            self.leads[key].append((agency[0], agency[1], agency[2]))
        self.mentions: defaultdict[int, list[_MentionAt]] = defaultdict(list)
        mentions = Mention.objects.filter(as_of.happened("meeting__day"), commitment__in=keys).order_by()
        for key, meeting, kind in mentions.values_list("commitment", "meeting", "kind"):
            self.mentions[key].append(_MentionAt(meeting, kind))

    def codes(self, key: int) -> list[str]:
        """The codes of the parties of one commitment."""
        return [side.code for side in self.parties[key]]


_SHOWN = (PartyRole.PARTY, PartyRole.OBLIGATED)
_AGENCY = ("agency__name", "agency__acronym", "agency__country__code")


def columns_for(parties: Iterable[Iterable[Side]]) -> tuple[Side, ...]:
    """All ``parties``, the most frequent first: the columns of the countries, the same on every row."""
    times = Counter(side for each in parties for side in each)
    return tuple(sorted(times, key=lambda side: (-times[side], side.code)))


def parties_in_columns(
    parties: Sequence[Side], obligated: Collection[str], columns: Mapping[Side, int]
) -> tuple[PartyInColumn, ...]:
    """The parties, each in the column of its country; side by side if there are too many countries."""
    present = sorted(parties, key=columns.__getitem__)
    fixed = len(columns) <= MOST_COLUMNS
    return tuple(
        PartyInColumn(
            min(columns[side] if fixed else n, MOST_COLUMNS), side.code, side.name, side.code in obligated
        )
        for n, side in enumerate(present, start=1)
    )


def leads_of(agencies: Sequence[tuple[str, str, str]], parties: Collection[str]) -> tuple[Lead, ...]:
    """The lead agencies as a cell shows them. ``agencies`` are (name, acronym, country code)."""
    shorts = Counter(acronym or name for name, acronym, _code in agencies)
    found = []
    for name, acronym, code in agencies:
        short = acronym or name
        found.append(
            Lead(with_country(short, code) if shorts[short] > 1 and code in parties else short, name)
        )
    return tuple(found)


def with_country(agency: str, code: str) -> str:
    """``agency`` with the code of its country, to tell it from another agency of the same acronym."""
    # Translators: an acronym and the code of a country, as in "MND (VN)".
    return pgettext("agency and country", "%(agency)s (%(country)s)") % {"agency": agency, "country": code}


def rows_of(
    commitments: Iterable[Commitment],
    visible: CommitmentQuerySet,
    as_of: AsOf,
    *,
    scale: Scale | None = None,
    found: Mapping[int, tuple[Finding, ...]] = MappingProxyType({}),
) -> Rows:
    """The rows for ``commitments``, which ``at``, ``with_last_activity`` and ``with_list_fields`` prepared.

    ``visible`` is what the reader may see; presence strips count no other commitments. ``scale`` is the scale
    of the page, if it has one already. ``found`` are the passages that a search found, by primary key.
    """
    listed: list[Any] = list(commitments)
    if not listed:
        return Rows()
    related = _Related([commitment.pk for commitment in listed], as_of)
    columns = columns_for(related.parties.values())
    places = {side: n for n, side in enumerate(columns, start=1)}
    if scale is None:
        scale = scale_for(visible, as_of, [related.codes(commitment.pk) for commitment in listed])
    return Rows(
        rows=tuple(
            _row(commitment, related, places, scale, as_of, found.get(commitment.pk, ()))
            for commitment in listed
        ),
        scale=scale,
        countries=columns if len(columns) <= MOST_COLUMNS else (),
    )


def _row(
    commitment: Any,
    related: _Related,
    columns: Mapping[Side, int],
    scale: Scale,
    as_of: AsOf,
    found: tuple[Finding, ...],
) -> Row:
    key, codes = commitment.pk, related.codes(commitment.pk)
    mentions = related.mentions[key]
    return Row(
        commitment=commitment,
        status=status_on(commitment),
        responsible=parties_in_columns(related.parties[key], related.obligated[key], columns),
        deadline=deadline_on(commitment, as_of.day),
        leads=leads_of(related.leads[key], codes),
        strip=strip_of(scale, mentions, codes, promised=commitment.outcome_meeting_id),
        last_on=commitment.last_activity_on if commitment.last_activity_on != NEVER else None,
        meetings=len({each.meeting_id for each in mentions}),
        found=found,
    )
