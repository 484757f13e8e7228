"""The peers of the API: the same rows served with plain Django REST framework."""

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

PAGE_SIZE = 50


class FiftyRows(pagination.PageNumberPagination):
    """Pages of fifty."""

    page_size = PAGE_SIZE


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
    """A status change."""

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
    """A progress report."""

    class Meta:
        model = ProgressUpdate
        fields = ("occurred_on", "achieved", "challenges", "recommendations")


class PlainCommitment(serializers.ModelSerializer):
    """A commitment with the members of our own document, nested."""

    theme = serializers.SlugRelatedField("slug", read_only=True)
    parties = PlainParty(many=True, read_only=True)
    assignments = PlainAssignment(many=True, read_only=True)
    mentions = PlainMention(many=True, read_only=True)
    status_changes = PlainChange(many=True, read_only=True)
    progress_updates = PlainProgress(many=True, read_only=True)
    evidence = PlainEvidence(many=True, read_only=True)

    class Meta:
        model = Commitment
        exclude = ("search_text", "sort_key")


class PrefetchingCommitments(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The read-only half of a ``ModelViewSet``, without filters, with prefetched relations."""

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
    serializer_class = PlainCommitment
    pagination_class = FiftyRows
    lookup_field = "reference"


class PlainPost(APIView):
    """Locks a row, updates it and inserts another: the least that a status change needs."""

    def post(self, request: Request, reference: str) -> Response:
        """Insert a progress report and update the commitment."""
        serializer = PlainProgress(
            data={"occurred_on": clock.today(), "achieved": request.data.get("note", "")}
        )
        serializer.is_valid(raise_exception=True)
        with transaction.atomic():
            row: Any = Commitment.objects.select_for_update().get(reference=reference)
            Commitment.objects.filter(pk=row.pk).update(remarks=serializer.validated_data["achieved"])
            serializer.save(commitment=row, actor=request.user)
        return Response(serializer.data, status=201)


router = routers.SimpleRouter()
router.register("commitments", PrefetchingCommitments, basename="bench")
urlpatterns = [path("post/<str:reference>/", PlainPost.as_view()), path("", include(router.urls))]
