"""A commitment as programs write it: the register file's keys, as arguments of the writers."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.choices import Clearance
from accounts.models import User
from api.outputs import CLASSIFICATIONS
from commitments.choices import AssignmentRole, MentionKind, Modality, Nature
from commitments.models import Commitment, Theme
from commitments.services.deadlines import COLUMNS, Window
from commitments.services.registration import FirstMention
from commitments.workflow import first_statuses
from core.api.serializers import ByKey, StrictSerializer, looked_up
from relations.models import Agency, Country, Meeting, Paragraph, Source

_FIRST_STATUSES = sorted({status for nature in Nature for status in first_statuses(nature)})


class VisibleCommitment(ByKey):
    """Another commitment, by its reference; one that the caller may not see is not known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="reference", queryset=Commitment.objects.none(), **kwargs)

    def get_queryset(self) -> Any:
        """Those that the caller may see."""
        return Commitment.objects.visible_to(self.context["user"])


class ClassificationField(serializers.ChoiceField):
    """A classification by its name, as in the register file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=CLASSIFICATIONS, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The level of that name."""
        return Clearance[str(super().to_internal_value(data)).upper()]


class DeadlineInput(StrictSerializer):
    """A deadline window: the wording as agreed, and the days that it can mean."""

    wording = serializers.CharField(max_length=200, allow_blank=True, default="")
    earliest = serializers.DateField(allow_null=True, default=None)
    latest = serializers.DateField(allow_null=True, default=None)
    review_on = serializers.DateField(
        allow_null=True, default=None, help_text="Only for a deadline without a latest day."
    )

    def window(self) -> Window:
        """The window, from valid input."""
        return Window(**self.validated_data)


class TargetInput(StrictSerializer):
    """The figure to be reached."""

    indicator = serializers.CharField(max_length=250)
    unit = serializers.CharField(max_length=60)
    baseline = serializers.DecimalField(max_digits=24, decimal_places=6, allow_null=True, required=False)
    value = serializers.DecimalField(max_digits=24, decimal_places=6)


class MentionInput(StrictSerializer):
    """Where it was spoken of: a paragraph of a source that reports on the meeting."""

    meeting = ByKey("slug", queryset=Meeting.objects.all())
    source = ByKey("slug", queryset=Source.objects.all())  # type: ignore[assignment]
    paragraph = serializers.IntegerField(
        min_value=1, max_value=1_000_000, help_text="Its number in the source."
    )
    kind = serializers.ChoiceField(choices=MentionKind.choices, default=MentionKind.MADE)
    modality = serializers.ChoiceField(choices=Modality.choices, allow_blank=True, default="")
    summary = serializers.CharField(max_length=500, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The source and the number as the paragraph."""
        source, number = attrs.pop("source"), attrs["paragraph"]
        where = (Source, source.pk, Paragraph, number)
        attrs["paragraph"] = looked_up(self.context, where, lambda: paragraph_of(source, number))
        return attrs


class AssignmentInput(StrictSerializer):
    """An agency to be charged, with the person in it who reports."""

    agency = ByKey("slug", queryset=Agency.objects.all())
    role = serializers.ChoiceField(choices=AssignmentRole.choices, default=AssignmentRole.LEAD)
    focal_point = ByKey(
        "username", queryset=User.objects.filter(is_active=True), allow_null=True, default=None
    )


class CommitmentInput(StrictSerializer):
    """What may be said of a commitment at any time; status and deadline have addresses of their own."""

    title = serializers.CharField(max_length=300)
    text = serializers.CharField(max_length=100_000)
    nature = serializers.ChoiceField(choices=Nature.choices)
    theme = ByKey("slug", queryset=Theme.objects.all())
    obligated = ByKey("code", queryset=Country.objects.all(), many=True)
    beneficiaries = ByKey("code", queryset=Country.objects.all(), many=True, required=False)
    classification = ClassificationField(required=False)
    outcome_meeting = ByKey("slug", queryset=Meeting.objects.all(), required=False, allow_null=True)
    related = VisibleCommitment(many=True, required=False)
    remarks = serializers.CharField(max_length=100_000, required=False, allow_blank=True)
    target = TargetInput(required=False)


_WHERE_GIVEN = ("beneficiaries", "status", "occurred_on", "agencies", "target", "related")
COLUMNS_GIVEN = ("title", "text", "nature", "theme", "classification", "outcome_meeting", "remarks")


class RegistrationInput(CommitmentInput):
    """A new commitment, with its first mention and its first status."""

    parties = ByKey("code", queryset=Country.objects.all(), many=True)
    deadline = DeadlineInput(required=False, allow_null=True)
    mention = MentionInput()
    agencies = AssignmentInput(many=True, required=False)
    status = serializers.ChoiceField(
        choices=[(each.value, each.label) for each in _FIRST_STATUSES], required=False
    )
    occurred_on = serializers.DateField(
        required=False, allow_null=True, help_text="The day it was made in the world; today unless given."
    )
    note = serializers.CharField(max_length=20_000)

    def registration(self) -> dict[str, Any]:
        """What ``registration_of`` takes, from valid input."""
        given = self.validated_data
        columns = {name: given[name] for name in COLUMNS_GIVEN if name in given}
        window = given.get("deadline") or {}
        columns |= {COLUMNS[name]: value for name, value in window.items()}
        return {
            "fields": columns,
            "mention": FirstMention(**given["mention"]),
            **{name: given[name] for name in ("parties", "obligated", "note")},
            **{name: given[name] for name in _WHERE_GIVEN if name in given},
        }


class ChangeInput(CommitmentInput):
    """A change of a commitment: what is given changes, the rest stays."""

    reason = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="Why; it goes into the field history."
    )

    def change(self) -> dict[str, Any]:
        """What ``edit_commitment`` takes, from valid input."""
        given = dict(self.validated_data)
        columns = {name: given.pop(name) for name in COLUMNS_GIVEN if name in given}
        return {"fields": columns, **given}


def paragraph_of(source: Source, number: int) -> Paragraph:
    """The paragraph of that number; raises a fault of the field ``paragraph``."""
    found = source.paragraphs.filter(number=number).first()
    if found is None:
        raise serializers.ValidationError(
            {
                "paragraph": [
                    _("“%(source)s” has no paragraph %(number)d.") % {"source": source, "number": number}
                ]
            }
        )
    return found
