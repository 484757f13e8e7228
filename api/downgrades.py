"""Classifying a commitment, a meeting or a source lower: proposed, and decided on by another person."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import Model
from django.http import Http404
from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.response import Response

from accounts.choices import Clearance
from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.children import PAGE_PARAMETERS, requested_page, without_parameters
from api.children_outputs import PageOutput
from api.inputs import LONGEST_NOTE, ClassificationField
from api.outputs import CLASSIFICATIONS, Output
from commitments.choices import ProposalState
from commitments.day_filtersets import PageFilterSet
from commitments.documents.building import instant
from commitments.models import Commitment, Downgrade
from commitments.models.downgrade import DowngradeQuerySet
from commitments.services.downgrades import (
    DECISIONS,
    decide_downgrade,
    propose_downgrade,
    require_concerned,
    require_proposer,
    visible_records,
)
from core.api.serializers import StrictSerializer, parsed
from core.api.views import TAGGED, ApiView, invalid_parameters, object_answer, page_answer
from relations.models import Meeting, Source


class DowngradeInput(StrictSerializer):
    """A lower classification and the reason."""

    classification = ClassificationField()
    reason = serializers.CharField(max_length=LONGEST_NOTE)


class DowngradeDecisionInput(StrictSerializer):
    """A decision on a proposed downgrade."""

    decision = serializers.ChoiceField(choices=[(str(each), each.label) for each in DECISIONS])
    note = serializers.CharField(
        max_length=LONGEST_NOTE, allow_blank=True, default="", help_text="Required to refuse it."
    )


class DowngradeOutput(Output):
    """A proposed downgrade, and what became of it."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ProposalState.choices)
    to = serializers.ChoiceField(choices=CLASSIFICATIONS)
    reason = serializers.CharField()
    actor = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """The fields with `from`, which cannot be a name in Python."""
        return {**super().get_fields(), "from": serializers.ChoiceField(choices=CLASSIFICATIONS)}


class DowngradePageOutput(PageOutput):
    """One page of proposed downgrades."""

    results = DowngradeOutput(many=True)


def document_of(proposal: Downgrade) -> dict[str, Any]:
    """``proposal`` as JSON."""
    decision = getattr(proposal, "decision", None)
    return {
        "id": proposal.pk,
        "state": proposal.state,
        "from": Clearance(proposal.from_level).name.lower(),
        "to": Clearance(proposal.to_level).name.lower(),
        "reason": proposal.reason,
        "actor": proposal.actor.username,
        "recorded_at": instant(proposal.recorded_at),
        "decided_by": decision.actor.username if decision else None,
        "decided_at": instant(decision.recorded_at) if decision else None,
        "note": decision.note if decision else "",
    }


class DowngradeView(ApiView):
    """What the views of the three kinds share. ``key`` is the field that names a record of ``model``."""

    model: ClassVar[type[Model]]
    key: ClassVar[str]

    def record(self, request: SignedInApiRequest, key: dict[str, str]) -> Any:
        """The record, if the caller may see it. Raises ``Http404``."""
        rows = visible_records(request.user, self.model)
        found = None if "\x00" in key[self.key] else rows.filter(**{self.key: key[self.key]}).first()
        if found is None:
            raise Http404
        return found

    def visible_names(self, request: SignedInApiRequest, text: str) -> list[str]:
        """The key of the record, if the caller may see it."""
        rows = visible_records(request.user, self.model).filter(**{self.key: self.kwargs[self.key]})
        return list(rows.values_list(self.key, flat=True))

    def proposals(self, request: SignedInApiRequest, record: Any) -> DowngradeQuerySet:
        """The proposals about ``record``, except those made while the caller could not read it."""
        return Downgrade.objects.of(record).told_to(request.user).with_decisions()

    def proposal(self, request: SignedInApiRequest, record: Any, number: int) -> Downgrade:
        """The proposal with that id about ``record``. Raises ``Http404``."""
        found = self.proposals(request, record).filter(pk=number).first()
        if found is None:
            raise Http404
        return found


