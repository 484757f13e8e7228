"""Strong entity tags: answering 304 to whoever has it already, and refusing to write over what is newer."""

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
    """A strong tag of ``parts``, anything that JSON can hold: equal parts, equal tag."""
    text = json.dumps(parts, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether the caller has this already: ``If-None-Match`` names it, weakly or not, or any."""
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    return "*" in known or etag in known


def require_match(request: Request, etag: str) -> None:
    """Raise ``Problem``: 428 without ``If-Match``, 412 when it names another state than ``etag``."""
    given = request.headers.get("If-Match", "")
    if not given.strip():
        raise Problem(
            HTTPStatus.PRECONDITION_REQUIRED,
            _("Send the header If-Match with the ETag of what you read, so that nobody's change is lost."),
        )
    # A weak tag never matches here (RFC 9110, 13.1.1).
    if not {"*", etag} & set(parse_etags(given)):
        raise Problem(
            HTTPStatus.PRECONDITION_FAILED,
            _("It was changed meanwhile. Read it again, then decide anew."),
        )
