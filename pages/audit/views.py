"""The audit log, for security officers, and its export."""

import csv
import io
from collections.abc import Callable, Iterator
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.choices import Clearance
from accounts.permissions import Right
from accounts.requests import SignedInRequest
from core import clock
from core.audit.models import AuditEntry
from core.audit.sealing import head
from core.pagination import page_of
from interchange.exports.csv import BYTE_ORDER_MARK, flushed
from interchange.exports.formula_escaping import harmless
from pages.audit.entries import AuditFilterSet, lines_of
from pages.refused import refused

_BATCH = 1000
_HEADS = [
    "number",
    "at",
    "door",
    "account",
    "username",
    "via",
    "request",
    "act",
    "table",
    "row",
    "seal",
    "hash",
]
_View = Callable[[SignedInRequest], HttpResponseBase]


def _for_auditors(view: _View) -> _View:
    """The log names everything, so whoever reads it must be allowed to read everything."""

    @wraps(view)
    def guarded(request: SignedInRequest) -> HttpResponseBase:
        user = request.user
        if not user.may(Right.READ_AUDIT):
            raise PermissionDenied(_("Only a security officer reads the audit log."))
        if user.clearance < max(Clearance) or user.desk.is_confined:
            raise PermissionDenied(
                _("To read the audit log you need the highest clearance and an account without a desk.")
            )
        return view(request)

    return guarded


@never_cache
@require_safe
@_for_auditors
def audit(request: SignedInRequest) -> HttpResponse:
    """Show the entries, the newest first."""
    filterset = AuditFilterSet(request.GET, queryset=AuditEntry.objects.select_related("seal"))
    if filterset.faults:
        return refused(request, filterset.faults, _("Audit log"), "")
    values = filterset.form.cleaned_data
    page = page_of(filterset.qs.order_by("-pk"), number=values["page"], size=values["page_size"])
    context = {
        "filterset": filterset,
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "lines": list(lines_of(list(page.object_list))),
        "head": head(),
        "unsealed": AuditEntry.objects.filter(seal=None).count(),
    }
    return render(request, "audit/page.html", context)


@never_cache
@require_safe
@_for_auditors
def export(request: SignedInRequest) -> HttpResponseBase:
    """Download the entries that the same parameters show, as CSV."""
    filterset = AuditFilterSet(request.GET, queryset=AuditEntry.objects.select_related("seal"))
    if filterset.faults:
        return refused(request, filterset.faults, _("Audit log"), "")
    name = f"audit-log-{clock.today().isoformat()}.csv"
    return StreamingHttpResponse(
        _csv(filterset.qs.order_by("pk").iterator(_BATCH)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv(entries: Iterator[AuditEntry]) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(_HEADS)
    yield BYTE_ORDER_MARK
    for number, entry in enumerate(entries):
        seal = getattr(entry, "seal", None)
        told = (entry.door, entry.account, entry.username, entry.via, entry.request)
        row = (*map(harmless, told), entry.act, entry.table, entry.key)
        sealed = (seal.sequence, seal.hash) if seal else ("", "")
        writer.writerow([entry.pk, entry.at.isoformat(), *row, *sealed])
        if number % _BATCH == 0:
            yield flushed(buffer)
    yield flushed(buffer)
