"""``Idempotency-Key``: a request that is sent again, since its answer was lost, is carried out once."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.models import KeptAnswer, User
from accounts.requests import SignedInApiRequest
from core.api.problem_details import Problem
from core.api.views import ApiView

KEPT_FOR = dt.timedelta(hours=24)
LONGEST_KEY = 255
_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")
_SOME = 100
REPLAYED = "Idempotent-Replayed"
_KEPT_HEADERS = ("Location", "ETag")

Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Carry out a POST once for each ``Idempotency-Key`` of a person, and answer the same each time.

    A refusal is kept like a success. Another request under the same key is refused (422). Of two that
    arrive at the same moment the second waits for the first and gets its answer: the row of the key is
    written first, in the same transaction as the work.
    """

    @wraps(handler)
    def once(view: ApiView, request: SignedInApiRequest, *args: Any, **kwargs: Any) -> Response:
        if "Idempotency-Key" not in request.headers:
            return handler(view, request, *args, **kwargs)
        key, digest = _key_of(request), _digest_of(request)
        with transaction.atomic():
            _forget_old()
            kept = _row_of(request.user, key, digest)
            if kept.status is not None:
                return _again(kept, digest, view, request, **kwargs)
            response = _carried_out(handler, view, request, *args, **kwargs)
            kept.status = response.status_code
            kept.body = JSONRenderer().render(response.data).decode()
            kept.headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
            kept.content_type = response.content_type or ""
            kept.save()
        return response

    once.is_idempotent = True  # type: ignore[attr-defined]
    return once


def _carried_out(
    handler: Handler, view: ApiView, request: SignedInApiRequest, *args: Any, **kwargs: Any
) -> Response:
    """The answer of ``handler``; a refusal undoes what it began, but not the row of the key."""
    try:
        with transaction.atomic():
            return handler(view, request, *args, **kwargs)
    except Exception as refused:  # noqa: BLE001  (the view knows its refusals and raises the rest again)
        return view.handle_exception(refused)


def _again(
    kept: KeptAnswer, digest: str, view: ApiView, request: SignedInApiRequest, **kwargs: Any
) -> Response:
    if kept.digest != digest:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("This Idempotency-Key was used for another request. Take a new key for a new request."),
        )
    view.before_replay(request, kept.headers.get("Location", ""), **kwargs)
    headers = {**kept.headers, REPLAYED: "true"}
    return Response(
        json.loads(kept.body), status=kept.status, headers=headers, content_type=kept.content_type or None
    )


def _row_of(owner: User, key: str, digest: str) -> KeptAnswer:
    """The row of the key: a new one, without a status yet, or that of the request which came first.

    While that one is under way, the insertion waits for it.
    """
    KeptAnswer.objects.bulk_create([KeptAnswer(owner=owner, key=key, digest=digest)], ignore_conflicts=True)
    kept = KeptAnswer.objects.get(owner=owner, key=key)
    if kept.created_at >= _oldest_kept():
        return kept
    kept.delete()  # nobody has come round to it: the key is free again
    return _row_of(owner, key, digest)


def _forget_old() -> None:
    """Some of those that are kept no longer, whoever's they are, unless somebody else is deleting them."""
    skips = connection.features.has_select_for_update_skip_locked
    old = KeptAnswer.objects.filter(created_at__lt=_oldest_kept()).select_for_update(skip_locked=skips)
    KeptAnswer.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_SOME])).delete()


def _oldest_kept() -> dt.datetime:
    return timezone.now() - KEPT_FOR


def _key_of(request: SignedInApiRequest) -> str:
    key = request.headers["Idempotency-Key"].strip()
    if _KEY.fullmatch(key):
        return key
    message = _("Give 1 to %(most)d visible ASCII characters without a space, for example a UUID.") % {
        "most": LONGEST_KEY
    }
    raise Problem(
        HTTPStatus.BAD_REQUEST, f"Idempotency-Key: {message}", errors={"Idempotency-Key": [message]}
    )


def _digest_of(request: SignedInApiRequest) -> str:
    """What makes it the same request: its address, what it rests on and says, files by their content.

    And the rights of whoever sends it: what was answered then may be more than is theirs to read now.
    """
    me = request.user
    rights = (sorted(me.roles), me.is_superuser, me.agency_id, me.clearance)
    rests_on = request.headers.get("If-Match", "")
    said = hashlib.sha256(f"{request.method} {request.get_full_path()}\n{rests_on}\n{rights}\n".encode())
    if hasattr(request.data, "lists"):
        for name, values in sorted(request.data.lists()):
            for value in values:
                said.update(f"{name}={_content(value)}\n".encode("utf-8", "surrogatepass"))
    else:
        said.update(json.dumps(request.data, sort_keys=True).encode())
    return said.hexdigest()


def _content(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return repr(value)
    content = hashlib.sha256(f"{value.name}\n".encode("utf-8", "surrogatepass"))
    for chunk in value.chunks():
        content.update(chunk)
    value.seek(0)
    return content.hexdigest()
