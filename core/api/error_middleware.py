"""Turns Django's own error pages below ``/api/`` into problem details."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from core.api.problem_details import CONTENT_TYPE, body

API = "/api/"
_BODY_HEADERS = frozenset({"content-type", "content-length", "content-encoding", "etag"})


class ApiErrorMiddleware:
    """Turns an error page into problem details. It is outermost, so that it sees the errors of all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace an error of the API that is not problem details already; pass on everything else."""
        response = self.get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or not request.path_info.startswith(API):
            return response
        if response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
            return response
        problem = body(response.status_code, _detail(response.status_code))
        headers = {name: value for name, value in response.items() if name.lower() not in _BODY_HEADERS}
        return JsonResponse(problem, status=response.status_code, content_type=CONTENT_TYPE, headers=headers)


def _detail(status: int) -> str:
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return _(
            "The database did not answer in time. Something may have been written: wait, and send the "
            "request again with the same Idempotency-Key."
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _(
            "Something went wrong on our side. Something may have been written: send the request again with "
            "the same Idempotency-Key."
        )
    if status == HTTPStatus.FORBIDDEN:
        return _("The API answers by https only. Revoke the token if one was sent with this request.")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _("The body is too large. Without a token or a session it may have 64 kB.")
    if status == HTTPStatus.NOT_FOUND:
        return _("Nothing was found at this URL.")
    return _("The request is not valid.")
