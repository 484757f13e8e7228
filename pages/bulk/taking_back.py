"""For how many rows a finished bulk job can be taken back, and why not for the others."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commitments.choices import BulkAct, BulkResult
from commitments.models import BulkJob, BulkRow, Commitment
from commitments.querysets import CommitmentQuerySet
from commitments.services.policy import why_not, workflow_context
from commitments.services.taking_back import can_be_taken_back, may_take_back, nothing_written
from commitments.workflow import TRANSITIONS, TransitionName
from core.batches import batches

if TYPE_CHECKING:
    from accounts.models import User

MOST_CHECKED = 200
"""The most rows that are checked before a page offers to take back status changes."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows that were done: all of them, those that can be taken back, and the refusals of the others."""

    total: int
    possible: int
    refused: tuple[tuple[str, int], ...]


def offers_taking_back(job: BulkJob, user: "User") -> bool:
    """Whether ``user`` can take back any row of ``job``."""
    if job.finished_at is None or not can_be_taken_back(job.act, job.transition):
        return False
    if not may_take_back(user, job.act) or job.taken_back_by.exists():
        return False
    return preview_of(job, user, most=MOST_CHECKED).possible > 0


def preview_of(job: BulkJob, user: "User", *, most: int | None = None) -> Preview:
    """What taking ``job`` back would do to its rows, or to the first ``most`` of them.

    Rows that ``user`` can no longer see are left out. Whether something was changed since is found out row
    by row, except for status changes.
    """
    visible = Commitment.objects.visible_to(user)
    done = BulkRow.objects.filter(job=job, result=BulkResult.DONE).order_by("position")
    rows = dict(done.values_list("commitment_id", "written")[:most])
    refused: Counter[str] = Counter()
    for batch in batches(rows):
        commitments = visible.filter(pk__in=batch)
        if job.act == BulkAct.MOVE:
            refused.update(_refusals(commitments, rows, user))
        else:
            keys = commitments.order_by().values_list("pk", flat=True)
            refused.update("" if rows[pk] else nothing_written() for pk in keys)
    possible = refused.pop("", 0)
    return Preview(len(rows), possible, tuple(refused.most_common()))


def _refusals(commitments: CommitmentQuerySet, rows: Mapping[int, list[int]], user: "User") -> Iterator[str]:
    """Why the status change of each of ``commitments`` cannot be taken back; "" if it can be."""
    correct = TRANSITIONS[TransitionName.CORRECT]
    for commitment in commitments.prefetch_related("status_changes", "assignments"):
        if not rows[commitment.pk]:
            yield nothing_written()
            continue
        workflow = workflow_context(commitment)
        seen = next(each.number for each in workflow.history if each.pk in rows[commitment.pk])
        yield why_not(correct, workflow, user, seen=seen)
