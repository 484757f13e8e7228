"""The pages and lists of mechanisms, agencies and countries."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.day_filtersets import DayFilterSet, DayListFilterSet, GroupFilterSet
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.sections import countries_in
from commitments.reports.watching import WatchButton, watch_button
from core.pagination import page_of
from pages.bodies.agency import agency_page
from pages.bodies.country import GROUPS, country_page
from pages.bodies.lists import (
    agencies_with_counts,
    bodies_of,
    countries_with_counts,
    mechanisms_with_sessions,
)
from pages.bodies.mechanism import mechanism_page
from pages.refused import refused
from relations.edit_forms import edit_address
from relations.models import Agency, Country, Mechanism


@require_safe
def mechanism(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show a mechanism."""
    found = get_object_or_404(Mechanism.objects.prefetch_related("countries"), slug=slug)
    filterset = DayFilterSet(request.GET)
    if filterset.faults:
        return refused(request, filterset.faults, found.name, "bodies")
    page = mechanism_page(found, request.user, filterset.when)
    context = {
        "page": page,
        "when": filterset.when,
        "key_countries": countries_in(page.sections),
        "edit_url": _edit_url(request, found, filterset.when),
    }
    return render(request, "bodies/mechanism.html", context)


@require_safe
def agency(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show an agency."""
    found = get_object_or_404(Agency.objects.select_related("country"), slug=slug)
    filterset = DayFilterSet(request.GET)
    if filterset.faults:
        return refused(request, filterset.faults, found.name, "bodies")
    page = agency_page(found, request.user, filterset.when)
    context = {
        "page": page,
        "when": filterset.when,
        "key_countries": countries_in(page.sections),
        "edit_url": _edit_url(request, found, filterset.when),
        "watch": _watch(request, found, filterset.when),
    }
    return render(request, "bodies/agency.html", context)


@require_safe
def country(request: SignedInRequest, code: str) -> HttpResponse:
    """Show a country; with the parameter ``group`` one section alone and in full."""
    found = get_object_or_404(Country, code=code)
    filterset = GroupFilterSet(request.GET, groups=GROUPS)
    if filterset.faults:
        return refused(request, filterset.faults, found.name, "bodies")
    page = country_page(found, request.user, filterset.when, group=filterset.group)
    context = {
        "page": page,
        "group": filterset.group,
        "bodies": bodies_of(found, request.user, filterset.when),
        "when": filterset.when,
        "key_countries": countries_in(page.sections),
        "edit_url": _edit_url(request, found, filterset.when),
        "watch": _watch(request, found, filterset.when),
    }
    return render(request, "bodies/country.html", context)


def _watch(request: SignedInRequest, found: Agency | Country, when: AsOf) -> WatchButton | None:
    """The button to watch; ``None`` on another day than today."""
    return watch_button(request.user, found) if when.day == when.today else None


def _edit_url(request: SignedInRequest, found: Mechanism | Agency | Country, when: AsOf) -> str:
    """The address of the edit page; "" on another day than today."""
    return edit_address(found, request.user) if when.day == when.today else ""


# -- the lists -------------------------------------------------------------------------------------------


@require_safe
def mechanisms(request: SignedInRequest) -> HttpResponse:
    """List the mechanisms."""
    return _list(request, _("Mechanisms"), "mechanisms")


@require_safe
def agencies(request: SignedInRequest) -> HttpResponse:
    """List the agencies."""
    return _list(request, _("Agencies"), "agencies")


@require_safe
def countries(request: SignedInRequest) -> HttpResponse:
    """List the countries."""
    return _list(request, _("Countries"), "countries")


def _list(request: SignedInRequest, title: str, kind: str) -> HttpResponse:
    filterset = DayListFilterSet(request.GET)
    if filterset.faults:
        return refused(request, filterset.faults, title, "bodies")
    when, parameters = filterset.when, filterset.form.cleaned_data
    open_commitments = Commitment.objects.visible_to(request.user).at(when).open()
    rows = {
        "mechanisms": lambda: mechanisms_with_sessions(request.user, when),
        "agencies": lambda: agencies_with_counts(open_commitments),
        "countries": lambda: countries_with_counts(open_commitments),
    }[kind]()
    page = page_of(rows, number=parameters["page"], size=parameters["page_size"])
    numbers = page.paginator.get_elided_page_range(page.number)
    context = {"title": title, "kind": kind, "page": page, "numbers": numbers, "when": when}
    return render(request, "bodies/list.html", context)
