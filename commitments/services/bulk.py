"""Bulk actions: one action for many commitments. Each row is written by the same service as a single one."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.levels import level_errors
from accounts.permissions import Right
from commitments.choices import AssignmentRole, BulkAct, BulkResult, Status
from commitments.models import BulkJob, BulkRow, Commitment, StatusChange, Theme
from commitments.querysets import CommitmentQuerySet
from commitments.services.assignments import (
    focal_point_errors,
    require_assigner,
)
from commitments.services.bulk_writers import write_row
from commitments.services.dossier import stamps_for
from commitments.services.errors import NOTE_MISSING, NotYours, RequirementsNotMet, UnknownTransition
from commitments.services.officers import officer_errors
from commitments.services.policy import has_any_transition
from commitments.services.proof import EvidenceGiven
from commitments.services.taking_back import can_be_taken_back
from commitments.services.transitions import day_errors
from commitments.workflow import TRANSITIONS, NoteRule, TransitionName
from core import clock
from relations.models import Agency

if TYPE_CHECKING:
    from accounts.models import User

MOST_ROWS = 25_000
"""The most commitments of one job."""
STEP_SIZE = 300
"""The most rows that one request runs."""
_BATCH_SIZE = 1000
SELECTION_LIFETIME = dt.timedelta(days=1)
"""A selection that was never started is deleted after this time."""


def may_select(user: "User") -> bool:
    """Whether ``user`` has the right to any bulk action."""
    return has_any_transition(user) or user.may(Right.ASSIGN)


@transaction.atomic
def select(
    *, owner: "User", commitments: CommitmentQuerySet, query: str = "", came_from: str = ""
) -> BulkJob:
    """Store those of ``commitments`` that ``owner`` can see now as a job without an action.

    ``query`` is the filter that selected them; ``came_from`` is the filter of the list they were ticked on.
    Raises ``RequirementsNotMet`` for an empty selection and for more than ``MOST_ROWS``. Also deletes the
    owner's selections that are older than a day and were never started.
    """
    last = StatusChange.objects.filter(commitment=OuterRef("pk")).order_by("-number").values("number")[:1]
    selected = Commitment.objects.visible_to(owner).filter(pk__in=commitments.order_by().values("pk"))
    keys = list(
        selected.by_reference()
        .annotate(seen=Subquery(last))
        .values_list("pk", "seen", "status")[: MOST_ROWS + 1]
    )
    if not keys:
        raise RequirementsNotMet({"rows": [_("Select at least one commitment.")]})
    if len(keys) > MOST_ROWS:
        text = ngettext(
            "Select at most %(n)s commitment. Add a filter to select fewer.",
            "Select at most %(n)s commitments. Add a filter to select fewer.",
            MOST_ROWS,
        )
        raise RequirementsNotMet({"rows": [text % {"n": number_format(MOST_ROWS)}]})
    BulkJob.objects.filter(
        owner=owner, begun_at=None, created_at__lt=timezone.now() - SELECTION_LIFETIME
    ).delete()
    job = BulkJob.objects.create(owner=owner, query=query, came_from=came_from or query)
    stamps = stamps_for(owner, [pk for pk, _seen, status in keys if status == Status.UNDER_REVIEW])
    BulkRow.objects.bulk_create(
        (
            BulkRow(job=job, position=n, commitment_id=pk, seen=seen, stamp=str(stamps.get(pk, "")))
            for n, (pk, seen, _status) in enumerate(keys, start=1)
        ),
        batch_size=_BATCH_SIZE,
    )
    return job


def begin_transition(
    *,
    job: BulkJob,
    name: str,
    note: str = "",
    occurred_on: dt.date | None = None,
    delivered_on: dt.date | None = None,
    outcome: str | None = None,
    successor: Commitment | None = None,
    evidence: Sequence[EvidenceGiven] = (),
) -> BulkJob:
    """Start ``job`` as the transition ``name``. No row is run yet.

    Errors that hold for every row are raised here; other errors become results of their rows. A date that
    defaults to today stays the same for rows that run later, unless the transition is always dated the day on
    which it is applied.

    Raises ``UnknownTransition``, ``NotYours`` (no role of the owner has it) and ``RequirementsNotMet`` (the
    note, a date, or a job that has started already).
    """
    if name not in TRANSITIONS:
        raise UnknownTransition(name)
    row, today = TRANSITIONS[TransitionName(name)], clock.today()
    if not job.owner.roles & row.roles or not row.sources:
        raise NotYours.for_role(row)
    errors = day_errors(row, occurred_on=occurred_on or today, delivered_on=delivered_on)
    if row.note == NoteRule.REQUIRED and not note.strip():
        errors["note"].append(str(NOTE_MISSING))
    if errors:
        raise RequirementsNotMet(errors)
    return _begin(
        job,
        act=BulkAct.MOVE,
        transition=row.name.value,
        note=note.strip(),
        occurred_on=None if row.dated_today else occurred_on or today,
        delivered_on=(delivered_on or today) if row.takes_delivery else None,
        outcome=outcome or "",
        successor=successor,
        evidence=[_evidence_to_json(each) for each in evidence],
    )


def begin_assignment(
    *,
    job: BulkJob,
    agency: Agency,
    role: str = AssignmentRole.LEAD,
    focal_point: "User | None" = None,
    beside: bool = False,
    note: str = "",
) -> BulkJob:
    """Start ``job`` as an assignment of ``agency``. No row is run yet.

    Raises ``NotYours`` and ``RequirementsNotMet`` (the focal point, or a job that has started already).
    """
    require_assigner(job.owner)
    if errors := focal_point_errors(agency, focal_point):
        raise RequirementsNotMet(errors)
    return _begin(
        job,
        act=BulkAct.ASSIGNMENT,
        agency=agency,
        role=role,
        focal_point=focal_point,
        beside=beside,
        note=note.strip(),
    )


def begin_removal(*, job: BulkJob, agency: Agency, note: str = "") -> BulkJob:
    """Start ``job`` to remove the assignment of ``agency``. No row is run yet.

    Raises ``NotYours``, and ``RequirementsNotMet`` for a job that has started already.
    """
    require_assigner(job.owner)
    return _begin(job, act=BulkAct.REMOVAL, agency=agency, note=note.strip())


def begin_replacement(
    *, job: BulkJob, agency: Agency, focal_point: "User | None" = None, note: str = ""
) -> BulkJob:
    """Start ``job`` to let ``agency`` lead in the place of those that lead now. No row is run yet.

    Raises what ``begin_assignment`` raises.
    """
    require_assigner(job.owner)
    if errors := focal_point_errors(agency, focal_point):
        raise RequirementsNotMet(errors)
    return _begin(job, act=BulkAct.LEAD, agency=agency, focal_point=focal_point, note=note.strip())


def begin_theme(*, job: BulkJob, theme: Theme, note: str = "") -> BulkJob:
    """Start ``job`` to set the theme. No row is run yet. Raises what ``begin_removal`` raises."""
    _require_editor(job.owner)
    return _begin(job, act=BulkAct.THEME, theme=theme, note=note.strip())


def begin_classification(*, job: BulkJob, classification: int, note: str = "") -> BulkJob:
    """Start ``job`` to set the classification. No row is run yet.

    Raises ``NotYours``, and ``RequirementsNotMet`` for one above the clearance of the owner, or a job that
    has started already.
    """
    _require_editor(job.owner)
    if errors := level_errors(job.owner, classification):
        raise RequirementsNotMet(errors)
    return _begin(job, act=BulkAct.LEVEL, classification=classification, note=note.strip())


def _require_editor(actor: "User") -> None:
    if not actor.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer can edit commitments."))


def begin_officer(*, job: BulkJob, officer: "User | None", note: str = "") -> BulkJob:
    """Start ``job`` to put ``officer``, or nobody, in charge. No row is run yet.

    Raises ``NotYours`` and ``RequirementsNotMet`` (the account, or a job that has started already).
    """
    _require_editor(job.owner)
    if errors := officer_errors(Commitment(), officer):
        raise RequirementsNotMet(errors)
    return _begin(job, act=BulkAct.OFFICER, officer=officer, note=note.strip())


@transaction.atomic
def begin_taking_back(*, job: BulkJob, note: str = "") -> BulkJob:
    """Start a new job that takes back the rows of the finished ``job`` that were done. No row is run yet.

    Raises ``RequirementsNotMet`` if there is no way back, if it was taken back before, or if a status change
    is taken back without a note.
    """
    locked = BulkJob.objects.select_for_update(no_key=True, of=("self",)).get(pk=job.pk)
    if locked.finished_at is None or not can_be_taken_back(locked.act, locked.transition):
        raise RequirementsNotMet({"rows": [_("This bulk action cannot be taken back.")]})
    if locked.taken_back_by.exists():
        raise RequirementsNotMet({"rows": [_("This bulk action has been taken back already.")]})
    if locked.act == BulkAct.MOVE and not note.strip():
        raise RequirementsNotMet({"note": [str(NOTE_MISSING)]})
    visible = Commitment.objects.visible_to(locked.owner).order_by().values("pk")
    rows = BulkRow.objects.filter(job=locked, result=BulkResult.DONE, commitment__in=visible)
    if not rows.exists():
        raise RequirementsNotMet({"rows": [_("No commitments were changed by this bulk action.")]})
    new = BulkJob.objects.create(
        owner=locked.owner,
        came_from=locked.came_from,
        act=BulkAct.TAKE_BACK,
        undoes=locked,
        note=note.strip(),
        begun_at=timezone.now(),
    )
    BulkRow.objects.bulk_create(
        (
            BulkRow(job=new, position=n, commitment_id=pk, seen=seen)
            for n, (pk, seen) in enumerate(rows.values_list("commitment", "seen"), start=1)
        ),
        batch_size=_BATCH_SIZE,
    )
    return new


@transaction.atomic
def _begin(job: BulkJob, **fields: Any) -> BulkJob:
    locked = BulkJob.objects.select_for_update(no_key=True, of=("self",)).get(pk=job.pk)
    if locked.begun_at is not None:
        raise RequirementsNotMet({"rows": [_("This bulk action has already started.")]})
    for field, value in {**fields, "begun_at": timezone.now()}.items():
        setattr(locked, field, value)
    locked.save(update_fields=[*fields, "begun_at"])
    return locked


def run_some(*, job: BulkJob, most: int = STEP_SIZE) -> int:
    """Run the next rows of ``job``, at most ``most``; return how many were run.

    Each row has a transaction of its own, which also writes its result. An interrupted job can therefore be
    continued, and two calls at the same time never run a row twice.
    """
    pending = BulkRow.objects.filter(job=job, result=BulkResult.PENDING)
    if not job.is_running:
        return 0
    n_run = sum(_run_row(job, pk) for pk in list(pending.values_list("pk", flat=True)[:most]))
    if not pending.exists():
        BulkJob.objects.filter(pk=job.pk, finished_at=None).update(finished_at=timezone.now())
    job.refresh_from_db(fields=["finished_at", "stopped"])
    return n_run


@transaction.atomic
def _run_row(job: BulkJob, pk: int) -> bool:
    """Run one row, unless another call has it or had it, or the job was stopped."""
    pending = BulkRow.objects.filter(pk=pk, result=BulkResult.PENDING, job__finished_at=None)
    row = pending.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return False
    row.result, row.detail, row.written = write_row(job, row)
    row.save(update_fields=["result", "detail", "written"])
    return True


@transaction.atomic
def stop(*, job: BulkJob) -> BulkJob | None:
    """Finish ``job``; pending rows stay unchanged. Delete a selection without action, and return ``None``."""
    locked = BulkJob.objects.select_for_update(no_key=True, of=("self",)).get(pk=job.pk)
    if locked.begun_at is None:
        locked.delete()
        return None
    if locked.finished_at is None:
        locked.finished_at, locked.stopped = timezone.now(), True
        locked.save(update_fields=["finished_at", "stopped"])
    return locked


def select_again(*, job: BulkJob) -> BulkJob:
    """A new selection of the rows of ``job`` that are not done, with their current status.

    Raises ``RequirementsNotMet`` if the owner can see none of them.
    """
    not_done = BulkRow.objects.filter(job=job).exclude(result=BulkResult.DONE)
    rows = Commitment.objects.filter(pk__in=not_done.values("commitment"))
    return select(owner=job.owner, commitments=rows, came_from=job.came_from)


def _evidence_to_json(evidence: EvidenceGiven) -> dict[str, str]:
    day = evidence.dated_on.isoformat() if evidence.dated_on else ""
    return {"title": evidence.title, "url": evidence.url, "type": str(evidence.type), "dated_on": day}
