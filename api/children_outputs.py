"""What hangs on a commitment, described: the register file's keys and the one that tells it from others."""

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


class Keyed(Output):
    """With the id that stands in its address."""

    id = serializers.IntegerField()


class OneProgressOutput(ProgressOutput, Keyed):
    """A report on how it fares, with its id."""


class OneMentionOutput(MentionOutput, Keyed):
    """A mention, with its id."""


class OneEvidenceOutput(EvidenceOutput, Keyed):
    """A piece of evidence, with its id."""


class OneReadingOutput(ReadingOutput, Keyed):
    """A reading, with its id."""


class OneAssignmentOutput(AssignmentOutput, Keyed):
    """An assignment, with its id."""


class OneDeadlineChangeOutput(DeadlineChangeOutput):
    """A change of deadline, with its number."""

    number = serializers.IntegerField(help_text="Counts the changes of the commitment from 1.")


class ProgressPageOutput(PageOutput):
    """One page of the reports."""

    results = OneProgressOutput(many=True)


class MentionPageOutput(PageOutput):
    """One page of the mentions."""

    results = OneMentionOutput(many=True)


class EvidencePageOutput(PageOutput):
    """One page of the evidence."""

    results = OneEvidenceOutput(many=True)


class ReadingPageOutput(PageOutput):
    """One page of the readings."""

    results = OneReadingOutput(many=True)


class AssignmentPageOutput(PageOutput):
    """One page of the agencies that are charged."""

    results = OneAssignmentOutput(many=True)


class DeadlineChangePageOutput(PageOutput):
    """One page of the changes of the deadline."""

    results = OneDeadlineChangeOutput(many=True)
