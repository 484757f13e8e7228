"""The pages of a bulk job: its selection with the possible actions, and its progress and results."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Prefetch, Q, TextField, Value, When
from django.utils.translation import gettext, pgettext

from commitments.choices import AssignmentRole, BulkAct, BulkResult, Status
from commitments.models import Assignment, BulkJob, BulkRow, Commitment, Evidence, StatusChange
from commitments.owned_querysets import BulkJobQuerySet
from commitments.querysets import CommitmentQuerySet
from commitments.reports.citations import Citation
from commitments.reports.dossier_changes import DossierChange
from commitments.reports.history import evidence_url
from commitments.services.assignments import distinct_names
from commitments.services.dossier import Stamp, stamps_for
from commitments.services.policy import WorkflowContext, outcomes_of, why_not, workflow_context
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from core.sorting import sort_key
from pages.bulk.changed import changes_of
from relations.models import Agency

if TYPE_CHECKING:
    from accounts.models import User

MOST_LISTED = 200
"""The most selected rows that a page lists."""
MOST_JOBS = 20
MOST_REASONS = 20
_BATCH_SIZE = 1000
_HISTORY = StatusChange.objects.only(
    "commitment_id", "number", "transition", "from_status", "to_status", "opens", "actor_id", "occurred_on"
)
_ASSIGNMENTS = Assignment.objects.only("commitment_id", "agency_id")


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that the rules treat alike: one of them as example, and each transition's refusal, or ""."""

    commitment: Commitment
    workflow: WorkflowContext
    changed: bool
    refusals: Mapping[TransitionName, str]


@dataclass(frozen=True, slots=True)
class Submission:
    """The submission of a row under review; ``evidence`` are the pieces that are not withdrawn."""

    outcome: str
    submitted_by: str
    submitted_on: dt.date
    evidence: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class JobRow:
    """A selected row on the page."""

    commitment: Commitment
    group: RowGroup
    submission: Submission | None = None
    changes: tuple[DossierChange, ...] = ()

    @property
    def actions(self) -> list[Transition]:
        """The possible transitions."""
        return [TRANSITIONS[name] for name, refusal in self.group.refusals.items() if not refusal]


