"""From where a change comes: the door, the account, and the request or command."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.audit.choices import Door
from core.log import current_request, known_user

SETTINGS = ("door", "account", "username", "via", "request")
"""What the database asks for each entry, in the order of the columns."""


@dataclass(frozen=True, slots=True)
class Origin:
    """``via`` is the token of a program, or the name of a command. ``request`` is its id in the log."""

    door: str
    account: str = ""
    username: str = ""
    via: str = ""
    request: str = ""


def origin() -> Origin:
    """From where this thread writes now. Asks no database: it is called while a row is added."""
    request = current_request()
    if request is None:
        return Origin(Door.COMMAND, via=_command())
    user = known_user(request)
    token = getattr(request, "auth", None)
    return Origin(
        _door(request, token),
        account=str(user.pk) if user else "",
        username=user.get_username() if user else "",
        via=f"{token} ({token.pk})" if token else "",
        request=getattr(request, "id", ""),
    )


def _door(request: HttpRequest, token: Any) -> str:
    if token:
        return Door.TOKEN
    if request.path.startswith(reverse("admin:index")):
        return Door.ADMIN
    return Door.API if request.path.startswith("/api/") else Door.PAGE


def _command() -> str:
    """The name of the command of ``manage.py``, else that of the program."""
    program = Path(sys.argv[0]).name if sys.argv else ""
    if program in ("manage.py", "django-admin") and len(sys.argv) > 1:
        return sys.argv[1]
    return program
