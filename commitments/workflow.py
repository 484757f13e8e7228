"""The status workflow as one table: page buttons, admin actions, the API and the diagram all read it."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from commitments.choices import CLOSED, OPEN, Nature, Status

OFFICER, REVIEWER, FOCAL_POINT = Role.OFFICER, Role.REVIEWER, Role.FOCAL_POINT


class TransitionName(StrEnum):
    """The transitions, and ``record``, which stands beside the table: only the register loader uses it."""

    REGISTER = "register"
    AGREE = "agree"
    START = "start"
    STALL = "stall"
    UPHOLD = "uphold"
    SUBMIT = "submit"
    CONFIRM = "confirm"
    RETURN = "return"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    REOPEN = "reopen"
    RECORD = "record"


class TargetRule(StrEnum):
    """Where a transition leads when the history, not the table, says which status that is."""

    OUTCOME = "the outcome decided"
    BEFORE_REVIEW = "the status it came from"
    BEFORE_LAST_CHANGE = "the status before the last change"
    LAST_OPEN = "the last open status"


class ActorRule(StrEnum):
    """Who, beyond the role, may or may not make the move."""

    ANYONE = "anyone in the role"
    NOT_A_SUBMITTER = "nobody who submitted it since it was last opened"
    THE_SUBMITTER = "the one who submitted it"
    NOT_THE_LAST_AUTHOR = "not the author of the change that is corrected"


class NoteRule(StrEnum):
    """When a note must be given."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    IF_OUTCOME_CHANGES = "required when the outcome is not the proposed one"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    ``sources`` is empty for the transition that begins a history. ``natures``: the natures that allow the
    move at all; ``not_from``: (status, nature) pairs that the sources do not include after all.
    ``dated_today``: an act, dated the day it is done; the others may have occurred earlier.
    """

    name: TransitionName
    label: Promise
    done: Promise
    sources: frozenset[Status]
    target: Status | TargetRule
    roles: frozenset[Role]
    note: NoteRule = NoteRule.REQUIRED
    note_hint: Promise | None = None
    actor: ActorRule = ActorRule.ANYONE
    natures: frozenset[Nature] = frozenset(Nature)
    not_from: frozenset[tuple[Status, Nature]] = frozenset()
    dated_today: bool = False
    takes_outcome: bool = False
    takes_delivery: bool = False

    def leaves(self, status: Status, nature: Nature) -> bool:
        """Whether the move starts from ``status`` for a commitment of this ``nature``."""
        return status in self.sources and (status, nature) not in self.not_from


REPORTERS = frozenset({OFFICER, FOCAL_POINT})

TRANSITIONS: dict[TransitionName, Transition] = {
    row.name: row
    for row in (
        Transition(
            TransitionName.REGISTER,
            _("Register"),
            _("registered"),
            sources=frozenset(),
            target=Status.AGREED,
            roles=frozenset({OFFICER}),
        ),
        Transition(
            TransitionName.AGREE,
            _("Record the agreement"),
            _("agreed"),
            sources=frozenset({Status.REQUESTED}),
            target=Status.AGREED,
            roles=frozenset({OFFICER}),
            note_hint=_("Who agreed to it, where."),
        ),
        Transition(
            TransitionName.START,
            _("Report work begun"),
            _("work reported"),
            sources=frozenset({Status.AGREED, Status.STALLED, Status.STANDING}),
            target=Status.IN_PROGRESS,
            roles=REPORTERS,
            not_from=frozenset({(Status.STANDING, Nature.PRINCIPLE)}),
            note_hint=_("What has begun, and who does it."),
        ),
        Transition(
            TransitionName.STALL,
            _("Report stalled"),
            _("reported stalled"),
            sources=frozenset({Status.AGREED, Status.IN_PROGRESS}),
            target=Status.STALLED,
            roles=REPORTERS,
            note_hint=_("The obstacle."),
        ),
        Transition(
            TransitionName.UPHOLD,
            _("Keep as a standing duty"),
            _("kept as a standing duty"),
            sources=frozenset({Status.AGREED, Status.IN_PROGRESS}),
            target=Status.STANDING,
            roles=frozenset({REVIEWER}),
            natures=frozenset({Nature.PRINCIPLE, Nature.COOPERATION, Nature.INSTRUMENT_TO_IMPLEMENT}),
            note_hint=_("Why it has no end to wait for."),
        ),
        Transition(
            TransitionName.SUBMIT,
            _("Submit for review"),
            _("submitted for review"),
            sources=OPEN - {Status.UNDER_REVIEW},
            target=Status.UNDER_REVIEW,
            roles=REPORTERS,
            takes_outcome=True,
            takes_delivery=True,
            note_hint=_("What the reviewer needs to know."),
        ),
        Transition(
            TransitionName.CONFIRM,
            _("Confirm"),
            _("confirmed"),
            sources=frozenset({Status.UNDER_REVIEW}),
            target=TargetRule.OUTCOME,
            roles=frozenset({REVIEWER}),
            note=NoteRule.IF_OUTCOME_CHANGES,
            note_hint=_("Needed when you decide on another outcome than the proposed one."),
            actor=ActorRule.NOT_A_SUBMITTER,
            dated_today=True,
            takes_outcome=True,
        ),
        Transition(
            TransitionName.RETURN,
            _("Return"),
            _("returned"),
            sources=frozenset({Status.UNDER_REVIEW}),
            target=TargetRule.BEFORE_REVIEW,
            roles=frozenset({REVIEWER}),
            note_hint=_("What is missing before it can be closed."),
            actor=ActorRule.NOT_A_SUBMITTER,
            dated_today=True,
        ),
        Transition(
            TransitionName.WITHDRAW,
            _("Withdraw the submission"),
            _("withdrawn"),
            sources=frozenset({Status.UNDER_REVIEW}),
            target=TargetRule.BEFORE_REVIEW,
            roles=REPORTERS,
            note=NoteRule.OPTIONAL,
            actor=ActorRule.THE_SUBMITTER,
            dated_today=True,
        ),
        Transition(
            TransitionName.CORRECT,
            _("Take back the last change"),
            _("last change taken back"),
            sources=OPEN - {Status.UNDER_REVIEW},
            target=TargetRule.BEFORE_LAST_CHANGE,
            roles=frozenset({REVIEWER}),
            note_hint=_("Why the last change was wrong."),
            actor=ActorRule.NOT_THE_LAST_AUTHOR,
            dated_today=True,
        ),
        Transition(
            TransitionName.REOPEN,
            _("Reopen"),
            _("reopened"),
            sources=CLOSED,
            target=TargetRule.LAST_OPEN,
            roles=frozenset({REVIEWER}),
            note_hint=_("What has come to light."),
            dated_today=True,
        ),
    )
}

CORRECTABLE = frozenset(
    {
        TransitionName.AGREE,
        TransitionName.START,
        TransitionName.STALL,
        TransitionName.UPHOLD,
        TransitionName.CORRECT,
    }
)
"""Changes that ``correct`` may take back: none of a review, no ``record``, and not the first."""

PROPOSABLE_FROM_REQUEST = frozenset({Status.SUPERSEDED, Status.DROPPED})
"""A request that nobody agreed to can only be replaced or dropped."""

DELIVERED = frozenset({Status.FULFILLED, Status.PARTLY_FULFILLED})
"""Outcomes that claim delivery, and so must be shown."""

_OUTCOMES_IN_ORDER = tuple(status for status in Status if status in CLOSED)


def outcomes(nature: Nature | str, came_from: Status | str) -> tuple[Status, ...]:
    """The outcomes that make sense for ``nature`` when submitted from the status ``came_from``, in order."""
    possible = set(CLOSED)
    if nature == Nature.PRINCIPLE:
        possible -= DELIVERED
    if came_from == Status.REQUESTED:
        possible &= PROPOSABLE_FROM_REQUEST
    return tuple(status for status in _OUTCOMES_IN_ORDER if status in possible)


def first_statuses(nature: Nature | str) -> tuple[Status, ...]:
    """The statuses with which a commitment of ``nature`` may be registered."""
    possible = (Status.REQUESTED, Status.AGREED)
    return (*possible, Status.STANDING) if nature == Nature.PRINCIPLE else possible
