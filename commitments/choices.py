"""Closed vocabularies of commitments, and the groups of statuses from which all figures are made."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """The status of a commitment, in the order of the workflow (docs/workflow.md#statuses)."""

    REQUESTED = "requested", pgettext_lazy("status of a commitment", "requested")
    AGREED = "agreed", pgettext_lazy("status of a commitment", "agreed")
    IN_PROGRESS = "in_progress", pgettext_lazy("status of a commitment", "in progress")
    STALLED = "stalled", pgettext_lazy("status of a commitment", "stalled")
    STANDING = "standing", pgettext_lazy("status of a commitment", "standing")
    UNDER_REVIEW = "under_review", pgettext_lazy("status of a commitment", "under review")
    FULFILLED = "fulfilled", pgettext_lazy("status of a commitment", "fulfilled")
    PARTLY_FULFILLED = "partly_fulfilled", pgettext_lazy("status of a commitment", "partly fulfilled")
    NOT_FULFILLED = "not_fulfilled", pgettext_lazy("status of a commitment", "not fulfilled")
    SUPERSEDED = "superseded", pgettext_lazy("status of a commitment", "superseded")
    DROPPED = "dropped", pgettext_lazy("status of a commitment", "dropped")


MEANINGS = {
    Status.REQUESTED: pgettext_lazy("meaning of a status", "asked by one side, not agreed"),
    Status.AGREED: pgettext_lazy("meaning of a status", "agreed, no report yet"),
    Status.IN_PROGRESS: pgettext_lazy("meaning of a status", "work reported"),
    Status.STALLED: pgettext_lazy("meaning of a status", "reported blocked or not begun"),
    Status.STANDING: pgettext_lazy("meaning of a status", "a continuing duty"),
    Status.UNDER_REVIEW: pgettext_lazy(
        "meaning of a status", "reported ready to close; waits for a reviewer"
    ),
    Status.FULFILLED: pgettext_lazy("meaning of a status", "verified done"),
    Status.PARTLY_FULFILLED: pgettext_lazy("meaning of a status", "verified done in part, the rest given up"),
    Status.NOT_FULFILLED: pgettext_lazy("meaning of a status", "verified not done"),
    Status.SUPERSEDED: pgettext_lazy("meaning of a status", "replaced by another commitment, which is named"),
    Status.DROPPED: pgettext_lazy("meaning of a status", "withdrawn, declined or dropped by agreement"),
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
"""Open, but never overdue and never in a fulfilment figure: not yet agreed, or without an end."""
CLOCK_RUNS = OPEN - NO_CLOCK - {Status.UNDER_REVIEW}
"""Can be overdue. For ``under_review`` the status before the review decides."""


def clock_runs(status: str, came_from: str) -> bool:
    """Whether a commitment in ``status`` can be overdue. ``came_from`` is the status before a review."""
    return (came_from if status == Status.UNDER_REVIEW else status) in CLOCK_RUNS


class State(models.TextChoices):
    """The two groups of statuses."""

    OPEN = "open", pgettext_lazy("state of a commitment", "open")
    CLOSED = "closed", pgettext_lazy("state of a commitment", "closed")


STATUSES_OF = {State.OPEN: OPEN, State.CLOSED: CLOSED}


class Holder(models.TextChoices):
    """With whom an open commitment lies: who has to do the next thing (docs/rules.md#now-with)."""

    REVIEWER = "reviewer", pgettext_lazy("holder of a commitment", "reviewer")
    OFFICER = "officer", pgettext_lazy("holder of a commitment", "officer")
    FOCAL_POINT = "focal_point", pgettext_lazy("holder of a commitment", "focal point")
    LEAD_AGENCY = "lead_agency", pgettext_lazy("holder of a commitment", "lead agency")
    OTHER_SIDE = "other_side", pgettext_lazy("holder of a commitment", "the other side")
    NOBODY = "nobody", pgettext_lazy("holder of a commitment", "nobody")


class FulfilmentFigure(models.TextChoices):
    """What a commitment counts as, in the order of a bar (docs/rules.md#figures)."""

    VERIFIED = "verified", pgettext_lazy("figure", "verified")
    PARTIAL = "partial", pgettext_lazy("figure", "partial")
    CLAIMED = "claimed", pgettext_lazy("figure", "claimed")
    REPORTED = "reported", pgettext_lazy("figure", "reported")
    NO_REPORT = "no_report", pgettext_lazy("figure", "no report")


FIGURE_OF_STATUS = {
    Status.FULFILLED: FulfilmentFigure.VERIFIED,
    Status.PARTLY_FULFILLED: FulfilmentFigure.PARTIAL,
    Status.IN_PROGRESS: FulfilmentFigure.REPORTED,
    Status.STALLED: FulfilmentFigure.REPORTED,
    Status.AGREED: FulfilmentFigure.NO_REPORT,
}
"""The figure of each status that is in one. Under review, the proposed outcome decides."""
CLAIMS = frozenset({Status.FULFILLED, Status.PARTLY_FULFILLED})
"""The proposed outcomes that count as claimed."""


class Nature(models.TextChoices):
    """What kind of undertaking a commitment is. It decides which outcomes are possible."""

    COOPERATION = "cooperation", pgettext_lazy("nature of a commitment", "cooperation")
    INSTRUMENT_TO_CONCLUDE = (
        "instrument_to_conclude",
        pgettext_lazy("nature of a commitment", "instrument to conclude"),
    )
    INSTRUMENT_TO_IMPLEMENT = (
        "instrument_to_implement",
        pgettext_lazy("nature of a commitment", "instrument to implement"),
    )
    EVENT = "event", pgettext_lazy("nature of a commitment", "event")
    TARGET = "target", pgettext_lazy("nature of a commitment", "target")
    PRINCIPLE = "principle", pgettext_lazy("nature of a commitment", "principle")
    SUPPORT = "support", pgettext_lazy("nature of a commitment", "support")


class PartyRole(models.TextChoices):
    """The role of a country in a commitment."""

    PARTY = "party", pgettext_lazy("role of a country in a commitment", "party")
    OBLIGATED = "obligated", pgettext_lazy("role of a country in a commitment", "responsible")
    BENEFICIARY = "beneficiary", pgettext_lazy("role of a country in a commitment", "beneficiary")


class AssignmentRole(models.TextChoices):
    """The role in which an agency is assigned to a commitment."""

    LEAD = "lead", pgettext_lazy("role of an agency in a commitment", "lead")
    SUPPORT = "support", pgettext_lazy("role of an agency in a commitment", "support")


class MentionKind(models.TextChoices):
    """What a paragraph does with a commitment."""

    MADE = "made", pgettext_lazy("kind of mention", "made")
    REAFFIRMED = "reaffirmed", pgettext_lazy("kind of mention", "reaffirmed")
    REQUESTED = "requested", pgettext_lazy("kind of mention", "requested")
    PROGRESS = "progress", pgettext_lazy("kind of mention", "progress reported")
    FULFILLED = "fulfilled", pgettext_lazy("kind of mention", "fulfilled")


class Modality(models.TextChoices):
    """How binding a wording is, by the verb that the paragraph uses."""

    COMMITTED = "committed", pgettext_lazy("modality of a wording", "committed")
    AGREED = "agreed", pgettext_lazy("modality of a wording", "agreed")
    VOWED = "vowed", pgettext_lazy("modality of a wording", "vowed")
    AFFIRMED = "affirmed", pgettext_lazy("modality of a wording", "affirmed")
    WILL = "will", pgettext_lazy("modality of a wording", "will")
    STANDS_READY = "stands_ready", pgettext_lazy("modality of a wording", "stands ready")
    EXPECTED = "expected", pgettext_lazy("modality of a wording", "expected")
    WELCOMED = "welcomed", pgettext_lazy("modality of a wording", "welcomed")
    SUGGESTED = "suggested", pgettext_lazy("modality of a wording", "suggested")
    REQUESTED = "requested", pgettext_lazy("modality of a wording", "requested")
    CALLED_ON = "called_on", pgettext_lazy("modality of a wording", "called on")
    HOPED = "hoped", pgettext_lazy("modality of a wording", "hoped")


class PassageClass(models.TextChoices):
    """What the reader of texts takes a passage for."""

    COMMITMENT = "commitment", pgettext_lazy("class of a passage", "commitment")
    REPORT = "report", pgettext_lazy("class of a passage", "report")


class EvidenceKind(models.TextChoices):
    """How a piece of evidence is stored."""

    LINK = "link", pgettext_lazy("kind of evidence", "link")
    FILE = "file", pgettext_lazy("kind of evidence", "file")


class EvidenceType(models.TextChoices):
    """What kind of document a piece of evidence is."""

    INSTRUMENT = "instrument", pgettext_lazy("type of evidence", "signed instrument")
    MINUTES = "minutes", pgettext_lazy("type of evidence", "minutes or statement")
    REPORT = "report", pgettext_lazy("type of evidence", "report")
    STATISTICS = "statistics", pgettext_lazy("type of evidence", "statistics")
    PRESS = "press", pgettext_lazy("type of evidence", "press report")
    PHOTO = "photo", pgettext_lazy("type of evidence", "photograph")
    OTHER = "other", pgettext_lazy("type of evidence", "other")


class ProposalState(models.TextChoices):
    """What became of a proposal on which another person decides."""

    PROPOSED = "proposed", pgettext_lazy("state of a proposal", "proposed")
    ACCEPTED = "accepted", pgettext_lazy("state of a proposal", "accepted")
    REFUSED = "refused", pgettext_lazy("state of a proposal", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a proposal", "withdrawn")
    LAPSED = "lapsed", pgettext_lazy("state of a proposal", "lapsed")


class SharedWith(models.TextChoices):
    """Who can use a saved view besides its owner."""

    PRIVATE = "private", pgettext_lazy("sharing of a saved view", "only me")
    ROLE = "role", pgettext_lazy("sharing of a saved view", "everyone in a role")
    EVERYONE = "everyone", pgettext_lazy("sharing of a saved view", "everyone")


class BulkAct(models.TextChoices):
    """What a bulk job does to many commitments."""

    MOVE = "move", pgettext_lazy("action of a bulk job", "move")
    ASSIGNMENT = "assignment", pgettext_lazy("action of a bulk job", "assignment")
    OFFICER = "officer", pgettext_lazy("action of a bulk job", "officer in charge")
    REMOVAL = "removal", pgettext_lazy("action of a bulk job", "removal of an agency")
    LEAD = "lead", pgettext_lazy("action of a bulk job", "replacement of the lead agency")
    THEME = "theme", pgettext_lazy("action of a bulk job", "theme")
    LEVEL = "level", pgettext_lazy("action of a bulk job", "classification")
    TAKE_BACK = "take_back", pgettext_lazy("action of a bulk job", "take back")


class BulkResult(models.TextChoices):
    """The result of one row of a bulk job."""

    PENDING = "pending", pgettext_lazy("result of a row of a bulk job", "to do")
    DONE = "done", pgettext_lazy("result of a row of a bulk job", "done")
    REFUSED = "refused", pgettext_lazy("result of a row of a bulk job", "refused")


class NameKind(models.TextChoices):
    """What a name belongs to by which a search finds a commitment."""

    THEME = "theme", pgettext_lazy("name found by a search", "Theme")
    COUNTRY = "country", pgettext_lazy("name found by a search", "Country")
    AGENCY = "agency", pgettext_lazy("name found by a search", "Agency")
    MECHANISM = "mechanism", pgettext_lazy("name found by a search", "Mechanism")
    PLACE = "place", pgettext_lazy("name found by a search", "Place")
    PERSON = "person", pgettext_lazy("name found by a search", "Participant")


class BodyKind(models.TextChoices):
    """The records of which two can be merged; the values are the names of their models."""

    COUNTRY = "country", pgettext_lazy("kind of record", "country")
    AGENCY = "agency", pgettext_lazy("kind of record", "agency")
    PERSON = "person", pgettext_lazy("kind of record", "person")
    MECHANISM = "mechanism", pgettext_lazy("kind of record", "mechanism")
