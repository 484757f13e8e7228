"""The passages of a source that the reader of texts proposes: reading, accepting and refusing."""

from http import HTTPStatus
from typing import Any

import django_filters
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.levels import level_errors
from accounts.models import User
from accounts.requests import SignedInApiRequest
from api.candidate_documents import (
    AcceptInput,
    CandidateOutput,
    CandidatePageOutput,
    CandidatePartsOutput,
    JoinInput,
    RefuseInput,
    SplitInput,
)
from api.candidate_documents import candidate_document as document_of
from api.children import requested_page, without_parameters
from api.commitments import CommitmentView, names_of_the_body
from api.papers import visible_source, visible_sources
from api.parameters import parameters_of
from commitments.choices import PassageClass
from commitments.day_filtersets import PageFilterSet
from commitments.models import Candidate
from commitments.reports.candidates import (
    CandidateRow,
    CandidateState,
    SourceCandidates,
    proposed_values,
    registration_arguments,
    told_of,
)
from commitments.services.candidates import (
    accept_as_commitment,
    accept_as_mention,
    join_candidates,
    offer_again,
    refuse_candidate,
    require_reader,
    split_candidate,
)
from commitments.services.errors import RequirementsNotMet
from commitments.services.text_reading import read_source
from core.api.serializers import parsed
from core.api.views import TAGGED, invalid_parameters, object_answer, page_answer
from relations.models import Meeting, Source


def _for_the_view(rows: Any, name: str, value: Any) -> Any:
    """Filter no rows: the view reads the parameter."""
    return rows


