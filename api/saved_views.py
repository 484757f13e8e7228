"""Saved views: filters of the list with a name."""

from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.choices import Role
from accounts.idempotency import idempotent
from accounts.models import User
from accounts.requests import SignedInApiRequest
from api.children import PAGE_PARAMETERS, requested_page, without_parameters
from api.outputs import Output, PageOutput
from commitments.choices import SharedWith
from commitments.day_filtersets import PageFilterSet
from commitments.models import SavedView
from commitments.reports.saved_views import check_query
from commitments.services.saved_views import (
    choose_default,
    copy_view,
    default_of,
    delete_view,
    edit_view,
    require_owner,
    save_view,
)
from core.api.etags import etag_of, require_match
from core.api.serializers import StrictSerializer, parsed, validation_problem
from core.api.views import TAGGED, ApiView, invalid_parameters, object_answer, page_answer

Document = dict[str, Any]
BIGGEST_KEY = 2**63 - 1


class SavedViewInput(StrictSerializer):
    """A saved view."""

    name = serializers.CharField(max_length=80)
    query = serializers.CharField(
        max_length=4000,
        allow_blank=True,
        default="",
        help_text="The parameters of the list, as in its URL after “?”. Empty: no filter.",
    )
    description = serializers.CharField(max_length=2000, allow_blank=True, default="")
    shared_with = serializers.ChoiceField(choices=SharedWith.choices, default=SharedWith.PRIVATE)
    role = serializers.ChoiceField(
        choices=Role.choices,
        allow_null=True,
        required=False,
        help_text="The role that it is shared with, if `shared_with` is `role`.",
    )


class DefaultViewInput(StrictSerializer):
    """The default view of the list."""

    view = serializers.IntegerField(
        min_value=1, max_value=BIGGEST_KEY, allow_null=True, help_text="The id of the view; null for none."
    )


class SavedViewOutput(Output):
    """A saved view. It shows each person only what they may see."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    query = serializers.CharField(allow_blank=True)
    shared_with = serializers.ChoiceField(choices=SharedWith.choices)
    role = serializers.ChoiceField(choices=Role.choices, allow_null=True)
    owner = serializers.CharField(help_text="The username of the owner.")
    owner_closed = serializers.BooleanField(help_text="Whether the account of the owner is closed.")
    is_default = serializers.BooleanField(help_text="Whether it is the caller's default view.")
    url = serializers.CharField(help_text="The page that shows the list with this view.")


class SavedViewPageOutput(PageOutput):
    """One page of saved views."""

    results = SavedViewOutput(many=True)


class DefaultViewOutput(Output):
    """The caller's default view, or null."""

    view = SavedViewOutput(allow_null=True)


