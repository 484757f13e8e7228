"""The register seen from each side: a mechanism, an agency, a country."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.day_filtersets import DayFilterSet, DayListFilterSet, GroupFilterSet
from commitments.models import Commitment
from commitments.reports.sections import countries_in
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
from relations.models import Agency, Country, Mechanism


@require_safe
def mechanism(request: SignedInRequest, slug: str) -> HttpResponse:
    """The line of its sessions, what each left behind, and what is due before the next one."""
    found = get_object_or_404(Mechanism.objects.prefetch_related("countries"), slug=slug)
    asked = DayFilterSet(request.GET)
    if asked.faults:
        return refused(request, asked.faults, found.name, "bodies")
    page = mechanism_page(found, request.user, asked.when)
    context = {"page": page, "when": asked.when, "key_countries": countries_in(page.sections)}
    return render(request, "bodies/mechanism.html", context)


@require_safe
def agency(request: SignedInRequest, slug: str) -> HttpResponse:
    """What it is charged with, and what of it is late, due, or quiet."""
    found = get_object_or_404(Agency.objects.select_related("country"), slug=slug)
    asked = DayFilterSet(request.GET)
    if asked.faults:
        return refused(request, asked.faults, found.name, "bodies")
    page = agency_page(found, request.user, asked.when)
    context = {"page": page, "when": asked.when, "key_countries": countries_in(page.sections)}
    return render(request, "bodies/agency.html", context)


@require_safe
def country(request: SignedInRequest, code: str) -> HttpResponse:
    """What we owe it, what it owes us and what is joint; of our own, what we owe to whom."""
    found = get_object_or_404(Country, code=code)
    asked = GroupFilterSet(request.GET, groups=GROUPS)
    if asked.faults:
        return refused(request, asked.faults, found.name, "bodies")
    page = country_page(found, request.user, asked.when, whole=asked.group)
    context = {
        "page": page,
        "group": asked.group,
        "bodies": bodies_of(found, asked.when),
        "when": asked.when,
        "key_countries": countries_in(page.sections),
    }
    return render(request, "bodies/country.html", context)


# -- the lists of them -----------------------------------------------------------------------------------


@require_safe
def mechanisms(request: SignedInRequest) -> HttpResponse:
    """Every mechanism, with how often it sat."""
    return _list(request, _("Mechanisms"), "mechanisms")


@require_safe
def agencies(request: SignedInRequest) -> HttpResponse:
    """Every agency, with how much that is open it is charged with."""
    return _list(request, _("Agencies"), "agencies")


@require_safe
def countries(request: SignedInRequest) -> HttpResponse:
    """Every country, with how much that is open it is party to."""
    return _list(request, _("Countries"), "countries")


def _list(request: SignedInRequest, title: str, what: str) -> HttpResponse:
    asked = DayListFilterSet(request.GET)
    if asked.faults:
        return refused(request, asked.faults, title, "bodies")
    when, wanted = asked.when, asked.form.cleaned_data
    still_open = Commitment.objects.visible_to(request.user).at(when).open()
    rows = {
        "mechanisms": lambda: mechanisms_with_sessions(when),
        "agencies": lambda: agencies_with_counts(still_open),
        "countries": lambda: countries_with_counts(still_open),
    }[what]()
    page = page_of(rows, number=wanted["page"], size=wanted["page_size"])
    numbers = page.paginator.get_elided_page_range(page.number)
    context = {"title": title, "what": what, "page": page, "numbers": numbers, "when": when}
    return render(request, "bodies/list.html", context)
