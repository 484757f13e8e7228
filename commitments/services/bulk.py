"""One act for many commitments: each row by the same writer as any other, and the stored jobs that do so."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Right
from commitments.choices import AssignmentRole, BulkAct, BulkResult
from commitments.models import Assignment, BulkJob, BulkRow, Commitment, StatusChange
from commitments.querysets import CommitmentQuerySet
from commitments.services.assignments import assign, focal_point_errors
from commitments.services.errors import NotYours, Refusal, RequirementsNotMet, UnknownTransition
from commitments.services.policy import has_any_transition
from commitments.services.transitions import EvidenceGiven, apply_transition, day_errors
from commitments.workflow import TRANSITIONS, NoteRule, TransitionName
from core import clock
from relations.models import Agency

if TYPE_CHECKING:
    from accounts.models import User

MOST_ROWS = 25_000
"""What one job takes; beyond it, filter first."""
A_STEP = 300
"""Rows worked off in one request."""
_WRITTEN_AT_ONCE = 1000
_FORGOTTEN_AFTER = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Item:
    """A commitment of a selection; ``seen`` is the number of the last change that its reader had seen."""

    commitment: Commitment
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item: what was written, or the refusal that the writer raised."""

    commitment: Commitment
    written: StatusChange | Assignment | None = None
    refusal: Exception | None = None

    @property
    def why(self) -> str:
        """The refusal in words; nothing where it was done."""
        if isinstance(self.refusal, Commitment.DoesNotExist):
            return _("Not found.")
        return str(self.refusal or "")


# -- many in one call ------------------------------------------------------------------------------------


def may_select(user: "User") -> bool:
    """Whether there is anything at all that ``user`` could do to rows of the list."""
    return has_any_transition(user) or user.may(Right.ASSIGN)


def move_many(*, items: Iterable[Item], actor: "User", name: str, **arguments: Any) -> list[Result]:
    """Make the move ``name`` for each of ``items``; ``arguments`` are those of ``apply_transition``.

    Each row is written or refused by itself, in the order given; a refusal is a result and raises nothing.
    """
    return [
        _tried(
            item.commitment,
            lambda item=item: apply_transition(  # type: ignore[misc]
                commitment=item.commitment, name=name, actor=actor, **{**arguments, "seen": item.seen}
            ),
        )
        for item in items
    ]


def assign_many(*, items: Iterable[Item], actor: "User", **arguments: Any) -> list[Result]:
    """Charge an agency with each of ``items``; ``arguments`` are those of ``assign``. As ``move_many``."""
    return [
        _tried(
            item.commitment,
            lambda item=item: assign(commitment=item.commitment, actor=actor, **arguments),  # type: ignore[misc]
        )
        for item in items
    ]


def _tried(commitment: Commitment, write: Callable[[], StatusChange | Assignment]) -> Result:
    try:
        return Result(commitment, written=write())
    except (Commitment.DoesNotExist, PermissionDenied, Refusal) as refusal:
        return Result(commitment, refusal=refusal)


# -- a stored job ----------------------------------------------------------------------------------------


@transaction.atomic
def select(
    *, owner: "User", commitments: CommitmentQuerySet, query: str = "", came_from: str = ""
) -> BulkJob:
    """Freeze ``commitments``, as ``owner`` may see them now, into a job that has no act yet.

    ``query`` is the filter that chose them; ``came_from`` that of the list on which they were ticked.
    Raises ``RequirementsNotMet`` for a selection of nothing or of more than ``MOST_ROWS``. Selections that
    nothing was begun with are forgotten after a day.
    """
    last = StatusChange.objects.filter(commitment=OuterRef("pk")).order_by("-number").values("number")[:1]
    chosen = Commitment.objects.visible_to(owner).filter(pk__in=commitments.order_by().values("pk"))
    keys = list(
        chosen.order_by("prefix", "year", "serial")
        .annotate(seen=Subquery(last))
        .values_list("pk", "seen")[: MOST_ROWS + 1]
    )
    if not keys:
        raise RequirementsNotMet({"rows": [_("Select at least one commitment.")]})
    if len(keys) > MOST_ROWS:
        text = ngettext(
            "One job takes at most %(n)d commitment. Filter first.",
            "One job takes at most %(n)d commitments. Filter first.",
            MOST_ROWS,
        )
        raise RequirementsNotMet({"rows": [text % {"n": MOST_ROWS}]})
    BulkJob.objects.filter(
        owner=owner, begun_at=None, created_at__lt=timezone.now() - _FORGOTTEN_AFTER
    ).delete()
    job = BulkJob.objects.create(owner=owner, query=query, came_from=came_from or query)
    BulkRow.objects.bulk_create(
        (
            BulkRow(job=job, position=n, commitment_id=pk, seen=seen)
            for n, (pk, seen) in enumerate(keys, start=1)
        ),
        batch_size=_WRITTEN_AT_ONCE,
    )
    return job


