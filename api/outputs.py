"""What the API answers, described: the documents themselves are built in ``commitments.reports``.

These serializers only describe. That answers keep to them is held by the tests that compare each answer with
the schema.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.choices import Clearance
from commitments.choices import (
    AssignmentRole,
    EvidenceKind,
    EvidenceType,
    MentionKind,
    Modality,
    Nature,
    State,
    Status,
)
from commitments.workflow import TransitionName

CLASSIFICATIONS = [(level.name.lower(), level.label) for level in Clearance]
TRANSITIONS_AND_RECORD = [(each.value, each.value) for each in TransitionName]


def _text(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(**kwargs)


def _code(**kwargs: Any) -> serializers.RegexField:
    return serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2.", **kwargs)


def _reference(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(help_text="For example KHVN-2025-014.", **kwargs)


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]})
class Figure(serializers.Field[Any, Any, Any, Any]):
    """A figure: a number, or a text of digits where a floating-point number would round it."""


class Output(serializers.Serializer[Any]):
    """An object that the API answers; what is not required is left out where there is nothing to say."""


class DeadlineOutput(Output):
    """A deadline window: the wording as agreed, and the earliest and latest day that it can mean."""

    wording = _text(required=False)
    earliest = serializers.DateField(required=False)
    latest = serializers.DateField(required=False)
    review_on = serializers.DateField(required=False)


class ReadingOutput(Output):
    """A figure reported for a target, in the target's unit."""

    as_of = serializers.DateField(required=False, help_text="The last day that the figure covers.")
    value = Figure()
    period = _text(required=False, help_text="What the figure covers, in ISO 8601: 2025-01/2025-11.")
    source = _text(required=False)  # type: ignore[assignment]
    paragraph = serializers.IntegerField(required=False)
    note = _text(required=False)


class TargetOutput(Output):
    """The figure to be reached, and the figures reported for it."""

    indicator = _text()
    unit = _text()
    baseline = Figure(required=False)
    value = Figure()
    readings = ReadingOutput(many=True, required=False)


class AssignmentOutput(Output):
    """An agency that is charged, with the person in it who reports."""

    agency = _text()
    role = serializers.ChoiceField(choices=AssignmentRole.choices)
    focal_point = _text(required=False, help_text="The user name.")


class RecordedChangeOutput(Output):
    """One status change, as the register file writes it."""

    status = serializers.ChoiceField(choices=Status.choices)
    on = serializers.DateField(help_text="When it happened in the world.")
    note = _text(required=False)
    source = _text(required=False)  # type: ignore[assignment]
    paragraph = serializers.IntegerField(required=False)
    transition = serializers.ChoiceField(choices=TRANSITIONS_AND_RECORD, required=False)
    outcome = serializers.ChoiceField(choices=Status.choices, required=False)
    delivered_on = serializers.DateField(required=False)
    successor = _reference(required=False)
    actor = _text(required=False)
    recorded_at = serializers.DateTimeField(help_text="When we were told.")


class MentionOutput(Output):
    """One place where it was spoken of: a paragraph of a source, said at a meeting."""

    meeting = _text()
    source = _text()  # type: ignore[assignment]
    paragraph = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=MentionKind.choices)
    modality = serializers.ChoiceField(choices=Modality.choices, required=False)
    summary = _text(required=False)


class ProgressOutput(Output):
    """A report on how it fares; it changes no status."""

    on = serializers.DateField()
    achieved = _text(required=False)
    challenges = _text(required=False)
    recommendations = _text(required=False)
    review_on = serializers.DateField(required=False)
    actor = _text(required=False)
    recorded_at = serializers.DateTimeField()


class WithdrawalOutput(Output):
    """Why a piece of evidence no longer counts."""

    reason = _text()
    actor = _text(required=False)
    recorded_at = serializers.DateTimeField()


class EvidenceOutput(Output):
    """A link or a file that shows something was done."""

    kind = serializers.ChoiceField(choices=EvidenceKind.choices)
    type = serializers.ChoiceField(choices=EvidenceType.choices)
    title = _text()
    url = _text(required=False)
    file = _text(required=False)
    file_name = _text(required=False)
    sha256 = _text(required=False)
    dated_on = serializers.DateField(required=False)
    status_change = serializers.IntegerField(
        required=False, help_text="The number of the change it came with."
    )
    actor = _text(required=False)
    recorded_at = serializers.DateTimeField()
    withdrawn = WithdrawalOutput(required=False)


class DeadlineChangeOutput(Output):
    """The deadline was agreed anew: what it was, what it is, and why."""

    on = serializers.DateField()
    old = DeadlineOutput(required=False)
    new = DeadlineOutput(required=False)
    reason = _text()
    actor = _text(required=False)
    recorded_at = serializers.DateTimeField()


class CountryTold(Output):
    """A country that is named, told."""

    code = _code()
    name = _text()


