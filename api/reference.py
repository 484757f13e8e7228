"""Meetings, sources, bodies and themes: the lists with their filters, one by its key, and writing them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.permissions import Right
from accounts.requests import SignedInApiRequest
from api.parameters import parameters_of
from api.reference_documents import brief, listed, whole
from api.reference_inputs import WINDOW
from api.reference_kinds import (
    AGENCIES,
    COUNTRIES,
    MECHANISMS,
    MEETINGS,
    PEOPLE,
    SOURCES,
    THEMES,
    ReferenceKind,
)
from commitments.documents.reference import stored
from core.api.etags import etag_of, require_match
from core.api.serializers import parsed
from core.api.views import TAGGED, ApiView, object_answer, page_answer, refused_parameters
from core.filters import StrictFilterSet
from core.pagination import page_of
from relations.services.record_writers import require_right


class ReferenceView(ApiView):
    """What the addresses of a list and of one record share."""

    kind: ClassVar[ReferenceKind]

    def answer(
        self, request: SignedInApiRequest, record: Model, status: int = HTTPStatus.OK, location: str = ""
    ) -> Response:
        """The whole record as it stands."""
        section = self.kind.section
        shown = whole(section, stored(section).get(pk=record.pk))
        return object_answer(request, shown, status=status, location=location)

    def arguments(self, request: SignedInApiRequest, **context: Any) -> dict[str, Any]:
        """What the body asks of the writers. Raises ``Problem`` with the faults by field."""
        asked = self.kind.input(data=request.data, context=context)
        parsed(asked)
        return {"actor": request.user, **asked.arguments()}


class RecordList(ReferenceView):
    """Those that the parameters ask for, and new ones."""

    def get(self, request: SignedInApiRequest) -> Response:
        """One page, as `{count, next, previous, results}`."""
        section = self.kind.section
        filters = self.kind.filterset(request.GET, queryset=listed(section))
        if filters.faults:
            raise refused_parameters(filters.faults)
        asked = filters.form.cleaned_data
        page = page_of(filters.qs, number=asked["page"], size=asked["page_size"])
        return page_answer(request, page, [brief(section, each) for each in page.object_list])

    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Record a new one."""
        require_right(request.user, self.kind.right)
        with _in_words_of_the_body():
            made = self.kind.create(**self.arguments(request))
        location = reverse(self.kind.address, args=[getattr(made, self.kind.key)])
        return self.answer(request, made, HTTPStatus.CREATED, location)


class OneRecord(ReferenceView):
    """One record, by its key."""

    def get(self, request: SignedInApiRequest, **key: str) -> Response:
        """The record with all there is to tell of it."""
        found = self.found(key)
        asked = StrictFilterSet(request.GET, queryset=stored(self.kind.section))
        if asked.faults:
            raise refused_parameters(asked.faults)
        return self.answer(request, found)

    def patch(self, request: SignedInApiRequest, **key: str) -> Response:
        """Change what is given and leave the rest."""
        found = self.found(key)
        require_right(request.user, self.kind.right)
        with transaction.atomic(), _in_words_of_the_body():
            locked = type(found)._default_manager.select_for_update(no_key=True).get(pk=found.pk)
            held = stored(self.kind.section).get(pk=locked.pk)
            require_match(request, etag_of(whole(self.kind.section, held)))
            self.kind.change(**{self.kind.role: held}, **self.arguments(request, changing=True))
        return self.answer(request, found)

    def found(self, key: dict[str, str]) -> Model:
        """The record of that key; ``Http404`` where there is none."""
        rows = stored(self.kind.section).model._default_manager
        found: Model | None = None if "\x00" in "".join(key.values()) else rows.filter(**key).first()
        if found is None:
            raise Http404
        return found


_NAMES = {"slug": "key", **{column: f"window.{part}" for part, column in WINDOW.items()}}
"""What the writers call a column, as the body calls it."""


