"""What the API is measured against: the same rows served the plain way, with Django REST framework alone."""

from typing import Any

from django.db import transaction
from django.urls import include, path
from rest_framework import mixins, pagination, routers, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    Evidence,
    Mention,
    ProgressUpdate,
    StatusChange,
)
from core import clock

A_PAGE = 50


class Pages(pagination.PageNumberPagination):
    """Pages of fifty."""

    page_size = A_PAGE


class PlainParty(serializers.ModelSerializer):
    """A country in its role."""

    country = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = CommitmentParty
        fields = ("country", "role")


class PlainAssignment(serializers.ModelSerializer):
    """An agency in its role."""

    agency = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Assignment
        fields = ("agency", "role")


class PlainMention(serializers.ModelSerializer):
    """A mention with its meeting, its source and its paragraph."""

    meeting = serializers.SlugRelatedField("slug", read_only=True)
    source = serializers.CharField(source="paragraph.source.slug")
    paragraph = serializers.IntegerField(source="paragraph.number")

    class Meta:
        model = Mention
        fields = ("meeting", "source", "paragraph", "kind", "modality")


class PlainEvidence(serializers.ModelSerializer):
    """A piece of evidence."""

    class Meta:
        model = Evidence
        fields = ("kind", "type", "title", "url")


class PlainChange(serializers.ModelSerializer):
    """A step of the history."""

    evidence = PlainEvidence(many=True, read_only=True)

    class Meta:
        model = StatusChange
        fields = (
            "number",
            "transition",
            "from_status",
            "to_status",
            "occurred_on",
            "note",
            "outcome",
            "evidence",
        )


class PlainProgress(serializers.ModelSerializer):
    """A report."""

    class Meta:
        model = ProgressUpdate
        fields = ("occurred_on", "achieved", "challenges", "recommendations")


class PlainCommitment(serializers.ModelSerializer):
    """A commitment with what our own document of it holds, nested as one nests it."""

    theme = serializers.SlugRelatedField("slug", read_only=True)
    parties = PlainParty(many=True, read_only=True)
    assignments = PlainAssignment(many=True, read_only=True)
    mentions = PlainMention(many=True, read_only=True)
    status_changes = PlainChange(many=True, read_only=True)
    progress_updates = PlainProgress(many=True, read_only=True)
    evidence = PlainEvidence(many=True, read_only=True)

    class Meta:
        model = Commitment
        exclude = ("search_text",)


class PlainCommitments(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The reading half of a ``ModelViewSet``, without a filter."""

    queryset = Commitment.objects.all()
    serializer_class = PlainCommitment
    pagination_class = Pages
    lookup_field = "reference"


class CarefulCommitments(PlainCommitments):
    """The same with its relations fetched beforehand."""

    queryset = Commitment.objects.select_related("theme").prefetch_related(
        "parties__country",
        "assignments__agency",
        "mentions__meeting",
        "mentions__paragraph__source",
        "status_changes__evidence",
        "progress_updates",
        "evidence",
        "related",
    )


class PlainPost(APIView):
    """Locks a row, updates it and inserts another: the least that a move can be."""

    def post(self, request: Request, reference: str) -> Response:
        """Write a report on the commitment, and say so in it."""
        asked = PlainProgress(data={"occurred_on": clock.today(), "achieved": request.data.get("note", "")})
        asked.is_valid(raise_exception=True)
        with transaction.atomic():
            row: Any = Commitment.objects.select_for_update().get(reference=reference)
            Commitment.objects.filter(pk=row.pk).update(remarks=asked.validated_data["achieved"])
            asked.save(commitment=row, actor=request.user)
        return Response(asked.data, status=201)


router = routers.SimpleRouter()
router.register("plain", PlainCommitments, basename="bench-plain")
router.register("careful", CarefulCommitments, basename="bench-careful")
urlpatterns = [path("post/<str:reference>/", PlainPost.as_view()), path("", include(router.urls))]
