"""The inbox: commitments that await the user, the most personal first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from accounts.choices import Role
from commitments.choices import Status
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.attention import earliest, earliest_of_few, first_by_reference
from commitments.reports.links import CommitmentLink, Query, commitment_link, list_url
from commitments.reports.returned import return_notes
from commitments.reports.search_snippets import Finding
from commitments.status_counts import StatusCounts
from core.large_tables import Counted

if TYPE_CHECKING:
    from accounts.models import User

BOXES, FIRST_OF_BOX = 3, 2
RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A box of the inbox: its count, its first commitments, and the sentence ``none`` for an empty box.

    ``more`` says that counting stopped early, so that there are more than ``count``.
    """

    key: str
    label: str
    count: int
    more: bool
    url: str
    first: tuple[CommitmentLink, ...]
    none: str
    notes: Mapping[str, Finding] = field(default_factory=dict)
    """For what was returned: the note of the reviewer, by reference."""


class _Box(NamedTuple):
    """The source of an ``InboxItem``.

    ``known`` is the count, if it is already known. ``first_of`` finds the first commitments.
    """

    key: str
    label: str
    found: CommitmentQuerySet
    query: Query
    none: str
    known: int | None = None
    first_of: Callable[[CommitmentQuerySet, int, Counted], Sequence[int]] = earliest


def inbox_for(
    user: "User", at: CommitmentQuerySet, as_of: AsOf, status_counts: StatusCounts | None
) -> tuple[InboxItem, ...]:
    """The first ``BOXES`` boxes for ``user``.

    ``status_counts`` are the counts of ``at``. Without them each box is counted as far as a page needs it.
    """
    boxes = list(islice(_boxes(user, at, as_of, status_counts), BOXES))
    counts = [_count(box, exactly=status_counts is not None) for box in boxes]
    firsts = [box.first_of(box.found, FIRST_OF_BOX, count) for box, count in zip(boxes, counts, strict=True)]
    keys = [key for first in firsts for key in first]
    links = {
        each.pk: commitment_link(each, as_of) for each in at.only("reference", "title").in_order_of(keys)
    }
    return tuple(
        InboxItem(
            box.key,
            box.label,
            count,
            more,
            list_url(as_of, box.query),
            tuple(links[key] for key in first if key in links),
            box.none,
            _notes(first, links, as_of) if box.key == RETURNED else {},
        )
        for box, (count, more), first in zip(boxes, counts, firsts, strict=True)
    )


def _notes(keys: Sequence[int], links: Mapping[int, CommitmentLink], as_of: AsOf) -> dict[str, Finding]:
    found = return_notes(keys, as_of)
    return {links[key].reference: note for key, note in found.items() if key in links}


def _count(box: _Box, *, exactly: bool) -> Counted:
    """The count of the box."""
    if box.known is not None:
        return Counted(box.known)
    return Counted(box.found.count()) if exactly else box.found.counted()


def _longest_waiting(rows: CommitmentQuerySet, n: int, _count: Counted) -> list[int]:
    """In the order of the queue."""
    return list(rows.longest_waiting_first().values_list("pk", flat=True)[:n])


def _boxes(
    user: "User", at: CommitmentQuerySet, as_of: AsOf, status_counts: StatusCounts | None
) -> Iterable[_Box]:
    """The boxes by role and agency, the most personal first."""
    if Role.REVIEWER in user.roles:
        yield _Box(
            "awaiting",
            _("Awaiting your decision"),
            at.awaiting(user, as_of),
            {"awaiting": "me"},
            _("No submission or proposed deadline that you can see awaits your decision."),
            first_of=_longest_waiting,
        )
    if Role.OFFICER in user.roles and at.filter(officer=user.pk).exists():
        # A desk that puts nobody in charge needs no box that is always empty.
        yield _Box(
            "in_charge",
            _("In your charge"),
            at.open().filter(officer=user.pk),
            {"state": "open", "officer": "me"},
            _("You are in charge of no open commitment that you can see."),
        )
    if Role.FOCAL_POINT in user.roles and at.report_awaited(as_of, user).exists():
        # Whoever is never asked needs no box that is always empty.
        yield _Box(
            "report_awaited",
            _("Reports asked of you"),
            at.report_awaited(as_of, user),
            {"report_awaited": "me"},
            _("No report is asked of you."),
        )
    if user.roles & {Role.OFFICER, Role.FOCAL_POINT}:
        yield _Box(
            RETURNED,
            _("Returned to you"),
            at.returned_to(user, as_of),
            {"returned": "me"},
            _("No submission of yours that you can see has been returned."),
        )
    if user.agency is not None:
        yield _Box(
            "led",
            _("Led by %(agency)s") % {"agency": user.agency.short},
            at.open().assigned_to([user.agency.slug], none=False, lead_only=True),
            {"state": "open", "lead_agency": user.agency.slug},
            _("Your agency leads no open commitment that you can see."),
        )
    yield _Box(
        "review",
        _("Due for review"),
        at.review_due(as_of.day),
        {"review_due": "true"},
        _("No commitment that you can see is due for review."),
        known=status_counts.review_due(as_of.day) if status_counts else None,
        first_of=first_by_reference,  # A commitment with a review date has no latest date.
    )
    yield _Box(
        "requested",
        _("Requests awaiting an answer"),
        at.in_status(Status.REQUESTED),
        {"status": "requested"},
        _("No request that you can see awaits an answer."),
        known=status_counts.by("status_then")[Status.REQUESTED] if status_counts else None,
        first_of=earliest_of_few,
    )
    yield _Box(
        "no_agency",
        _("No agency assigned"),
        at.open().assigned_to([], none=True, lead_only=False),
        {"state": "open", "agency": "none"},
        _("Every open commitment that you can see has an agency."),
    )
