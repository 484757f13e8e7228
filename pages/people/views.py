"""The list of people, and the page of one person."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.day_filtersets import DayFilterSet, PeopleDayFilterSet
from commitments.reports.sections import countries_in
from core.pagination import page_of
from pages.people.page import people_with_meetings, person_page
from pages.refused import refused
from relations.edit_forms import edit_address
from relations.models import Person


@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """List the people; ``q`` searches their names, ``country`` those of a country."""
    filterset = PeopleDayFilterSet(request.GET, queryset=Person.objects.all())
    if filterset.faults:
        return refused(request, filterset.faults, _("People"), "bodies")
    values, when = filterset.form.cleaned_data, filterset.when
    rows = people_with_meetings(request.user, when).filter(pk__in=filterset.qs.order_by().values("pk"))
    page = page_of(rows, number=values["page"], size=values["page_size"])
    numbers = page.paginator.get_elided_page_range(page.number)
    context = {"filterset": filterset, "page": page, "numbers": numbers, "when": when}
    return render(request, "people/list.html", context)


@require_safe
def person(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show a person: the positions held, and the commitments mentioned at these meetings."""
    found = get_object_or_404(Person.objects.select_related("country"), slug=slug)
    filterset = DayFilterSet(request.GET)
    if filterset.faults:
        return refused(request, filterset.faults, found.name, "bodies")
    when = filterset.when
    page = person_page(found, request.user, when)
    context = {
        "page": page,
        "when": when,
        "key_countries": countries_in(page.sections),
        "edit_url": edit_address(found, request.user) if when.day == when.today else "",
    }
    return render(request, "people/person.html", context)
