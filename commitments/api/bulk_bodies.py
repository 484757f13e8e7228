"""Many items in one request, described."""

from typing import Any

from rest_framework import serializers

from commitments.api.inputs import RegistrationInput
from commitments.api.outputs import TRANSITIONS_AND_RECORD, Output
from commitments.api.serializers import TransitionSerializer
from commitments.choices import Status

ALL_OR_NOTHING = "Undo all when one is refused."


class ManyRegistrationsInput(serializers.Serializer[Any]):
    """New commitments."""

    items = serializers.ListField(child=RegistrationInput(), min_length=1, max_length=1000)
    all_or_nothing = serializers.BooleanField(default=False, help_text=ALL_OR_NOTHING)


class ReferencedMoveInput(TransitionSerializer):
    """One move of the commitment of that reference."""

    reference = serializers.CharField()


class ManyMovesInput(serializers.Serializer[Any]):
    """Moves."""

    items = serializers.ListField(child=ReferencedMoveInput(), min_length=1, max_length=1000)
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