@dataclass(frozen=True, slots=True)
class ActionPreview:
    """A transition, the number of rows it is possible for, and the refusals of the others.

    ``example`` is a group of rows it is possible for; ``outcomes`` are the possible outcomes of any row.
    """

    row: Transition
    possible: int
    example: RowGroup | None
    outcomes: frozenset[Status]
    refused: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of a job as they are now; its owner can no longer see ``not_visible`` of them."""

    total: int
    not_visible: int
    groups: tuple[tuple[RowGroup, int], ...]
    listed: tuple[JobRow, ...]

    @property
    def visible(self) -> int:
        """The number of rows that the owner can see."""
        return self.total - self.not_visible

    @property
    def unlisted(self) -> int:
        """The number of visible rows that the page does not list."""
        return self.visible - len(self.listed)

    @property
    def has_submissions(self) -> bool:
        """Whether any listed row awaits a decision."""
        return any(each.submission for each in self.listed)

    @property
    def changed(self) -> int:
        """The number of rows with a newer status change than when they were selected."""
        return sum(n for group, n in self.groups if group.changed)

    def preview_of(self, row: Transition) -> ActionPreview:
        """The preview of the transition ``row``."""
        refused: Counter[str] = Counter()
        possible: list[tuple[RowGroup, int]] = []
        for group, n in self.groups:
            if refusal := group.refusals[row.name]:
                refused[refusal] += n
            else:
                possible.append((group, n))
        return ActionPreview(
            row,
            sum(n for _group, n in possible),
            possible[0][0] if possible else None,
            frozenset(status for group, _n in possible for status in outcomes_of(group.workflow)),
            tuple(refused.most_common()),
        )

    @property
    def actions(self) -> list[ActionPreview]:
        """The transitions that are possible for any row, in the order of the workflow table."""
        every = (self.preview_of(row) for row in TRANSITIONS.values() if row.sources)
        return [preview for preview in every if preview.possible]


def selection_of(job: BulkJob, user: "User") -> Selection:
    """The selection of ``job`` for ``user``. The workflow rules are checked once for each group of rows."""
    selected = {
        row.commitment_id: row
        for row in BulkRow.objects.filter(job=job).only("commitment_id", "seen", "stamp").order_by("position")
    }
    seen = {pk: (row.seen, Stamp.read(row.stamp).digest) for pk, row in selected.items()}
    now = stamps_for(user, [pk for pk, (_number, digest) in seen.items() if digest])
    visible = Commitment.objects.visible_to(user)
    groups: dict[tuple[object, ...], RowGroup] = {}
    counted: Counter[tuple[object, ...]] = Counter()
    listed: list[tuple[Commitment, RowGroup, int]] = []
    for commitment in _read(visible, seen):
        workflow = workflow_context(commitment)
        number, digest = seen[commitment.pk]
        is_stale = commitment.pk in now and now[commitment.pk].digest != digest
        key = _group_key(workflow, user, changed=number != workflow.last.number, is_stale=is_stale)
        if key not in groups:
            groups[key] = _group(workflow, user, number, is_stale=is_stale)
        counted[key] += 1
        if len(listed) < MOST_LISTED:
            listed.append((commitment, groups[key], workflow.last.pk))
    counts = tuple((groups[key], n) for key, n in counted.items())
    submissions = _submissions((last for _commitment, _group, last in listed), visible)
    stale = {commitment.pk: commitment for commitment, group, _last in listed if group.changed}
    changes = changes_of([selected[pk] for pk in stale], stale, user) if stale else {}
    rows = tuple(
        JobRow(commitment, group, submissions.get(last), changes.get(commitment.pk, ()))
        for commitment, group, last in listed
    )
    return Selection(len(seen), len(seen) - counted.total(), counts, rows)


def _submissions(last_changes: Iterable[int], visible: CommitmentQuerySet) -> dict[int, Submission]:
    """The submissions among the status changes with the keys ``last_changes``, by key.

    A successor is named only if it is among ``visible``.
    """
    submitted = StatusChange.objects.filter(pk__in=list(last_changes), to_status=Status.UNDER_REVIEW)
    valid = Evidence.objects.filter(withdrawal=None).order_by("pk")
    changes: Any = submitted.select_related("actor", "commitment").prefetch_related(
        Prefetch("successor", visible), Prefetch("commitment__evidence", valid)
    )
    return {
        change.pk: Submission(
            outcome_text(str(change.get_outcome_display()), change.successor),
            str(change.actor or ""),
            change.happened_on,
            tuple(
                Citation(each.title, evidence_url(change.commitment, each))
                for each in change.commitment.evidence.all()
            ),
        )
        for change in changes
    }


def outcome_text(outcome: str, successor: Commitment | None) -> str:
    """``outcome`` in words, with the reference of the successor if there is one."""
    if successor is None:
        return outcome
    # Translators: an outcome and a reference, for example "superseded, replaced by KHVN-2025-003".
    text = pgettext("outcome and successor", "%(outcome)s, replaced by %(reference)s")
    return text % {"outcome": outcome, "reference": successor.reference}


def _read(visible: CommitmentQuerySet, keys: Iterable[int]) -> Iterator[Commitment]:
    related = (Prefetch("status_changes", queryset=_HISTORY), Prefetch("assignments", queryset=_ASSIGNMENTS))
    fields = ("reference", "title", "status", "nature")
    every = list(keys)
    for start in range(0, len(every), _BATCH_SIZE):
        rows = (
            visible.filter(pk__in=every[start : start + _BATCH_SIZE]).only(*fields).prefetch_related(*related)
        )
        yield from rows.by_reference()


def _group_key(
    workflow: WorkflowContext, user: "User", *, changed: bool, is_stale: bool
) -> tuple[object, ...]:
    """Everything that ``refusal`` depends on; the last actor only where the refusal names it."""
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
        is_stale,
    )


def _group(workflow: WorkflowContext, user: "User", seen: int, *, is_stale: bool) -> RowGroup:
    transitions = [row for row in TRANSITIONS.values() if row.sources]
    refusals = {row.name: why_not(row, workflow, user, seen=seen, is_stale=is_stale) for row in transitions}
    may_decide = not why_not(TRANSITIONS[TransitionName.CONFIRM], workflow, user, seen=seen)
    changed = seen != workflow.last.number or (is_stale and may_decide)
    return RowGroup(workflow.commitment, workflow, changed, refusals)


# -- current lead agencies -------------------------------------------------------------------------------


def lead_agencies_of(job: BulkJob, user: "User") -> list[tuple[str, int]]:
    """The lead agencies of the rows of ``job``, each with its number of rows, most first."""
    rows = Commitment.objects.visible_to(user).filter(
        pk__in=BulkRow.objects.filter(job=job).values("commitment")
    )
    leads = Assignment.objects.filter(role=AssignmentRole.LEAD, commitment__in=rows.values("pk"))
    counted = dict(leads.order_by().values_list("agency").annotate(n=Count("pk")))
    agencies = list(Agency.objects.filter(pk__in=counted).select_related("country"))
    named = zip(distinct_names(agencies), agencies, strict=True)
    return sorted(
        ((name, counted[agency.pk]) for name, agency in named), key=lambda each: (-each[1], sort_key(each[0]))
    )


# -- progress and results --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JobProgress:
    """The rows of a job by result."""

    pending: int
    done: int
    refused: int

    @property
    def total(self) -> int:
        """The number of all rows."""
        return self.pending + self.done + self.refused

    @property
    def tried(self) -> int:
        """The number of rows with a result."""
        return self.done + self.refused


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row that was done, or refused for ``reason``; no commitment if its owner can no longer see it.

    ``changes`` are those since a refused row was selected.
    """

    commitment: Commitment | None
    reason: str
    changes: tuple[DossierChange, ...] = ()