class DowngradeList(DowngradeView):
    """The proposals to classify a record lower."""

    def get(self, request: SignedInApiRequest, **key: str) -> Response:
        """The proposals, the oldest first, with their state."""
        record = self.record(request, key)
        filters = PageFilterSet(request.GET)
        if filters.faults:
            raise invalid_parameters(filters.faults)
        page = requested_page(self.proposals(request, record), filters)
        return page_answer(request, page, [document_of(each) for each in page.object_list])

    @idempotent
    def post(self, request: SignedInApiRequest, **key: str) -> Response:
        """Propose a lower classification, on which another person decides."""
        record = self.record(request, key)
        require_proposer(request.user)
        values = parsed(DowngradeInput(data=request.data))
        made = propose_downgrade(
            record=record, actor=request.user, level=values["classification"], reason=values["reason"]
        )
        location = reverse(f"api-downgrade-of-{self.model._meta.model_name}", args=[key[self.key], made.pk])
        document = document_of(self.proposal(request, record, made.pk))
        return object_answer(request, document, status=HTTPStatus.CREATED, location=location)


class DowngradeDetail(DowngradeView):
    """One proposal to classify a record lower."""

    def get(self, request: SignedInApiRequest, pk: int, **key: str) -> Response:
        """The proposal, and what became of it."""
        proposal = self.proposal(request, self.record(request, key), pk)
        without_parameters(request)
        return object_answer(request, document_of(proposal))


class DowngradeDecisions(DowngradeView):
    """The decision on a proposal to classify a record lower."""

    @idempotent
    def post(self, request: SignedInApiRequest, pk: int, **key: str) -> Response:
        """Decide. For reviewers and security officers who may read the record and did not propose it;
        `withdrawn` for whoever proposed it. 409 once it is decided, or classified otherwise since."""
        record = self.record(request, key)
        proposal = self.proposal(request, record, pk)
        require_concerned(proposal, request.user)
        values = parsed(DowngradeDecisionInput(data=request.data))
        decide_downgrade(proposal=proposal, actor=request.user, **values)
        document = document_of(self.proposal(request, record, pk))
        return object_answer(request, document, status=HTTPStatus.CREATED)


def urls_of_downgrades() -> list[URLPattern]:
    """The addresses below the three kinds of records."""
    found = []
    for section, model, key in (
        ("commitments", Commitment, "reference"),
        ("meetings", Meeting, "slug"),
        ("sources", Source, "slug"),
    ):
        kind, below = model._meta.model_name, f"{section}/<str:{key}>/downgrades/"
        for base, address, name, operations in (
            (DowngradeList, "", f"api-downgrades-of-{kind}", _list_operations(section)),
            (DowngradeDetail, "<int:pk>/", f"api-downgrade-of-{kind}", _detail_operations(section)),
            (
                DowngradeDecisions,
                "<int:pk>/decision/",
                f"api-downgrade-decision-of-{kind}",
                _decision_operations(section),
            ),
        ):
            view = type(base.__name__, (base,), {"model": model, "key": key, "__doc__": base.__doc__})
            described: Any = extend_schema_view(**operations)(view)
            found.append(path(f"{below}{address}", described.as_view(), name=name))
    return found


def _list_operations(section: str) -> dict[str, Any]:
    return {
        "get": extend_schema(
            operation_id=f"{section}_downgrades_list",
            parameters=PAGE_PARAMETERS,
            responses={200: DowngradePageOutput},
        ),
        "post": extend_schema(
            operation_id=f"{section}_downgrades_propose",
            request=DowngradeInput,
            responses={201: DowngradeOutput},
            extensions=TAGGED,
        ),
    }


def _detail_operations(section: str) -> dict[str, Any]:
    return {
        "get": extend_schema(
            operation_id=f"{section}_downgrades_read", responses={200: DowngradeOutput}, extensions=TAGGED
        )
    }


def _decision_operations(section: str) -> dict[str, Any]:
    return {
        "post": extend_schema(
            operation_id=f"{section}_downgrades_decide",
            request=DowngradeDecisionInput,
            responses={201: DowngradeOutput},
            extensions=TAGGED,
        )
    }
