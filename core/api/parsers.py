"""Parsers of request bodies: JSON in UTF-8, and forms with files, each with a limit on its size."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import IO, Any

from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.utils import json as strict_json

from core.whole_numbers import whole_number

MAX_JSON_BYTES = 5 * 1024 * 1024
MAX_UPLOAD_BYTES = 21 * 1024 * 1024
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class TooLarge(APIException):
    """The body is larger than the limit (413)."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, limit: int) -> None:
        super().__init__(_("The body is too large. The limit is %(size)s.") % {"size": filesizeformat(limit)})


class JSONParser(BaseParser):
    """JSON as in RFC 8259: UTF-8, without NaN and without unpaired surrogates."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The parsed value. Raises ``ParseError``, ``UnsupportedMediaType`` (charset), ``TooLarge``."""
        request = (parser_context or {})["request"]
        _refuse_charset(request)
        _refuse_length(request, MAX_JSON_BYTES)
        content = stream.read(MAX_JSON_BYTES + 1)
        if len(content) > MAX_JSON_BYTES:
            raise TooLarge(MAX_JSON_BYTES)
        try:
            text = content.decode("utf-8")
            value = strict_json.loads(text, parse_constant=strict_json.strict_constant)
            if "\\u" in text:
                json.dumps(value, ensure_ascii=False).encode("utf-8")
        except (ValueError, RecursionError) as error:
            raise ParseError(_message(error)) from error
        return value


class FormParser(MultiPartParser):
    """``multipart/form-data``, for files."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The fields and files. Raises ``ParseError``, ``UnsupportedMediaType`` (charset), ``TooLarge``."""
        request = (parser_context or {})["request"]
        _refuse_charset(request)
        _refuse_length(request, MAX_UPLOAD_BYTES)
        parsed = super().parse(stream, media_type, parser_context)
        fields: QueryDict = parsed.data
        if any("\ufffd" in value for _name, values in fields.lists() for value in values):
            raise ParseError(_("The fields must be text in UTF-8."))
        return parsed


def _refuse_length(request: Any, limit: int) -> None:
    if (whole_number(str(request.META.get("CONTENT_LENGTH") or "")) or 0) > limit:
        raise TooLarge(limit)


def _refuse_charset(request: Any) -> None:
    charset = request._request.content_params.get("charset", "utf-8").strip('"').lower()
    if charset not in _CHARSETS:
        raise UnsupportedMediaType(
            request.content_type,
            _("The body must be in UTF-8, not in “%(charset)s”.") % {"charset": charset[:40]},
        )


def _message(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return _("The body is not valid JSON: it is nested too deeply.")
    if isinstance(error, UnicodeError):
        return _("The body is not valid JSON: it is not text in UTF-8.")
    reason = str(error).encode("utf-8", "replace").decode()[:200]
    # Translators: the reason comes from the JSON parser, in English.
    return _("The body is not valid JSON: %(reason)s") % {"reason": reason}
