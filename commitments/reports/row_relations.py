"""What rows of commitments show of other records: read for many rows at once, in few queries."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Value
from django.utils.translation import pgettext

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
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.deadline_moves import moves_of
from commitments.workflow import TransitionName
from relations.models.meeting import DATES, window_in_words

_MEETING_DATES = tuple(f"meeting__{column}" for column in DATES)


class Side(NamedTuple):
    """A country in a cell."""

    code: str
    name: str


class AgencyName(NamedTuple):
    """An agency: its full name, and a short name for narrow cells.

    Where two agencies of a commitment have the same acronym, ``short`` includes the country.
    """

    name: str
    short: str


class MentionAt(NamedTuple):
    """A mention: its meeting, and how the commitment was mentioned."""

    meeting_id: int
    kind: str
    day: dt.date | None
    title: str
    window: str = ""

    @property
    def place(self) -> str:
        """The title of the meeting, with its window where no day is known."""
        if not self.window:
            return self.title
        # Translators: a meeting and its window as it was worded, such as “Talks in Huế (early in 2025)”.
        text = pgettext("meeting and window", "%(meeting)s (%(window)s)")
        return text % {"meeting": self.title, "window": self.window}


@dataclass(frozen=True, slots=True)
class MentionSummary:
    """The first and the last mention, and the number of meetings with a mention.

    Meetings without a date count only as meetings. A meeting to come is not the last one. ``last_window`` is
    the window in words if no day of the last one is known; ``last_on`` is then the day on which it counts.
    """

    first_on: dt.date | None = None
    first_at: str = ""
    last_on: dt.date | None = None
    last_at: str = ""
    meetings: int = 0
    last_window: str = ""

    @classmethod
    def of(cls, mentions: Collection[MentionAt], on: dt.date) -> "MentionSummary":
        """The summary of ``mentions``, which are in the order of their days, on the date ``on``."""
        if not mentions:
            return _NO_MENTION
        meetings = len({each.meeting_id for each in mentions})
        dated = [each for each in mentions if each.day is not None]
        if not dated:
            return cls(meetings=meetings)
        first = dated[0]
        last = next((each for each in reversed(dated) if each.day is not None and each.day <= on), None)
        if last is None:
            return cls(first.day, first.place, meetings=meetings)
        return cls(first.day, first.place, last.day, last.place, meetings, last.window)


_NO_MENTION = MentionSummary()


class Related:
    """The parties, agencies, mentions and moved deadlines of commitments, by primary key; three queries."""

    def __init__(self, keys: Collection[int], as_of: AsOf) -> None:
        self.parties, self.agencies = _parties_and_agencies(keys)
        self.moves = moves_of(keys, as_of)
        self.mentions: defaultdict[int, list[MentionAt]] = defaultdict(list)
        mentions = Mention.objects.filter(as_of.happened("meeting__day"), commitment__in=keys)
        in_order = mentions.order_by(F("meeting__day").asc(nulls_last=True), "pk")
        for key, meeting, kind, day, title, *dates in in_order.values_list(
            "commitment", "meeting", "kind", "meeting__day", "meeting__title", *_MEETING_DATES
        ):
            self.mentions[key].append(MentionAt(meeting, kind, day, title, window_in_words(dates)))

    def sides(self, key: int, role: PartyRole) -> tuple[Side, ...]:
        """The countries of a commitment in ``role``, by their codes."""
        return tuple(self.parties.get((key, role), ()))

    def agencies_of(self, key: int, role: AssignmentRole) -> tuple[AgencyName, ...]:
        """The agencies of a commitment in ``role``."""
        return tuple(self.agencies.get((key, role), ()))


_Place = tuple[int, str]
"""The primary key of a commitment, and a role."""


def _parties_and_agencies(
    keys: Collection[int],
) -> tuple[dict[_Place, list[Side]], dict[_Place, list[AgencyName]]]:
    """The parties by the codes of their countries, and the agencies in the order of their assignment."""
    parties = CommitmentParty.objects.filter(commitment__in=keys).order_by()
    assignments = Assignment.objects.filter(commitment__in=keys).order_by()
    columns = ("commitment", "role", "pk")
    rows = parties.values_list(
        *columns, F("country__code"), F("country__name"), Value(""), Value(False)
    ).union(
        assignments.values_list(
            *columns, F("agency__country__code"), F("agency__name"), F("agency__acronym"), Value(True)
        ),
        all=True,
    )
    sides: defaultdict[_Place, list[Side]] = defaultdict(list)
    assigned: defaultdict[_Place, list[tuple[int, str, str, str]]] = defaultdict(list)
    for key, role, pk, code, name, acronym, is_agency in rows:
        if is_agency:
            assigned[key, role].append((pk, name, acronym, code))
        else:
            sides[key, role].append(Side(code, name))
    return (
        {place: sorted(found) for place, found in sides.items()},
        {place: list(told_apart([each[1:] for each in sorted(found)])) for place, found in assigned.items()},
    )


def told_apart(agencies: Collection[tuple[str, str, str]]) -> Iterable[AgencyName]:
    """``agencies``, each as (name, acronym, code of the country), as a cell names them."""
    times = Counter(acronym or name for name, acronym, _code in agencies)
    for name, acronym, code in agencies:
        short = acronym or name
        if times[short] > 1:
            # Translators: an acronym and the code of a country, as in "MND (VN)".
            text = pgettext("agency and country", "%(agency)s (%(country)s)")
            yield AgencyName(name, text % {"agency": short, "country": code})
        else:
            yield AgencyName(name, short)


@dataclass(frozen=True, slots=True)
class Details:
    """What only the further columns show. ``progress``, ``reading`` and ``last_change`` are the latest ones.

    ``obstacle`` says why the commitment is stalled; "" if it is not. ``evidence`` has the titles of valid
    evidence. ``successor`` is the reference of the successor, where the reader may see it. ``holder`` is a
    ``Holder``, with whom an open commitment lies since ``held_since``.
    """

    progress: ProgressUpdate | None = None
    reading: Reading | None = None
    evidence: tuple[str, ...] = ()
    last_change: StatusChange | None = None
    obstacle: str = ""
    successor: str = ""
    holder: str = ""
    held_since: dt.date | None = None


NO_DETAILS = Details()


def details_of(rows: Collection[Any], visible: CommitmentQuerySet, as_of: AsOf) -> dict[int, Details]:
    """The details of ``rows``, which ``at`` annotated, by primary key; six queries."""
    keys = [row.pk for row in rows]
    progress = _latest(ProgressUpdate.objects.filter(commitment__in=keys), "occurred_on", as_of)
    readings = _latest(Reading.objects.filter(commitment__in=keys), "as_of", as_of)
    evidence = _evidence(keys, as_of)
    last_changes, obstacles = _status_changes(keys, as_of)
    successors = _successors(keys, visible, as_of)
    holders = _holders(keys, as_of)
    return {
        row.pk: Details(
            progress=progress.get(row.pk),
            reading=readings.get(row.pk),
            evidence=tuple(evidence.get(row.pk, ())),
            last_change=last_changes.get(row.pk),
            obstacle=obstacles.get(row.pk, "") if _is_stalled(row) else "",
            successor=successors.get(row.pk, "") if row.status_then == Status.SUPERSEDED else "",
            **holders.get(row.pk, {}),
        )
        for row in rows
    }


def _latest(rows: Any, day: str, as_of: AsOf) -> dict[int, Any]:
    """The latest of ``rows`` of each commitment; of two on one day, the one recorded last."""
    return {row.commitment_id: row for row in rows.filter(as_of.happened(day)).order_by(day, "pk")}


_SAYS_WHY = (TransitionName.STALL, TransitionName.RECORD)
"""The transitions to stalled whose note names the obstacle. A return or a reopening leads there, too."""


def _is_stalled(row: Any) -> bool:
    """Whether a commitment is stalled, or under review and stalled before."""
    status = row.came_from_then if row.status_then == Status.UNDER_REVIEW else row.status_then
    return bool(status == Status.STALLED)


def _status_changes(keys: Collection[int], as_of: AsOf) -> tuple[dict[int, StatusChange], dict[int, str]]:
    """The last status change of each commitment, and the note of the last one that stalled it."""
    last: dict[int, StatusChange] = {}
    obstacles: dict[int, str] = {}
    changes = StatusChange.objects.filter(as_of.happened("day"), commitment__in=keys)
    for change in changes.order_by("number"):
        last[change.commitment_id] = change
        if change.to_status == Status.STALLED and change.transition in _SAYS_WHY:
            obstacles[change.commitment_id] = change.note
    return last, obstacles


def _evidence(keys: Collection[int], as_of: AsOf) -> dict[int, list[str]]:
    """The titles of the evidence recorded, and not withdrawn, by that date."""
    rows = Evidence.objects.filter(commitment__in=keys)
    if as_of.is_past:
        rows = rows.filter(recorded_at__date__lte=as_of.day).exclude(
            withdrawal__recorded_at__date__lte=as_of.day
        )
    else:
        rows = rows.filter(withdrawal=None)
    titles: dict[int, list[str]] = defaultdict(list)
    for key, title in rows.order_by("recorded_at", "pk").values_list("commitment", "title"):
        titles[key].append(title)
    return titles


def _successors(keys: Collection[int], visible: CommitmentQuerySet, as_of: AsOf) -> dict[int, str]:
    """The reference of the last successor of each commitment, if it is in ``visible``."""
    rows = StatusChange.objects.filter(
        as_of.happened("day"),
        commitment__in=keys,
        to_status=Status.SUPERSEDED,
        successor__in=visible.order_by().values("pk"),
    )
    return dict(rows.order_by("number").values_list("commitment", "successor__reference"))


def _holders(keys: Collection[int], as_of: AsOf) -> dict[int, dict[str, Any]]:
    """With whom each open commitment lies, and since when."""
    rows: Any = Commitment.objects.filter(pk__in=keys).at(as_of).open().with_holder(as_of).order_by()
    return {
        key: {"holder": holder, "held_since": since}
        for key, holder, since in rows.values_list("pk", "holder_then", "held_since")
    }
