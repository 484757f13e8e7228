"""The records that belong to a commitment, described: the register file's keys and the record's own key."""

from rest_framework import serializers

from api.outputs import (
    AssignmentOutput,
    DeadlineProposalOutput,
    EvidenceOutput,
    MentionOutput,
    Output,
    PageOutput,
    ProgressOutput,
    ReadingOutput,
)
from commitments.choices import ProposalState


class WithId(Output):
    """An object with the id that is part of its URL."""

    id = serializers.IntegerField()


class OneProgressOutput(ProgressOutput, WithId):
    """A progress report, with its id."""


class OneMentionOutput(MentionOutput, WithId):
    """A mention, with its id."""


class OneEvidenceOutput(EvidenceOutput, WithId):
    """A piece of evidence, with its id."""


class OneReadingOutput(ReadingOutput, WithId):
    """A reading, with its id."""


class OneAssignmentOutput(AssignmentOutput, WithId):
    """An assignment, with its id."""


class OneDeadlineChangeOutput(DeadlineProposalOutput):
    """A change of the deadline, or one that is proposed."""

    number = serializers.IntegerField(
        allow_null=True,
        help_text="The position among the deadline changes of the commitment, from 1; null unless accepted.",
    )
    proposal = serializers.IntegerField(
        allow_null=True,
        help_text="The position among the proposed deadlines of the commitment, from 1; null if there was "
        "no proposal, as for changes from a register file.",
    )
    state = serializers.ChoiceField(choices=ProposalState.choices)


class ProgressPageOutput(PageOutput):
    """One page of progress reports."""

    results = OneProgressOutput(many=True)


class MentionPageOutput(PageOutput):
    """One page of mentions."""

    results = OneMentionOutput(many=True)


class EvidencePageOutput(PageOutput):
    """One page of evidence."""

    results = OneEvidenceOutput(many=True)


class ReadingPageOutput(PageOutput):
    """One page of readings."""

    results = OneReadingOutput(many=True)


class AssignmentPageOutput(PageOutput):
    """One page of assignments."""

    results = OneAssignmentOutput(many=True)


class DeadlineChangePageOutput(PageOutput):
    """One page of deadline changes, made and proposed."""

    results = OneDeadlineChangeOutput(many=True)
