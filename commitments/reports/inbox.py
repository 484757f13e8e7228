"""What waits for the reader, the most personal first."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.choices import Role
from commitments.choices import Status
from commitments.models import StatusChange
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.attention import Dated, earliest
from commitments.reports.links import CommitmentLink, Query, commitment_link, list_url
from commitments.status_counts import StatusCounts
from commitments.workflow import TransitionName
from core.pagination import ENOUGH

if TYPE_CHECKING:
    from accounts.models import User

BOXES, FIRST_OF_BOX = 3, 2


@dataclass(frozen=True, slots=True)
class InboxItem:
    """Something that waits for the reader: how many, the first of them, or a sentence where there is none.

    There are ``more`` where the counting was stopped.
    """

    key: str
    label: str
    count: int
    more: bool
    url: str
    first: tuple[CommitmentLink, ...]
    none: str


class _Box(NamedTuple):
    """What a box is filled from.

    ``known`` is how many there are, where somebody counted already; ``dated`` as ``earliest`` takes it.
    """

    key: str
    label: str
    found: CommitmentQuerySet
    query: Query
    none: str
    known: int | None = None
    dated: Dated = "many"


def waiting_for(
    user: "User", at: CommitmentQuerySet, as_of: AsOf, tally: StatusCounts | None
) -> tuple[InboxItem, ...]:
    """The boxes for ``user``: everyone has as many as the page shows.

    ``tally`` is that of ``at``; without one nothing is counted farther than takes a moment.
    """
    boxes = list(islice(_boxes(user, at, as_of, tally), BOXES))
    counts = [_how_many(box, exactly=tally is not None) for box in boxes]
    firsts = [
        earliest(box.found, FIRST_OF_BOX, of=count + more, dated=box.dated)
        for box, (count, more) in zip(boxes, counts, strict=True)
    ]
    keys = [key for first in firsts for key in first]
    lines = {
        each.pk: commitment_link(each, as_of) for each in at.only("reference", "title").in_order_of(keys)
    }
    return tuple(
        InboxItem(
            box.key,
            box.label,
            count,
            more,
            list_url(as_of, box.query),
            tuple(lines[key] for key in first if key in lines),
            box.none,
        )
        for box, (count, more), first in zip(boxes, counts, firsts, strict=True)
    )


def _how_many(box: _Box, *, exactly: bool) -> tuple[int, bool]:
    """How many there are in the box, and whether there are more."""
    if box.known is not None:
        return box.known, False
    if exactly:
        return box.found.count(), False
    found = box.found.count_up_to(ENOUGH + 1)
    return min(found, ENOUGH), found > ENOUGH


def _boxes(user: "User", at: CommitmentQuerySet, as_of: AsOf, tally: StatusCounts | None) -> Iterable[_Box]:
    """By role and agency, the most personal first."""
    if Role.REVIEWER in user.roles:
        yield _Box(
            "awaiting",
            _("Awaiting your decision"),
            at.awaiting(user, as_of),
            {"awaiting": "me"},
            _("Nothing that you may decide has been submitted for review."),
        )
    if user.roles & {Role.OFFICER, Role.FOCAL_POINT}:
        yield _Box(
            "returned",
            _("Returned to you"),
            _returned_to(user, at, as_of),
            {"submitted_by": "me", "state": "open"},
            _("No submission of yours has come back."),
        )
    if user.agency is not None:
        yield _Box(
            "led",
            _("Led by %(agency)s") % {"agency": user.agency.short},
            at.open().assigned_to([user.agency.slug], none=False, lead_only=True),
            {"state": "open", "lead_agency": user.agency.slug},
            _("Your agency leads nothing that is open."),
        )
    yield _Box(
        "review",
        _("Due for review"),
        at.review_due(as_of.day),
        {"review_due": "true"},
        _("No review day has come."),
        known=tally.review_due(as_of.day) if tally else None,
        dated="none",  # a review is only where there is no latest day
    )
    yield _Box(
        "requested",
        _("Asked, unanswered"),
        at.in_status(Status.REQUESTED),
        {"status": "requested"},
        _("No request waits for an answer."),
        known=tally.by("status_then")[Status.REQUESTED] if tally else None,
        dated="few",
    )
    yield _Box(
        "no_agency",
        _("No agency named"),
        at.open().assigned_to([], none=True, lead_only=False),
        {"state": "open", "agency": "none"},
        _("Every open commitment has an agency."),
    )


def _returned_to(user: "User", at: CommitmentQuerySet, as_of: AsOf) -> CommitmentQuerySet:
    """Submitted by ``user`` since it was last opened, and the last thing that happened is its return."""
    moves = StatusChange.objects.filter(as_of.happened("occurred_on"), commitment=OuterRef("pk"))
    last = Subquery(moves.order_by("-number").values("transition")[:1])
    return at.submitted_by(user, as_of).annotate(last_move=last).filter(last_move=TransitionName.RETURN)
