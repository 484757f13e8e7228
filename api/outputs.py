"""The answers of the API, described for its OpenAPI document.

These serializers only describe; the documents are built in ``commitments.documents``. Tests compare each
answer with the schema.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
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
class FigureField(serializers.Field[Any, Any, Any, Any]):
    """A figure: a number, or a text of digits if a floating-point number would round it."""


class Output(serializers.Serializer[Any]):
    """An object that the API answers. A member that is not required is left out if it has no value."""


class DeadlineOutput(Output):
    """A deadline window: the wording as agreed, and the earliest and latest date that it can mean."""

    wording = _text(required=False)
    earliest = serializers.DateField(required=False)
    latest = serializers.DateField(required=False)
    review_on = serializers.DateField(required=False)


class ReadingOutput(Output):
    """A figure reported for a target, in the target's unit."""

    as_of = serializers.DateField(required=False, help_text="The last day that the figure covers.")
    value = FigureField()
    period = _text(
        required=False, help_text="The period that the figure covers, in ISO 8601: 2025-01/2025-11."
    )
    source = _text(required=False)  # type: ignore[assignment]
    paragraph = serializers.IntegerField(required=False)
    note = _text(required=False)


class TargetOutput(Output):
    """The figure to reach, and the figures reported for it."""

    indicator = _text()
    unit = _text()
    baseline = FigureField(required=False)
    value = FigureField()
    readings = ReadingOutput(many=True, required=False)


class AssignmentOutput(Output):
    """An agency that is assigned, with its focal point."""

    agency = _text()
    role = serializers.ChoiceField(choices=AssignmentRole.choices)
    focal_point = _text(required=False, help_text="The username.")
    focal_point_closed = serializers.BooleanField(
        required=False, help_text="True if the account of the focal point is closed; left out otherwise."
    )


class RecordedChangeOutput(Output):
    """One status change, as the register file writes it."""

    status = serializers.ChoiceField(choices=Status.choices)
    on = serializers.DateField(help_text="The date on which it happened.")
    note = _text(required=False)
    source = _text(required=False)  # type: ignore[assignment]
    paragraph = serializers.IntegerField(required=False)
    transition = serializers.ChoiceField(choices=TRANSITIONS_AND_RECORD, required=False)
    outcome = serializers.ChoiceField(choices=Status.choices, required=False)
    delivered_on = serializers.DateField(required=False)
    successor = _reference(required=False)
    actor = _text(required=False)
    recorded_at = serializers.DateTimeField(help_text="When it was recorded here.")


class MentionOutput(Output):
    """One mention: a paragraph of a source that reports on a meeting."""

    meeting = _text()
    source = _text()  # type: ignore[assignment]
    paragraph = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=MentionKind.choices)
    modality = serializers.ChoiceField(choices=Modality.choices, required=False)
    summary = _text(required=False)


class ProgressOutput(Output):
    """A progress report. It does not change the status."""

    on = serializers.DateField()
    achieved = _text(required=False)
    challenges = _text(required=False)
    recommendations = _text(required=False)
    review_on = serializers.DateField(required=False)
    actor = _text(required=False)
    recorded_at = serializers.DateTimeField()


class WithdrawalOutput(Output):
    """The withdrawal of a piece of evidence."""

    reason = _text()
    actor = _text(required=False)
    recorded_at = serializers.DateTimeField()


class EvidenceOutput(Output):
    """A link or a file that shows what was done."""

    kind = serializers.ChoiceField(choices=EvidenceKind.choices)
    type = serializers.ChoiceField(choices=EvidenceType.choices)
    title = _text()
    url = _text(required=False)
    file = _text(required=False)
    file_name = _text(required=False)
    sha256 = _text(required=False)
    dated_on = serializers.DateField(required=False)
    status_change = serializers.IntegerField(
        required=False, help_text="The number of the status change that it came with."
    )
    actor = _text(required=False)
    recorded_at = serializers.DateTimeField()
    withdrawn = WithdrawalOutput(required=False)


