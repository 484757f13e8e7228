"""The status workflow as one table. Pages, the admin, the API and the diagram all read it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Role
from commitments.choices import CLOSED, OPEN, MentionKind, Nature, Status

OFFICER, REVIEWER, FOCAL_POINT = Role.OFFICER, Role.REVIEWER, Role.FOCAL_POINT


class TransitionName(StrEnum):
    """The transitions, and ``record``, which is not in the table: only the register loader uses it."""

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
    """The target of a transition that depends on the history of the commitment."""

    OUTCOME = "the outcome decided"
    BEFORE_REVIEW = "the status it came from"
    BEFORE_LAST_CHANGE = "the status before the last change"
    LAST_OPEN = "the last open status"


class ActorRule(StrEnum):
    """A further condition on who may make the transition, beside the role."""

    ANYONE = "anyone in the role"
    NOT_A_SUBMITTER = "nobody who submitted it since it was last opened"
    THE_SUBMITTER = "the one who submitted it"
    ANOTHER_OR_LATELY = "not that of one's own change; its author, whatever the role, within 24 hours"


class NoteRule(StrEnum):
    """Whether the transition needs a note."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    IF_OUTCOME_CHANGES = "required when the outcome is not the proposed one"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    ``label`` is the text of the button, ``done`` says what was done. ``sources`` is empty for the transition
    that begins a history. ``natures`` are the natures that allow the transition. ``not_from`` are pairs of
    status and nature that are excluded from ``sources``. If ``dated_today`` is set, the transition is dated
    on the day it is made; others may have occurred earlier.
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

    @property
    def decides(self) -> bool:
        """Whether a reviewer decides on a submission. What the reviewer has seen must then be what stands."""
        return self.actor == ActorRule.NOT_A_SUBMITTER

    def leaves(self, status: Status, nature: Nature) -> bool:
        """Whether the transition is possible from ``status`` for a commitment of this ``nature``."""
        return status in self.sources and (status, nature) not in self.not_from


REPORTERS = frozenset({OFFICER, FOCAL_POINT})

