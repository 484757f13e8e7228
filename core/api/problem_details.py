"""Errors of the API as RFC 9457 problem details, with the errors of each field."""

from http import HTTPStatus
from math import ceil
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

CONTENT_TYPE = "application/problem+json"


class Problem(exceptions.APIException):
    """An error with the errors by field and further members."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "about:blank",
        errors: dict[str, list[str]] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status_code = status
        self.kind = kind
        self.errors = errors or {}
        self.members = members


class Busy(Problem):
    """503: the same request may succeed after ``wait`` seconds."""

    def __init__(self, detail: str, wait: int) -> None:
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, detail)
        self.wait = wait


def body(
    status: int,
    detail: str,
    *,
    kind: str = "about:blank",
    errors: dict[str, Any] | None = None,
    **members: Any,
) -> dict[str, Any]:
    """The members of a problem: ``type``, ``title``, ``status``, ``detail``, ``errors`` and ``members``."""
    return {
        "type": kind,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or {},
        **members,
    }


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: an error of the request as problem details.

    ``None`` for an error of the program, which Django handles.
    """
    headers: dict[str, str] = {}
    members: dict[str, Any] = {}
    kind, errors = "about:blank", {}
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied(str(exc) or None)
    if not isinstance(exc, exceptions.APIException):
        return None
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(ceil(exc.wait))  # type: ignore[attr-defined]
    if isinstance(exc, Problem):
        kind, errors, members = exc.kind, exc.errors, exc.members
        detail = str(exc.detail)
    elif isinstance(exc, exceptions.ValidationError):
        errors = by_field(exc.get_full_details())
        detail = _("The request has errors. See “errors”.")
    else:
        detail = str(exc.detail)
    set_rollback()
    return Response(
        body(exc.status_code, detail, kind=kind, errors=errors, **members),
        status=exc.status_code,
        headers=headers,
        content_type=CONTENT_TYPE,
    )


def by_field(detail: Any) -> dict[str, list[str]]:
    """DRF's nested error details as field → messages, with dotted names for what is nested."""
    found: dict[str, list[str]] = {}

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict) and "message" in node and "code" in node:
            found.setdefault(path or "body", []).append(str(node["message"]))
        elif isinstance(node, dict):
            for key, value in node.items():
                # A nested "body" is the field as a whole.
                walk(value, str(key) if not path else path if key == "body" else f"{path}.{key}")
        elif isinstance(node, list):
            for index, value in enumerate(node):
                is_message = isinstance(value, dict) and "message" in value and "code" in value
                walk(value, path if is_message else f"{path}.{index}")

    walk(detail, "")
    return found


@csrf_exempt
@login_not_required
def not_found(request: HttpRequest, *_args: object, **_kwargs: object) -> JsonResponse:
    """404 for a URL of the API that does not exist."""
    detail = _("Nothing was found at this URL.")
    return JsonResponse(body(HTTPStatus.NOT_FOUND, detail), status=404, content_type=CONTENT_TYPE)
