"""Filters kept under a name: save, open, edit, copy, delete, and open the list with one."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from commitments.models import SavedView
from commitments.reports.query import filters_in_words, order_in_words
from commitments.reports.saved_views import asked_by, checked, kept_for, kept_query, list_address, without
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.saved_views import (
    choose_default,
    copy_view,
    default_of,
    delete_view,
    edit_view,
    save_view,
)
from core.post_only import posts
from pages.listing.saved_view_forms import NewViewForm, SavedViewForm

both = require_http_methods(["GET", "HEAD", "POST"])


def _visible(request: SignedInRequest, pk: int) -> SavedView:
    rows: Any = SavedView.objects.visible_to(request.user).select_related("owner")
    return get_object_or_404(rows, pk=pk)


@require_safe
def views(request: SignedInRequest) -> HttpResponse:
    """The views that one may use, with what may be done to each."""
    return render(request, "listing/saved_views.html", {"kept": kept_for(request.user)})


@require_safe
def view(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open a view; one that fits no longer says why, and what can be done.

    ``as_of`` is the day from which the reader comes; a view that names a day of its own keeps that one.
    """
    found = _visible(request, pk)
    asked = asked_by(found.query, request.user)
    if not asked.faults:
        query = QueryDict(found.query, mutable=True)
        if day := request.GET.get("as_of"):
            query.setdefault("as_of", day)
        return redirect(list_address(query.urlencode(safe=",")))
    context = {
        "view": found,
        "faults": asked.faults,
        "rest": list_address(without(found.query, asked.faults)),
        "is_mine": found.owner_id == request.user.pk,
    }
    return render(request, "listing/saved_view_unfit.html", context)


@both
def new(request: SignedInRequest) -> HttpResponse:
    """Keep what the list shows."""
    query = request.POST.get("query", "") if request.method == "POST" else kept_query(request.GET)
    form = NewViewForm(
        request.POST or None, initial={"query": query}, check=lambda typed: checked(typed, request.user)
    )
    if form.is_valid():
        values = dict(form.cleaned_data)
        is_default = values.pop("default")
        try:
            saved = save_view(owner=request.user, **values)
        except RequirementsNotMet as refusal:
            form.refuse(refusal.errors)
        else:
            if is_default:
                choose_default(user=request.user, view=saved)
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": saved.name})
            return redirect("saved_view", saved.pk)
    return _form(request, form, _("Save this view"), query)


@both
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change one's own view."""
    found = _visible(request, pk)
    if found.owner_id != request.user.pk:
        raise NotYours(_("Only the person who keeps a view changes it. Copy it instead."))
    form = SavedViewForm(
        request.POST or None,
        initial=SavedViewForm.initial_of(found),
        check=lambda typed: checked(typed, request.user),
    )
    if form.is_valid():
        try:
            edit_view(view=found, actor=request.user, **form.cleaned_data)
        except RequirementsNotMet as refusal:
            form.refuse(refusal.errors)
            found.refresh_from_db()
        else:
            messages.success(request, _("The view “%(name)s” is changed.") % {"name": found.name})
            return redirect("saved_views")
    return _form(request, form, _("Edit the view “%(name)s”") % {"name": found.name}, found.query)


def _form(request: SignedInRequest, form: SavedViewForm, title: str, query: str) -> HttpResponse:
    asked = asked_by(query, request.user)
    context: dict[str, Any] = {"form": form, "title": title, "back": list_address(query)}
    if not asked.faults:
        context |= {
            "filters": list(filters_in_words(asked.filterset)),
            "order": order_in_words(asked.filterset),
            "columns": [column.heading for column in asked.columns] if "columns" in query else [],
        }
    return render(request, "listing/saved_view_form.html", context, status=400 if form.errors else 200)


@posts(back=lambda _request, pk: reverse("saved_views"))
def copy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a private copy."""
    made = copy_view(view=_visible(request, pk), actor=request.user)
    messages.success(request, _("“%(name)s” is a copy of your own.") % {"name": made.name})
    return redirect("saved_view_edit", made.pk)


@posts(back=lambda _request, pk: reverse("saved_views"))
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete one's own view."""
    found = _visible(request, pk)
    delete_view(view=found, actor=request.user)
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": found.name})
    return redirect("saved_views")


@both
def default(request: SignedInRequest) -> HttpResponse:
    """Open the list as this person wants it to open; or say, by POST, how that is."""
    if request.method != "POST":
        chosen = default_of(request.user)
        url = reverse("saved_view", args=[chosen.pk]) if chosen else reverse("commitments")
        return redirect(f"{url}?{urlencode({'as_of': day})}" if (day := request.GET.get("as_of")) else url)
    given = request.POST.get("view", "")
    found = _visible(request, int(given)) if given.isascii() and given.isdigit() and len(given) < 19 else None
    choose_default(user=request.user, view=found)
    said = _("The list opens with “%(name)s” from now on.") if found else _("The list opens with everything.")
    messages.success(request, said % {"name": found.name} if found else said)
    return redirect("saved_views")