class SavedViewList(ApiView):
    """The saved views that the caller can use."""

    @extend_schema(
        operation_id="saved_views_list", parameters=PAGE_PARAMETERS, responses={200: SavedViewPageOutput}
    )
    def get(self, request: SignedInApiRequest) -> Response:
        """List the caller's own views, and those shared with a role of theirs or everyone, oldest first."""
        filters = PageFilterSet(request.GET)
        if filters.faults:
            raise invalid_parameters(filters.faults)
        page = requested_page(_visible(request.user).order_by("pk"), filters)
        default = default_of(request.user)
        return page_answer(request, page, [_document(each, default) for each in page.object_list])

    @extend_schema(
        operation_id="saved_views_save",
        request=SavedViewInput,
        responses={201: SavedViewOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Save a view. The query must be valid for the list."""
        values = _values(request, SavedViewInput(data=request.data))
        return _answer(request, save_view(owner=request.user, **values), status=HTTPStatus.CREATED)


class SavedViewDetail(ApiView):
    """One saved view."""

    @extend_schema(operation_id="saved_views_read", responses={200: SavedViewOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, pk: int) -> Response:
        """One saved view. Append its `query` to `GET /api/v1/commitments/?` to get the rows."""
        without_parameters(request)
        return _answer(request, _found(_visible(request.user), pk))

    @extend_schema(
        operation_id="saved_views_change",
        request=SavedViewInput,
        responses={200: SavedViewOutput},
        extensions=TAGGED,
    )
    def patch(self, request: SignedInApiRequest, pk: int) -> Response:
        """Change members of your own view and leave the rest."""
        with transaction.atomic():
            view = _locked(request, pk)
            changes = _values(request, SavedViewInput(data=request.data, partial=True))
            names = ("name", "query", "description", "shared_with", "role")
            values = {name: getattr(view, name) for name in names} | changes
            edit_view(view=view, actor=request.user, **values)
        return _answer(request, view)

    @extend_schema(operation_id="saved_views_delete", responses={204: None})
    def delete(self, request: SignedInApiRequest, pk: int) -> Response:
        """Delete your own view, also for those it is shared with."""
        with transaction.atomic():
            delete_view(view=_locked(request, pk), actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class SavedViewCopies(ApiView):
    """Copies of a saved view."""

    @extend_schema(
        operation_id="saved_views_copy", request=None, responses={201: SavedViewOutput}, extensions=TAGGED
    )
    @idempotent
    def post(self, request: SignedInApiRequest, pk: int) -> Response:
        """Make a private copy, with the same name or the next free one."""
        copy = copy_view(view=_found(_visible(request.user), pk), actor=request.user)
        return _answer(request, copy, status=HTTPStatus.CREATED)


class DefaultView(ApiView):
    """The default view of the caller."""

    @extend_schema(operation_id="saved_views_default", responses={200: DefaultViewOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest) -> Response:
        """The default view of the caller; null if there is none."""
        without_parameters(request)
        return _default_answer(request)

    @extend_schema(
        operation_id="saved_views_choose_default",
        request=DefaultViewInput,
        responses={200: DefaultViewOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Choose the default view of the caller, or none."""
        key = parsed(DefaultViewInput(data=request.data))["view"]
        view = None if key is None else _visible(request.user).filter(pk=key).first()
        if view is None and key is not None:
            raise validation_problem({"view": [_("There is no saved view with this id.")]})
        choose_default(user=request.user, view=view)
        return _default_answer(request)


def _visible(user: User) -> QuerySet[SavedView]:
    rows: QuerySet[SavedView] = SavedView.objects.visible_to(user).select_related("owner")
    return rows


def _found(rows: QuerySet[SavedView], pk: int) -> SavedView:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _locked(request: SignedInApiRequest, pk: int) -> SavedView:
    """The caller's own view, locked. Raises ``Http404``, and ``Problem`` (428, 412) for ``If-Match``."""
    view = _found(_visible(request.user).select_for_update(of=("self",)), pk)
    require_owner(view, request.user)
    require_match(request, etag_of(_document(view, default_of(request.user))))
    return view


def _values(request: SignedInApiRequest, serializer: SavedViewInput) -> dict[str, Any]:
    """The arguments of the services. Raises ``Problem`` (400)."""
    values = parsed(serializer)
    if "query" in values:
        values["query"], errors = check_query(values["query"], request.user)
        if errors:
            raise validation_problem({"query": errors})
    if "role" in values:
        values["role"] = values["role"] or ""
    return values


def _document(view: SavedView, default: SavedView | None) -> Document:
    return {
        "id": view.pk,
        "name": view.name,
        "description": view.description,
        "query": view.query,
        "shared_with": view.shared_with,
        "role": view.role or None,
        "owner": view.owner.username,
        "owner_closed": not view.owner.is_active,
        "is_default": default is not None and default.pk == view.pk,
        "url": reverse("saved_view", args=[view.pk]),
    }


def _answer(request: SignedInApiRequest, view: SavedView, *, status: int = HTTPStatus.OK) -> Response:
    location = reverse("api-saved-view", args=[view.pk]) if status == HTTPStatus.CREATED else ""
    document = _document(view, default_of(request.user))
    return object_answer(request, document, status=status, location=location)


def _default_answer(request: SignedInApiRequest) -> Response:
    default = default_of(request.user)
    return object_answer(request, {"view": _document(default, default) if default else None})
