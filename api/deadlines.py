"""The deadline changes of a commitment: proposed, decided on, made."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.children import PAGE_PARAMETERS, ChildKind, requested_page
from api.children_inputs import DeadlineChangeInput, DeadlineDecisionInput
from api.children_outputs import DeadlineChangePageOutput, OneDeadlineChangeOutput
from api.commitments import CommitmentView, visible
from api.transitions import IF_MATCH, matched
from commitments.choices import ProposalState
from commitments.day_filtersets import PageFilterSet
from commitments.documents.building import Document, build
from commitments.documents.commitment_schema import DEADLINE_CHANGE, DEADLINE_PROPOSAL
from commitments.services.deadline_proposals import (
    decide_deadline,
    propose_deadline,
    require_concerned,
    require_proposer,
)
from commitments.services.deadlines import COLUMNS, Window
from commitments.services.errors import RequirementsNotMet
from core.api.serializers import parsed
from core.api.views import TAGGED, invalid_parameters, page_answer


@dataclass(frozen=True, slots=True)
class _Changes(ChildKind):
    """Changes of the deadline that were made."""

    def document_of(self, row: Any) -> Document:
        decision = getattr(row, "decision", None)
        proposal = decision.proposal.number if decision else None
        members = {"number": row.number, "proposal": proposal, "state": ProposalState.ACCEPTED.value}
        return {**members, **build(row, self.schema)}


@dataclass(frozen=True, slots=True)
class _Proposals(ChildKind):
    """Proposed changes of the deadline."""

    def document_of(self, row: Any) -> Document:
        change = row.decision.change if hasattr(row, "decision") else None
        members = {"number": change.number if change else None, "proposal": row.number, "state": row.state}
        return {**members, **build(row, self.schema)}


CHANGES = _Changes(
    rows=lambda commitment: commitment.deadline_changes.select_related(
        "actor", "decision__proposal"
    ).order_by("number"),
    schema=DEADLINE_CHANGE,
    address="api-deadline-change",
    key="number",
)
PROPOSALS = _Proposals(
    rows=lambda commitment: commitment.deadline_proposals.with_decisions(),
    schema=DEADLINE_PROPOSAL,
    address="api-deadline-proposal",
    key="number",
)


class DeadlineChangeList(CommitmentView):
    """The deadline changes of a commitment."""

    @extend_schema(
        operation_id="deadline_changes_list",
        parameters=PAGE_PARAMETERS,
        responses={200: DeadlineChangePageOutput},
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """List the changes of the deadline, then the proposals that did not become one, with their state."""
        commitment = visible(request, reference)
        filters = PageFilterSet(request.GET)
        if filters.faults:
            raise invalid_parameters(filters.faults)
        others = PROPOSALS.rows(commitment).exclude(state=ProposalState.ACCEPTED)
        documents = [
            *map(CHANGES.document_of, CHANGES.rows(commitment)),
            *map(PROPOSALS.document_of, others),
        ]
        page = requested_page(documents, filters)
        return page_answer(request, page, list(page.object_list))

    @extend_schema(
        operation_id="deadline_changes_make",
        request=DeadlineChangeInput,
        responses={201: OneDeadlineChangeOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Propose another deadline. It replaces the whole deadline once a reviewer has accepted it. For
        officers, and for focal points of an assigned agency."""
        commitment = visible(request, reference)
        require_proposer(commitment, request.user)
        values = parsed(DeadlineChangeInput(data=request.data))
        window = Window(**values.pop("deadline"))
        try:
            proposal = propose_deadline(commitment=commitment, actor=request.user, window=window, **values)
        except RequirementsNotMet as refused:
            errors = {f"deadline.{k}" if k in COLUMNS else k: v for k, v in refused.errors.items()}
            raise RequirementsNotMet(errors) from refused
        return PROPOSALS.written(request, commitment, proposal)


class DeadlineChangeDetail(CommitmentView):
    """One deadline change."""

    @extend_schema(
        operation_id="deadline_changes_read", responses={200: OneDeadlineChangeOutput}, extensions=TAGGED
    )
    def get(self, request: SignedInApiRequest, reference: str, number: int) -> Response:
        """One deadline change. It cannot be changed or deleted."""
        return CHANGES.answer(request, reference, number)


class DeadlineProposalDetail(CommitmentView):
    """One proposed deadline."""

    @extend_schema(
        operation_id="deadline_proposals_read", responses={200: OneDeadlineChangeOutput}, extensions=TAGGED
    )
    def get(self, request: SignedInApiRequest, reference: str, number: int) -> Response:
        """One proposed deadline, by its position among the proposals. It cannot be changed or deleted."""
        return PROPOSALS.answer(request, reference, number)


class DeadlineDecisions(CommitmentView):
    """The decision on a proposed deadline."""

    @extend_schema(
        operation_id="deadline_proposals_decide",
        request=DeadlineDecisionInput,
        parameters=[IF_MATCH],
        responses={201: OneDeadlineChangeOutput},
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str, number: int) -> Response:
        """Decide on a proposed deadline. Accepted, it becomes the deadline of the commitment. 409 once it is
        decided or has lapsed, and if the deadline was changed since it was proposed."""
        data = request.data
        with transaction.atomic():
            commitment = visible(request, reference, locked=True)
            proposal = PROPOSALS.get(commitment, number)
            require_concerned(proposal, request.user)
            stamp = matched(request.user, reference, request.headers.get("If-Match", ""))
            values = parsed(DeadlineDecisionInput(data=data))
            decide_deadline(proposal=proposal, actor=request.user, stamp=stamp, **values)
        return PROPOSALS.written(request, commitment, proposal, HTTPStatus.CREATED)