@contextmanager
def _in_words_of_the_body() -> Iterator[None]:
    try:
        yield
    except ValidationError as refused:
        if not hasattr(refused, "error_dict"):
            raise
        said = {_NAMES.get(name, name): messages for name, messages in refused.message_dict.items()}
        raise ValidationError(said) from refused


# -- one view for each list and for each record ----------------------------------------------------------

View = TypeVar("View", bound=type[ReferenceView])

_WHO = {
    Right.EDIT_REGISTER: "For officers.",
    Right.EDIT_BODIES: "For officers and administrators.",
    Right.EDIT_REFERENCE_DATA: "For administrators.",
}
_Q = "Words of the names or the key, in any order and without regard to diacritics."


def of(kind: ReferenceKind) -> Callable[[View], View]:
    """A view of ``kind``, described for the OpenAPI document."""

    def describe(view: View) -> View:
        view.kind = kind
        described = _list_operations(kind) if issubclass(view, RecordList) else _operations(kind)
        done: View = extend_schema_view(**described)(view)
        return done

    return describe


def _list_operations(kind: ReferenceKind) -> dict[str, Any]:
    return {
        "get": extend_schema(
            operation_id=f"{kind.section}_list",
            description=f"{kind.tells} One page, as `{{count, next, previous, results}}`.",
            parameters=_parameters(kind),
            responses={200: kind.page},
        ),
        "post": extend_schema(
            operation_id=f"{kind.section}_create",
            description=f"Record one {kind.one}. {_WHO[kind.right]}",
            request=kind.input,
            responses={201: kind.output},
            extensions=TAGGED,
        ),
    }


def _operations(kind: ReferenceKind) -> dict[str, Any]:
    return {
        "get": extend_schema(
            operation_id=f"{kind.section}_read",
            description=f"One {kind.one}, with all there is to tell of it but the commitments.",
            parameters=[_key(kind)],
            responses={200: kind.output},
            extensions=TAGGED,
        ),
        "patch": extend_schema(
            operation_id=f"{kind.section}_change",
            description="Change what is given and leave the rest; `If-Match` says which state of it was "
            f"read. {_WHO[kind.right]} Its key never changes.",
            parameters=[_key(kind)],
            request=kind.input,
            responses={200: kind.output},
            extensions=TAGGED,
        ),
    }


def _key(kind: ReferenceKind) -> OpenApiParameter:
    says = "Its code, in capitals." if kind.key == "code" else "Its key, as in the register file."
    return OpenApiParameter(kind.key, location=OpenApiParameter.PATH, description=says)


def _parameters(kind: ReferenceKind) -> list[OpenApiParameter]:
    found = parameters_of(kind.filterset)
    meanings = {"q": _Q, **kind.meanings}
    for each in found:
        each.description = meanings.get(each.name, each.description)
    return found


@of(MEETINGS)
class MeetingList(RecordList):
    """Meetings."""


@of(MEETINGS)
class OneMeeting(OneRecord):
    """One meeting."""


@of(SOURCES)
class SourceList(RecordList):
    """Sources."""


@of(SOURCES)
class OneSource(OneRecord):
    """One source."""


@of(MECHANISMS)
class MechanismList(RecordList):
    """Mechanisms."""


@of(MECHANISMS)
class OneMechanism(OneRecord):
    """One mechanism."""


@of(AGENCIES)
class AgencyList(RecordList):
    """Agencies."""


@of(AGENCIES)
class OneAgency(OneRecord):
    """One agency."""


@of(PEOPLE)
class PersonList(RecordList):
    """People."""


@of(PEOPLE)
class OnePerson(OneRecord):
    """One person."""


@of(COUNTRIES)
class CountryList(RecordList):
    """Countries."""


@of(COUNTRIES)
class OneCountry(OneRecord):
    """One country."""


@of(THEMES)
class ThemeList(RecordList):
    """Themes."""


@of(THEMES)
class OneTheme(OneRecord):
    """One theme."""
