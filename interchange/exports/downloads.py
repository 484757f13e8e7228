"""The downloads: all rows of the list with the same parameters, as a file."""

import datetime as dt
from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.models import Register
from commitments.reports.query import ListQuery, filters_in_words, list_query, order_in_words, without_level
from commitments.reports.scope import scope_in_words
from commitments.reports.sharing import left_out_in_words, scope_of_sharing
from core.api.problem_details import CONTENT_TYPE, body
from core.form_errors import labelled
from core.lists import listed
from interchange.exports.csv import csv_of
from interchange.exports.json import json_of
from interchange.exports.selected_rows import SelectedRows
from interchange.exports.xlsx import MOST_ROWS, Cover, xlsx_of

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SAY_ENOUGH = frozenset({"state", "status", "nature", "theme"})
"""Filters whose values need no name beside them."""
_LONGEST_NAME = 80
"""The most characters that the filters take in the name of a file."""
_Writer = Callable[[SignedInRequest, SelectedRows, ListQuery], Iterator[bytes]]


@never_cache
@require_safe
def export_csv(request: SignedInRequest) -> HttpResponseBase:
    """Download the list as CSV."""
    return _download(
        request, "csv", "text/csv; charset=utf-8", lambda _request, rows, query: csv_of(rows, query.columns)
    )


@never_cache
@require_safe
def export_json(request: SignedInRequest) -> HttpResponseBase:
    """Download the list as JSON."""
    return _download(request, "json", "application/json", lambda _request, rows, query: json_of(rows, query))


@never_cache
@require_safe
def export_xlsx(request: SignedInRequest) -> HttpResponseBase:
    """Download the list as a spreadsheet, the follow-up matrix."""
    return _download(request, "xlsx", _SHEET, _workbook, most=MOST_ROWS)


def _download(
    request: SignedInRequest, ending: str, content_type: str, write: _Writer, *, most: int | None = None
) -> HttpResponseBase:
    """The file. Unknown or invalid parameters are named, and no row is sent (400)."""
    query = list_query(request.GET, request.user, shares=True)
    if query.errors:
        return _refused(query.errors)
    selected = SelectedRows(query.filterset)
    if most is not None and len(selected) > most:
        message = _("A sheet holds at most %(most)s rows. Filter the list, or export it as CSV.")
        return _refused({"format": [message % {"most": number_format(most)}]})
    name = file_name(query, selected.when.day, ending)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if request.method == "HEAD":
        return HttpResponse(headers=headers, content_type=content_type)
    return StreamingHttpResponse(write(request, selected, query), headers=headers, content_type=content_type)


def file_name(query: ListQuery, day: dt.date, ending: str) -> str:
    """The name of a download: what the filters choose, and the day, in letters that every system accepts.

    For example ``commitments-open-border-country-kh-2026-11-30.xlsx``.
    """
    words = [
        slugify(each.replace("_", " "))
        for name, values in query.filterset.conditions.items()
        for each in _words_of(name, values)
    ]
    chosen = "-".join(word for word in words if word)
    if len(chosen) > _LONGEST_NAME:
        chosen = f"{chosen[:_LONGEST_NAME].rpartition('-')[0]}-and-more"
    return "-".join(filter(None, ("commitments", chosen, day.isoformat()))) + f".{ending}"


def _words_of(name: str, values: list[str]) -> list[str]:
    """The words of a filter in the name of a file: ``border``, ``not overdue``, ``country kh``."""
    if values == ["true"]:
        return [name]
    if values == ["false"]:
        return ["not", name]
    return values if name in _SAY_ENOUGH else [name, *values]


def _refused(errors: dict[str, list[str]]) -> JsonResponse:
    detail = labelled(listed(errors), next(iter(errors.values()))[0])
    problem = body(HTTPStatus.BAD_REQUEST, detail, errors=errors)
    return JsonResponse(problem, status=HTTPStatus.BAD_REQUEST, content_type=CONTENT_TYPE)


def _workbook(request: SignedInRequest, selected: SelectedRows, query: ListQuery) -> Iterator[bytes]:
    cover = _cover(request, selected, query)
    return xlsx_of(selected, query.columns, cover, is_shared=query.up_to is not None)


def _cover(request: SignedInRequest, selected: SelectedRows, query: ListQuery) -> Cover:
    """The second sheet: the register, the date, the filters, and the number of rows."""
    counts, made_at = selected.counts, timezone.localtime()
    register = Register.objects.first()
    filters = tuple(filters_in_words(query.filterset)) or ((_("Filters"), pgettext("filters", "none")),)
    address = reverse("commitments") + (f"?{query.query.urlencode()}" if query.query else "")
    return Cover(
        title=_("Follow-up of commitments"),
        author=str(request.user),
        made_at=made_at,
        lines=(
            (pgettext("noun", "Register"), register.title if register else ""),
            (_("As of") if selected.when.is_past else _("Deadlines as of"), selected.when.day),
            (_("Exported by"), str(request.user)),
            (_("Exported at"), f"{made_at:%Y-%m-%d %H:%M %Z}"),
            (_("Highest classification"), str(counts.classification.label)),
            (_("Link to this list"), request.build_absolute_uri(address)),
            (_("Filters and order"), None),
            *filters,
            (_("Sorted by"), order_in_words(query.filterset)),
            (_("Counts"), None),
            (_("What is counted"), _scope(request, query) or _("every commitment")),
            (_("Commitments"), counts.all),
            (_("of which open"), counts.open),
            (_("of which overdue"), counts.overdue),
            (_("of which due for review"), counts.review_due),
            (_("By status"), None),
            *((str(status.label), n) for status, n in counts.statuses),
        ),
    )


def _scope(request: SignedInRequest, query: ListQuery) -> str:
    """What is in the file, and how many are left out of it, if that may be said."""
    if query.up_to is None:
        return scope_in_words(request.user)
    left_out = left_out_in_words(query.filterset.qs, lambda: without_level(request.GET, request.user))
    return " ".join(filter(None, (scope_of_sharing(query.up_to), left_out)))
