"""A row of the register as lists show it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from commitments.choices import OPEN, AssignmentRole, PartyRole, Status, clock_runs
from commitments.models import Assignment, Commitment, CommitmentParty, Mention
from commitments.querysets import NEVER, AsOf, CommitmentQuerySet
from commitments.reports.presence_strip import Scale, Strip, scale_for, strip_of
from commitments.reports.search_snippets import Finding

MOST_COLUMNS = 8
"""Countries that can have a column of their own; the style sheet draws as many."""


class Side(NamedTuple):
    """A country on one side of a commitment."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ActPlace:
    """A party in its column; ``must_act`` or only a party."""

    column: int
    code: str
    name: str
    must_act: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """The deadline of a day: the wording, the days it can mean, and how it stands."""

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
    """A lead agency in a cell; two of the same acronym are told apart by their country."""

    short: str
    name: str


class RowCells(NamedTuple):
    """What the cells of a row show: plain values, so that cells are drawn once for the same ones."""

    reference: str
    title: str
    theme: str
    status: Status
    act: tuple[ActPlace, ...]
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
    act: tuple[ActPlace, ...]
    deadline: Deadline
    leads: tuple[Lead, ...]
    strip: Strip
    last_on: dt.date | None
    meetings: int
    found: tuple[Finding, ...] = ()

    @property
    def face(self) -> RowCells:
        """What its cells show."""
        one = self.commitment
        return RowCells(
            one.reference,
            one.title,
            one.theme.name,
            self.status,
            self.act,
            self.deadline,
            self.leads,
            self.strip,
            self.last_on,
            self.found,
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page with what they share: the scale of the strips, the columns of the countries."""

    rows: tuple[Row, ...] = ()
    scale: Scale = Scale()
    countries: tuple[Side, ...] = ()

    def __iter__(self) -> Iterable[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def status_on(commitment: Any) -> Status:
    """The status on the day of the page."""
    return Status(commitment.status_then)


def deadline_on(commitment: Any, on: dt.date) -> Deadline:
    """The deadline of a commitment that ``at`` annotated, judged on the day ``on``."""
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
    """The codes of the countries that stand in ``role``, of a commitment with its ``sides``."""
    return [each.country.code for each in commitment.sides if each.role == role]


class _Said(NamedTuple):
    """A mention, as a strip draws it."""

    meeting_id: int
    kind: str


class _Beside:
    """What stands beside the commitments of a page, by their keys: read as plain values, in three queries."""

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
        charged = Assignment.objects.filter(commitment__in=keys, role=AssignmentRole.LEAD).order_by("pk")
        for key, *agency in charged.values_list("commitment", *_AGENCY):
            self.leads[key].append((agency[0], agency[1], agency[2]))
        self.said: defaultdict[int, list[_Said]] = defaultdict(list)
        mentions = Mention.objects.filter(as_of.happened("meeting__day"), commitment__in=keys).order_by()
        for key, meeting, kind in mentions.values_list("commitment", "meeting", "kind"):
            self.said[key].append(_Said(meeting, kind))

    def codes(self, key: int) -> list[str]:
        """The parties of one commitment."""
        return [side.code for side in self.parties[key]]


_SHOWN = (PartyRole.PARTY, PartyRole.OBLIGATED)
_AGENCY = ("agency__name", "agency__acronym", "agency__country__code")


def columns_for(parties: Iterable[Iterable[Side]]) -> tuple[Side, ...]:
    """All these parties, those that occur most first: each has its column on every row."""
    seen = Counter(side for each in parties for side in each)
    return tuple(sorted(seen, key=lambda side: (-seen[side], side.code)))


def act_of(
    parties: Sequence[Side], obligated: Collection[str], columns: Mapping[Side, int]
) -> tuple[ActPlace, ...]:
    """Who must act, each country in its column; more countries than columns stand side by side instead."""
    present = sorted(parties, key=columns.__getitem__)
    fixed = len(columns) <= MOST_COLUMNS
    return tuple(
        ActPlace(
            min(columns[side] if fixed else n, MOST_COLUMNS), side.code, side.name, side.code in obligated
        )
        for n, side in enumerate(present, start=1)
    )


def leads_of(agencies: Sequence[tuple[str, str, str]], parties: Collection[str]) -> tuple[Lead, ...]:
    """The lead agencies as a cell shows them: each of a name, an acronym and the code of its country."""
    shorts = Counter(acronym or name for name, acronym, _code in agencies)
    found = []
    for name, acronym, code in agencies:
        short = acronym or name
        found.append(Lead(f"{short} ({code})" if shorts[short] > 1 and code in parties else short, name))
    return tuple(found)


def rows_of(
    commitments: Iterable[Commitment],
    visible: CommitmentQuerySet,
    as_of: AsOf,
    *,
    scale: Scale | None = None,
    found: Mapping[int, tuple[Finding, ...]] = MappingProxyType({}),
) -> Rows:
    """The rows for ``commitments``, prepared by ``at``, ``with_last_activity`` and ``with_list_fields``.

    ``visible`` is what the reader may see: silence is measured against nothing else. ``scale`` is that of the
    page, where it has one already; ``found`` are the passages that a search found, by key.
    """
    listed: list[Any] = list(commitments)
    if not listed:
        return Rows()
    beside = _Beside([commitment.pk for commitment in listed], as_of)
    columns = columns_for(beside.parties.values())
    places = {side: n for n, side in enumerate(columns, start=1)}
    if scale is None:
        scale = scale_for(visible, as_of, [beside.codes(commitment.pk) for commitment in listed])
    return Rows(
        rows=tuple(
            _row(commitment, beside, places, scale, as_of, found.get(commitment.pk, ()))
            for commitment in listed
        ),
        scale=scale,
        countries=columns if len(columns) <= MOST_COLUMNS else (),
    )


def _row(
    commitment: Any,
    beside: _Beside,
    columns: Mapping[Side, int],
    scale: Scale,
    as_of: AsOf,
    found: tuple[Finding, ...],
) -> Row:
    key, codes = commitment.pk, beside.codes(commitment.pk)
    said = beside.said[key]
    return Row(
        commitment=commitment,
        status=status_on(commitment),
        act=act_of(beside.parties[key], beside.obligated[key], columns),
        deadline=deadline_on(commitment, as_of.day),
        leads=leads_of(beside.leads[key], codes),
        strip=strip_of(scale, said, codes, promised=commitment.outcome_meeting_id),
        last_on=commitment.last_activity_on if commitment.last_activity_on != NEVER else None,
        meetings=len({each.meeting_id for each in said}),
        found=found,
    )
