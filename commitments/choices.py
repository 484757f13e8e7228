"""Closed vocabularies of the register, and the groups of statuses that every figure is made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a commitment stands; in the order of the workflow (docs/workflow.md#statuses)."""

    REQUESTED = "requested", _("requested")
    AGREED = "agreed", _("agreed")
    IN_PROGRESS = "in_progress", _("in progress")
    STALLED = "stalled", _("stalled")
    STANDING = "standing", _("standing")
    UNDER_REVIEW = "under_review", _("under review")
    FULFILLED = "fulfilled", _("fulfilled")
    PARTLY_FULFILLED = "partly_fulfilled", _("partly fulfilled")
    NOT_FULFILLED = "not_fulfilled", _("not fulfilled")
    SUPERSEDED = "superseded", _("superseded")
    DROPPED = "dropped", _("dropped")


MEANINGS = {
    Status.REQUESTED: _("asked by one side, not agreed"),
    Status.AGREED: _("agreed, no report yet"),
    Status.IN_PROGRESS: _("work reported"),
    Status.STALLED: _("reported blocked or not begun"),
    Status.STANDING: _("a continuing duty"),
    Status.UNDER_REVIEW: _("reported ready to close; waits for a reviewer"),
    Status.FULFILLED: _("verified done"),
    Status.PARTLY_FULFILLED: _("verified done in part, the rest given up"),
    Status.NOT_FULFILLED: _("verified not done"),
    Status.SUPERSEDED: _("replaced by another commitment, which is named"),
    Status.DROPPED: _("withdrawn, declined or dropped by agreement"),
}

OPEN = frozenset(
    {
        Status.REQUESTED,
        Status.AGREED,
        Status.IN_PROGRESS,
        Status.STALLED,
        Status.STANDING,
        Status.UNDER_REVIEW,
    }
)
CLOSED = frozenset(Status) - OPEN
NO_CLOCK = frozenset({Status.REQUESTED, Status.STANDING})
"""Open, but never overdue and never in a fulfilment figure: no promise yet, or one without end."""
CLOCK_RUNS = OPEN - NO_CLOCK - {Status.UNDER_REVIEW}
"""Can be overdue. For ``under_review`` the status it came from decides."""


def clock_runs(status: str, came_from: str) -> bool:
    """Whether it can be overdue in ``status``; ``came_from`` is that before the review."""
    return (came_from if status == Status.UNDER_REVIEW else status) in CLOCK_RUNS


class State(models.TextChoices):
    """The two groups of statuses."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


STATUSES_OF = {State.OPEN: OPEN, State.CLOSED: CLOSED}


class Nature(models.TextChoices):
    """What kind of undertaking a commitment is; decides which outcomes make sense. Not its status."""

    COOPERATION = "cooperation", _("cooperation")
    INSTRUMENT_TO_CONCLUDE = "instrument_to_conclude", _("instrument to conclude")
    INSTRUMENT_TO_IMPLEMENT = "instrument_to_implement", _("instrument to implement")
    EVENT = "event", _("event")
    TARGET = "target", _("target")
    PRINCIPLE = "principle", _("principle")
    SUPPORT = "support", _("support")


class PartyRole(models.TextChoices):
    """In which role a country stands to a commitment."""

    PARTY = "party", _("party")
    OBLIGATED = "obligated", _("must act")
    BENEFICIARY = "beneficiary", _("gains")


class AssignmentRole(models.TextChoices):
    """In which role an agency is charged."""

    LEAD = "lead", _("lead")
    SUPPORT = "support", _("support")


class MentionKind(models.TextChoices):
    """What a paragraph does with the commitment."""

    MADE = "made", _("made")
    REAFFIRMED = "reaffirmed", _("reaffirmed")
    REQUESTED = "requested", _("requested")
    PROGRESS = "progress", _("progress reported")
    FULFILLED = "fulfilled", _("fulfilled")


class Modality(models.TextChoices):
    """How binding the wording is: the verb the paragraph uses."""

    COMMITTED = "committed", _("committed")
    AGREED = "agreed", _("agreed")
    VOWED = "vowed", _("vowed")
    AFFIRMED = "affirmed", _("affirmed")
    WILL = "will", _("will")
    STANDS_READY = "stands_ready", _("stands ready")
    EXPECTED = "expected", _("expected")
    WELCOMED = "welcomed", _("welcomed")
    SUGGESTED = "suggested", _("suggested")
    REQUESTED = "requested", _("requested")
    CALLED_ON = "called_on", _("called on")
    HOPED = "hoped", _("hoped")


class EvidenceKind(models.TextChoices):
    """How a piece of evidence is kept."""

    LINK = "link", _("link")
    FILE = "file", _("file")


class EvidenceType(models.TextChoices):
    """What kind of document a piece of evidence is."""

    INSTRUMENT = "instrument", _("signed instrument")
    MINUTES = "minutes", _("minutes or statement")
    REPORT = "report", _("report")
    STATISTICS = "statistics", _("statistics")
    PRESS = "press", _("press report")
    PHOTO = "photo", _("photograph")
    OTHER = "other", _("other")


class SharedWith(models.TextChoices):
    """Who may use a saved view beside its owner."""

    PRIVATE = "private", _("only me")
    ROLE = "role", _("everyone in a role")
    EVERYONE = "everyone", _("everyone")


class BulkAct(models.TextChoices):
    """What is done to many commitments at once."""

    MOVE = "move", _("move")
    ASSIGNMENT = "assignment", _("assignment")


class BulkResult(models.TextChoices):
    """What became of one row of a bulk job."""

    PENDING = "pending", _("to do")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
