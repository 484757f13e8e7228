"""The rows of commitments: the same on lists, in sections of pages, on paper and in exports."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.conf import settings

from commitments.choices import OPEN, AssignmentRole, PartyRole, Status, clock_runs
from commitments.models import Commitment
from commitments.querysets import NEVER, AsOf, CommitmentQuerySet
from commitments.reports.deadline_moves import NO_MOVES, DeadlineMoves
from commitments.reports.presence_strip import Scale, Strip, scale_for, strip_of
from commitments.reports.row_relations import (
    NO_DETAILS,
    AgencyName,
    Details,
    MentionSummary,
    Related,
    Side,
    details_of,
)
from commitments.reports.search_snippets import Finding

if TYPE_CHECKING:
    from accounts.models import User

MOST_COLUMNS = 8
"""Largest number of countries with a column of their own. The style sheet has as many columns."""


@dataclass(frozen=True, slots=True)
class PartyInColumn:
    """A party in its column: a responsible country, or only a party."""

    column: int
    code: str
    name: str
    is_responsible: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """The deadline as of a date: wording, possible dates, and whether it is overdue or due for review.

    ``moves`` are read for rows of lists and for the page of a commitment.
    """

    wording: str
    earliest: dt.date | None
    latest: dt.date | None
    review_on: dt.date | None
    overdue_days: int
    due_in_days: int | None
    review_is_due: bool
    moves: DeadlineMoves = NO_MOVES

    def __bool__(self) -> bool:
        return bool(self.wording or self.latest or self.review_on)


@dataclass(frozen=True, slots=True)
class Row:
    """One commitment on a list, as of its date. Only a list with strips has a ``strip``.

    ``details`` are read for the columns that show them. ``found`` are the passages that a search found.
    """

    commitment: Any
    status: Status
    deadline: Deadline
    parties: tuple[Side, ...]
    obligated: tuple[Side, ...]
    beneficiaries: tuple[Side, ...]
    leads: tuple[AgencyName, ...]
    supports: tuple[AgencyName, ...]
    mentions: MentionSummary
    last_on: dt.date | None
    strip: Strip | None = None
    details: Details = NO_DETAILS
    found: tuple[Finding, ...] = ()

    @property
    def partners(self) -> tuple[Side, ...]:
        """The parties other than the home country; all of them where it is not a party."""
        others = tuple(party for party in self.parties if party.code != settings.HOME_COUNTRY)
        return others if len(others) < len(self.parties) else self.parties


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page, the scale of their presence strips, and the parties, the most frequent first."""

    rows: tuple[Row, ...] = ()
    scale: Scale = Scale()
    parties: tuple[Side, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def countries(self) -> tuple[Side, ...]:
        """The countries that have a column of their own; none if they are too many."""
        return self.parties if len(self.parties) <= MOST_COLUMNS else ()


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


def parties_by_frequency(rows: Iterable[Row]) -> tuple[Side, ...]:
    """All parties of ``rows``, the most frequent first: each has its column, the same on every row."""
    times = Counter(side for row in rows for side in row.parties)
    return tuple(sorted(times, key=lambda side: (-times[side], side.code)))


def parties_in_columns(row: Row, columns: Mapping[Side, int]) -> tuple[PartyInColumn, ...]:
    """The parties, each in the column of its country; side by side if there are too many countries."""
    present = sorted(row.parties, key=columns.__getitem__)
    fixed = len(columns) <= MOST_COLUMNS
    return tuple(
        PartyInColumn(
            min(columns[side] if fixed else n, MOST_COLUMNS), side.code, side.name, side in row.obligated
        )
        for n, side in enumerate(present, start=1)
    )


def rows_of(
    commitments: Iterable[Commitment],
    visible: CommitmentQuerySet,
    as_of: AsOf,
    *,
    scale: Scale | None = None,
    detailed: bool = False,
    found: Mapping[int, tuple[Finding, ...]] = MappingProxyType({}),
) -> Rows:
    """The rows for ``commitments``, which ``at``, ``with_last_activity`` and ``with_list_fields`` prepared.

    ``visible`` is what the reader may see; presence strips count no other commitments. ``scale`` is the scale
    of the page, if it has one already. ``detailed`` rows can fill every column. ``found`` are the passages
    that a search found, by primary key.
    """
    listed: list[Any] = list(commitments)
    if not listed:
        return Rows()
    related = Related([commitment.pk for commitment in listed], as_of)
    codes = {each.pk: [side.code for side in related.sides(each.pk, PartyRole.PARTY)] for each in listed}
    if scale is None:
        scale = scale_for(visible, as_of, codes.values())
    details = details_of(listed, visible, as_of) if detailed else {}
    rows = tuple(
        _row(
            each,
            related,
            as_of,
            strip=strip_of(
                scale, related.mentions[each.pk], codes[each.pk], promised=each.outcome_meeting_id
            ),
            details=details.get(each.pk, NO_DETAILS),
            found=found.get(each.pk, ()),
        )
        for each in listed
    )
    return Rows(rows, scale, parties_by_frequency(rows))


def with_column_fields(rows: CommitmentQuerySet) -> CommitmentQuerySet:
    """Fetch the fields that any column shows, without the texts that are only searched."""
    joined: Any = rows.select_related("theme", "outcome_meeting", "target", "officer")
    found: CommitmentQuerySet = joined.defer(*_NOT_SHOWN)
    return found


_NOT_SHOWN = ("search_text", "theme__search_text", "outcome_meeting__search_text", "officer__password")
QUERIES_A_CHUNK = 10
"""Queries of ``detailed_rows``, whatever the number of rows and columns."""


def detailed_rows(keys: Sequence[int], *, user: "User", when: AsOf) -> list[Row]:
    """The rows of ``keys`` with every column and without strips, except those that ``user`` may not see."""
    visible = Commitment.objects.readable_by(user)
    listed = with_column_fields(visible.at(when).with_last_activity(when)).in_order_of(keys)
    related, details = Related(keys, when), details_of(listed, visible, when)
    return [_row(each, related, when, details=details[each.pk]) for each in listed]


def _row(commitment: Any, related: Related, as_of: AsOf, **shown: Any) -> Row:
    key, never = commitment.pk, commitment.last_activity_on == NEVER
    return Row(
        commitment=commitment,
        status=status_on(commitment),
        deadline=replace(deadline_on(commitment, as_of.day), moves=related.moves.get(key, NO_MOVES)),
        parties=related.sides(key, PartyRole.PARTY),
        obligated=related.sides(key, PartyRole.OBLIGATED),
        beneficiaries=related.sides(key, PartyRole.BENEFICIARY),
        leads=related.agencies_of(key, AssignmentRole.LEAD),
        supports=related.agencies_of(key, AssignmentRole.SUPPORT),
        mentions=MentionSummary.of(related.mentions.get(key, ()), as_of.day),
        last_on=None if never else commitment.last_activity_on,
        **shown,
    )
