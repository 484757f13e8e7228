"""Checks the transitions of a status history against the workflow table."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments.choices import CLOSED, OPEN, Nature, Status
from commitments.workflow import TRANSITIONS, TargetRule, Transition, TransitionName, first_statuses
from interchange.register_file.index import FileIndex
from interchange.register_file.structure import FileEntry

_FIRST_TRANSITIONS = frozenset({TransitionName.REGISTER, TransitionName.RECORD})


@dataclass(slots=True)
class _HistoryState:
    """The state of a history before its next change."""

    status: str = ""
    previous: str = ""
    last_open: str = Status.AGREED

    def apply(self, status: str) -> None:
        self.previous, self.status = self.status, status
        if status in OPEN and status != Status.UNDER_REVIEW:
            self.last_open = status


def check_transitions(entry: FileEntry, index: FileIndex) -> None:
    """Check that the workflow table allows every transition. ``record`` leads from any status to any.

    The nature is checked only for changes that do not come from a dump. In a dump, the nature may have been
    corrected after the transition.
    """
    history = entry.get("status_history") or []
    state = _HistoryState()
    for count, change in enumerate(history):
        if "status" not in change or ("transition" in change.lines and "transition" not in change):
            return
        name = TransitionName(change.get("transition", TransitionName.RECORD))
        if (count == 0) != (name in _FIRST_TRANSITIONS) and name != TransitionName.RECORD:
            message = _("a history begins with register or record, and register is only at its beginning")
            index.error(change, "transition", message)
        elif name != TransitionName.RECORD:
            _check(change, state, entry.get("nature"), index)
        state.apply(change["status"])


def _check(change: FileEntry, state: _HistoryState, nature: str | None, index: FileIndex) -> None:
    row = TRANSITIONS[TransitionName(change["transition"])]
    if row.sources and state.status not in row.sources:
        message = _("%(transition)s does not start from %(status)s")
        index.error(change, "transition", message % {"transition": row.name, "status": state.status})
    elif (targets := _targets(row, change, state)) and change["status"] not in targets:
        message = _("%(transition)s leads from here to %(targets)s")
        index.error(change, "status", message % {"transition": row.name, "targets": ", ".join(targets)})
    elif nature and "recorded_at" not in change and not _is_for_nature(row, change, state, nature):
        message = _("%(transition)s to %(status)s is not possible for a commitment of nature %(nature)s")
        message = message % {"transition": row.name, "status": change["status"], "nature": nature}
        index.error(change, "transition", message)
    _check_outcome(row, change, index)


def _targets(row: Transition, change: FileEntry, state: _HistoryState) -> tuple[str, ...]:
    """Return the statuses to which the transition may lead, or none if they are not known."""
    match row.target:
        case TargetRule.OUTCOME:
            return (change["outcome"],) if "outcome" in change else ()
        case TargetRule.BEFORE_REVIEW | TargetRule.BEFORE_LAST_CHANGE:
            return (state.previous,) if state.previous else ()
        case TargetRule.LAST_OPEN:
            return (state.last_open,)
        case _ if row.name == TransitionName.REGISTER:
            return first_statuses(Nature.PRINCIPLE)
        case status:
            return (str(status),)


def _is_for_nature(row: Transition, change: FileEntry, state: _HistoryState, nature: str) -> bool:
    if row.name == TransitionName.REGISTER:
        return change["status"] in first_statuses(nature)
    return nature in row.natures and row.leaves(Status(state.status), Nature(nature))


def _check_outcome(row: Transition, change: FileEntry, index: FileIndex) -> None:
    if row.takes_outcome and "outcome" not in change.lines:
        index.error(
            change, "outcome", _("is missing: %(transition)s needs an outcome") % {"transition": row.name}
        )
    elif "outcome" in change and not row.takes_outcome:
        index.error(change, "outcome", _("%(transition)s has no outcome") % {"transition": row.name})
    elif "outcome" in change and change["outcome"] not in CLOSED:
        index.error(change, "outcome", _("an outcome must be a closed status"))
    if "delivered_on" in change and not row.takes_delivery:
        index.error(change, "delivered_on", _("only a submission has a delivery date"))
