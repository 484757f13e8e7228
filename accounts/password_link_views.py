"""The pages behind a one-time link, with which somebody sets a password and signs in."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import LinkPasswordForm
from accounts.models import ApiToken
from accounts.services.password_links import LinkDoesNotWork, link_with, set_password
from core.form_errors import errors_in
from core.security_log import log

_DIGEST = "password_link"
"""In a session: the digest of the key of a link that was opened there. The key itself is stored nowhere."""


@login_not_required
@never_cache
@require_safe
def open_link(request: HttpRequest, key: str) -> HttpResponse:
    """Lead to an address without the key, which stays in no history and no log of ours.

    Opening a link does not use it up: programs that preview links open them too.
    """
    digest = ApiToken.digest_of(key)
    try:
        link_with(digest)
    except LinkDoesNotWork:
        request.session.pop(_DIGEST, None)
    else:
        request.session[_DIGEST] = digest
    return redirect("password_link")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Ask for the password of the account whose link was opened, set it, and sign in.

    Two-step sign-in is asked for as usual: the link stands for the password alone. Nobody who is signed in
    goes on, so that an administrator does not use up the link of somebody else by mistake.
    """
    if request.user.is_authenticated:
        return render(request, "account/password_link.html", {"signed_in": True}, status=409)
    digest = request.session.get(_DIGEST, "")
    try:
        link = link_with(digest)
        form = LinkPasswordForm(link.account, request.POST or None)
        if request.method != "POST" or not form.is_valid():
            context = {"link": link, "form": form, "errors": list(errors_in([form]))}
            status = 400 if form.is_bound else 200
            return render(request, "account/password_link.html", context, status=status)
        account = set_password(digest=digest, password=form.cleaned_data["new_password1"])
    except LinkDoesNotWork:
        log(request, "link refused")
        return render(request, "account/password_link.html", status=404)
    del request.session[_DIGEST]
    log(request, "password set with a link", account=account.username)
    messages.success(request, _("Your password is set. The link cannot be used again."))
    answer: HttpResponse = perform_login(request, account)
    return answer
