"""Commitments for exports: each with the values of every column, fetched a chunk at a time."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db.models import F

from commitments.choices import AssignmentRole, PartyRole, Status
from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    Evidence,
    Mention,
    ProgressUpdate,
    Reading,
    StatusChange,
)
from commitments.querysets import NEVER, AsOf
from commitments.reports.rows import Deadline, deadline_on, with_country
from commitments.workflow import TransitionName

if TYPE_CHECKING:
    from accounts.models import User

QUERIES_A_CHUNK = 9
"""Queries for one chunk, whatever its number of rows and columns."""

_LONG_TEXTS = ("search_text", "theme__search_text", "outcome_meeting__search_text")


class Party(NamedTuple):
    """A country in a cell."""

    code: str
    name: str


class AgencyName(NamedTuple):
    """An agency: its full name, and a short name for narrow cells."""

    name: str
    short: str


@dataclass(frozen=True, slots=True)
class MentionSummary:
    """The first and the last mention, and the number of meetings with a mention."""

    first_on: dt.date | None = None
    first_at: str = ""
    last_on: dt.date | None = None
    last_at: str = ""
    meetings: int = 0


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One commitment as of a date. ``progress``, ``reading`` and ``last_change`` are the latest by that date.

    ``obstacle`` says why it is stalled; "" if it is not. ``evidence`` has the titles of valid evidence.
    """

    commitment: Any
    status: Status
    deadline: Deadline
    parties: tuple[Party, ...]
    obligated: tuple[Party, ...]
    beneficiaries: tuple[Party, ...]
    leads: tuple[AgencyName, ...]
    supports: tuple[AgencyName, ...]
    mentions: MentionSummary
    progress: ProgressUpdate | None
    reading: Reading | None
    evidence: tuple[str, ...]
    last_change: StatusChange | None
    obstacle: str
    successor: str
    last_on: dt.date | None

    @property
    def partners(self) -> tuple[Party, ...]:
        """The parties other than the home country; all of them where it is not a party."""
        others = tuple(party for party in self.parties if party.code != settings.HOME_COUNTRY)
        return others if len(others) < len(self.parties) else self.parties


def export_rows(keys: Sequence[int], *, user: "User", when: AsOf) -> list[ExportRow]:
    """The rows of ``keys`` in their order, without those that ``user`` may not see (any more)."""
    visible = Commitment.objects.readable_by(user)
    rows = visible.filter(pk__in=keys).at(when).with_last_activity(when)
    found: dict[int, Any] = {
        row.pk: row for row in rows.select_related("theme", "outcome_meeting", "target").defer(*_LONG_TEXTS)
    }
    parties = _parties(keys)
    agencies = _agencies(keys)
    mentions = _mentions(keys, when)
    progress = _latest(ProgressUpdate.objects.filter(commitment__in=keys), "occurred_on", when)
    readings = _latest(Reading.objects.filter(commitment__in=keys), "as_of", when)
    evidence = _evidence(keys, when)
    last_changes, obstacles = _status_changes(keys, when)
    successors = _successors(keys, when, user)
    return [
        ExportRow(
            commitment=row,
            status=Status(row.status_then),
            deadline=deadline_on(row, when.day),
            parties=tuple(parties[key, PartyRole.PARTY]),
            obligated=tuple(parties[key, PartyRole.OBLIGATED]),
            beneficiaries=tuple(parties[key, PartyRole.BENEFICIARY]),
            leads=tuple(agencies[key, AssignmentRole.LEAD]),
            supports=tuple(agencies[key, AssignmentRole.SUPPORT]),
            mentions=mentions.get(key, MentionSummary()),
            progress=progress.get(key),
            reading=readings.get(key),
            evidence=tuple(evidence.get(key, ())),
            last_change=last_changes.get(key),
            obstacle=obstacles.get(key, "") if _is_stalled(row) else "",
            successor=successors.get(key, "") if row.status_then == Status.SUPERSEDED else "",
            last_on=row.last_activity_on if row.last_activity_on != NEVER else None,
        )
        for key in keys
        if (row := found.get(key)) is not None
    ]


def _parties(keys: Sequence[int]) -> dict[tuple[int, str], list[Party]]:
    found: dict[tuple[int, str], list[Party]] = defaultdict(list)
    rows = CommitmentParty.objects.filter(commitment__in=keys).order_by("country__code")
    for key, role, code, name in rows.values_list("commitment", "role", "country__code", "country__name"):
        found[key, role].append(Party(code, name))
    return found