def progress_of(jobs: Iterable[BulkJob]) -> dict[int, JobProgress]:
    """The progress of each of ``jobs``, by key."""
    keys = [job.pk for job in jobs]
    counted = (
        BulkRow.objects.filter(job__in=keys).order_by().values_list("job", "result").annotate(n=Count("pk"))
    )
    found = {(job, result): n for job, result, n in counted}
    return {key: JobProgress(*(found.get((key, result), 0) for result in BulkResult.values)) for key in keys}


def job_progress(job: BulkJob) -> JobProgress:
    """The progress of ``job``."""
    return progress_of([job])[job.pk]


def jobs_of(jobs: BulkJobQuerySet) -> list[tuple[BulkJob, JobProgress]]:
    """The last of ``jobs``, each with its progress; unfinished jobs come first."""
    unfinished_first = F("finished_at").desc(nulls_first=True)
    named = jobs.select_related("agency", "theme", "undoes__agency", "undoes__theme")
    last = list(named.order_by(unfinished_first, "-pk")[:MOST_JOBS])
    progress = progress_of(last)
    return [(job, progress[job.pk]) for job in last]


def reasons_of(job: BulkJob, user: "User") -> list[tuple[str, int]]:
    """The most frequent reasons for refusals, each with its number of rows.

    Rows that ``user`` can no longer see count under a reason of their own, whatever refused them.
    """
    visible = Q(commitment__in=Commitment.objects.visible_to(user).order_by().values("pk"))
    reason = Case(
        When(visible, then=F("detail")), default=Value(_no_longer_available()), output_field=TextField()
    )
    rows = BulkRow.objects.filter(job=job, result=BulkResult.REFUSED).order_by().annotate(reason=reason)
    return list(rows.values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason")[:MOST_REASONS])


def _no_longer_available() -> str:
    return gettext("No longer available to you.")


def form_values_of(job: BulkJob) -> dict[str, Any]:
    """The values entered for ``job``, without evidence, as initial values of another form."""
    if job.act != BulkAct.MOVE:
        return {
            "agency": job.agency_id,
            "role": job.role,
            "focal_point": job.focal_point_id,
            "beside": job.beside,
            "officer": job.officer_id,
            "theme": job.theme_id,
            "classification": job.classification,
            "note": job.note,
        }
    values: dict[str, Any] = {
        name: getattr(job, name) for name in ("note", "occurred_on", "delivered_on", "outcome")
    }
    values["successor"] = job.successor.reference if job.successor else ""
    return {name: value for name, value in values.items() if value}


def results_of(rows: Iterable[BulkRow], user: "User") -> list[ResultRow]:
    """``rows`` with those of their commitments that ``user`` can still see; the others only say that much."""
    rows = list(rows)
    visible = Commitment.objects.visible_to(user).in_bulk([row.commitment_id for row in rows])
    refused = [row for row in rows if row.result == BulkResult.REFUSED]
    changes = changes_of(refused, visible, user) if refused else {}
    return [
        ResultRow(visible[row.commitment_id], row.detail, changes.get(row.commitment_id, ()))
        if row.commitment_id in visible
        else ResultRow(None, _no_longer_available())
        for row in rows
    ]
