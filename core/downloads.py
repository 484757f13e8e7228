"""Downloads of uploaded files."""

import logging
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from core.storage import sha256_of_file

logger = logging.getLogger(__name__)


def attachment(file: Any, name: str, sha256: str) -> HttpResponseBase:
    """``file`` under ``name``: to be saved, never shown as a page of ours.

    Raises ``Http404`` where it is lost, or where it is no longer the file with the hash ``sha256``.
    """
    response = FileResponse(_opened(file, name, sha256), as_attachment=True, filename=name)
    return _sent_by_the_proxy(response, file.name) if settings.ACCEL_REDIRECT else response


def _sent_by_the_proxy(checked: FileResponse, stored_as: str) -> HttpResponse:
    """The same answer without the bytes, which nginx adds from the folder of uploaded files.

    ``ACCEL_REDIRECT`` is the address of that folder inside nginx, which nobody can ask for from outside.
    """
    headers = {name: value for name, value in checked.headers.items() if name != "Content-Length"}
    checked.close()
    return HttpResponse(
        headers=headers | {"X-Accel-Redirect": settings.ACCEL_REDIRECT.rstrip("/") + "/" + quote(stored_as)}
    )


def content_of(file: Any, name: str, sha256: str) -> bytes:
    """The bytes of ``file``, to make a picture of it. Raises ``Http404`` as ``attachment`` does."""
    with _opened(file, name, sha256) as content:
        found: bytes = content.read()
    return found


def _opened(file: Any, name: str, sha256: str) -> Any:
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404(
            _("The file “%(name)s” is missing. Please tell an administrator.") % {"name": name}
        ) from error
    if sha256_of_file(content) != sha256:
        content.close()
        logger.error("altered since its upload, see check_evidence: %s", file.name)
        raise Http404(
            _("The file “%(name)s” was altered after its upload. Please tell an administrator.")
            % {"name": name}
        )
    return content
