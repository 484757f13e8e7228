"""Uploaded files as answers of the API."""

from http import HTTPStatus
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import is_known
from core.api.parsers import TooLarge
from core.api.serializers import validation_problem
from core.downloads import attachment
from core.uploads import MAX_BYTES


class AnyType(BaseContentNegotiation):
    """Ignores the ``Accept`` header: a file has one type. Errors are answered as JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """No parser: the request has no body."""
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first renderer."""
        return renderers[0], renderers[0].media_type


def file_answer(request: Request, file: Any, name: str, sha256: str) -> HttpResponseBase:
    """``file`` as it was uploaded; 304 if the caller has it already. Raises ``Http404`` where it is lost."""
    etag = f'"{sha256}"'
    if is_known(request, etag):
        return Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    answer = attachment(file, name, sha256)
    answer.headers["ETag"] = etag
    return answer


def refuse_repeated(data: Any) -> None:
    """Raise ``Problem`` if a field of the form ``data`` has several values."""
    if repeated := {name: [_("Enter one value only.")] for name, each in data.lists() if len(each) > 1}:
        raise validation_problem(repeated)


def refuse_large(file: Any) -> None:
    """Raise ``TooLarge`` if ``file`` is larger than what is kept."""
    if file is not None and file.size > MAX_BYTES:
        raise TooLarge(MAX_BYTES)
