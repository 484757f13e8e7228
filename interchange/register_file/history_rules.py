"""Holds the moves of a written history to the workflow table, where the file names them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments.choices import CLOSED, OPEN, Nature, Status
from commitments.workflow import TRANSITIONS, TargetRule, Transition, TransitionName, first_statuses
from interchange.register_file.index import Ledger
from interchange.register_file.structure import FileEntry

_BEGINNINGS = frozenset({TransitionName.REGISTER, TransitionName.RECORD})


@dataclass(slots=True)
class _Standing:
    """Where a history stands before its next change, and what led there."""

    status: str = ""
    before: str = ""
    last_open: str = Status.AGREED

    def follow(self, status: str) -> None:
        self.before, self.status = self.status, status
        if status in OPEN and status != Status.UNDER_REVIEW:
            self.last_open = status


def check_moves(entry: FileEntry, ledger: Ledger) -> None:
    """Every named move must be one that the table allows; ``record`` may lead from any status to any.

    What the table asks of the nature is only held against moves that were never entered in a register: the
    nature may have been corrected since.
    """
    history = entry.get("status_history") or []
    standing = _Standing()
    for count, change in enumerate(history):
        if "status" not in change or ("transition" in change.lines and "transition" not in change):
            return
        name = TransitionName(change.get("transition", TransitionName.RECORD))
        if (count == 0) != (name in _BEGINNINGS) and name != TransitionName.RECORD:
            says = _("a history begins with register or record, and only begins with register")
            ledger.fault(change, "transition", says)
        elif name != TransitionName.RECORD:
            _check(change, standing, entry.get("nature"), ledger)
        standing.follow(change["status"])


def _check(change: FileEntry, standing: _Standing, nature: str | None, ledger: Ledger) -> None:
    row = TRANSITIONS[TransitionName(change["transition"])]
    if row.sources and standing.status not in row.sources:
        says = _("%(move)s does not start from %(status)s")
        ledger.fault(change, "transition", says % {"move": row.name, "status": standing.status})
    elif (targets := _targets(row, change, standing)) and change["status"] not in targets:
        says = _("%(move)s leads from here to %(targets)s")
        ledger.fault(change, "status", says % {"move": row.name, "targets": ", ".join(targets)})
    elif nature is not None and "recorded_at" not in change and not _suits(row, change, standing, nature):
        says = _("%(move)s to %(status)s is not for a commitment of nature %(nature)s")
        says = says % {"move": row.name, "status": change["status"], "nature": nature}
        ledger.fault(change, "transition", says)
    _check_particulars(row, change, ledger)


def _targets(row: Transition, change: FileEntry, standing: _Standing) -> tuple[str, ...]:
    """The statuses to which the move may lead; none where that cannot be told."""
    match row.target:
        case TargetRule.OUTCOME:
            return (change["outcome"],) if "outcome" in change else ()
        case TargetRule.BEFORE_REVIEW | TargetRule.BEFORE_LAST_CHANGE:
            return (standing.before,) if standing.before else ()
        case TargetRule.LAST_OPEN:
            return (standing.last_open,)
        case _ if row.name == TransitionName.REGISTER:
            return first_statuses(Nature.PRINCIPLE)
        case status:
            return (str(status),)


def _suits(row: Transition, change: FileEntry, standing: _Standing, nature: str) -> bool:
    if row.name == TransitionName.REGISTER:
        return change["status"] in first_statuses(nature)
    return nature in row.natures and row.leaves(Status(standing.status), Nature(nature))


def _check_particulars(row: Transition, change: FileEntry, ledger: Ledger) -> None:
    if row.takes_outcome and "outcome" not in change.lines:
        ledger.fault(change, "outcome", _("is missing: %(move)s names one") % {"move": row.name})
    elif "outcome" in change and not row.takes_outcome:
        ledger.fault(change, "outcome", _("%(move)s takes no outcome") % {"move": row.name})
    elif "outcome" in change and change["outcome"] not in CLOSED:
        ledger.fault(change, "outcome", _("an outcome is a closed status"))
    if "delivered_on" in change and not row.takes_delivery:
        ledger.fault(change, "delivered_on", _("only a submission says when it was delivered"))
