"""A commitment as JSON: the register file's keys, and what follows from them on a day for a person."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from commitments.choices import STATUSES_OF
from commitments.documents.commitment import commitment_document, with_document_relations
from commitments.models import Commitment
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.rows import deadline_on
from commitments.services.policy import available_transitions

if TYPE_CHECKING:
    from accounts.models import User


EMPTY: dict[str, Any] = {
    "beneficiaries": [],
    "agencies": [],
    "classification": "unclassified",
    "deadline": None,
    "target": None,
    "outcome_meeting": None,
    "successor": None,
    "related": [],
    "remarks": "",
    "progress": [],
    "evidence": [],
    "deadline_changes": [],
}
"""Keys that the register file leaves out where there is nothing to say; in JSON they are always there."""


def fetch(rows: CommitmentQuerySet, when: AsOf, user: "User") -> CommitmentQuerySet:
    """``rows`` with all that their documents need, in a number of queries that does not grow with them."""
    among = Commitment.objects.visible_to(user)
    return with_document_relations(rows.at(when).with_last_activity(when), among=among)  # type: ignore[return-value]


def document(commitment: Commitment, *, user: "User", when: AsOf) -> dict[str, Any]:
    """The commitment as ``user`` sees it on the day; a register of the past offers no moves."""
    shown = {**EMPTY, **commitment_document(commitment, until=when.day if when.is_past else None)}
    deadline = deadline_on(commitment, when.day)
    moves = [] if when.is_past else available_transitions(commitment, user)
    return {
        **shown,
        "state": next(state for state, group in STATUSES_OF.items() if shown["status"] in group),
        "overdue": deadline.overdue_days > 0,
        "overdue_days": deadline.overdue_days,
        "review_due": deadline.review_is_due,
        "last_activity_on": commitment.last_activity_on,  # type: ignore[attr-defined]
        "available_transitions": [str(row.name) for row in moves],
        "url": commitment.get_absolute_url(),
    }


def documents(rows: Iterable[Commitment], *, user: "User", when: AsOf) -> list[dict[str, Any]]:
    """Several commitments, each as ``document`` shows it."""
    return [document(commitment, user=user, when=when) for commitment in rows]