class CandidateFilterSet(PageFilterSet):
    """The page of the candidates, and those of one state or class."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("What became of it"), choices=CandidateState.choices, method=_for_the_view
    )

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """The filters, with ``class``, which is no name in Python."""
        kind = django_filters.ChoiceFilter(
            label=gettext_lazy("What the reader takes it for"),
            choices=PassageClass.choices,
            method=_for_the_view,
        )
        return {**super().get_filters(), "class": kind}


PARAMETERS = parameters_of(CandidateFilterSet)


class CandidateView(CommitmentView):
    """A view of the candidates of a source."""

    def visible_names(self, request: SignedInApiRequest, text: str) -> list[str]:
        """The commitments that ``text`` names and the source, as far as the caller may see them."""
        return [*super().visible_names(request, text), *visible_sources(request, self.kwargs["slug"])]

    def source(self, request: SignedInApiRequest, slug: str) -> Source:
        """The source with that key. Raises ``Http404``."""
        return visible_source(request, slug)

    def found(self, source: Source, pk: int, candidates: SourceCandidates) -> Candidate:
        """The candidate with that id, if it still stands in the source. Raises ``Http404``."""
        found = candidates.stored().filter(pk=pk).first()
        numbers = [found.number] if found else []
        for each in candidates.standing(source.paragraphs.filter(number__in=numbers)) if found else ():
            if each.pk == pk:
                return each
        raise Http404

    def answer(
        self, request: SignedInApiRequest, source: Source, pk: int, status: int = HTTPStatus.OK
    ) -> Response:
        """The candidate as it is now."""
        candidates = SourceCandidates(source, request.user)
        (row,) = candidates.rows([self.found(source, pk, candidates)])
        return object_answer(request, document_of(row, source.slug), status=status)


class CandidateList(CandidateView):
    """The candidates of a source."""

    @extend_schema(
        operation_id="candidates_list", parameters=PARAMETERS, responses={200: CandidatePageOutput}
    )
    def get(self, request: SignedInApiRequest, slug: str) -> Response:
        """List the passages that the reader of texts proposes, in the order of the text.

        One that does not stand in the text any more is left out. `matches` has only commitments that the
        caller may see.
        """
        return self._page(request, self.source(request, slug))

    @extend_schema(operation_id="candidates_read_text", request=None, responses={200: CandidatePageOutput})
    @idempotent
    def post(self, request: SignedInApiRequest, slug: str) -> Response:
        """Have the text read. Reading it again changes nothing that somebody decided: what was refused is
        not proposed again. Nothing is ever accepted by the program. For officers."""
        source = self.source(request, slug)
        require_reader(request.user)
        read_source(source=source, actor=request.user, told=told_of(source))
        return self._page(request, source)

    def _page(self, request: SignedInApiRequest, source: Source) -> Response:
        filters = CandidateFilterSet(request.GET)
        if filters.faults:
            raise invalid_parameters(filters.faults)
        values = filters.form.cleaned_data
        candidates = SourceCandidates(source, request.user)
        wanted = [
            each
            for each in candidates.standing(source.paragraphs.all())
            if values["class"] in ("", None, each.passage_class)
            and values["state"] in ("", None, candidates.state_of(each))
        ]
        page = requested_page(wanted, filters)
        rows = candidates.rows(list(page.object_list))
        return page_answer(request, page, [document_of(row, source.slug) for row in rows])


class CandidateDetail(CandidateView):
    """One candidate."""

    @extend_schema(operation_id="candidates_read", responses={200: CandidateOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, slug: str, pk: int) -> Response:
        """One passage that the reader of texts proposes."""
        source = self.source(request, slug)
        without_parameters(request)
        return self.answer(request, source, pk)


class CandidateAcceptance(CandidateView):
    """The acceptance of a candidate."""

    @extend_schema(
        operation_id="candidates_accept",
        request=AcceptInput,
        responses={201: CandidateOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, slug: str, pk: int) -> Response:
        """Accept the passage as proposed, or with the members in the body.

        It becomes a mention of `commitment`; with `commitment: null` a new commitment; without it, what
        `restates` says. A likely twin is refused as in a registration (409). For officers.
        """
        source = self.source(request, slug)
        found = self.found(source, pk, SourceCandidates(source, request.user))
        require_reader(request.user)
        serializer = AcceptInput(data=request.data, context={"user": request.user})
        parsed(serializer)
        meeting = serializer.validated_data.get("meeting") or _only_meeting(source, request.user)
        (row,) = SourceCandidates(source, request.user, meeting).rows([found])
        _accept(request, row, source, meeting, serializer)
        return self.answer(request, source, pk, HTTPStatus.CREATED)


class CandidateRefusal(CandidateView):
    """The refusal of a candidate."""

    @extend_schema(
        operation_id="candidates_refuse",
        request=RefuseInput,
        responses={200: CandidateOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, slug: str, pk: int) -> Response:
        """Refuse the passage: it is not proposed again. With `lift`, it is. For officers."""
        source = self.source(request, slug)
        found = self.found(source, pk, SourceCandidates(source, request.user))
        require_reader(request.user)
        decide = offer_again if parsed(RefuseInput(data=request.data))["lift"] else refuse_candidate
        decide(candidate=found, actor=request.user)
        return self.answer(request, source, pk)


class CandidateSplit(CandidateView):
    """The split of a candidate into two."""

    @extend_schema(
        operation_id="candidates_split",
        request=SplitInput,
        responses={200: CandidatePartsOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, slug: str, pk: int) -> Response:
        """Split the passage in two, each of which is proposed. Blanks and punctuation beside the cut belong
        to neither part. One that somebody decided on is not split (409). For officers."""
        source = self.source(request, slug)
        found = self.found(source, pk, SourceCandidates(source, request.user))
        require_reader(request.user)
        at = parsed(SplitInput(data=request.data))["at"]
        parts = split_candidate(candidate=found, actor=request.user, at=at)
        candidates = SourceCandidates(source, request.user)
        rows = candidates.rows([self.found(source, each.pk, candidates) for each in parts])
        return object_answer(request, {"parts": [document_of(row, source.slug) for row in rows]})


class CandidateJoin(CandidateView):
    """The union of two candidates."""

    @extend_schema(
        operation_id="candidates_join",
        request=JoinInput,
        responses={200: CandidateOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, slug: str, pk: int) -> Response:
        """Join the passage with another one of its paragraph, and with what stands between them. The answer
        is the joined candidate, which keeps the `id` of the first of the two. For officers."""
        source = self.source(request, slug)
        candidates = SourceCandidates(source, request.user)
        found = self.found(source, pk, candidates)
        require_reader(request.user)
        key = parsed(JoinInput(data=request.data))["other"]
        other = candidates.stored().filter(pk=key).first()
        # A passage of another source, which the caller may not see, is told in the same words as none.
        joined = join_candidates(candidate=found, other=other or found, actor=request.user)
        return self.answer(request, source, joined.pk)


def _only_meeting(source: Source, user: User) -> Meeting:
    """The meeting that ``source`` reports on. Raises ``RequirementsNotMet`` unless it is one."""
    meetings = list(Meeting.objects.visible_to(user).filter(source_links__source=source).order_by("pk")[:2])
    if not meetings:
        message = _("The source reports on no meeting. Add it to a meeting first.")
    elif len(meetings) > 1:
        message = _("The source reports on several meetings. Name one.")
    else:
        return meetings[0]
    raise RequirementsNotMet({"meeting": [message]})


def _accept(
    request: SignedInApiRequest, row: CandidateRow, source: Source, meeting: Meeting, body: AcceptInput
) -> None:
    common: dict[str, Any] = {"candidate": row.candidate, "actor": request.user, "meeting": meeting}
    commitment = body.commitment_of(row.restated)
    if commitment is not None:
        said = {"kind": row.kind, "modality": row.candidate.modality} | body.said()
        accept_as_mention(**common, commitment=commitment, **said)
        return
    given, paragraph = body.given(), source.paragraphs.get(number=row.candidate.number)
    if errors := level_errors(request.user, given["fields"].get("classification", 0)):
        raise RequirementsNotMet(errors)
    arguments = registration_arguments(proposed_values(row, paragraph, meeting), given)
    with names_of_the_body():
        accept_as_commitment(**common, **arguments | body.said())
