"""What each act of a bulk job does to one commitment, and what it wrote there."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils.translation import gettext as _

from commitments.choices import BulkAct, BulkResult
from commitments.models import Assignment, BulkJob, BulkRow, Commitment, StatusChange
from commitments.services.assignments import assign, remove_agency, replace_lead
from commitments.services.dossier import Stamp
from commitments.services.downgrades import propose_downgrade
from commitments.services.editing import edit_commitment
from commitments.services.errors import Refusal
from commitments.services.proof import EvidenceGiven
from commitments.services.taking_back import EDITED, OF_ASSIGNMENTS, take_back
from commitments.services.transitions import apply_transition


def write_row(job: BulkJob, row: BulkRow) -> tuple[BulkResult, str, list[int]]:
    """Apply ``job`` to the commitment of ``row``: the result, the reason of a refusal, and what was written.

    The written keys are those of the status change, or of the entries of the field history.
    """
    entries = _entries(job.act, row.commitment_id)
    last = 0 if entries is None else _last_entry(entries, row.commitment_id)
    try:
        made = _WRITERS[BulkAct(job.act)](job, row)
    except Commitment.DoesNotExist:
        return BulkResult.REFUSED, _("Not found."), []
    except (PermissionDenied, Refusal) as refusal:
        return BulkResult.REFUSED, str(refusal), []
    if entries is None:
        return BulkResult.DONE, "", [made.pk] if isinstance(made, StatusChange) else []
    added = entries.filter(history_id__gt=last).order_by("history_id")
    return BulkResult.DONE, "", list(added.values_list("history_id", flat=True))


def _entries(act: str, commitment: int) -> Any:
    """The entries of the field history that ``act`` adds to; ``None`` if it adds none."""
    if act in EDITED:
        return Commitment.history.filter(id=commitment)
    return Assignment.history.filter(commitment_id=commitment) if act in OF_ASSIGNMENTS else None


def _last_entry(entries: Any, commitment: int) -> int:
    """The key of the last of ``entries``. The lock lets nobody else add one until the row is written."""
    Commitment.objects.select_for_update(no_key=True).filter(pk=commitment).values_list("pk").first()
    return entries.aggregate(last=Max("history_id"))["last"] or 0


# -- the acts ------------------------------------------------------------------------------------------


def _common(job: BulkJob, row: BulkRow) -> dict[str, Any]:
    return {"commitment": Commitment(pk=row.commitment_id), "actor": job.owner}


def _move(job: BulkJob, row: BulkRow) -> StatusChange:
    return apply_transition(
        **_common(job, row),
        name=job.transition,
        note=job.note,
        occurred_on=job.occurred_on,
        delivered_on=job.delivered_on,
        outcome=job.outcome or None,
        successor=job.successor,
        evidence=[_evidence_from_json(each) for each in job.evidence],
        seen=row.seen,
        stamp=Stamp.read(row.stamp),
    )


def _assign(job: BulkJob, row: BulkRow) -> Assignment:
    return assign(**_led(job, row), role=job.role, beside=job.beside)


def _remove(job: BulkJob, row: BulkRow) -> None:
    assert job.agency is not None  # noqa: S101  (a constraint of the table)
    remove_agency(**_common(job, row), agency=job.agency, note=job.note)


def _replace(job: BulkJob, row: BulkRow) -> Assignment:
    return replace_lead(**_led(job, row))


def _led(job: BulkJob, row: BulkRow) -> dict[str, Any]:
    values = {"agency": job.agency, "focal_point": job.focal_point, "note": job.note}
    return _common(job, row) | values


def _edit(job: BulkJob, row: BulkRow) -> Commitment:
    name = EDITED[BulkAct(job.act)]
    return edit_commitment(**_common(job, row), fields={name: getattr(job, name)}, reason=job.note)


def _classify(job: BulkJob, row: BulkRow) -> object:
    """Raise the classification; a lower one is proposed, with the note of the job as its reason."""
    level = job.classification or 0
    found = Commitment.objects.visible_to(job.owner).get(pk=row.commitment_id)
    if level >= found.classification:
        return _edit(job, row)
    return propose_downgrade(record=found, actor=job.owner, level=level, reason=job.note)


def _take_back(job: BulkJob, row: BulkRow) -> None:
    assert job.undoes is not None  # noqa: S101  (a constraint of the table)
    undone = BulkRow.objects.get(job=job.undoes, commitment=row.commitment_id)
    take_back(row=undone, act=job.undoes.act, actor=job.owner, note=job.note)


_WRITERS: dict[BulkAct, Callable[[BulkJob, BulkRow], Any]] = {
    BulkAct.MOVE: _move,
    BulkAct.ASSIGNMENT: _assign,
    BulkAct.REMOVAL: _remove,
    BulkAct.LEAD: _replace,
    BulkAct.THEME: _edit,
    BulkAct.LEVEL: _classify,
    BulkAct.OFFICER: _edit,
    BulkAct.TAKE_BACK: _take_back,
}
"""The writer of each act. Every service checks the rights of the owner again."""


def _evidence_from_json(stored: Mapping[str, str]) -> EvidenceGiven:
    dated_on = dt.date.fromisoformat(stored["dated_on"]) if stored["dated_on"] else None
    return EvidenceGiven(title=stored["title"], url=stored["url"], type=stored["type"], dated_on=dated_on)
