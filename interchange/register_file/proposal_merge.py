"""Adds the proposed deadlines of a file to a commitment that is in the register already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from commitments.choices import ProposalState
from commitments.documents.building import Document
from commitments.models import Commitment, DeadlineChange, DeadlineDecision
from commitments.services.deadline_proposals import window_before
from commitments.services.deadlines import FIXED, MOVED, lapse, lapse_one, window_of, write_decision
from commitments.services.policy import fixed_parts
from interchange.register_file.commitment_rows import deadline_decision, deadline_proposals, write
from interchange.register_file.lookups import Lookups
from interchange.register_file.merge import conflict, continues, is_same
from interchange.register_file.result import LoadConflict
from interchange.register_file.structure import FileEntry

KEY = "deadline_proposals"


@dataclass(slots=True)
class ProposalMerge:
    """What was added, and what differs from the register."""

    has_changed: bool = False
    conflicts: list[LoadConflict] = field(default_factory=list)


def merge_proposals(
    commitment: Commitment, entry: FileEntry, stored: list[Document], lookups: Lookups
) -> ProposalMerge:
    """Add proposals by which the file is longer, and decisions that the register lacks.

    ``stored`` are the proposals of the register. What differs from it is a conflict.
    """
    found, in_file = ProposalMerge(), entry.get(KEY, [])
    is_longer = continues(in_file, stored, file_is_longer=True)
    if not is_longer and not continues(stored, in_file, file_is_longer=False):
        found.conflicts.append(conflict(entry, KEY, in_file, stored))
        return found
    changes = {each.number: each for each in commitment.deadline_changes.order_by("number")}
    _decide(commitment, entry, stored, changes, lookups, found)
    more = in_file[len(stored) :]
    decided = [each["decision"] for each in more if "decision" in each]
    if any(_needs_another_change(each, changes) for each in decided):
        reason = _("its deadline change is a different one in the register")
        found.conflicts.append(conflict(entry, KEY, in_file, stored, reason))
    elif more:
        write(deadline_proposals(commitment, more, changes, lookups, len(stored)))
        found.has_changed = True
    if in_file or stored:
        _let_lapse(commitment)
    return found


def _let_lapse(commitment: Commitment) -> None:
    """Let the open proposals lapse that nobody can accept, as the file leaves the commitment."""
    if fixed_parts(commitment.status):
        lapse(commitment, FIXED)
        return
    for proposal in commitment.deadline_proposals.filter(state=ProposalState.PROPOSED).order_by("number"):
        if window_before(proposal) != window_of(commitment):
            lapse_one(proposal, MOVED)


def _decide(
    commitment: Commitment,
    entry: FileEntry,
    stored: Iterable[Document],
    changes: Mapping[int, DeadlineChange],
    lookups: Lookups,
    found: ProposalMerge,
) -> None:
    """Write the decisions of the file on proposals that await one in the register."""
    for row, known, proposal in zip(
        entry.get(KEY, []), stored, commitment.deadline_proposals.order_by("number"), strict=False
    ):
        theirs, ours = row.get("decision"), known.get("decision")
        if theirs is None or (ours is not None and is_same(theirs, ours)):
            continue
        if ours is None and not _needs_another_change(theirs, changes):
            write_decision(deadline_decision(proposal, theirs, changes, lookups))
            found.has_changed = True
        else:
            line, location = row.line_of("decision"), row.at("decision")
            found.conflicts.append(LoadConflict(line, location, theirs, ours))


def _needs_another_change(decision: Mapping[str, Any], changes: Mapping[int, DeadlineChange]) -> bool:
    """Whether the register lacks the change of the deadline that the decision made, or made it otherwise."""
    if "change" not in decision:
        return False
    change = changes.get(decision["change"])
    return change is None or DeadlineDecision.objects.filter(change=change).exists()
