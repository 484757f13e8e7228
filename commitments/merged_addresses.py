"""Answers for addresses of records that were merged: they lead to the record that was kept."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.models import Commitment
from commitments.services.merging import merged_into
from core.api.problem_details import CONTENT_TYPE, body
from core.whole_numbers import whole_number
from relations.models import Agency, Country, Mechanism, Person
from relations.services.record_writers import key_column
from relations.services.slugs import former_keys

_BODIES: dict[str, Any] = {
    f"{prefix}{model._meta.model_name}": model
    for model in (Agency, Country, Mechanism, Person)
    for prefix in ("", "edit_", "api-")
}
"""The addresses that name a record by its key."""
_ADMIN = {
    "admin:commitments_commitment_change": "object_id",
    "admin:commitments_commitment_history": "object_id",
    "admin:commitments_commitment_transition": "pk",
}
"""The pages of the admin about one commitment, and what names it."""
_READS = ("GET", "HEAD")


class MergedAddressesMiddleware:
    """Redirects from a key that is not there any more to the record into which it was merged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look only at what was not found, so that no other request takes a query more."""
        response = self.get_response(request)
        match = request.resolver_match
        if (
            response.status_code == HTTPStatus.NOT_FOUND
            and match is not None
            and request.user.is_authenticated
        ):
            return self._moved(request, match) or response
        return response

    def _moved(self, request: HttpRequest, match: Any) -> HttpResponse | None:
        if match.view_name in _BODIES and request.method in _READS:
            return _kept_body(request, match)
        if "reference" in match.kwargs or match.view_name in _ADMIN:
            return _kept_commitment(request, match)
        return None


def _kept_commitment(request: HttpRequest, match: Any) -> HttpResponse | None:
    """301 to the commitment that was kept; 409 with its reference for whoever would write to the old one."""
    name = _ADMIN.get(match.view_name, "reference")
    absorbed = _absorbed(name, str(match.kwargs[name]))
    kept = merged_into(absorbed.reference) if absorbed else None
    visible = Commitment.objects.visible_to(request.user)  # type: ignore[arg-type]
    if absorbed is None or kept is None or not visible.filter(pk=kept.pk).exists():
        return None
    if request.method in _READS:
        return _redirect(request, match, **{name: kept.reference if name == "reference" else str(kept.pk)})
    values = {"reference": absorbed.reference, "kept": kept.reference}
    detail = _("%(reference)s was merged into %(kept)s. Write to %(kept)s.") % values
    if match.view_name.startswith("api-"):
        problem = body(HTTPStatus.CONFLICT, detail, merged_into=kept.reference)
        return JsonResponse(problem, status=HTTPStatus.CONFLICT, content_type=CONTENT_TYPE)
    context = {"commitment": kept, "reason": detail}
    return render(request, "detail/refused.html", context, status=HTTPStatus.CONFLICT)


def _absorbed(name: str, value: str) -> Commitment | None:
    """The absorbed commitment of an address, by its reference or, in the admin, by its primary key."""
    rows = Commitment.objects.exclude(merged_into=None)
    if name == "reference":
        return rows.filter(reference=value).first() if "\x00" not in value else None
    key = whole_number(value)
    return rows.filter(pk=key).first() if key is not None else None


def _kept_body(request: HttpRequest, match: Any) -> HttpResponse | None:
    model = _BODIES[match.view_name]
    column = key_column(model)
    key = former_keys(model).get(match.kwargs[column])
    if key is None:
        return None
    kept = model._default_manager.values_list(column, flat=True).get(pk=key)
    return _redirect(request, match, **{column: kept})


def _redirect(request: HttpRequest, match: Any, **changed: str) -> HttpResponse:
    """301 to the same page of the record that was kept, with the same parameters."""
    address = reverse(match.view_name, kwargs={**match.kwargs, **changed})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