class DeadlineChangeOutput(Output):
    """A renegotiated deadline: the old one, the new one and the reason."""

    on = serializers.DateField()
    old = DeadlineOutput(required=False)
    new = DeadlineOutput(required=False)
    reason = _text()
    actor = _text(required=False)
    recorded_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="CountryTold")
class CountryRef(Output):
    """A country that a commitment names."""

    code = _code()
    name = _text()


@extend_schema_serializer(component_name="AgencyTold")
class AgencyRef(Output):
    """An agency that a commitment names."""

    key = _text()
    name = _text()
    acronym = _text(allow_blank=True)
    country = _code()


@extend_schema_serializer(component_name="MeetingTold")
class MeetingRef(Output):
    """A meeting that a commitment names."""

    key = _text()
    title = _text()
    day = serializers.DateField(allow_null=True)


@extend_schema_serializer(component_name="SourceTold")
class SourceRef(Output):
    """A source that a commitment names."""

    key = _text()
    title = _text()
    url = _text(allow_blank=True)


class ExpandedOutput(Output):
    """The records that the commitment names by key, of the kinds in `expand`."""

    countries = CountryRef(many=True, required=False)
    agencies = AgencyRef(many=True, required=False)
    meetings = MeetingRef(many=True, required=False)
    sources = SourceRef(many=True, required=False)


class CommitmentOutput(Output):
    """A commitment: the register file's keys, and the members that depend on the date and the caller.

    With `fields`, only the members that it names.
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
    readings = ReadingOutput(
        many=True, required=False, help_text="The figures of a commitment without a target."
    )
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
        child=_text(), required=False, help_text="The transitions that the caller can make now."
    )
    url = _text(required=False, help_text="Its page on this site.")
    expanded = ExpandedOutput(required=False)


class PageOutput(Output):
    """One page of a list."""

    count = serializers.IntegerField(help_text="The number on all pages.")
    next = _text(allow_null=True, help_text="The URL of the next page.")
    previous = _text(allow_null=True, help_text="The URL of the previous page.")


class CommitmentPageOutput(PageOutput):
    """One page of commitments. With a cursor, `count` is null."""

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
    """One status change."""

    number = serializers.IntegerField(
        help_text="The position among the status changes of the commitment, from 1."
    )
    transition = serializers.ChoiceField(choices=TRANSITIONS_AND_RECORD)
    to = serializers.ChoiceField(choices=Status.choices)
    occurred_on = serializers.DateField(help_text="The date on which it happened.")
    recorded_at = serializers.DateTimeField(help_text="When it was recorded here.")
    actor = _text(allow_null=True)
    note = _text(allow_blank=True)
    outcome = serializers.ChoiceField(choices=Status.choices, allow_null=True)
    delivered_on = serializers.DateField(allow_null=True)
    successor = _reference(allow_null=True)
    source = _text(allow_null=True)  # type: ignore[assignment]
    paragraph = serializers.IntegerField(allow_null=True)
    evidence = EvidenceOfChangeOutput(many=True)

    def get_fields(self) -> dict[str, Any]:
        """The fields with `from`, which cannot be a name in Python."""
        return {
            **super().get_fields(),
            "from": serializers.ChoiceField(choices=Status.choices, allow_null=True),
        }


class HistoryOutput(PageOutput):
    """The status changes, oldest first, with the status and the transitions that the caller can make now."""

    results = StatusChangeOutput(many=True)
    status = serializers.ChoiceField(choices=Status.choices)
    available_transitions = serializers.ListField(child=_text())


@extend_schema_serializer(component_name="MovedOutput")
class TransitionMadeOutput(StatusChangeOutput):
    """The status change that was made, and the current status of the commitment."""

    reference = _reference()
    status = serializers.ChoiceField(choices=Status.choices)
    available_transitions = serializers.ListField(child=_text())
