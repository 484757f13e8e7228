"""The context of every page, for what it shows around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.choices import Role
from accounts.permissions import Right
from commitments.models import Register
from commitments.reports.scope import scope_in_words
from commitments.services.downgrades import may_propose
from interchange.briefing import pdf
from notifications.mails.password_link import offers_lost_password_link


def site(request: HttpRequest) -> dict[str, object]:
    """The register, and the user who is signed in. The register is read only if a template needs it.

    ``scope`` says which commitments the user can see; it is read only if a template needs it, too.
    ``provider`` is the name of the provider of identities, or "".
    ``when`` is the date of the page. A view of a page that has one overrides it.
    """
    user: Any = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    register = SimpleLazyObject(Register.objects.first)
    return {
        "when": None,
        "version": settings.VERSION,
        "provider": settings.OIDC.name,
        "local_sign_in": settings.LOCAL_SIGN_IN,
        "register": register if signed_in else None,
        "scope": SimpleLazyObject(lambda: scope_in_words(user)) if signed_in else "",
        "who": user.in_short if signed_in else "",
        "can_import": signed_in and user.may(Right.EDIT_REGISTER),
        "has_queue": signed_in and Role.REVIEWER in user.roles,
        "can_reset_by_mail": offers_lost_password_link(),
        "can_make_pdf": signed_in and pdf.is_available(),
        "can_propose_level": signed_in and may_propose(user),
        "decides_levels": signed_in and user.may(Right.DECIDE_DOWNGRADE),
        "can_audit": signed_in and user.may(Right.READ_AUDIT),
        "can_enter_admin": signed_in and user.may_enter_admin,
    }