def begin_move(
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
    """Decide that the rows of ``job`` shall make the move ``name``; none is tried yet.

    What would be wrong for every row is refused here; the rest is each row's own. A day that defaults to
    today means this day for rows tried tomorrow, too, unless the move is dated the day it is made.

    Raises ``UnknownTransition``, ``NotYours`` (no role of the owner makes it), ``RequirementsNotMet``
    (a note, a day, or begun already).
    """
    if name not in TRANSITIONS:
        raise UnknownTransition(name)
    row, today = TRANSITIONS[TransitionName(name)], clock.today()
    if not job.owner.roles & row.roles or not row.sources:
        raise NotYours(_("“%(move)s” is not for your role.") % {"move": row.label})
    errors = day_errors(row, occurred_on=occurred_on or today, delivered_on=delivered_on)
    if row.note == NoteRule.REQUIRED and not note.strip():
        errors["note"].append(_("Write a note: it is what the next reader goes by."))
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
        evidence=[_kept(each) for each in evidence],
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
    """Decide that ``agency`` shall be charged with the rows of ``job``; none is tried yet.

    Raises ``NotYours``, ``RequirementsNotMet`` (the focal point; begun already).
    """
    if not job.owner.may(Right.ASSIGN):
        raise NotYours(_("Only an officer assigns agencies."))
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


@transaction.atomic
def _begin(job: BulkJob, **decided: Any) -> BulkJob:
    locked = BulkJob.objects.select_for_update(no_key=True, of=("self",)).get(pk=job.pk)
    if locked.begun_at is not None:
        raise RequirementsNotMet({"rows": [_("This job has begun already.")]})
    for field, value in {**decided, "begun_at": timezone.now()}.items():
        setattr(locked, field, value)
    locked.save(update_fields=[*decided, "begun_at"])
    return locked


def run_some(*, job: BulkJob, most: int = A_STEP) -> int:
    """Try the next rows of ``job``, at most ``most``; returns how many were tried.

    Each row is a transaction of its own, in which its result is written together with the change: what stops
    in the middle is taken up again where it stopped, and of two that run at once neither does a row twice.
    """
    waiting = BulkRow.objects.filter(job=job, result=BulkResult.PENDING)
    if not job.is_running:
        return 0
    tried = sum(_run_row(job, pk) for pk in list(waiting.values_list("pk", flat=True)[:most]))
    if not waiting.exists():
        BulkJob.objects.filter(pk=job.pk, finished_at=None).update(finished_at=timezone.now())
    job.refresh_from_db(fields=["finished_at", "stopped"])
    return tried


@transaction.atomic
def _run_row(job: BulkJob, pk: int) -> bool:
    """Try one row, unless somebody else does or did, or the job was stopped."""
    open_rows = BulkRow.objects.filter(pk=pk, result=BulkResult.PENDING, job__finished_at=None)
    row = open_rows.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return False
    result = _act(job, Item(Commitment(pk=row.commitment_id), row.seen))
    row.result = BulkResult.REFUSED if result.refusal else BulkResult.DONE
    row.detail = result.why
    row.save(update_fields=["result", "detail"])
    return True


def _act(job: BulkJob, item: Item) -> Result:
    if job.act == BulkAct.ASSIGNMENT:
        assert job.agency is not None  # noqa: S101  (the database holds it: an assignment names its agency)
        return assign_many(
            items=[item],
            actor=job.owner,
            agency=job.agency,
            role=job.role,
            focal_point=job.focal_point,
            beside=job.beside,
            note=job.note,
        )[0]
    return move_many(
        items=[item],
        actor=job.owner,
        name=job.transition,
        note=job.note,
        occurred_on=job.occurred_on,
        delivered_on=job.delivered_on,
        outcome=job.outcome or None,
        successor=job.successor,
        evidence=[_given(each) for each in job.evidence],
    )[0]


@transaction.atomic
def stop(*, job: BulkJob) -> BulkJob | None:
    """Try no further row: those that wait stay as they are. A selection with no act is forgotten: nothing."""
    locked = BulkJob.objects.select_for_update(no_key=True, of=("self",)).get(pk=job.pk)
    if locked.begun_at is None:
        locked.delete()
        return None
    if locked.finished_at is None:
        locked.finished_at, locked.stopped = timezone.now(), True
        locked.save(update_fields=["finished_at", "stopped"])
    return locked


def select_again(*, job: BulkJob) -> BulkJob:
    """A new selection of the rows that ``job`` did not do, as they stand now.

    Raises ``RequirementsNotMet`` where none of them is left to be seen.
    """
    left = BulkRow.objects.filter(job=job).exclude(result=BulkResult.DONE)
    rows = Commitment.objects.filter(pk__in=left.values("commitment"))
    return select(owner=job.owner, commitments=rows, came_from=job.came_from)


def _kept(given: EvidenceGiven) -> dict[str, str]:
    day = given.dated_on.isoformat() if given.dated_on else ""
    return {"title": given.title, "url": given.url, "type": str(given.type), "dated_on": day}


def _given(kept: Mapping[str, str]) -> EvidenceGiven:
    dated_on = dt.date.fromisoformat(kept["dated_on"]) if kept["dated_on"] else None
    return EvidenceGiven(title=kept["title"], url=kept["url"], type=kept["type"], dated_on=dated_on)
