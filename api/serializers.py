"""Input for status changes, with the evidence that comes with them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from api.children_inputs import LONGEST_URL
from api.inputs import LONGEST_NOTE, text_of
from commitments.choices import CLOSED, EvidenceKind, EvidenceType, Status
from commitments.models import Commitment, Evidence
from commitments.services.proof import EvidenceGiven
from commitments.workflow import TRANSITIONS
from core.api.serializers import StrictSerializer, WebAddressField

MOST_EVIDENCE = 20
"""The most evidence that one status change can bring. More can be attached separately."""

TRANSITION_CHOICES = [(str(name), row.label) for name, row in TRANSITIONS.items()]
OUTCOME_CHOICES = [(status.value, status.label) for status in Status if status in CLOSED]


class EvidenceSerializer(StrictSerializer):
    """Evidence that comes with a status change: a link, or a file uploaded before, by its id."""

    kind = serializers.ChoiceField(choices=EvidenceKind.choices)
    title = text_of("Evidence.title", required=False, help_text="For a file, default: its title.")
    url = WebAddressField(max_length=LONGEST_URL, required=False)
    id = serializers.IntegerField(
        required=False, help_text="The id of a file that is attached to the same commitment."
    )
    type = serializers.ChoiceField(choices=EvidenceType.choices, required=False)
    dated_on = serializers.DateField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A link needs a title and a URL; a file needs the id of one that the caller may see."""
        required = ("title", "url") if attrs["kind"] == EvidenceKind.LINK else ("id",)
        if missing := {
            name: _("This field is required for this kind of evidence.")
            for name in required
            if name not in attrs
        }:
            raise serializers.ValidationError(missing)
        if attrs["kind"] == EvidenceKind.FILE:
            attrs["uploaded"] = self._uploaded(attrs["id"])
        return attrs

    def _uploaded(self, key: int) -> Evidence:
        """The file. One that does not exist and one that the caller may not see have the same error."""
        visible = Commitment.objects.visible_to(self.context["user"])
        files = Evidence.objects.filter(
            kind=EvidenceKind.FILE, commitment__in=visible.order_by().values("pk")
        )
        found = files.filter(pk=key).first()
        if found is None:
            raise serializers.ValidationError({"id": _("That file does not belong to this commitment.")})
        return found


class TransitionSerializer(StrictSerializer):
    """A transition, with the members that it needs."""

    transition = serializers.ChoiceField(choices=TRANSITION_CHOICES)
    occurred_on = serializers.DateField(required=False, allow_null=True)
    delivered_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=LONGEST_NOTE)
    outcome = serializers.ChoiceField(
        choices=OUTCOME_CHOICES,
        required=False,
        allow_null=True,
        allow_blank=True,
    )
    successor = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    evidence = EvidenceSerializer(many=True, required=False, max_length=MOST_EVIDENCE)  # type: ignore[call-arg]

    def validate_successor(self, reference: str | None) -> Commitment | None:
        """The commitment with that reference, if the caller may see it."""
        if not reference:
            return None
        visible = Commitment.objects.visible_to(self.context["user"])
        found = visible.filter(reference=reference).first()
        if found is None:
            raise serializers.ValidationError(
                _("There is no commitment %(reference)s.") % {"reference": reference}
            )
        return found

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of ``apply_transition``. Null and "" count as left out."""
        values = {key: value for key, value in self.validated_data.items() if value not in (None, "")}
        values["name"] = values.pop("transition")
        values["evidence"] = [_evidence(item) for item in values.get("evidence", ())]
        return values


def _evidence(item: Mapping[str, Any]) -> EvidenceGiven:
    uploaded: Evidence | None = item.get("uploaded")
    return EvidenceGiven(
        title=item.get("title") or (uploaded.title if uploaded else ""),
        url="" if uploaded else item["url"],
        type=item.get("type") or (uploaded.type if uploaded else EvidenceType.OTHER),
        dated_on=item.get("dated_on") or (uploaded.dated_on if uploaded else None),
        uploaded=uploaded,
    )
