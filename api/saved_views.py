"""Filters of the list that are kept under a name."""

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
from api.children import PAGE_PARAMETERS, paged, without_parameters
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
from core.api.serializers import StrictSerializer, faulty, parsed
from core.api.views import TAGGED, ApiView, object_answer, page_answer, refused_parameters

Document = dict[str, Any]
BIGGEST_KEY = 2**63 - 1


class SavedViewInput(StrictSerializer):
    """A filter under a name."""

    name = serializers.CharField(max_length=80)
    query = serializers.CharField(
        max_length=4000,
        allow_blank=True,
        default="",
        help_text="The parameters of the list, as after “?” in its address. Empty shows everything.",
    )
    description = serializers.CharField(max_length=2000, allow_blank=True, default="")
    shared_with = serializers.ChoiceField(choices=SharedWith.choices, default=SharedWith.PRIVATE)
    role = serializers.ChoiceField(
        choices=Role.choices, allow_null=True, required=False, help_text="Only where it is shared with one."
    )


class DefaultViewInput(StrictSerializer):
    """The view with which the list opens."""

    view = serializers.IntegerField(
        min_value=1, max_value=BIGGEST_KEY, allow_null=True, help_text="Its id; null for everything."
    )


class SavedViewOutput(Output):
    """A filter under a name. It shows nobody what they may not see anyway."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    query = serializers.CharField(allow_blank=True)
    shared_with = serializers.ChoiceField(choices=SharedWith.choices)
    role = serializers.ChoiceField(choices=Role.choices, allow_null=True)
    owner = serializers.CharField(help_text="The user name.")
    is_default = serializers.BooleanField(help_text="Whether the caller's list opens with it.")
    url = serializers.CharField(help_text="The page that opens the list with it.")


class SavedViewPageOutput(PageOutput):
    """One page of saved views."""

    results = SavedViewOutput(many=True)


class DefaultViewOutput(Output):
    """The view with which the caller's list opens, if there is one."""

    view = SavedViewOutput(allow_null=True)


class SavedViewList(ApiView):
    """The saved views that the caller may use."""

    @extend_schema(
        operation_id="saved_views_list", parameters=PAGE_PARAMETERS, responses={200: SavedViewPageOutput}
    )
    def get(self, request: SignedInApiRequest) -> Response:
        """The caller's own, and those shared with a role of the caller or with everyone, oldest first."""
        asked = PageFilterSet(request.GET)
        if asked.faults:
            raise refused_parameters(asked.faults)
        page = paged(_visible(request.user).order_by("pk"), asked)
        chosen = default_of(request.user)
        return page_answer(request, page, [_told(each, chosen) for each in page.object_list])

    @extend_schema(
        operation_id="saved_views_save",
        request=SavedViewInput,
        responses={201: SavedViewOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Keep a filter under a name of one's own. What the list would not understand is refused."""
        given = _given(request, SavedViewInput(data=request.data))
        return _answer(request, save_view(owner=request.user, **given), status=HTTPStatus.CREATED)


class SavedViewDetail(ApiView):
    """One saved view."""

    @extend_schema(operation_id="saved_views_read", responses={200: SavedViewOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, pk: int) -> Response:
        """One saved view; `GET /api/v1/commitments/?` and its `query` shows the rows."""
        without_parameters(request)
        return _answer(request, _found(_visible(request.user), pk))

    @extend_schema(
        operation_id="saved_views_change",
        request=SavedViewInput,
        responses={200: SavedViewOutput},
        extensions=TAGGED,
    )
    def patch(self, request: SignedInApiRequest, pk: int) -> Response:
        """Change what is given of one's own view and leave the rest."""
        with transaction.atomic():
            view = _locked(request, pk)
            given = _given(request, SavedViewInput(data=request.data, partial=True))
            names = ("name", "query", "description", "shared_with", "role")
            stays = {name: getattr(view, name) for name in names}
            edit_view(view=view, actor=request.user, **{**stays, **given})
        return _answer(request, view)

    @extend_schema(operation_id="saved_views_delete", responses={204: None})
    def delete(self, request: SignedInApiRequest, pk: int) -> Response:
        """Delete one's own view, for everyone it was shared with too."""
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
        """A private copy of one's own, under the same name or the next free one."""
        copy = copy_view(view=_found(_visible(request.user), pk), actor=request.user)
        return _answer(request, copy, status=HTTPStatus.CREATED)


class DefaultView(ApiView):
    """The view with which the caller's list opens."""

    @extend_schema(operation_id="saved_views_default", responses={200: DefaultViewOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest) -> Response:
        """The view with which the caller's list opens; null where it opens with everything."""
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
        """Open the caller's list with a view from now on, or with everything."""
        key = parsed(DefaultViewInput(data=request.data))["view"]
        view = None if key is None else _visible(request.user).filter(pk=key).first()
        if view is None and key is not None:
            raise faulty({"view": [_("There is no view of that id.")]})
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
    """One's own view, locked, if it still is what the caller read."""
    view = _found(_visible(request.user).select_for_update(of=("self",)), pk)
    require_owner(view, request.user)
    require_match(request, etag_of(_told(view, default_of(request.user))))
    return view


def _given(request: SignedInApiRequest, asked: SavedViewInput) -> dict[str, Any]:
    """What the writers take, from valid input."""
    given = parsed(asked)
    if "query" in given:
        given["query"], wrong = check_query(given["query"], request.user)
        if wrong:
            raise faulty({"query": wrong})
    if "role" in given:
        given["role"] = given["role"] or ""
    return given


def _told(view: SavedView, chosen: SavedView | None) -> Document:
    return {
        "id": view.pk,
        "name": view.name,
        "description": view.description,
        "query": view.query,
        "shared_with": view.shared_with,
        "role": view.role or None,
        "owner": view.owner.username,
        "is_default": chosen is not None and chosen.pk == view.pk,
        "url": reverse("saved_view", args=[view.pk]),
    }


def _answer(request: SignedInApiRequest, view: SavedView, *, status: int = HTTPStatus.OK) -> Response:
    location = reverse("api-saved-view", args=[view.pk]) if status == HTTPStatus.CREATED else ""
    told = _told(view, default_of(request.user))
    return object_answer(request, told, status=status, location=location)


def _default_answer(request: SignedInApiRequest) -> Response:
    chosen = default_of(request.user)
    return object_answer(request, {"view": _told(chosen, chosen) if chosen else None})
