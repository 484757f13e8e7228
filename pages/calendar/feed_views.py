"""Calendar feeds: make, list and revoke them; and the file that a calendar program reads."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.querysets import AsOf
from core.cache_control import REVALIDATED
from core.form_errors import errors_in
from core.post_only import posts
from core.security_log import log
from notifications.addresses import absolute
from notifications.calendar_file import agencies_of, calendar_of
from notifications.services.calendar_feeds import MAX_FEEDS, feed_with, make_feed, revoke_feed
from pages.calendar.feed_forms import FeedForm, initial_of


@never_cache
def feeds(request: SignedInRequest) -> HttpResponse:
    """List the account's feeds, and make one. The answer shows its address once."""
    if request.method == "POST":
        return _make(request)
    return _show(request, FeedForm(user=request.user, initial=initial_of(request.GET)))


@reauthentication_required
def _make(request: SignedInRequest) -> HttpResponse:
    """Make a feed; the password is asked for first, since whoever has the address reads without it."""
    form, token = FeedForm(request.POST, user=request.user), None
    if form.is_valid():
        try:
            _feed, token = make_feed(owner=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            form = FeedForm(user=request.user)
    return _show(request, form, token)


def _show(request: SignedInRequest, form: FeedForm, token: str | None = None) -> HttpResponse:
    owned = request.user.calendar_feeds.select_related("view")
    feeds = [*owned.filter(revoked_at=None), *owned.exclude(revoked_at=None)[:MAX_FEEDS]]
    agencies = agencies_of(feeds)
    context = {
        "form": form,
        "errors": list(errors_in([form])) if form.errors else [],
        "address": _address(request, reverse("calendar_feed", args=[token])) if token else "",
        "feeds": [(each, agencies.get(each.agency_key)) for each in feeds],
    }
    return render(request, "calendar/feeds.html", context, status=400 if form.errors else 200)


@posts(back=lambda _request, pk: reverse("calendar_feeds"))
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Revoke a feed of the account."""
    found = get_object_or_404(request.user.calendar_feeds, pk=pk)
    revoke_feed(feed=found)
    messages.success(request, _("The calendar feed “%(name)s” is revoked.") % {"name": found.name})
    return redirect("calendar_feeds")


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of a feed, for a program that has its address and no session. Unknown: 404."""
    found = feed_with(token)
    if found is None:
        raise Http404
    content, etag = calendar_of(found, AsOf.now(), lambda path: _address(request, path))
    answer = get_conditional_response(request, etag=etag) or HttpResponse(
        content, content_type="text/calendar; charset=utf-8"
    )
    answer["ETag"], answer["Cache-Control"] = etag, REVALIDATED
    if answer.status_code == 200:  # noqa: PLR2004
        answer["Content-Disposition"] = 'inline; filename="aide-memoire.ics"'
        log(request, "calendar read", account=found.owner.username)
    return answer


def _address(request: HttpRequest, path: str) -> str:
    """The whole address of ``path``: by the setting SITE_URL or, without it, by that of the request."""
    return absolute(path) if settings.SITE_URL else request.build_absolute_uri(path)
