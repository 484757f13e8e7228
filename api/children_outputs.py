"""The records that belong to a commitment, described: the register file's keys and the record's own key."""

from rest_framework import serializers

from api.outputs import (
    AssignmentOutput,
    DeadlineChangeOutput,
    EvidenceOutput,
    MentionOutput,
    Output,
    PageOutput,
    ProgressOutput,
    ReadingOutput,
)


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


class OneDeadlineChangeOutput(DeadlineChangeOutput):
    """A deadline change, with its number."""

    number = serializers.IntegerField(
        help_text="The position among the deadline changes of the commitment, from 1."
    )


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
    """One page of deadline changes."""

    results = OneDeadlineChangeOutput(many=True)
