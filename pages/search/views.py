"""The search in everything: a page, and the list of results that the dialog of every page shows."""

from typing import Any

import django_filters
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.day_filtersets import NoParameters
from commitments.filtersets import LONGEST_SEARCH
from commitments.querysets import AsOf
from core import clock
from pages.refused import refused
from pages.search.found import exact_match, found_for


def _ignored(rows: Any, name: str, value: Any) -> Any:
    return rows


class SearchFilterSet(NoParameters):
    """``q``: the words of the search."""

    q = django_filters.CharFilter(label=gettext_lazy("Search"), max_length=LONGEST_SEARCH, method=_ignored)


@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """Show what was found. A whole reference leads to its commitment."""
    filterset = SearchFilterSet(request.GET)
    if filterset.faults:
        return refused(request, filterset.faults, _("Search"), "")
    words = filterset.form.cleaned_data["q"] or ""
    if exact := exact_match(request.user, words):
        return redirect(exact)
    return render(request, "search/page.html", _context(request, words))


@require_safe
def found(request: SignedInRequest) -> HttpResponse:
    """The results alone, as options of the dialog. Words that are too long find nothing."""
    filterset = SearchFilterSet(request.GET)
    words = "" if filterset.faults else filterset.form.cleaned_data["q"] or ""
    status = 400 if filterset.faults else 200
    return render(request, "search/options.html", _context(request, words), status=status)


def _context(request: SignedInRequest, words: str) -> dict[str, Any]:
    today = AsOf(day=clock.today(), today=clock.today())
    groups = found_for(request.user, words, today)
    return {"words": words, "groups": groups, "n": sum(len(group.hits) for group in groups)}
