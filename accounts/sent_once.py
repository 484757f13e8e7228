"""A form that is sent twice, as by a double click, is carried out once."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.idempotency import delete_expired, digest_of_fields, kept_answer
from accounts.models import KeptAnswer
from core.documents.read_ahead import with_documents_read
from core.templatetags.sent_once import ONCE

View = Callable[..., HttpResponse]


class SentOnceMiddleware:
    """Honours the field ``once`` of a form: the same form with the same input is carried out once.

    The token is a row in the transaction of the request, as an ``Idempotency-Key`` is, so that of two
    requests at the same moment the second waits, and is then redirected to where the first one led. A form
    that is refused leaves no row and can be sent again. So can a form with the same token and other input, as
    after going back in the browser: what somebody typed is never taken for what was sent before.

    Documents are read before the transaction begins.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Carry out a form with a token, or redirect where it was carried out before."""
        is_form = request.method == "POST" and not getattr(view, "csrf_exempt", False)
        if not is_form or not request.POST.get(ONCE) or not request.user.is_authenticated:
            return None
        digest = _digest_of(request)
        kept = partial(kept_answer, request.user, f"form {digest}", digest)
        return with_documents_read(
            lambda: _once(kept, request, lambda again: view(again, *args, **kwargs)), request.FILES
        )


@transaction.atomic
def _once(kept_for: Callable[[], KeptAnswer], request: HttpRequest, view: View) -> HttpResponse:
    """The response of ``view``, or a redirect to the result of the same form that was sent before."""
    delete_expired()
    kept = kept_for()
    if kept.status is not None:
        messages.info(request, _("This form was sent twice. It was saved once."))
        return redirect(kept.headers["Location"])
    response = view(request)
    location = _location_of(response)
    if location is None:
        kept.delete()
    else:
        kept.status, kept.headers = response.status_code, {"Location": location}
        kept.save()
    return response


def _location_of(response: HttpResponse) -> str | None:
    """Where the result of a form that was carried out can be seen; ``None`` for a form shown again.

    A script that gets the result itself is told its address as ``Content-Location``.
    """
    return response.headers.get("Location" if 300 <= response.status_code < 400 else "Content-Location")  # noqa: PLR2004


def _digest_of(request: HttpRequest) -> str:
    """A digest of the address, the token and the input. The key of an API request has no space."""
    digest = hashlib.sha256(f"{request.get_full_path()}\n".encode())
    fields: list[Any] = [*request.POST.lists(), *request.FILES.lists()]
    digest_of_fields(digest, [(name, values) for name, values in fields if name != "csrfmiddlewaretoken"])
    return digest.hexdigest()
