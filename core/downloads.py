"""Files that were uploaded, handed out again."""

from typing import Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _


def attachment(file: Any, name: str) -> FileResponse:
    """``file`` under ``name``: to be saved, never shown as a page of ours. ``Http404`` where it is lost."""
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The file “%(name)s” is not in its place.") % {"name": name}) from error
    return FileResponse(content, as_attachment=True, filename=name)
