"""What a bulk job has before it, and what came of it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Prefetch, Q

from commitments.choices import AssignmentRole, BulkAct, BulkResult, Status
from commitments.models import Assignment, BulkJob, BulkRow, Commitment, StatusChange
from commitments.querysets import BulkJobQuerySet, CommitmentQuerySet
from commitments.services.assignments import told_apart
from commitments.services.policy import WorkflowContext, outcomes_of, why_not, workflow_context
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from relations.models import Agency

if TYPE_CHECKING:
    from accounts.models import User

MOST_LISTED = 200
"""Selected rows that a page lists; the rest is counted."""
MOST_JOBS = 20
MOST_REASONS = 20
_READ_AT_ONCE = 1000
_HISTORY = StatusChange.objects.only(
    "commitment_id", "number", "transition", "from_status", "to_status", "opens", "actor_id", "occurred_on"
)
_CHARGES = Assignment.objects.only("commitment_id", "agency_id")


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows that the rules cannot tell apart: one of them, and why each move is refused (or nothing)."""

    commitment: Commitment
    workflow: WorkflowContext
    changed: bool
    why: Mapping[TransitionName, str]


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a row under review waits with: who proposes what, since when, on how much evidence that counts."""

    outcome: str
    by: str
    since: dt.date
    evidence: int


@dataclass(frozen=True, slots=True)
class JobRow:
    """A selected row on the page."""

    commitment: Commitment
    alike: Alike
    submitted: Submitted | None = None

    @property
    def moves(self) -> list[Transition]:
        """The moves that can be made."""
        return [TRANSITIONS[name] for name, why in self.alike.why.items() if not why]


@dataclass(frozen=True, slots=True)
class Prospect:
    """A move: for how many rows it can be made, one of them, and why not for the others, most first."""

    row: Transition
    able: int
    example: Alike | None
    possible: frozenset[Status]
    refused: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """The selection as it stands now for its owner; ``unseen`` are no longer to be found."""

    total: int
    unseen: int
    groups: tuple[tuple[Alike, int], ...]
    listed: tuple[JobRow, ...]

    @property
    def found(self) -> int:
        """How many can be seen."""
        return self.total - self.unseen

    @property
    def unlisted(self) -> int:
        """How many more there are than the page lists."""
        return self.found - len(self.listed)

    @property
    def has_submissions(self) -> bool:
        """Whether any that is listed waits for a decision."""
        return any(each.submitted for each in self.listed)

    @property
    def changed(self) -> int:
        """How many have moved since they were selected."""
        return sum(n for alike, n in self.groups if alike.changed)

    def prospect_of(self, row: Transition) -> Prospect:
        """What the move ``row`` may do."""
        refused: Counter[str] = Counter()
        able: list[tuple[Alike, int]] = []
        for alike, n in self.groups:
            if why := alike.why[row.name]:
                refused[why] += n
            else:
                able.append((alike, n))
        return Prospect(
            row,
            sum(n for _alike, n in able),
            able[0][0] if able else None,
            frozenset(status for alike, _n in able for status in outcomes_of(alike.workflow)),
            tuple(refused.most_common()),
        )

    @property
    def prospects(self) -> list[Prospect]:
        """The moves that can be made for any of the rows, in the order of the table."""
        every = (self.prospect_of(row) for row in TRANSITIONS.values() if row.sources)
        return [prospect for prospect in every if prospect.able]


def survey_of(job: BulkJob, user: "User") -> Survey:
    """Judge every row of ``job`` for ``user``: the same rules as the writer's, asked once for rows alike."""
    seen = dict(BulkRow.objects.filter(job=job).order_by("position").values_list("commitment_id", "seen"))
    visible = Commitment.objects.visible_to(user)
    groups: dict[tuple[object, ...], Alike] = {}
    counted: Counter[tuple[object, ...]] = Counter()
    listed: list[tuple[Commitment, Alike, int]] = []
    for commitment in _read(visible, seen):
        workflow = workflow_context(commitment)
        changed = seen[commitment.pk] != workflow.last.number
        key = _key(workflow, user, changed=changed)
        if key not in groups:
            groups[key] = _judged(commitment, workflow, user, seen[commitment.pk], changed=changed)
        counted[key] += 1
        if len(listed) < MOST_LISTED:
            listed.append((commitment, groups[key], workflow.last.pk))
    alike = tuple((groups[key], n) for key, n in counted.items())
    waiting = _submitted(last for _commitment, _alike, last in listed)
    rows = tuple(JobRow(commitment, group, waiting.get(last)) for commitment, group, last in listed)
    return Survey(len(seen), len(seen) - counted.total(), alike, rows)


def _submitted(lasts: Iterable[int]) -> dict[int, Submitted]:
    """The submissions among the last changes ``lasts``, by key."""
    counts = Count("commitment__evidence", filter=Q(commitment__evidence__withdrawal=None))
    waiting = StatusChange.objects.filter(pk__in=list(lasts), to_status=Status.UNDER_REVIEW)
    changes: Any = waiting.select_related("actor", "successor")
    return {
        change.pk: Submitted(_proposed(change), str(change.actor or ""), change.occurred_on, change.pieces)
        for change in changes.annotate(pieces=counts)
    }


