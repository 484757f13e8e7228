"""The base of the API's views, and its answers: objects with a strong ETag, pages with four members."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.paginator import Page
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import openapi
from core.api.etags import etag_of, is_known
from core.api.problem_details import Problem
from core.cache_control import cache_control_for
from core.form_errors import labelled
from core.lists import listed
from core.pagination import page_url

TAGGED = {openapi.TAGGED: True}
"""For ``extend_schema(extensions=…)``: the answer has a strong ETag."""

VARY = "Authorization, Cookie, Accept-Language"
"""What an answer depends on."""


class ApiView(APIView):
    """A view of the API."""

    def visible_names(self, request: Any, text: str) -> list[str]:
        """The records that ``text`` names, as far as the caller may see them now.

        A stored answer is repeated only to a caller who may still see every record that it names.
        """
        return []

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Forbid shared caches to store the answer, and all caches if the caller reads classified records."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        # ``request.user`` would authenticate now where an error came before that.
        caller = getattr(request._request, "user", None)
        finished.headers.setdefault("Cache-Control", cache_control_for(caller))
        finished.headers.setdefault("Vary", VARY)
        return finished


def object_answer(
    request: Request,
    data: Mapping[str, Any],
    *,
    etag: str = "",
    status: int = HTTPStatus.OK,
    location: str = "",
) -> Response:
    """One object with its strong ETag (default: of ``data``); 304 if the caller has it already."""
    etag = etag or etag_of(data)
    headers = {"ETag": etag}
    if request.method in ("GET", "HEAD") and is_known(request, etag):
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    if location:
        headers["Location"] = location
    return Response(data, status=status, headers=headers)


def page_answer(request: Request, page: Page[Any], results: Sequence[Any], **members: Any) -> Response:
    """One page of a list: ``{count, next, previous, results}``."""
    return Response(
        {
            "count": page.paginator.count,
            "next": page_url(request, page.next_page_number()) if page.has_next() else None,
            "previous": page_url(request, page.previous_page_number()) if page.has_previous() else None,
            "results": results,
            **members,
        }
    )


def invalid_parameters(errors: Mapping[str, list[str]]) -> Problem:
    """400 for query parameters that are invalid. ``detail`` names them, with the first error."""
    return Problem(
        HTTPStatus.BAD_REQUEST,
        labelled(listed(errors), next(iter(errors.values()))[0]),
        errors=dict(errors),
    )
