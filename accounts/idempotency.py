"""``Idempotency-Key``: a request that is sent again after a lost answer is carried out once."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.models import KeptAnswer, User
from accounts.requests import SignedInApiRequest
from core.api.problem_details import Problem
from core.api.views import ApiView
from core.documents.read_ahead import NotReadYet, with_documents_read
from core.form_errors import labelled

STORED_FOR = dt.timedelta(hours=24)
LONGEST_KEY = 255
_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")
_DELETED_AT_ONCE = 100
REPLAYED = "Idempotent-Replayed"
_STORED_HEADERS = ("Location", "ETag")

Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Carry out a POST once for each ``Idempotency-Key`` of a user, and give the same answer each time.

    An error is stored like a success, except for 503. Another request with the same key is refused (422).
    Of two requests at the same time the second waits for the first and gets its answer, because the row of
    the key is written first, in the same transaction as the work. Documents are read before it begins.
    """

    @wraps(handler)
    def once(view: ApiView, request: SignedInApiRequest, *args: Any, **kwargs: Any) -> Response:
        if "Idempotency-Key" not in request.headers:
            return handler(view, request, *args, **kwargs)
        key, digest = _key_of(request), _digest_of(request)

        @transaction.atomic
        def carried_out() -> Response:
            delete_expired()
            stored = kept_answer(request.user, key, digest)
            if stored.status is not None:
                return _repeated(stored, digest, view, request)
            response = _carried_out(handler, view, request, *args, **kwargs)
            _store(stored, response, view, request)
            return response

        return with_documents_read(carried_out, request.FILES)

    once.is_idempotent = True  # type: ignore[attr-defined]
    return once


def _store(stored: KeptAnswer, response: Response, view: ApiView, request: SignedInApiRequest) -> None:
    """Store the answer, unless the same request is to be carried out later."""
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        transaction.set_rollback(True)
        return
    stored.status = response.status_code
    stored.body = JSONRenderer().render(response.data).decode()
    stored.headers = {name: response[name] for name in _STORED_HEADERS if name in response}
    stored.content_type = response.content_type or ""
    stored.names = view.visible_names(request, _text_of(request, stored))
    stored.save()


def _carried_out(
    handler: Handler, view: ApiView, request: SignedInApiRequest, *args: Any, **kwargs: Any
) -> Response:
    """The response of ``handler``. An error rolls back its work, but not the row of the key."""
    try:
        with transaction.atomic():
            return handler(view, request, *args, **kwargs)
    except NotReadYet:
        raise
    except Exception as refused:  # noqa: BLE001  (the view handles the errors of requests and raises all others)
        return view.handle_exception(refused)


def _repeated(stored: KeptAnswer, digest: str, view: ApiView, request: SignedInApiRequest) -> Response:
    """The stored answer. Raises ``Problem`` for another request.

    Raises ``Http404`` if it names a record that the user could see then, and cannot now.
    """
    if stored.digest != digest:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("This Idempotency-Key was used for another request. Use a new key for a new request."),
        )
    if not set(stored.names) <= set(view.visible_names(request, _text_of(request, stored))):
        raise Http404
    headers = {**stored.headers, REPLAYED: "true"}
    return Response(
        json.loads(stored.body),
        status=stored.status,
        headers=headers,
        content_type=stored.content_type or None,
    )


def _text_of(request: SignedInApiRequest, stored: KeptAnswer) -> str:
    """Where a record can be named: the address of the request, and its answer."""
    return "\n".join((request.path, stored.headers.get("Location", ""), stored.body))


def kept_answer(owner: User, key: str, digest: str) -> KeptAnswer:
    """The row of the key: a new one without a status, or the row of the first request with this key.

    The insertion waits until that first request has ended.
    """
    KeptAnswer.objects.bulk_create([KeptAnswer(owner=owner, key=key, digest=digest)], ignore_conflicts=True)
    stored = KeptAnswer.objects.get(owner=owner, key=key)
    if stored.created_at >= _expiry():
        return stored
    stored.delete()  # It has expired: the key can be used again.
    return kept_answer(owner, key, digest)


def expired_answers() -> QuerySet[KeptAnswer]:
    """The answers of all users that were kept long enough."""
    return KeptAnswer.objects.filter(created_at__lt=_expiry())


def delete_expired() -> None:
    """Delete some expired answers of any user; skip those that another transaction is deleting."""
    skips = connection.features.has_select_for_update_skip_locked
    expired = expired_answers().select_for_update(skip_locked=skips)
    KeptAnswer.objects.filter(pk__in=list(expired.values_list("pk", flat=True)[:_DELETED_AT_ONCE])).delete()


def _expiry() -> dt.datetime:
    return timezone.now() - STORED_FOR


def _key_of(request: SignedInApiRequest) -> str:
    key = request.headers["Idempotency-Key"].strip()
    if _KEY.fullmatch(key):
        return key
    message = _("Enter 1 to %(limit)d visible ASCII characters without spaces, for example a UUID.") % {
        "limit": LONGEST_KEY
    }
    raise Problem(
        HTTPStatus.BAD_REQUEST, labelled("Idempotency-Key", message), errors={"Idempotency-Key": [message]}
    )


def _digest_of(request: SignedInApiRequest) -> str:
    """A digest of all that makes two requests the same: URL, ``If-Match``, body and files.

    The rights of the user are part of it: a stored answer may hold more than the user may see now.
    """
    user = request.user
    rights = (sorted(user.roles), user.is_superuser, user.agency_id, user.clearance, user.desk.key)
    if_match = request.headers.get("If-Match", "")
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n{if_match}\n{rights}\n".encode())
    if hasattr(request.data, "lists"):
        digest_of_fields(digest, request.data.lists())
    else:
        digest.update(json.dumps(request.data, sort_keys=True).encode())
    return digest.hexdigest()


def digest_of_fields(digest: Any, fields: Iterable[tuple[str, list[Any]]]) -> None:
    """Update ``digest`` with the fields of a form, and with the names and the contents of its files."""
    for name, values in sorted(fields):
        for value in values:
            digest.update(f"{name}={_content(value)}\n".encode("utf-8", "surrogatepass"))


def _content(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return repr(value)
    content = hashlib.sha256(f"{value.name}\n".encode("utf-8", "surrogatepass"))
    for chunk in value.chunks():
        content.update(chunk)
    value.seek(0)
    return content.hexdigest()
