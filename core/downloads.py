"""Downloads of uploaded files."""

from typing import Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _


def attachment(file: Any, name: str) -> FileResponse:
    """``file`` as a download with the name ``name``; a browser never shows it as a page of this site.

    Raises ``Http404`` if the file is missing.
    """
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The file “%(name)s” is missing on the server.") % {"name": name}) from error
    return FileResponse(content, as_attachment=True, filename=name)
