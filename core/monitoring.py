"""Who may see how the site is run: an administrator, or a program with the token for it."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

_SCHEME = "Bearer "


def may_see_operation(request: HttpRequest) -> bool:
    """Whether ``request`` comes from an administrator, or has the token of ``MONITORING_TOKEN``."""
    given = request.headers.get("Authorization", "")
    if settings.MONITORING_TOKEN and given.startswith(_SCHEME):
        return constant_time_compare(given.removeprefix(_SCHEME), settings.MONITORING_TOKEN)
    return bool(request.user.is_active and getattr(request.user, "may_see_operation", False))
