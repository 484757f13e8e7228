"""Commitments as they are handed on: each with all that a column can say of it, fetched a chunk at a time."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db.models import Count, F

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
from commitments.reports.rows import Deadline, deadline_on

if TYPE_CHECKING:
    from accounts.models import User

QUERIES_A_CHUNK = 8
"""However many rows it holds; the columns that are asked for do not matter."""

_LONG_TEXTS = ("search_text", "theme__search_text", "outcome_meeting__search_text")


class Party(NamedTuple):
    """A country, as a cell names it."""

    code: str
    name: str


class Charged(NamedTuple):
    """An agency, in full and as a narrow cell names it."""

    name: str
    short: str


@dataclass(frozen=True, slots=True)
class ExportMention:
    """Where it was spoken of first and last, and at how many meetings."""

    first_on: dt.date | None = None
    first_at: str = ""
    last_on: dt.date | None = None
    last_at: str = ""
    meetings: int = 0


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One commitment on a day. ``progress`` and ``reading`` are the latest by then."""

    commitment: Any
    status: Status
    deadline: Deadline
    parties: tuple[Party, ...]
    obligated: tuple[Party, ...]
    beneficiaries: tuple[Party, ...]
    leads: tuple[Charged, ...]
    supports: tuple[Charged, ...]
    spoken: ExportMention
    progress: ProgressUpdate | None
    reading: Reading | None
    evidence: int
    successor: str
    last_on: dt.date | None

    @property
    def partners(self) -> tuple[Party, ...]:
        """The parties other than ourselves; all of them where we are none."""
        others = tuple(party for party in self.parties if party.code != settings.HOME_COUNTRY)
        return others if len(others) < len(self.parties) else self.parties


def export_rows(keys: Sequence[int], *, user: "User", when: AsOf) -> list[ExportRow]:
    """The entries of ``keys`` in their order; one that ``user`` may no longer see is left out."""
    visible = Commitment.objects.visible_to(user)
    rows = visible.filter(pk__in=keys).at(when).with_last_activity(when)
    found: dict[int, Any] = {
        row.pk: row for row in rows.select_related("theme", "outcome_meeting", "target").defer(*_LONG_TEXTS)
    }
    parties = _parties(keys)
    agencies = _agencies(keys)
    spoken = _spoken(keys, when)
    progress = _latest(ProgressUpdate.objects.filter(commitment__in=keys), "occurred_on", when)
    readings = _latest(Reading.objects.filter(commitment__in=keys), "as_of", when)
    evidence = _evidence(keys, when)
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
            spoken=spoken.get(key, ExportMention()),
            progress=progress.get(key),
            reading=readings.get(key),
            evidence=evidence.get(key, 0),
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


def _agencies(keys: Sequence[int]) -> dict[tuple[int, str], list[Charged]]:
    """The agencies by role; of several with one acronym on a row, each carries its country's code too."""
    found: dict[tuple[int, str], list[Charged]] = defaultdict(list)
    codes: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = Assignment.objects.filter(commitment__in=keys).order_by("pk")
    for key, role, name, acronym, code in rows.values_list(
        "commitment", "role", "agency__name", "agency__acronym", "agency__country__code"
    ):
        found[key, role].append(Charged(name, acronym or name))
        codes[key, role].append(code)
    for place, agencies in found.items():
        times = Counter(agency.short for agency in agencies)
        found[place] = [
            agency._replace(short=f"{agency.short} ({code})") if times[agency.short] > 1 else agency
            for agency, code in zip(agencies, codes[place], strict=True)
        ]
    return found


def _spoken(keys: Sequence[int], when: AsOf) -> dict[int, ExportMention]:
    """First and last mention by the day of the meeting; one at a meeting without a day counts as neither."""
    found: dict[int, ExportMention] = {}
    meetings: dict[int, set[int]] = defaultdict(set)
    rows = Mention.objects.filter(when.happened("meeting__day"), commitment__in=keys)
    for key, meeting, day, title in rows.order_by(F("meeting__day").asc(nulls_last=True), "pk").values_list(
        "commitment", "meeting", "meeting__day", "meeting__title"
    ):
        meetings[key].add(meeting)
        so_far = found.get(key, ExportMention())
        if day is not None and so_far.first_on is None:
            so_far = replace(so_far, first_on=day, first_at=title)
        if day is not None and day <= when.day:
            so_far = replace(so_far, last_on=day, last_at=title)
        found[key] = so_far
    return {key: replace(each, meetings=len(meetings[key])) for key, each in found.items()}


def _latest(rows: Any, day: str, when: AsOf) -> dict[int, Any]:
    """The last of ``rows`` of each commitment by that day; of two on one day the one recorded last."""
    return {row.commitment_id: row for row in rows.filter(when.happened(day)).order_by(day, "pk")}


def _evidence(keys: Sequence[int], when: AsOf) -> dict[int, int]:
    """How much evidence was recorded by that day and not withdrawn by then."""
    rows = Evidence.objects.filter(commitment__in=keys)
    if when.is_past:
        rows = rows.filter(recorded_at__date__lte=when.day).exclude(
            withdrawal__recorded_at__date__lte=when.day
        )
    else:
        rows = rows.filter(withdrawal=None)
    counted = rows.order_by().values("commitment").annotate(n=Count("pk"))
    return dict(counted.values_list("commitment", "n"))


def _successors(keys: Sequence[int], when: AsOf, user: "User") -> dict[int, str]:
    """By what each was last replaced, where ``user`` may see that too."""
    rows = StatusChange.objects.filter(
        when.happened("occurred_on"),
        commitment__in=keys,
        to_status=Status.SUPERSEDED,
        successor__in=Commitment.objects.visible_to(user).order_by().values("pk"),
    )
    return dict(rows.order_by("number").values_list("commitment", "successor__reference"))
