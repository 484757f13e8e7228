"""Decorators that restrict who may open a page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.permissions import Right
from accounts.requests import SignedInRequest

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponse]


def require_editor(view: View[P]) -> View[P]:
    """Restrict a page to users who may edit the register; others get 403."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.may(Right.EDIT_REGISTER):
            raise PermissionDenied(_("Only an officer can record a meeting."))
        return view(request, *args, **kwargs)

    return guarded