TRANSITIONS: dict[TransitionName, Transition] = {
    row.name: row
    for row in (
        Transition(
            TransitionName.REGISTER,
            pgettext_lazy("transition", "Register"),
            pgettext_lazy("transition made", "registered"),
            sources=frozenset(),
            target=Status.AGREED,
            roles=frozenset({OFFICER}),
        ),
        Transition(
            TransitionName.AGREE,
            pgettext_lazy("transition", "Record the agreement"),
            pgettext_lazy("transition made", "agreed"),
            sources=frozenset({Status.REQUESTED}),
            target=Status.AGREED,
            roles=frozenset({OFFICER}),
            note_hint=_("Who agreed to it, and where."),
        ),
        Transition(
            TransitionName.START,
            pgettext_lazy("transition", "Report work begun"),
            pgettext_lazy("transition made", "work reported"),
            sources=frozenset({Status.AGREED, Status.STALLED, Status.STANDING}),
            target=Status.IN_PROGRESS,
            roles=REPORTERS,
            not_from=frozenset({(Status.STANDING, Nature.PRINCIPLE)}),
            note_hint=_("What has begun, and who is doing it."),
        ),
        Transition(
            TransitionName.STALL,
            pgettext_lazy("transition", "Report stalled"),
            pgettext_lazy("transition made", "reported stalled"),
            sources=frozenset({Status.AGREED, Status.IN_PROGRESS}),
            target=Status.STALLED,
            roles=REPORTERS,
            note_hint=_("The obstacle."),
        ),
        Transition(
            TransitionName.UPHOLD,
            pgettext_lazy("transition", "Keep as a standing duty"),
            pgettext_lazy("transition made", "kept as a standing duty"),
            sources=frozenset({Status.AGREED, Status.IN_PROGRESS}),
            target=Status.STANDING,
            roles=frozenset({REVIEWER}),
            natures=frozenset({Nature.PRINCIPLE, Nature.COOPERATION, Nature.INSTRUMENT_TO_IMPLEMENT}),
            note_hint=_("Why the commitment has no end."),
        ),
        Transition(
            TransitionName.SUBMIT,
            pgettext_lazy("transition", "Submit for review"),
            pgettext_lazy("transition made", "submitted for review"),
            sources=OPEN - {Status.UNDER_REVIEW},
            target=Status.UNDER_REVIEW,
            roles=REPORTERS,
            takes_outcome=True,
            takes_delivery=True,
            note_hint=_("What the reviewer needs to know."),
        ),
        Transition(
            TransitionName.CONFIRM,
            pgettext_lazy("transition", "Confirm"),
            pgettext_lazy("transition made", "confirmed"),
            sources=frozenset({Status.UNDER_REVIEW}),
            target=TargetRule.OUTCOME,
            roles=frozenset({REVIEWER}),
            note=NoteRule.IF_OUTCOME_CHANGES,
            note_hint=_("Required if your outcome is not the proposed one."),
            actor=ActorRule.NOT_A_SUBMITTER,
            dated_today=True,
            takes_outcome=True,
        ),
        Transition(
            TransitionName.RETURN,
            pgettext_lazy("transition", "Return"),
            pgettext_lazy("transition made", "returned"),
            sources=frozenset({Status.UNDER_REVIEW}),
            target=TargetRule.BEFORE_REVIEW,
            roles=frozenset({REVIEWER}),
            note_hint=_("What is missing before it can be closed."),
            actor=ActorRule.NOT_A_SUBMITTER,
            dated_today=True,
        ),
        Transition(
            TransitionName.WITHDRAW,
            pgettext_lazy("transition", "Withdraw the submission"),
            pgettext_lazy("transition made", "withdrawn"),
            sources=frozenset({Status.UNDER_REVIEW}),
            target=TargetRule.BEFORE_REVIEW,
            roles=REPORTERS,
            note=NoteRule.OPTIONAL,
            actor=ActorRule.THE_SUBMITTER,
            dated_today=True,
        ),
        Transition(
            TransitionName.CORRECT,
            pgettext_lazy("transition", "Take back the last change"),
            pgettext_lazy("transition made", "last change taken back"),
            sources=OPEN - {Status.UNDER_REVIEW},
            target=TargetRule.BEFORE_LAST_CHANGE,
            roles=frozenset({REVIEWER, *REPORTERS}),
            note_hint=_("Why the last change was wrong."),
            actor=ActorRule.ANOTHER_OR_LATELY,
            dated_today=True,
        ),
        Transition(
            TransitionName.REOPEN,
            pgettext_lazy("transition", "Reopen"),
            pgettext_lazy("transition made", "reopened"),
            sources=CLOSED,
            target=TargetRule.LAST_OPEN,
            roles=frozenset({REVIEWER}),
            note_hint=_("What has become known."),
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

OWN_SLIP = dt.timedelta(hours=24)
"""How long people may take back what they have entered themselves, while nothing has followed."""

PROPOSABLE_FROM_REQUEST = frozenset({Status.SUPERSEDED, Status.DROPPED})
"""Outcomes of a request that was never agreed: it can only be replaced or dropped."""

DELIVERED = frozenset({Status.FULFILLED, Status.PARTLY_FULFILLED})
"""Outcomes that claim delivery and therefore need proof."""

MENTIONS_THAT_PROVE = {
    Status.FULFILLED: frozenset({MentionKind.FULFILLED}),
    Status.PARTLY_FULFILLED: frozenset({MentionKind.FULFILLED, MentionKind.PROGRESS}),
}
"""The kinds of mention that show a delivery."""

_OUTCOMES_IN_ORDER = tuple(status for status in Status if status in CLOSED)


def outcomes(nature: Nature | str, came_from: Status | str) -> tuple[Status, ...]:
    """The possible outcomes for ``nature`` if submitted from the status ``came_from``, in order."""
    possible = set(CLOSED)
    if nature == Nature.PRINCIPLE:
        possible -= DELIVERED
    if came_from == Status.REQUESTED:
        possible &= PROPOSABLE_FROM_REQUEST
    return tuple(status for status in _OUTCOMES_IN_ORDER if status in possible)


def first_statuses(nature: Nature | str) -> tuple[Status, ...]:
    """The statuses in which a commitment of ``nature`` may be registered."""
    possible = (Status.REQUESTED, Status.AGREED)
    return (*possible, Status.STANDING) if nature == Nature.PRINCIPLE else possible