def _agencies(keys: Sequence[int]) -> dict[tuple[int, str], list[AgencyName]]:
    """The agencies by commitment and role. Where several have one acronym, ``short`` includes the country."""
    found: dict[tuple[int, str], list[AgencyName]] = defaultdict(list)
    codes: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = Assignment.objects.filter(commitment__in=keys).order_by("pk")
    for key, role, name, acronym, code in rows.values_list(
        "commitment", "role", "agency__name", "agency__acronym", "agency__country__code"
    ):
        found[key, role].append(AgencyName(name, acronym or name))
        codes[key, role].append(code)
    for place, agencies in found.items():
        times = Counter(agency.short for agency in agencies)
        found[place] = [
            agency._replace(short=with_country(agency.short, code)) if times[agency.short] > 1 else agency
            for agency, code in zip(agencies, codes[place], strict=True)
        ]
    return found


def _mentions(keys: Sequence[int], when: AsOf) -> dict[int, MentionSummary]:
    """First and last mention by the date of the meeting. Meetings without a date count only as meetings."""
    found: dict[int, MentionSummary] = {}
    meetings: dict[int, set[int]] = defaultdict(set)
    rows = Mention.objects.filter(when.happened("meeting__day"), commitment__in=keys)
    for key, meeting, day, title in rows.order_by(F("meeting__day").asc(nulls_last=True), "pk").values_list(
        "commitment", "meeting", "meeting__day", "meeting__title"
    ):
        meetings[key].add(meeting)
        so_far = found.get(key, MentionSummary())
        if day is not None and so_far.first_on is None:
            so_far = replace(so_far, first_on=day, first_at=title)
        if day is not None and day <= when.day:
            so_far = replace(so_far, last_on=day, last_at=title)
        found[key] = so_far
    return {key: replace(each, meetings=len(meetings[key])) for key, each in found.items()}


def _latest(rows: Any, day: str, when: AsOf) -> dict[int, Any]:
    """The latest of ``rows`` of each commitment; of two on one day, the one recorded last."""
    return {row.commitment_id: row for row in rows.filter(when.happened(day)).order_by(day, "pk")}


_SAYS_WHY = (TransitionName.STALL, TransitionName.RECORD)
"""The transitions to stalled whose note names the obstacle. A return or a reopening leads there, too."""


def _is_stalled(row: Any) -> bool:
    """Whether a commitment is stalled, or under review and stalled before."""
    status = row.came_from_then if row.status_then == Status.UNDER_REVIEW else row.status_then
    return bool(status == Status.STALLED)


def _status_changes(keys: Sequence[int], when: AsOf) -> tuple[dict[int, StatusChange], dict[int, str]]:
    """The last status change of each commitment, and the note of the last one that stalled it."""
    last: dict[int, StatusChange] = {}
    obstacles: dict[int, str] = {}
    changes = StatusChange.objects.filter(when.happened("day"), commitment__in=keys)
    for change in changes.order_by("number"):
        last[change.commitment_id] = change
        if change.to_status == Status.STALLED and change.transition in _SAYS_WHY:
            obstacles[change.commitment_id] = change.note
    return last, obstacles


def _evidence(keys: Sequence[int], when: AsOf) -> dict[int, list[str]]:
    """The titles of the evidence recorded, and not withdrawn, by that date."""
    rows = Evidence.objects.filter(commitment__in=keys)
    if when.is_past:
        rows = rows.filter(recorded_at__date__lte=when.day).exclude(
            withdrawal__recorded_at__date__lte=when.day
        )
    else:
        rows = rows.filter(withdrawal=None)
    titles: dict[int, list[str]] = defaultdict(list)
    for key, title in rows.order_by("recorded_at", "pk").values_list("commitment", "title"):
        titles[key].append(title)
    return titles


def _successors(keys: Sequence[int], when: AsOf, user: "User") -> dict[int, str]:
    """The reference of the last successor of each commitment, where ``user`` may see it."""
    rows = StatusChange.objects.filter(
        when.happened("day"),
        commitment__in=keys,
        to_status=Status.SUPERSEDED,
        successor__in=Commitment.objects.visible_to(user).order_by().values("pk"),
    )
    return dict(rows.order_by("number").values_list("commitment", "successor__reference"))