def _proposed(change: StatusChange) -> str:
    outcome = str(change.get_outcome_display())
    return f"{outcome}: {change.successor.reference}" if change.successor else outcome


def _read(visible: CommitmentQuerySet, keys: Iterable[int]) -> Iterator[Commitment]:
    related = (Prefetch("status_changes", queryset=_HISTORY), Prefetch("assignments", queryset=_CHARGES))
    fields = ("reference", "title", "status", "nature")
    every = list(keys)
    for start in range(0, len(every), _READ_AT_ONCE):
        rows = (
            visible.filter(pk__in=every[start : start + _READ_AT_ONCE])
            .only(*fields)
            .prefetch_related(*related)
        )
        yield from rows.order_by("prefix", "year", "serial")


def _key(workflow: WorkflowContext, user: "User", *, changed: bool) -> tuple[object, ...]:
    """Everything that ``refusal`` looks at; the place in the history only where it is told about."""
    last = workflow.last
    return (
        workflow.status,
        workflow.nature,
        workflow.came_from,
        last.transition,
        last.actor_id == user.pk,
        user.pk in workflow.submitters,
        user.agency_id in workflow.agencies,
        changed and last.actor_id,
        changed,
    )


def _judged(
    commitment: Commitment, workflow: WorkflowContext, user: "User", seen: int, *, changed: bool
) -> Alike:
    why = {row.name: why_not(row, workflow, user, seen=seen) for row in TRANSITIONS.values() if row.sources}
    return Alike(commitment, workflow, changed, why)


# -- what leads already ----------------------------------------------------------------------------------


def leads_among(job: BulkJob, user: "User") -> list[tuple[str, int]]:
    """The agencies that lead rows of ``job`` already, each with how many, most first."""
    rows = Commitment.objects.visible_to(user).filter(
        pk__in=BulkRow.objects.filter(job=job).values("commitment")
    )
    charged = Assignment.objects.filter(role=AssignmentRole.LEAD, commitment__in=rows.values("pk"))
    counted = dict(charged.order_by().values_list("agency").annotate(n=Count("pk")))
    agencies = list(Agency.objects.filter(pk__in=counted).select_related("country"))
    named = zip(told_apart(agencies), agencies, strict=True)
    return sorted(
        ((name, counted[agency.pk]) for name, agency in named), key=lambda each: (-each[1], each[0])
    )


# -- what came of it -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job is: rows by result."""

    pending: int
    done: int
    refused: int

    @property
    def total(self) -> int:
        """All its rows."""
        return self.pending + self.done + self.refused

    @property
    def tried(self) -> int:
        """Those that have a result."""
        return self.done + self.refused


@dataclass(frozen=True, slots=True)
class Tried:
    """A row that was done, or refused, and ``why``; no commitment where its owner may not see it any more."""

    reference: str
    commitment: Commitment | None
    why: str


def standings_of(jobs: Iterable[BulkJob]) -> dict[int, JobProgress]:
    """How far each of ``jobs`` is."""
    keys = [job.pk for job in jobs]
    counted = (
        BulkRow.objects.filter(job__in=keys).order_by().values_list("job", "result").annotate(n=Count("pk"))
    )
    found = {(job, result): n for job, result, n in counted}
    return {key: JobProgress(*(found.get((key, result), 0) for result in BulkResult.values)) for key in keys}


def job_progress(job: BulkJob) -> JobProgress:
    """How far ``job`` is."""
    return standings_of([job])[job.pk]


def jobs_of(jobs: BulkJobQuerySet) -> list[tuple[BulkJob, JobProgress]]:
    """The last of ``jobs``, each with how far it is: those that wait for their owner first."""
    waiting_first = F("finished_at").desc(nulls_first=True)
    last = list(jobs.select_related("agency").order_by(waiting_first, "-pk")[:MOST_JOBS])
    standings = standings_of(last)
    return [(job, standings[job.pk]) for job in last]


def reasons_of(job: BulkJob) -> list[tuple[str, int]]:
    """Why rows were refused: the reasons met most, each with how many."""
    rows = BulkRow.objects.filter(job=job, result=BulkResult.REFUSED).order_by()
    return list(rows.values_list("detail").annotate(n=Count("pk")).order_by("-n", "detail")[:MOST_REASONS])


def decided_for(job: BulkJob) -> dict[str, Any]:
    """What was typed for ``job``: a form for the rows that it did not do begins so, but for the evidence."""
    if job.act == BulkAct.ASSIGNMENT:
        return {
            "agency": job.agency_id,
            "role": job.role,
            "focal_point": job.focal_point_id,
            "beside": job.beside,
            "note": job.note,
        }
    typed: dict[str, Any] = {
        name: getattr(job, name) for name in ("note", "occurred_on", "delivered_on", "outcome")
    }
    typed["successor"] = job.successor.reference if job.successor else ""
    return {name: value for name, value in typed.items() if value}


def tried_of(rows: Iterable[BulkRow], user: "User") -> list[Tried]:
    """``rows`` with their commitments, as far as ``user`` may still see them."""
    rows = list(rows)
    visible = Commitment.objects.visible_to(user).in_bulk([row.commitment_id for row in rows])
    return [Tried(row.commitment.reference, visible.get(row.commitment_id), row.detail) for row in rows]
