"""A row of the register as lists show it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from commitments.choices import CLOCK_RUNS, OPEN, AssignmentRole, PartyRole, Status
from commitments.models import Commitment
from commitments.querysets import NEVER, AsOf, CommitmentQuerySet
from commitments.reports.findings import Finding
from commitments.reports.strips import Scale, Strip, scale_for, strip_of
from relations.models import Country

MOST_COLUMNS = 8
"""Countries that can have a column of their own; the style sheet draws as many."""


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


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page with what they share: the scale of the strips, the columns of the countries."""

    rows: tuple[Row, ...] = ()
    scale: Scale = Scale()
    countries: tuple[Country, ...] = ()

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
    deciding = commitment.came_from_then if status == Status.UNDER_REVIEW else status
    runs, latest, review_on = deciding in CLOCK_RUNS, commitment.latest_then, commitment.review_on_then
    left = (latest - on).days if runs and latest else None
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
    """The codes of the countries that stand in ``role``, from what was fetched."""
    return [each.country.code for each in commitment.parties_shown if each.role == role]


def columns_for(commitments: Iterable[Any]) -> tuple[Country, ...]:
    """The parties of these commitments, those that occur most first: each has its column on every row."""
    seen: Counter[str] = Counter()
    countries: dict[str, Country] = {}
    for commitment in commitments:
        for party in commitment.parties_shown:
            if party.role == PartyRole.PARTY:
                seen[party.country.code] += 1
                countries[party.country.code] = party.country
    return tuple(countries[code] for code in sorted(seen, key=lambda code: (-seen[code], code)))


def act_of(commitment: Commitment, columns: Sequence[Country]) -> tuple[ActPlace, ...]:
    """Who must act, each country in its column; more countries than columns stand side by side instead."""
    parties, obligated = codes_in(commitment, PartyRole.PARTY), codes_in(commitment, PartyRole.OBLIGATED)
    present = [country for country in columns if country.code in parties]
    fixed = len(columns) <= MOST_COLUMNS
    return tuple(
        ActPlace(
            min(columns.index(country) + 1 if fixed else n, MOST_COLUMNS),
            country.code,
            country.name,
            country.code in obligated,
        )
        for n, country in enumerate(present, start=1)
    )


def leads_of(commitment: Any) -> tuple[Lead, ...]:
    """The lead agencies as a cell shows them."""
    agencies = [each.agency for each in commitment.assignments_shown if each.role == AssignmentRole.LEAD]
    codes = {party.country_id: party.country.code for party in commitment.parties_shown}
    shorts = Counter(agency.short for agency in agencies)
    return tuple(
        Lead(
            f"{agency.short} ({codes[agency.country_id]})"
            if shorts[agency.short] > 1 and agency.country_id in codes
            else agency.short,
            agency.name,
        )
        for agency in agencies
    )


def rows_of(
    commitments: Iterable[Commitment],
    visible: CommitmentQuerySet,
    as_of: AsOf,
    *,
    scale: Scale | None = None,
    found: Mapping[int, tuple[Finding, ...]] = MappingProxyType({}),
) -> Rows:
    """The rows for ``commitments``, which ``at`` and the two ``with_…`` for lists have prepared.

    ``visible`` is what the reader may see: silence is measured against nothing else. ``scale`` is that of the
    page, where it has one already; ``found`` are the passages that a search found, by key.
    """
    listed: list[Any] = list(commitments)
    if not listed:
        return Rows()
    columns = columns_for(listed)
    parties = {commitment.pk: codes_in(commitment, PartyRole.PARTY) for commitment in listed}
    if scale is None:
        scale = scale_for(visible, as_of, parties.values())
    return Rows(
        rows=tuple(
            Row(
                commitment=commitment,
                status=status_on(commitment),
                act=act_of(commitment, columns),
                deadline=deadline_on(commitment, as_of.day),
                leads=leads_of(commitment),
                strip=strip_of(scale, commitment.mentions_then, parties[commitment.pk]),
                last_on=commitment.last_activity_on if commitment.last_activity_on != NEVER else None,
                meetings=len({mention.meeting_id for mention in commitment.mentions_then}),
                found=found.get(commitment.pk, ()),
            )
            for commitment in listed
        ),
        scale=scale,
        countries=columns if len(columns) <= MOST_COLUMNS else (),
    )
