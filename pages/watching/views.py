"""What somebody watches, and how they are told of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.models import Commitment, SavedView
from commitments.reports.watching import watch_button, watch_list
from commitments.services.errors import RequirementsNotMet
from commitments.services.watching import Target, stop_watching, watch, watch_charge
from core.form_errors import errors_in
from core.post_only import posts
from core.whole_numbers import whole_number
from notifications.models import MailPreferences
from notifications.services.preferences import change_preferences, preferences_of, unsubscribe
from notifications.unsubscribing import account_of
from pages.watching.forms import PreferencesForm
from relations.models import Agency, Country

both = require_http_methods(["GET", "HEAD", "POST"])


@both
def watching(request: SignedInRequest) -> HttpResponse:
    """List what is watched. On POST, change how the account is told of it."""
    found = watch_list(request.user)
    preferences = preferences_of(request.user)
    form = PreferencesForm(
        request.POST or None, instance=preferences, initial={"charge": found.watches_charge}
    )
    if form.is_valid():
        values = dict(form.cleaned_data)
        watch_charge(account=request.user, value=values.pop("charge"))
        change_preferences(account=request.user, **values)
        messages.success(request, _("Your choice was saved."))
        return redirect("watching")
    context = {
        "found": found,
        "list_of_watched": reverse("commitments") + "?watching=me",
        "form": form,
        "errors": list(errors_in([form])) if form.is_bound else [],
        "sends_mail": settings.SENDS_MAIL,
    }
    return render(request, "watching/page.html", context, status=400 if form.is_bound else 200)


@posts(back=lambda _request: reverse("watching"))
def change(request: SignedInRequest) -> HttpResponse:
    """Watch something, or stop watching it; then go back to its page."""
    target = _target(request, request.POST.get("kind", ""), request.POST.get("key", ""))
    try:
        if request.POST.get("watch") == "true":
            watch(account=request.user, target=target)
            messages.success(request, _("You are watching this now."))
        else:
            button = watch_button(request.user, target)
            stop_watching(account=request.user, target=target, mute=button.by_other)
            if button.kind == "commitment" and watch_button(request.user, target).is_watched:
                # It was watched by itself, and something else includes it too.
                stop_watching(account=request.user, target=target, mute=True)
            messages.success(request, _("You are no longer watching this."))
    except RequirementsNotMet as refused:
        messages.error(request, " ".join(each for errors in refused.errors.values() for each in errors))
    return redirect("watching" if request.POST.get("from") == "watching" else _page_of(target))


def _target(request: SignedInRequest, kind: str, key: str) -> Target:
    if "\x00" in key:  # PostgreSQL refuses NUL in a text, and no key has it.
        raise Http404
    rows: Any
    where: dict[str, Any]
    match kind:
        case "commitment":
            rows, where = Commitment.objects.visible_to(request.user), {"reference": key}
        case "view":
            number = whole_number(key)
            rows, where = SavedView.objects.visible_to(request.user), {"pk": number}
        case "agency":
            rows, where = Agency.objects.all(), {"slug": key}
        case "country":
            rows, where = Country.objects.all(), {"code": key}
        case _:
            raise Http404
    found: Target = get_object_or_404(rows, **where)
    return found


def _page_of(target: Target) -> str:
    return reverse("saved_views") if isinstance(target, SavedView) else target.get_absolute_url()


@csrf_exempt
@login_not_required
@never_cache
@both
def stop_mail(request: HttpRequest, key: str) -> HttpResponse:
    """End the mails of whoever opens the link of one: GET asks, POST does it.

    It needs no sign-in, and no token of a form: a program for mail posts to it (RFC 8058). The address alone
    is the right to it, and it can do nothing else.
    """
    account = account_of(key)
    if account is None:
        return render(request, "watching/unsubscribe.html", {"account": None}, status=404)
    if request.method == "POST":
        unsubscribe(account=account)
    preferences = MailPreferences.objects.filter(account=account).first()
    context = {"account": account, "done": bool(preferences and preferences.rhythm == "none")}
    return render(request, "watching/unsubscribe.html", context)
