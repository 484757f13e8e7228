"""Meetings, sources, bodies and themes: lists with filters, single records, creation and changes."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import Http404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.response import Response

from accounts.choices import Clearance
from accounts.idempotency import idempotent
from accounts.models import User
from accounts.permissions import Right
from accounts.requests import SignedInApiRequest
from api.parameters import parameters_of
from api.reference_documents import brief, rows_of, whole
from api.reference_inputs import WINDOW
from api.reference_kinds import ReferenceKind
from commitments.documents.reference import stored
from commitments.services.levels import references_raised
from core.api.etags import etag_of, require_match
from core.api.problem_details import Problem
from core.api.serializers import parsed
from core.api.views import TAGGED, ApiView, invalid_parameters, object_answer, page_answer
from core.filters import StrictFilterSet
from core.lists import listed
from core.pagination import page_of
from relations.services.record_writers import require_right


class ReferenceView(ApiView):
    """The base of the views of a list and of one record."""

    kind: ClassVar[ReferenceKind]

    def visible_names(self, request: SignedInApiRequest, text: str) -> list[str]:
        """The address of the record that was added, if the caller may see it. ``text`` has it in a line."""
        addresses = {line for line in text.splitlines() if line.startswith(request.path)} - {request.path}
        keys = {address.removeprefix(request.path).removesuffix("/"): address for address in addresses}
        rows = stored(self.kind.section, request.user).filter(**{f"{self.kind.key}__in": list(keys)})
        return [keys[key] for key in rows.values_list(self.kind.key, flat=True)]

    def answer(
        self,
        request: SignedInApiRequest,
        record: Model,
        status: int = HTTPStatus.OK,
        location: str = "",
        followed: Mapping[str, Any] = MappingProxyType({}),
    ) -> Response:
        """The whole record as it is now, with what ``followed`` from its change."""
        section = self.kind.section
        document = whole(section, stored(section, request.user).get(pk=record.pk))
        etag = etag_of(document)
        return object_answer(request, {**document, **followed}, etag=etag, status=status, location=location)

    def arguments(self, request: SignedInApiRequest, **context: Any) -> dict[str, Any]:
        """The body as arguments of the services. Raises ``Problem`` with the errors by field."""
        serializer = self.kind.input(data=request.data, context={"user": request.user, **context})
        parsed(serializer)
        return {"actor": request.user, **serializer.arguments()}


class RecordList(ReferenceView):
    """A list, and creation."""

    def get(self, request: SignedInApiRequest) -> Response:
        """One page, as `{count, next, previous, results}`."""
        section = self.kind.section
        filters = self.kind.filterset(request.GET, queryset=rows_of(section, request.user))
        if filters.faults:
            raise invalid_parameters(filters.faults)
        values = filters.form.cleaned_data
        page = page_of(filters.qs, number=values["page"], size=values["page_size"])
        return page_answer(request, page, [brief(section, each) for each in page.object_list])

    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Create a record."""
        require_right(request.user, self.kind.right)
        with _names_of_the_body():
            created = self.kind.create(**self.arguments(request))
        location = reverse(self.kind.address, args=[getattr(created, self.kind.key)])
        return self.answer(request, created, HTTPStatus.CREATED, location)


class RecordDetail(ReferenceView):
    """One record, by its key."""

    def get(self, request: SignedInApiRequest, **key: str) -> Response:
        """The whole record."""
        found = self.found(request, key)
        filters = StrictFilterSet(request.GET, queryset=stored(self.kind.section))
        if filters.faults:
            raise invalid_parameters(filters.faults)
        return self.answer(request, found)

    def patch(self, request: SignedInApiRequest, **key: str) -> Response:
        """Change the members in the request and leave the rest."""
        found = self.found(request, key)
        require_right(request.user, self.kind.right)
        with transaction.atomic(), _names_of_the_body():
            locked = type(found)._default_manager.select_for_update(no_key=True).get(pk=found.pk)
            current = stored(self.kind.section, request.user).get(pk=locked.pk)
            require_match(request, etag_of(whole(self.kind.section, current)))
            arguments = self.arguments(request, changing=True)
            confirmed = arguments.pop("raises", ())
            level = arguments["fields"].get("classification", 0)
            if Clearance.UNCLASSIFIED < level <= request.user.clearance:  # above it, the service refuses
                _require_confirmed(current, level, confirmed, request.user)
            changed = self.kind.change(**{self.kind.argument: current}, **arguments)
        return self.answer(request, found, followed=self.kind.followed(changed, request.user))

    def found(self, request: SignedInApiRequest, key: dict[str, str]) -> Model:
        """The record with that key, if the caller may see it. Raises ``Http404``."""
        rows = stored(self.kind.section, request.user)
        found: Model | None = None if "\x00" in "".join(key.values()) else rows.filter(**key).first()
        if found is None:
            raise Http404
        return found


