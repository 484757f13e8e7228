"""Saved views: save, open, edit, copy and delete them, and choose the default view."""

from collections.abc import Iterator
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
from commitments.reports.saved_views import (
    check_query,
    list_address,
    read_query,
    saved_views_for,
    stored_query,
    without_parameters,
)
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.saved_views import (
    choose_default,
    copy_view,
    default_of,
    delete_view,
    edit_view,
    require_owner,
    save_view,
)
from core.form_errors import labelled
from core.post_only import posts
from core.whole_numbers import whole_number
from pages.listing.saved_view_forms import NewViewForm, SavedViewForm
from pages.listing.view_in_force import open_view

both = require_http_methods(["GET", "HEAD", "POST"])


def _visible(request: SignedInRequest, pk: int) -> SavedView:
    rows: Any = SavedView.objects.visible_to(request.user).select_related("owner")
    return get_object_or_404(rows, pk=pk)


@require_safe
def views(request: SignedInRequest) -> HttpResponse:
    """The saved views that the user can use, with the actions on each."""
    return render(request, "listing/saved_views.html", {"saved_views": saved_views_for(request.user)})


@require_safe
def view(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the list with a view; where its filters no longer work, explain why.

    ``as_of`` is the date of the page that links here. A view with its own date keeps that one.
    """
    found = _visible(request, pk)
    errors = read_query(found.query, request.user).errors
    if not errors:
        open_view(request, found)
        query = QueryDict(found.query, mutable=True)
        if day := request.GET.get("as_of"):
            query.setdefault("as_of", day)
        return redirect(list_address(query.urlencode(safe=",")))
    context = {
        "view": found,
        "errors": errors,
        "rest": list_address(without_parameters(found.query, errors)),
        "is_mine": found.owner_id == request.user.pk,
    }
    return render(request, "listing/saved_view_unfit.html", context)


@both
def new(request: SignedInRequest) -> HttpResponse:
    """Save the current list as a view."""
    query = request.POST.get("query", "") if request.method == "POST" else stored_query(request.GET)
    form = NewViewForm(
        request.POST or None, initial={"query": query}, check=lambda typed: check_query(typed, request.user)
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
            messages.success(request, _("The view “%(name)s” was saved.") % {"name": saved.name})
            return redirect("saved_view", saved.pk)
    return _form(request, form, _("Save this view"), query)


@both
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a view of the user's own."""
    found = _visible(request, pk)
    if found.owner_id != request.user.pk:
        raise NotYours(_("Only the owner can change this view. Copy it instead."))
    form = SavedViewForm(
        request.POST or None,
        initial=SavedViewForm.initial_of(found),
        check=lambda typed: check_query(typed, request.user),
    )
    if form.is_valid():
        try:
            edit_view(view=found, actor=request.user, **form.cleaned_data)
        except RequirementsNotMet as refusal:
            form.refuse(refusal.errors)
            found.refresh_from_db()
        else:
            messages.success(request, _("The view “%(name)s” was changed.") % {"name": found.name})
            return redirect("saved_views")
    return _form(request, form, _("Edit the view “%(name)s”") % {"name": found.name}, found.query)


def _form(request: SignedInRequest, form: SavedViewForm, title: str, query: str) -> HttpResponse:
    parsed = read_query(query, request.user)
    context: dict[str, Any] = {
        "form": form,
        "errors": list(_errors_of(form)),
        "title": title,
        "back": list_address(query),
    }
    if not parsed.errors:
        context |= {
            "filters": list(filters_in_words(parsed.filterset)),
            "order": order_in_words(parsed.filterset),
            "columns": [column.heading for column in parsed.columns] if "columns" in query else [],
        }
    return render(request, "listing/saved_view_form.html", context, status=400 if form.errors else 200)


@posts(back=lambda request, pk: list_address(stored_query(request.GET)))
def update(request: SignedInRequest, pk: int) -> HttpResponse:
    """Store the query of the list in a view of the user's own; name, description and sharing stay."""
    found = _visible(request, pk)
    query, errors = check_query(request.POST.get("query", ""), request.user)
    require_owner(found, request.user)
    if errors:  # the list names each of them
        messages.error(request, _("Nothing was changed."))
        return redirect(list_address(query))
    edit_view(view=found, actor=request.user, **{**SavedViewForm.initial_of(found), "query": query})
    open_view(request, found)
    messages.success(request, _("The view “%(name)s” was changed.") % {"name": found.name})
    return redirect(list_address(query))


@posts(back=lambda _request, pk: reverse("saved_views"))
def copy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a private copy of a view, and edit it."""
    made = copy_view(view=_visible(request, pk), actor=request.user)
    messages.success(request, _("“%(name)s” is your own copy.") % {"name": made.name})
    return redirect("saved_view_edit", made.pk)


@posts(back=lambda _request, pk: reverse("saved_views"))
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a view of the user's own."""
    found = _visible(request, pk)
    delete_view(view=found, actor=request.user)
    messages.success(request, _("The view “%(name)s” was deleted.") % {"name": found.name})
    return redirect("saved_views")


def _errors_of(form: SavedViewForm) -> Iterator[tuple[str, str]]:
    """Each error as the ``id`` of its control and its message. The id is "" where no control is visible."""
    for message in form.non_field_errors():
        yield "", str(message)
    for field in form:
        for message in field.errors:
            if field.is_hidden:
                yield "", str(message)
            else:
                yield field.id_for_label or field.auto_id, labelled(field.label, message)


@both
def default(request: SignedInRequest) -> HttpResponse:
    """GET opens the list with the user's default view. POST sets the default view, or removes it."""
    if request.method != "POST":
        view = default_of(request.user)
        url = reverse("saved_view", args=[view.pk]) if view else reverse("commitments")
        return redirect(f"{url}?{urlencode({'as_of': day})}" if (day := request.GET.get("as_of")) else url)
    key = whole_number(request.POST.get("view", ""))
    found = None if key is None else _visible(request, key)
    choose_default(user=request.user, view=found)
    if found:
        message = _("“%(name)s” is your default view now.") % {"name": found.name}
    else:
        message = _("You have no default view now. The list opens with all commitments.")
    messages.success(request, message)
    return redirect("saved_views")
