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
    """Whether ``If-None-Match`` names the state of ``etag``, or is ``*``. A weak or suffixed ETag counts."""
    header = request.headers.get("If-None-Match", "")
    return header.strip() == "*" or _has_opaque_part(header, etag)


def require_match(request: Request, etag: str) -> None:
    """Raise ``Problem``: 428 without ``If-Match``, 412 if it names another state than ``etag``.

    Only the ETag as it was sent matches (RFC 9110, 13.1.1). One that a proxy has changed is refused too, with
    another message, because the state is the same.
    """
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
    if {"*", etag} & set(parse_etags(if_match)):
        return
    if _has_opaque_part(if_match, etag):
        detail = _(
            "Nobody has changed it since you read it, but the ETag in If-Match is not the one that was sent. "
            "A proxy that compresses can mark it as weak or add a suffix. Send %(etag)s instead."
        ) % {"etag": etag}
    else:
        detail = _("Somebody else has changed it since you read it. Read it again, then decide.")
    raise Problem(HTTPStatus.PRECONDITION_FAILED, detail)


def _has_opaque_part(header: str, etag: str) -> bool:
    """Whether a list of ETags has the state of ``etag``: weak, with a suffix such as ``-gzip``, or unquoted.

    The opaque part is a hash, so no other ETag contains it.
    """
    opaque = etag.strip('"')
    return bool(opaque) and opaque in header
