"""What hangs on a commitment, described: the register file's keys and the one that tells it from others."""

from typing import Any

from rest_framework import serializers

from commitments.api.outputs import (
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


def page_of_(entry: type[Output]) -> Any:
    """One page of a list of ``entry``."""
    name = entry.__name__.removeprefix("One").removesuffix("Output")
    return type(
        f"{name}PageOutput", (PageOutput,), {"results": entry(many=True), "__doc__": f"{name}: one page."}
    )
