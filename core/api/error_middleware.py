"""No error under ``/api/`` leaves as a page: what Django answers by itself is told in the API's own shape."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from core.api.problem_details import CONTENT_TYPE, body

API = "/api/"
_OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding", "etag"})


class ApiErrorMiddleware:
    """Turns an error page into a problem. It stands outermost, so that a refusal by any other passes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what is no error of the API, or is told in its shape already."""
        response = self.get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or not request.path_info.startswith(API):
            return response
        if response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
            return response
        problem = body(response.status_code, _detail(response.status_code))
        kept = {name: value for name, value in response.items() if name.lower() not in _OF_THE_BODY}
        return JsonResponse(problem, status=response.status_code, content_type=CONTENT_TYPE, headers=kept)


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
        return _("There is nothing at this address.")
    return _("The request could not be understood.")