class AgencyTold(Output):
    """An agency that is named, told."""

    key = _text()
    name = _text()
    acronym = _text(allow_blank=True)
    country = _code()


class MeetingTold(Output):
    """A meeting that is named, told."""

    key = _text()
    title = _text()
    day = serializers.DateField(allow_null=True)


class SourceTold(Output):
    """A source that is named, told."""

    key = _text()
    title = _text()
    url = _text(allow_blank=True)


class ExpandedOutput(Output):
    """The records that the commitment names by key, told: those that `expand` asks for."""

    countries = CountryTold(many=True, required=False)
    agencies = AgencyTold(many=True, required=False)
    meetings = MeetingTold(many=True, required=False)
    sources = SourceTold(many=True, required=False)


class CommitmentOutput(Output):
    """A commitment with the register file's keys, and what follows from them on the day for the caller.

    With `fields`, only the members named there.
    """

    reference = _reference(required=False)
    title = _text(required=False)
    text = _text(required=False)
    nature = serializers.ChoiceField(choices=Nature.choices, required=False)
    theme = _text(required=False)
    parties = serializers.ListField(child=_code(), required=False)
    obligated = serializers.ListField(child=_code(), required=False)
    beneficiaries = serializers.ListField(child=_code(), required=False)
    agencies = AssignmentOutput(many=True, required=False)
    classification = serializers.ChoiceField(choices=CLASSIFICATIONS, required=False)
    deadline = DeadlineOutput(required=False, allow_null=True)
    target = TargetOutput(required=False, allow_null=True)
    readings = ReadingOutput(many=True, required=False, help_text="Figures reported without a target.")
    outcome_meeting = _text(required=False, allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    successor = _reference(required=False, allow_null=True)
    status_history = RecordedChangeOutput(many=True, required=False)
    mentions = MentionOutput(many=True, required=False)
    related = serializers.ListField(child=_reference(), required=False)
    remarks = _text(required=False, allow_blank=True)
    progress = ProgressOutput(many=True, required=False)
    evidence = EvidenceOutput(many=True, required=False)
    deadline_changes = DeadlineChangeOutput(many=True, required=False)
    state = serializers.ChoiceField(choices=State.choices, required=False)
    overdue = serializers.BooleanField(required=False)
    overdue_days = serializers.IntegerField(required=False)
    review_due = serializers.BooleanField(required=False)
    last_activity_on = serializers.DateField(required=False)
    available_transitions = serializers.ListField(
        child=_text(), required=False, help_text="The moves that the caller may make now."
    )
    url = _text(required=False, help_text="The page of it on this site.")
    expanded = ExpandedOutput(required=False)


class PageOutput(Output):
    """One page of a list."""

    count = serializers.IntegerField(help_text="How many there are on all pages.")
    next = _text(allow_null=True, help_text="The address of the next page.")
    previous = _text(allow_null=True, help_text="The address of the page before.")


class CommitmentPageOutput(PageOutput):
    """One page of commitments; `count` is null while walking with a cursor."""

    count = serializers.IntegerField(allow_null=True)
    results = CommitmentOutput(many=True)


class EvidenceOfChangeOutput(Output):
    """Evidence that came with a status change."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EvidenceKind.choices)
    type = serializers.ChoiceField(choices=EvidenceType.choices)
    title = _text()
    url = _text(allow_null=True)


class StatusChangeOutput(Output):
    """One row of the history."""

    number = serializers.IntegerField(help_text="Counts the changes of the commitment from 1.")
    transition = serializers.ChoiceField(choices=TRANSITIONS_AND_RECORD)
    to = serializers.ChoiceField(choices=Status.choices)
    occurred_on = serializers.DateField(help_text="When it happened in the world.")
    recorded_at = serializers.DateTimeField(help_text="When we were told.")
    actor = _text(allow_null=True)
    note = _text(allow_blank=True)
    outcome = serializers.ChoiceField(choices=Status.choices, allow_null=True)
    delivered_on = serializers.DateField(allow_null=True)
    successor = _reference(allow_null=True)
    source = _text(allow_null=True)  # type: ignore[assignment]
    paragraph = serializers.IntegerField(allow_null=True)
    evidence = EvidenceOfChangeOutput(many=True)

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which is no name in Python."""
        return {
            **super().get_fields(),
            "from": serializers.ChoiceField(choices=Status.choices, allow_null=True),
        }


class HistoryOutput(PageOutput):
    """The history, first to last, with the status and what the caller may do next."""

    results = StatusChangeOutput(many=True)
    status = serializers.ChoiceField(choices=Status.choices)
    available_transitions = serializers.ListField(child=_text())


class MovedOutput(StatusChangeOutput):
    """The change that was made, and where the commitment stands now."""

    reference = _reference()
    status = serializers.ChoiceField(choices=Status.choices)
    available_transitions = serializers.ListField(child=_text())
