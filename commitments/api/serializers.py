"""Input of the API, strict about what it does not know."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from commitments.choices import CLOSED, EvidenceKind, EvidenceType, Status
from commitments.models import Commitment, Evidence
from commitments.services.transitions import EvidenceGiven
from commitments.workflow import TRANSITIONS
from core.strict import StrictSerializer

TRANSITION_CHOICES = [(str(name), row.label) for name, row in TRANSITIONS.items()]


class EvidenceSerializer(StrictSerializer):
    """Evidence that comes with a move: a link, or a file uploaded before, by its id."""

    kind = serializers.ChoiceField(choices=EvidenceKind.choices)
    title = serializers.CharField(max_length=300)
    url = serializers.URLField(max_length=1000, required=False)
    id = serializers.IntegerField(required=False)
    type = serializers.ChoiceField(choices=EvidenceType.choices, required=False)
    dated_on = serializers.DateField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A link has an address, a file an id."""
        wanted = "url" if attrs["kind"] == EvidenceKind.LINK else "id"
        if wanted not in attrs:
            raise serializers.ValidationError({wanted: _("This is needed for that kind.")})
        return attrs


class TransitionSerializer(StrictSerializer):
    """One move, as DESIGN §6 writes it."""

    transition = serializers.ChoiceField(choices=TRANSITION_CHOICES)
    occurred_on = serializers.DateField(required=False, allow_null=True)
    delivered_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=20_000)
    outcome = serializers.ChoiceField(
        choices=[(status.value, status.label) for status in Status if status in CLOSED],
        required=False,
        allow_null=True,
        allow_blank=True,
    )
    successor = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    evidence = EvidenceSerializer(many=True, required=False)

    def validate_successor(self, reference: str | None) -> Commitment | None:
        """The commitment of that reference, where the caller may see it."""
        if not reference:
            return None
        seen = Commitment.objects.visible_to(self.context["user"])
        found = seen.filter(reference=reference).first()
        if found is None:
            raise serializers.ValidationError(
                _("There is no commitment %(reference)s.") % {"reference": reference}
            )
        return found

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of ``apply_transition``; what is null counts as not given."""
        given = {key: value for key, value in self.validated_data.items() if value not in (None, "")}
        given["name"] = given.pop("transition")
        given["evidence"] = [_given(item) for item in given.get("evidence", ())]
        return given


def _given(item: Mapping[str, Any]) -> EvidenceGiven:
    uploaded = None
    if item["kind"] == EvidenceKind.FILE:
        uploaded = Evidence.objects.filter(pk=item["id"], kind=EvidenceKind.FILE).first()
    return EvidenceGiven(
        title=item["title"],
        url=item.get("url", "") if item["kind"] == EvidenceKind.LINK else "",
        type=item.get("type", EvidenceType.OTHER),
        dated_on=item.get("dated_on"),
        uploaded=uploaded,
    )
