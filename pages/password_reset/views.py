"""Asking for a link by mail, after the password was lost."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.form_errors import errors_in
from core.security_log import log
from core.texts import TextField
from notifications.mails.password_link import offers_lost_password_link, send_lost_password_link


class LostPasswordForm(forms.Form):
    """Whose password was lost."""

    login = TextField(
        label=_("Username or email"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Have a link sent. The answer is the same whether there is such an account or not."""
    if not offers_lost_password_link():
        raise Http404
    form = LostPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        send_lost_password_link(form.cleaned_data["login"])
        log(request, "link asked for")
        return render(request, "password_reset/page.html", {"sent": True})
    context = {"form": form, "errors": list(errors_in([form])) if form.is_bound else []}
    return render(request, "password_reset/page.html", context, status=400 if form.is_bound else 200)
