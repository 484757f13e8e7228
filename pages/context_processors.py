"""What every page shows around its content."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from commitments.models import Register


def site(request: HttpRequest) -> dict[str, object]:
    """Title and day of the register, and who is reading; read only when a template asks.

    ``when`` is the day of the page; a view that knows one says it.
    """
    user: Any = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    register = SimpleLazyObject(Register.objects.first)
    return {
        "when": None,
        "register": register if signed_in else None,
        "who": user.in_short if signed_in else "",
        "can_enter_admin": signed_in and user.may_enter_admin,
    }