def _require_confirmed(record: Any, level: int, confirmed: Collection[str], user: User) -> None:
    """Raise ``Problem`` (409) unless ``confirmed`` names each commitment that ``level`` raises."""
    raised = references_raised(record, level, user)
    if set(raised) <= set(confirmed):
        return
    message = _(
        "These commitments are raised to the same level: %(references)s. Send the same body with `raises` to "
        "raise them too."
    )
    raise Problem(HTTPStatus.CONFLICT, message % {"references": listed(raised)}, raises=raised)


_NAMES = {"slug": "key", **{column: f"window.{part}" for part, column in WINDOW.items()}}
"""The name in the request body of each column that the services name."""


@contextmanager
def _names_of_the_body() -> Iterator[None]:
    """Name the fields of a ``ValidationError`` as the request body does."""
    try:
        yield
    except ValidationError as refused:
        if not hasattr(refused, "error_dict"):
            raise
        errors = {_NAMES.get(name, name): messages for name, messages in refused.message_dict.items()}
        raise ValidationError(errors) from refused


_ROLES = {
    Right.EDIT_REGISTER: "For officers.",
    Right.EDIT_BODIES: "For officers and administrators.",
    Right.EDIT_REFERENCE_DATA: "For administrators.",
}
_Q = "Words of the names or the key, in any order. Diacritics are ignored."


def urls_of(kind: ReferenceKind) -> list[URLPattern]:
    """The URLs of the list of ``kind`` and of one record."""
    records = _view_of(kind, RecordList, _list_operations(kind))
    record = _view_of(kind, RecordDetail, _operations(kind))
    return [
        path(f"{kind.section}/", records.as_view(), name=f"api-{kind.section}"),
        path(f"{kind.section}/<str:{kind.key}>/", record.as_view(), name=kind.address),
    ]


def _view_of(
    kind: ReferenceKind, base: type[ReferenceView], operations: dict[str, Any]
) -> type[ReferenceView]:
    """A view of ``kind``, with the description of its operations for the OpenAPI document."""
    view = type(
        f"{kind.one.capitalize()}{base.__name__}", (base,), {"kind": kind, "__doc__": kind.description}
    )
    described: type[ReferenceView] = extend_schema_view(**operations)(view)
    return described


def _list_operations(kind: ReferenceKind) -> dict[str, Any]:
    return {
        "get": extend_schema(
            operation_id=f"{kind.section}_list",
            description=f"{kind.description} One page, as `{{count, next, previous, results}}`.",
            parameters=_parameters(kind),
            responses={200: kind.page},
        ),
        "post": extend_schema(
            operation_id=f"{kind.section}_create",
            description=f"Create a record. {_ROLES[kind.right]}",
            request=kind.input,
            responses={201: kind.output},
            extensions=TAGGED,
        ),
    }


def _operations(kind: ReferenceKind) -> dict[str, Any]:
    return {
        "get": extend_schema(
            operation_id=f"{kind.section}_read",
            description=f"One {kind.one}, without its commitments.",
            parameters=[_key(kind)],
            responses={200: kind.output},
            extensions=TAGGED,
        ),
        "patch": extend_schema(
            operation_id=f"{kind.section}_change",
            description="Change the members in the request and leave the rest. `If-Match` names the state "
            f"that was read. {_ROLES[kind.right]} The key cannot change.",
            parameters=[_key(kind)],
            request=kind.input,
            responses={200: kind.changed or kind.output},
            extensions=TAGGED,
        ),
    }


def _key(kind: ReferenceKind) -> OpenApiParameter:
    description = "The code, in capitals." if kind.key == "code" else "The key, as in the register file."
    return OpenApiParameter(kind.key, location=OpenApiParameter.PATH, description=description)


def _parameters(kind: ReferenceKind) -> list[OpenApiParameter]:
    found = parameters_of(kind.filterset)
    meanings = {"q": _Q, **kind.meanings}
    for each in found:
        each.description = meanings.get(each.name, each.description)
    return found
