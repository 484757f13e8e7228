"""Many items in one request, described."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.outputs import TRANSITIONS_AND_RECORD, Output
from commitments.choices import Status

ALL_OR_NOTHING = "Undo all when one is refused."


@extend_schema_field({"anyOf": [{"$ref": "#/components/schemas/RegistrationInputRequest"}, {}]})
class RegistrationItem(serializers.JSONField):
    """A registration; what is none is refused by itself, and not the whole request with it."""


@extend_schema_field(
    {
        "anyOf": [
            {
                "allOf": [
                    {"$ref": "#/components/schemas/TransitionRequest"},
                    {
                        "type": "object",
                        "properties": {"reference": {"type": "string"}},
                        "required": ["reference"],
                    },
                ]
            },
            {},
        ]
    }
)
class MoveItem(serializers.JSONField):
    """A move of the commitment of that reference; what is none is refused by itself."""


class ManyRegistrationsInput(serializers.Serializer[Any]):
    """New commitments, each as it is registered alone."""

    items = serializers.ListField(child=RegistrationItem(), min_length=1, max_length=1000)
    all_or_nothing = serializers.BooleanField(default=False, help_text=ALL_OR_NOTHING)


class ManyMovesInput(serializers.Serializer[Any]):
    """Moves, each as it is made alone, with the `reference` of its commitment."""

    items = serializers.ListField(child=MoveItem(), min_length=1, max_length=1000)
    all_or_nothing = serializers.BooleanField(default=False, help_text=ALL_OR_NOTHING)


class BulkResultOutput(Output):
    """What became of one item: with 201 what was written, else the members of a problem."""

    index = serializers.IntegerField(help_text="Counts the items from 0.")
    status = serializers.IntegerField(help_text="201, or the status with which it alone would be refused.")
    reference = serializers.CharField(required=False)
    number = serializers.IntegerField(required=False, help_text="Of the change that was made.")
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
    """What became of all, and of each in the order of the items."""

    done = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BulkResultOutput(many=True)
