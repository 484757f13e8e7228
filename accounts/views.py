"""Pages of the signed-in account: its API tokens and its sessions."""

from allauth.account import views as account_views
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.forms import TokenForm
from accounts.requests import SignedInRequest
from accounts.services.sessions import end_sessions
from accounts.services.tokens import MAX_TOKENS, make_token, revoke_token
from core.form_errors import errors_in
from core.post_only import posts


@never_cache
def password_change(request: SignedInRequest) -> HttpResponse:
    """Change one's own password. An account without one has nothing to change."""
    if not request.user.has_usable_password():
        raise Http404
    answer: HttpResponse = account_views.password_change(request)
    return answer


@never_cache
def tokens(request: SignedInRequest) -> HttpResponse:
    """List the account's tokens, and create one. The response to the creation shows the key once.

    Usable tokens come first. Of the revoked and expired ones, only the latest ``MAX_TOKENS`` are listed.
    """
    return _make(request) if request.method == "POST" else _show(request, TokenForm())


@reauthentication_required
def _make(request: SignedInRequest) -> HttpResponse:
    """Make a token; the password is asked for first, and what was typed is kept meanwhile."""
    form, key = TokenForm(request.POST), None
    if form.is_valid():
        try:
            _token, key = make_token(owner=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            form = TokenForm()
    return _show(request, form, key)


def _show(request: SignedInRequest, form: TokenForm, key: str | None = None) -> HttpResponse:
    owned = request.user.api_tokens
    unusable = owned.exclude(pk__in=owned.usable().values("pk"))[:MAX_TOKENS]
    context = {
        "form": form,
        "errors": list(errors_in([form])) if form.errors else [],
        "key": key,
        "tokens": [*owned.usable(), *unusable],
    }
    return render(request, "account/tokens.html", context, status=400 if form.errors else 200)


@posts(back=lambda _request, pk: reverse("api_tokens"))
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Revoke a token of the account."""
    token = get_object_or_404(request.user.api_tokens, pk=pk)
    revoke_token(token=token)
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("api_tokens")


@never_cache
def sessions(request: SignedInRequest) -> HttpResponse:
    """List the browsers in which the account is signed in."""
    context = {"sessions": request.user.sessions.open(), "current": request.session.session_key}
    return render(request, "account/sessions.html", context)


@posts(back=lambda _request: reverse("sessions"))
def end_other_sessions(request: SignedInRequest) -> HttpResponse:
    """End every session of the account but this one."""
    others = request.user.sessions.exclude(session_id=request.session.session_key)
    ended = end_sessions(account=request.user, sessions=others)
    message = ngettext(
        "You are signed out in %(n)d other browser.", "You are signed out in %(n)d other browsers.", ended
    )
    messages.success(request, message % {"n": ended})
    return redirect("sessions")
