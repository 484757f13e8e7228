"""What every answer of the API shares: objects with a strong tag, pages with the same four members."""

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
from core.pagination import page_url

TAGGED = {openapi.TAGGED: True}
"""For ``extend_schema(extensions=…)``: what is answered carries a strong tag."""

NOT_SHARED = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie, Accept-Language"}
"""An answer depends on who asks, and may be kept only if it is asked for again each time."""


class ApiView(APIView):
    """A view of the API."""

    def before_replay(self, request: Any, location: str, **kwargs: Any) -> None:
        """Raise where the caller may no longer read what was answered, with its ``location``, to a request
        that is sent again."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Answers are kept by nobody else."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        for name, value in NOT_SHARED.items():
            finished.headers.setdefault(name, value)
        return finished


def object_answer(
    request: Request,
    data: Mapping[str, Any],
    *,
    etag: str = "",
    status: int = HTTPStatus.OK,
    location: str = "",
) -> Response:
    """One object with its strong tag, of its content unless given; 304 to a reader who has it already."""
    tag = etag or etag_of(data)
    headers = {"ETag": tag}
    if request.method in ("GET", "HEAD") and is_known(request, tag):
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


def refused_parameters(faults: Mapping[str, list[str]]) -> Problem:
    """400 for parameters that are not understood, which it names."""
    return Problem(
        HTTPStatus.BAD_REQUEST,
        f"{', '.join(faults)}: {next(iter(faults.values()))[0]}",
        errors=dict(faults),
    )
