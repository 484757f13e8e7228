"""Input for commitments: the register file's keys, turned into arguments of the services."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.choices import Clearance
from accounts.models import User
from api.outputs import CLASSIFICATIONS
from commitments.choices import AssignmentRole, MentionKind, Modality, Nature
from commitments.documents.schema import field_of
from commitments.models import Commitment, Theme
from commitments.services.deadlines import COLUMNS, Window
from commitments.services.registration import FirstMention
from commitments.workflow import first_statuses
from core.api.serializers import ByKeyField, StrictSerializer, cached_lookup
from relations.models import Agency, Country, Meeting, Paragraph, Source

FIRST_STATUSES = [
    (each.value, each.label)
    for each in sorted({status for nature in Nature for status in first_statuses(nature)})
]


LONGEST_TEXT, LONGEST_NOTE = 100_000, 20_000
"""The most characters of a text, and of a note, for which the database sets no limit."""


def text_of(column: str, **options: Any) -> serializers.CharField:
    """A text for the model field ``column``, with its maximum length."""
    return serializers.CharField(max_length=field_of(column).max_length or LONGEST_TEXT, **options)


def figure_of(column: str, **options: Any) -> serializers.DecimalField:
    """A figure for the model field ``column``, with its number of digits."""
    field: Any = field_of(column)
    return serializers.DecimalField(field.max_digits, field.decimal_places, **options)


class VisibleCommitment(ByKeyField):
    """Another commitment, by its reference. One that the caller may not see does not exist."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="reference", queryset=Commitment.objects.all(), **kwargs)


class ClassificationField(serializers.ChoiceField):
    """A classification by its name, as in the register file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=CLASSIFICATIONS, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The level with that name."""
        return Clearance[str(super().to_internal_value(data)).upper()]


class DeadlineInput(StrictSerializer):
    """A deadline window: the wording as agreed, and the dates that it can mean."""

    wording = text_of("Commitment.deadline_wording", allow_blank=True, default="")
    earliest = serializers.DateField(allow_null=True, default=None)
    latest = serializers.DateField(allow_null=True, default=None)
    review_on = serializers.DateField(
        allow_null=True, default=None, help_text="Only for a deadline without a latest date."
    )

    def window(self) -> Window:
        """The window, from valid input."""
        return Window(**self.validated_data)


class TargetInput(StrictSerializer):
    """The figure to reach."""

    indicator = text_of("Target.indicator")
    unit = text_of("Target.unit")
    baseline = figure_of("Target.baseline", allow_null=True, required=False)
    value = figure_of("Target.value")

    def to_internal_value(self, data: Any) -> Any:
        """The figures. ``from`` is only told, so what was read can be sent back."""
        if isinstance(data, Mapping):
            data = {name: value for name, value in data.items() if name != "from"}
        return super().to_internal_value(data)


class MentionInput(StrictSerializer):
    """Where it was mentioned: a paragraph of a source that reports on the meeting."""

    meeting = ByKeyField("slug", queryset=Meeting.objects.all())
    source = ByKeyField("slug", queryset=Source.objects.all())  # type: ignore[assignment]
    paragraph = serializers.IntegerField(
        min_value=1, max_value=1_000_000, help_text="Its number in the source."
    )
    kind = serializers.ChoiceField(choices=MentionKind.choices, default=MentionKind.MADE)
    modality = serializers.ChoiceField(choices=Modality.choices, allow_blank=True, default="")
    summary = text_of("Mention.summary", allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Replace source and number by the paragraph."""
        source, number = attrs.pop("source"), attrs["paragraph"]
        cache_key = (Source, source.pk, Paragraph, number)
        attrs["paragraph"] = cached_lookup(self.context, cache_key, lambda: paragraph_of(source, number))
        return attrs


class AssignmentInput(StrictSerializer):
    """An agency to assign, with its focal point."""

    agency = ByKeyField("slug", queryset=Agency.objects.all())
    role = serializers.ChoiceField(choices=AssignmentRole.choices, default=AssignmentRole.LEAD)
    focal_point = ByKeyField(
        "username", queryset=User.objects.filter(is_active=True), allow_null=True, default=None
    )


class CommitmentInput(StrictSerializer):
    """The members of a commitment that can change at any time. Status and deadline have URLs of their own."""

    title = text_of("Commitment.title")
    text = text_of("Commitment.text")
    nature = serializers.ChoiceField(choices=Nature.choices)
    theme = ByKeyField("slug", queryset=Theme.objects.all())
    obligated = ByKeyField("code", queryset=Country.objects.all(), many=True)
    beneficiaries = ByKeyField("code", queryset=Country.objects.all(), many=True, required=False)
    classification = ClassificationField(required=False)
    officer = ByKeyField(
        "username",
        queryset=User.objects.filter(is_active=True),
        required=False,
        allow_null=True,
        help_text="The officer in charge, by the username.",
    )
    outcome_meeting = ByKeyField("slug", queryset=Meeting.objects.all(), required=False, allow_null=True)
    related = VisibleCommitment(many=True, required=False)
    remarks = text_of("Commitment.remarks", required=False, allow_blank=True)
    target = TargetInput(required=False)


_OPTIONAL_ARGUMENTS = ("beneficiaries", "status", "occurred_on", "agencies", "target", "related", "despite")
COLUMN_MEMBERS = (
    "title",
    "text",
    "nature",
    "theme",
    "officer",
    "classification",
    "outcome_meeting",
    "remarks",
)


class RegistrationInput(CommitmentInput):
    """A new commitment, with its first mention and its first status."""

    parties = ByKeyField("code", queryset=Country.objects.all(), many=True)
    deadline = DeadlineInput(required=False, allow_null=True)
    mention = MentionInput()
    agencies = AssignmentInput(many=True, required=False)
    status = serializers.ChoiceField(choices=FIRST_STATUSES, required=False)
    occurred_on = serializers.DateField(
        required=False, allow_null=True, help_text="The date on which it was agreed. Default: today."
    )
    note = serializers.CharField(max_length=LONGEST_NOTE)
    despite = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=100,
        help_text="The references of `twins`, as a refusal named them, that are other commitments.",
    )

    def registration(self) -> dict[str, Any]:
        """The arguments of ``registration_of``, from valid input."""
        values = self.validated_data
        columns = {name: values[name] for name in COLUMN_MEMBERS if name in values}
        window = values.get("deadline") or {}
        columns |= {COLUMNS[name]: value for name, value in window.items()}
        return {
            "fields": columns,
            "mention": FirstMention(**values["mention"]),
            **{name: values[name] for name in ("parties", "obligated", "note")},
            **{name: values[name] for name in _OPTIONAL_ARGUMENTS if name in values},
        }


class ChangeInput(CommitmentInput):
    """A change of a commitment. Members that are left out stay unchanged."""

    reason = serializers.CharField(
        max_length=LONGEST_NOTE,
        required=False,
        allow_blank=True,
        help_text="The reason. It is shown in the field history.",
    )

    def change(self) -> dict[str, Any]:
        """The arguments of ``edit_commitment``, from valid input."""
        values = dict(self.validated_data)
        columns = {name: values.pop(name) for name in COLUMN_MEMBERS if name in values}
        return {"fields": columns, **values}


def paragraph_of(source: Source, number: int) -> Paragraph:
    """The paragraph with that number. Raises ``ValidationError`` for the field ``paragraph``."""
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
