"""The addresses of the files: what the same parameters show on the list, all pages of it."""

from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.models import Register
from commitments.reports.query import ListQuery, filters_in_words, list_query, order_in_words
from core.api.problem_details import CONTENT_TYPE, body
from interchange.exports.csv import csv_of
from interchange.exports.json import json_of
from interchange.exports.selected_rows import SelectedRows
from interchange.exports.xlsx import MOST_ROWS, Covering, xlsx_of

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_Writer = Callable[[SignedInRequest, SelectedRows, ListQuery], Iterator[bytes]]


@never_cache
@require_safe
def export_csv(request: SignedInRequest) -> HttpResponseBase:
    """As CSV."""
    return _download(
        request, "csv", "text/csv; charset=utf-8", lambda _request, rows, asked: csv_of(rows, asked.columns)
    )


@never_cache
@require_safe
def export_json(request: SignedInRequest) -> HttpResponseBase:
    """As JSON."""
    return _download(request, "json", "application/json", lambda _request, rows, asked: json_of(rows, asked))


@never_cache
@require_safe
def export_xlsx(request: SignedInRequest) -> HttpResponseBase:
    """As a follow-up matrix."""
    return _download(request, "xlsx", _SHEET, _workbook, most=MOST_ROWS)


def _download(
    request: SignedInRequest, ending: str, kind: str, write: _Writer, *, most: int | None = None
) -> HttpResponseBase:
    """The file; parameters that are not understood are named and no row is sent (400)."""
    asked = list_query(request.GET, request.user)
    if asked.faults:
        return _refused(asked.faults)
    matrix = SelectedRows(asked.filterset)
    if most is not None and len(matrix) > most:
        return _refused({"format": [_("A sheet holds %(most)d rows. Filter, or take CSV.") % {"most": most}]})
    name = f"commitments-{matrix.when.day.isoformat()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if request.method == "HEAD":
        return HttpResponse(headers=headers, content_type=kind)
    return StreamingHttpResponse(write(request, matrix, asked), headers=headers, content_type=kind)


def _refused(faults: dict[str, list[str]]) -> JsonResponse:
    detail = f"{', '.join(faults)}: {next(iter(faults.values()))[0]}"
    problem = body(HTTPStatus.BAD_REQUEST, detail, errors=faults)
    return JsonResponse(problem, status=HTTPStatus.BAD_REQUEST, content_type=CONTENT_TYPE)


def _workbook(request: SignedInRequest, matrix: SelectedRows, asked: ListQuery) -> Iterator[bytes]:
    return xlsx_of(matrix, asked.columns, _covering(request, matrix, asked))


def _covering(request: SignedInRequest, matrix: SelectedRows, asked: ListQuery) -> Covering:
    """Where the sheet comes from, what it was asked for, and how many rows stand how."""
    tally, made_at = matrix.tally, timezone.localtime()
    register = Register.objects.first()
    filters = tuple(filters_in_words(asked.filterset)) or ((_("Filters"), _("none")),)
    address = reverse("commitments") + (f"?{asked.query.urlencode()}" if asked.query else "")
    return Covering(
        title=_("Follow-up of commitments"),
        author=str(request.user),
        made_at=made_at,
        lines=(
            (_("Register"), register.title if register else ""),
            (_("As it stood on") if matrix.when.is_past else _("Judged on"), matrix.when.day),
            (_("Exported by"), str(request.user)),
            (_("Exported at"), f"{made_at:%Y-%m-%d %H:%M %Z}"),
            (_("Highest classification"), str(tally.classification.label)),
            (_("The same on the site"), request.build_absolute_uri(address)),
            (_("What was asked"), None),
            *filters,
            (_("In the order of"), order_in_words(asked.filterset)),
            (_("Counts"), None),
            (_("commitments"), tally.all),
            (_("of these open"), tally.open),
            (_("overdue"), tally.overdue),
            (_("due for review"), tally.review_due),
            (_("By status"), None),
            *((str(status.label), n) for status, n in tally.statuses),
        ),
    )
