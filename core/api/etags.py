"""Strong ETags: 304 for a caller who has the current state, and no overwriting of newer changes."""

import hashlib
import json
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.api.problem_details import Problem


def etag_of(*parts: Any) -> str:
    """A strong ETag of ``parts``, which can be anything that JSON can hold. Equal parts have equal ETags."""
    text = json.dumps(parts, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether ``If-None-Match`` names ``etag``, as a strong or weak ETag, or is ``*``."""
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    return "*" in known or etag in known


def require_match(request: Request, etag: str) -> None:
    """Raise ``Problem``: 428 without ``If-Match``, 412 if it names another state than ``etag``."""
    header = request.headers.get("If-Match", "")
    if not header.strip():
        raise Problem(
            HTTPStatus.PRECONDITION_REQUIRED,
            _("Send the header If-Match with the ETag of what you read, so that no change is lost."),
        )
    require_etag(header, etag)


def require_etag(if_match: str, etag: str) -> None:
    """Raise ``Problem`` (412) if ``if_match``, as in the header, names another state than ``etag``."""
    # A weak tag never matches here (RFC 9110, 13.1.1).
    if not {"*", etag} & set(parse_etags(if_match)):
        raise Problem(
            HTTPStatus.PRECONDITION_FAILED,
            _("Somebody else has changed it since you read it. Read it again, then decide."),
        )
