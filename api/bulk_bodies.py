"""The bodies of bulk requests and responses, described for the OpenAPI document."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from api.inputs import LONGEST_NOTE, AssignmentInput, ClassificationField
from api.outputs import TRANSITIONS_AND_RECORD, Output
from commitments.choices import Status
from commitments.models import Theme
from core.api.serializers import ByKeyField, StrictSerializer

ALL_OR_NOTHING = "Undo all when one has an error."


@extend_schema_field({"anyOf": [{"$ref": "#/components/schemas/RegistrationInputRequest"}, {}]})
class RegistrationItem(serializers.JSONField):
    """A registration. An invalid item has an error of its own; the rest of the request is unaffected."""


@extend_schema_field(
    {
        "anyOf": [
            {
                "allOf": [
                    {"$ref": "#/components/schemas/TransitionRequest"},
                    {
                        "type": "object",
                        "properties": {
                            "reference": {"type": "string"},
                            "if_match": {
                                "type": "string",
                                "description": "As the header If-Match of a single status change.",
                            },
                        },
                        "required": ["reference"],
                    },
                ]
            },
            {},
        ]
    }
)
class TransitionItem(serializers.JSONField):
    """A status change of the commitment with that reference. An invalid item has an error of its own."""


@extend_schema_serializer(component_name="ManyRegistrationsInput")
class BulkRegistrationsInput(serializers.Serializer[Any]):
    """New commitments, each with the members of a single registration."""

    items = serializers.ListField(child=RegistrationItem(), min_length=1, max_length=1000)
    all_or_nothing = serializers.BooleanField(default=False, help_text=ALL_OR_NOTHING)


@extend_schema_serializer(component_name="ManyMovesInput")
class BulkTransitionsInput(serializers.Serializer[Any]):
    """Status changes, each with the members of a single one and the `reference` of its commitment."""

    items = serializers.ListField(child=TransitionItem(), min_length=1, max_length=1000)
    all_or_nothing = serializers.BooleanField(default=False, help_text=ALL_OR_NOTHING)


class BulkAssignmentInput(AssignmentInput):
    """A change of one agency of a commitment."""

    action = serializers.ChoiceField(
        choices=[
            ("assign", "Assign the agency, or give it the role and the focal point of the item."),
            ("replace_lead", "Let the agency lead in the place of those that lead now."),
            ("remove", "Remove the assignment of the agency."),
        ],
        default="assign",
    )
    beside = serializers.BooleanField(
        default=False, help_text="Whether to assign a lead agency where another one leads already."
    )
    note = serializers.CharField(
        max_length=LONGEST_NOTE,
        default="",
        allow_blank=True,
        help_text="The reason. It is shown in the field history.",
    )


class BulkChangeInput(StrictSerializer):
    """A change of one commitment. Members that are left out stay unchanged."""

    theme = ByKeyField("slug", queryset=Theme.objects.all(), required=False)
    classification = ClassificationField(required=False)
    reason = serializers.CharField(
        max_length=LONGEST_NOTE,
        default="",
        allow_blank=True,
        help_text="The reason. It is shown in the field history.",
    )


class BulkAssignmentItemInput(BulkAssignmentInput):
    """The same with the `reference` of the commitment."""

    reference = serializers.CharField()
    if_match = serializers.CharField(required=False, help_text="The ETag of the commitment that was read.")


class BulkChangeItemInput(BulkChangeInput):
    """The same with the `reference` of the commitment."""

    reference = serializers.CharField()
    if_match = serializers.CharField(required=False, help_text="The ETag of the commitment that was read.")


@extend_schema_serializer(component_name="ManyAssignmentsInput")
class BulkAssignmentsInput(serializers.Serializer[Any]):
    """Changes of agencies, each with the `reference` of its commitment."""

    items = serializers.ListField(child=BulkAssignmentItemInput(), min_length=1, max_length=1000)
    all_or_nothing = serializers.BooleanField(default=False, help_text=ALL_OR_NOTHING)


@extend_schema_serializer(component_name="ManyChangesInput")
class BulkChangesInput(serializers.Serializer[Any]):
    """Changes of theme and classification, each with the `reference` of its commitment."""

    items = serializers.ListField(child=BulkChangeItemInput(), min_length=1, max_length=1000)
    all_or_nothing = serializers.BooleanField(default=False, help_text=ALL_OR_NOTHING)


class BulkResultOutput(Output):
    """The result of one item: with status 200 or 201 what was written, otherwise the members of a problem."""

    index = serializers.IntegerField(help_text="The position of the item, from 0.")
    status = serializers.IntegerField(help_text="201, or 200 for a change, or the HTTP status of the error.")
    reference = serializers.CharField(required=False)
    number = serializers.IntegerField(required=False, help_text="The number of the status change.")
    transition = serializers.ChoiceField(choices=TRANSITIONS_AND_RECORD, required=False)
    to = serializers.ChoiceField(choices=Status.choices, required=False)
    available_transitions = serializers.ListField(child=serializers.CharField(), required=False)
    title = serializers.CharField(required=False)
    detail = serializers.CharField(required=False)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )
    current_status = serializers.ChoiceField(choices=Status.choices, required=False)


class BulkOutput(Output):
    """The totals, and the result of each item in the order of the items."""

    done = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BulkResultOutput(many=True)
