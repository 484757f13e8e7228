"""Input for the records that belong to a commitment: reports, evidence, readings, deadlines, assignments."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import User
from api.inputs import LONGEST_NOTE, DeadlineInput, figure_of, paragraph_of, text_of
from commitments.choices import AssignmentRole, EvidenceType
from commitments.documents.schema import field_of
from commitments.services.deadline_proposals import DECISIONS
from core.api.serializers import ByKeyField, StrictSerializer, WebAddressField
from relations.models import Source

LONGEST_URL = field_of("Evidence.url").max_length


def _long_text(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_NOTE, **kwargs)


class ProgressInput(StrictSerializer):
    """A progress report as of a date. It does not change the status. One of the three texts is required."""

    achieved = _long_text(allow_blank=True, default="")
    challenges = _long_text(allow_blank=True, default="")
    recommendations = _long_text(allow_blank=True, default="")
    occurred_on = serializers.DateField(
        allow_null=True, default=None, help_text="The date that the report is about. Default: today."
    )
    review_on = serializers.DateField(
        allow_null=True,
        default=None,
        help_text="When to review the commitment again. Only for a deadline without a latest date.",
    )


class EvidenceLinkInput(StrictSerializer):
    """A link to a document that shows what was done."""

    title = text_of("Evidence.title")
    url = WebAddressField(max_length=LONGEST_URL)
    type = serializers.ChoiceField(choices=EvidenceType.choices, default=EvidenceType.OTHER)
    dated_on = serializers.DateField(allow_null=True, default=None, help_text="The date of the document.")


class EvidenceFileInput(EvidenceLinkInput):
    """A file of at most 20 MB that shows what was done, or a link."""

    url = WebAddressField(max_length=LONGEST_URL, required=False, allow_blank=True, default="")
    file = serializers.FileField(required=False, allow_empty_file=True)


class ReasonInput(StrictSerializer):
    """A reason."""

    reason = _long_text()


class ErrorInput(StrictSerializer):
    """Why it should not have been entered; or, with `lift`, why it was no error."""

    reason = _long_text()
    lift = serializers.BooleanField(default=False, help_text="Say that it was no error after all.")


class DayCorrectionInput(StrictSerializer):
    """The right day of a status change, and how it is known."""

    on = serializers.DateField()
    reason = _long_text()


class ReadingInput(StrictSerializer):
    """A figure reported for the target, in the target's unit."""

    value = figure_of("Reading.value")
    as_of = serializers.DateField(
        allow_null=True, default=None, help_text="The last day that the figure covers. Default: today."
    )
    period = text_of(
        "Reading.period",
        allow_blank=True,
        default="",
        help_text="The period that it covers, for example 2025-01/2025-11. Empty: the value on that date.",
    )
    source = ByKeyField("slug", queryset=Source.objects.all(), required=False)  # type: ignore[assignment]
    paragraph = serializers.IntegerField(
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text="The number of the paragraph of the source that the figure is based on.",
    )
    note = _long_text(allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Replace source and number by the paragraph. Both are given, or neither."""
        present = {name for name in ("source", "paragraph") if name in attrs}
        if len(present) == 1:
            missing = ({"source", "paragraph"} - present).pop()
            raise serializers.ValidationError(
                {missing: [_("Enter both the source and the paragraph, or neither.")]}
            )
        if present:
            attrs["paragraph"] = paragraph_of(attrs.pop("source"), attrs["paragraph"])
        return attrs


class DeadlineChangeInput(StrictSerializer):
    """A new deadline window and the reason, on which a reviewer decides."""

    deadline = DeadlineInput()
    reason = _long_text()
    occurred_on = serializers.DateField(
        allow_null=True, default=None, help_text="The date on which it was renegotiated. Default: today."
    )


class DeadlineDecisionInput(StrictSerializer):
    """A decision on a proposed deadline."""

    decision = serializers.ChoiceField(
        choices=[(str(each), each.label) for each in DECISIONS],
        help_text="`accepted` and `refused` are for a reviewer who did not propose it, `withdrawn` is for "
        "whoever proposed it.",
    )
    note = _long_text(allow_blank=True, default="", help_text="Required to refuse it.")


class AssignmentChangeInput(StrictSerializer):
    """A new role or focal point. Members that are left out stay unchanged."""

    role = serializers.ChoiceField(choices=AssignmentRole.choices, required=False)
    focal_point = ByKeyField(
        "username", queryset=User.objects.filter(is_active=True), allow_null=True, required=False
    )
