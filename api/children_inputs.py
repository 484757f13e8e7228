"""What is reported, recorded or decided of a commitment, as programs write it."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import User
from api.inputs import DeadlineInput, paragraph_of
from commitments.choices import AssignmentRole, EvidenceType
from core.api.serializers import ByKey, StrictSerializer
from relations.models import Source

LONGEST_TEXT = 20_000


def _long_text(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_TEXT, **kwargs)


class ProgressInput(StrictSerializer):
    """A report on how it fares, as of a day; it changes no status. One of the three texts is needed."""

    achieved = _long_text(allow_blank=True, default="")
    challenges = _long_text(allow_blank=True, default="")
    recommendations = _long_text(allow_blank=True, default="")
    occurred_on = serializers.DateField(
        allow_null=True, default=None, help_text="The day that the report speaks of; today unless given."
    )
    review_on = serializers.DateField(
        allow_null=True,
        default=None,
        help_text="When to look again; only for a deadline without a latest day.",
    )


class EvidenceLinkInput(StrictSerializer):
    """A link that shows something was done."""

    title = serializers.CharField(max_length=300)
    url = serializers.URLField(max_length=1000)
    type = serializers.ChoiceField(choices=EvidenceType.choices, default=EvidenceType.OTHER)
    dated_on = serializers.DateField(allow_null=True, default=None, help_text="The date of the document.")


class EvidenceFileInput(EvidenceLinkInput):
    """A file that shows something was done, of at most 20 MB; or a link."""

    url = serializers.URLField(max_length=1000, required=False, allow_blank=True, default="")
    file = serializers.FileField(required=False, allow_empty_file=True)


class ReasonInput(StrictSerializer):
    """Why."""

    reason = _long_text()


class ReadingInput(StrictSerializer):
    """A figure reported for the target, in the target's unit."""

    value = serializers.DecimalField(max_digits=24, decimal_places=6)
    as_of = serializers.DateField(
        allow_null=True, default=None, help_text="The last day that the figure covers; today unless given."
    )
    period = serializers.CharField(
        max_length=60,
        allow_blank=True,
        default="",
        help_text="What the figure covers, for example 2025-01/2025-11; empty: the state on that day.",
    )
    source = ByKey("slug", queryset=Source.objects.all(), required=False)  # type: ignore[assignment]
    paragraph = serializers.IntegerField(
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text="On which paragraph of the source it rests.",
    )
    note = _long_text(allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The source and the number as the paragraph; neither without the other."""
        given = {name for name in ("source", "paragraph") if name in attrs}
        if len(given) == 1:
            missing = ({"source", "paragraph"} - given).pop()
            raise serializers.ValidationError({missing: [_("Give source and paragraph, or neither.")]})
        if given:
            attrs["paragraph"] = paragraph_of(attrs.pop("source"), attrs["paragraph"])
        return attrs


class DeadlineChangeInput(StrictSerializer):
    """Another deadline window, and why; the old one stays on record."""

    deadline = DeadlineInput()
    reason = _long_text()
    occurred_on = serializers.DateField(
        allow_null=True, default=None, help_text="The day on which it was agreed anew; today unless given."
    )


class AssignmentChangeInput(StrictSerializer):
    """Another role, or another person who reports; what is not given stays."""

    role = serializers.ChoiceField(choices=AssignmentRole.choices, required=False)
    focal_point = ByKey(
        "username", queryset=User.objects.filter(is_active=True), allow_null=True, required=False
    )
