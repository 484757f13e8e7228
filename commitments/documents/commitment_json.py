"""A commitment as JSON: the register file's keys, and the members that depend on the date and the user."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from commitments.choices import STATUSES_OF
from commitments.documents.building import Document, build, empty_values
from commitments.documents.commitment import commitment_document, with_document_relations
from commitments.documents.commitment_schema import ASSIGNMENT, COMMITMENT
from commitments.models import Assignment, Commitment
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.rows import deadline_on
from commitments.services.policy import available_transitions

if TYPE_CHECKING:
    from accounts.models import User


_FIGURES_OF_A_TARGET = "readings"
"""A commitment with a target has them in the target."""

_ALWAYS = {key.name for key in COMMITMENT if key.required or key.always} | {_FIGURES_OF_A_TARGET}
EMPTY = {name: value for name, value in empty_values(COMMITMENT).items() if name not in _ALWAYS}
"""The empty value of each key that the register file leaves out if it is empty. JSON has all keys."""


def fetch(rows: CommitmentQuerySet, when: AsOf, user: "User") -> CommitmentQuerySet:
    """``rows`` with the relations that ``document`` reads, in a fixed number of queries."""
    among = Commitment.objects.visible_to(user)
    return with_document_relations(rows.at(when).with_last_activity(when), among=among)  # type: ignore[return-value]


def document(commitment: Commitment, *, user: "User", when: AsOf) -> dict[str, Any]:
    """The commitment for ``user`` as of a date. In the past no transition is available."""
    whole = {**EMPTY, **commitment_document(commitment, until=when.day if when.is_past else None)}
    deadline = deadline_on(commitment, when.day)
    transitions = [] if when.is_past else available_transitions(commitment, user)
    return {
        **whole,
        "agencies": [
            build(each, ASSIGNMENT) | closed_focal_point(each) for each in commitment.assignments.all()
        ],
        "state": next(state for state, group in STATUSES_OF.items() if whole["status"] in group),
        "overdue": deadline.overdue_days > 0,
        "overdue_days": deadline.overdue_days,
        "review_due": deadline.review_is_due,
        "last_activity_on": commitment.last_activity_on,  # type: ignore[attr-defined]
        "available_transitions": [str(row.name) for row in transitions],
        "url": commitment.get_absolute_url(),
    }


def closed_focal_point(assignment: Assignment) -> Document:
    """The member of an assignment that says that the account of its focal point is closed."""
    is_closed = assignment.focal_point is not None and not assignment.focal_point.is_active
    return {"focal_point_closed": True} if is_closed else {}


def documents(rows: Iterable[Commitment], *, user: "User", when: AsOf) -> list[dict[str, Any]]:
    """The document of each commitment in ``rows``."""
    return [document(commitment, user=user, when=when) for commitment in rows]
