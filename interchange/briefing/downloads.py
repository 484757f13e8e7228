"""The downloads: a briefing on a meeting, a country, an agency or a list; a note; a reply to parliament."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.day_filtersets import DayFilterSet
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.query import list_query, without_level
from commitments.reports.sharing import UP_TO, left_out_in_words, level_named
from core.documents.reading import ReadersBusy
from interchange.briefing import contents, templates
from interchange.briefing.contents import Context, Making, TooMany
from interchange.briefing.entries import entries_of
from interchange.briefing.pdf import NoPdf, PdfFailed, pdf_of
from interchange.briefing.rendering import TemplateRefused, filled
from interchange.briefing.subjects import (
    Subject,
    agency_subject,
    country_subject,
    list_subject,
    meeting_subject,
)
from interchange.exports.downloads import file_name
from interchange.exports.selected_rows import SelectedRows
from relations.models import Agency, Country, Meeting

WORD, PDF = "docx", "pdf"
_TYPES = {
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PDF: "application/pdf",
}
_Contents = Callable[[], tuple[str, Context]]
"""Gives the name of the file without its ending, and the contents."""


@never_cache
@require_safe
def meeting_pack(request: SignedInRequest, slug: str, ending: str) -> HttpResponse:
    """The briefing for a meeting."""
    seen = Meeting.objects.visible_to(_making(request)[0].reader)
    rows: QuerySet[Any] = seen.with_has_text().select_related("mechanism", "country")
    people = ("participations__person", "participations__country", "mechanism__countries")
    return _about(
        request, ending, get_object_or_404(rows.prefetch_related(*people), slug=slug), meeting_subject
    )


@never_cache
@require_safe
def country_pack(request: SignedInRequest, code: str, ending: str) -> HttpResponse:
    """The briefing on what stands between our country and another one."""
    return _about(request, ending, get_object_or_404(Country, code=code), country_subject)


@never_cache
@require_safe
def agency_pack(request: SignedInRequest, slug: str, ending: str) -> HttpResponse:
    """The briefing on what is assigned to an agency."""
    found = get_object_or_404(Agency.objects.select_related("country"), slug=slug)
    return _about(request, ending, found, agency_subject)


def _about(request: SignedInRequest, ending: str, thing: Any, subject_of: Any) -> HttpResponse:
    making, errors = _making(request)
    if errors:
        return _refused(request, _sentences(errors), HTTPStatus.BAD_REQUEST)

    def contents_now() -> tuple[str, Context]:
        subject = subject_of(thing, making.reader, making.as_of)
        if making.up_to is not None:
            left_out = left_out_in_words(
                subject.rows, lambda: subject_of(thing, request.user, making.as_of).rows
            )
            return _name(subject, making), contents.pack(subject, replace(making, left_out=left_out))
        return _name(subject, making), contents.pack(subject, making)

    return _answer(request, "pack", ending, contents_now)


def _making(request: SignedInRequest) -> tuple[Making, dict[str, list[str]]]:
    """The day and the level that the address names, for a page that is not a list; and its errors."""
    filterset = DayFilterSet(request.GET, also_known=(UP_TO,))
    level, level_errors = level_named(request.GET.getlist(UP_TO))
    errors = {**filterset.faults, **({UP_TO: level_errors} if level_errors else {})}
    reader = request.user if level is None else request.user.limited_to(level)
    return Making(reader, AsOf.now() if errors else filterset.when, level), errors


def _name(subject: Subject, making: Making) -> str:
    return f"{subject.file_name}-{making.as_of.day.isoformat()}"


@never_cache
@require_safe
def list_pack(request: SignedInRequest, ending: str) -> HttpResponse:
    """The briefing on the list with the same parameters."""
    return _of_list(request, "pack", ending)


@never_cache
@require_safe
def reply(request: SignedInRequest, ending: str) -> HttpResponse:
    """The reply to parliament: the list with status, deadline and what was done."""
    return _of_list(request, "reply", ending)


def _of_list(request: SignedInRequest, kind: str, ending: str) -> HttpResponse:
    query = list_query(request.GET, request.user, shares=True)
    if query.errors:
        return _refused(request, _sentences(query.errors), HTTPStatus.BAD_REQUEST)

    def contents_now() -> tuple[str, Context]:
        selected = SelectedRows(query.filterset)
        subject = list_subject(query, selected.keys)
        name = file_name(query, selected.when.day, WORD).removesuffix(f".{WORD}")
        left_out = ""
        if query.up_to is not None:
            left_out = left_out_in_words(subject.rows, lambda: without_level(request.GET, request.user))
        if kind == "reply":
            subject = replace(subject, title=_("Reply to parliament"))
            name = f"reply-{name}"
        making = Making(query.filterset.user, selected.when, query.up_to, left_out)
        return name, contents.pack(subject, making)

    return _answer(request, kind, ending, contents_now)


@never_cache
@require_safe
def commitment_note(request: SignedInRequest, reference: str, ending: str) -> HttpResponse:
    """A note on one commitment."""
    making, errors = _making(request)
    if errors:
        return _refused(request, _sentences(errors), HTTPStatus.BAD_REQUEST)
    rows = Commitment.objects.readable_by(making.reader).at(making.as_of)
    key = get_object_or_404(rows.only("pk"), reference=reference).pk

    def contents_now() -> tuple[str, Context]:
        found = entries_of([key], making.reader, making.as_of)
        if key not in found:
            raise Http404
        return f"{reference}-{making.as_of.day.isoformat()}", contents.note(found[key], making)

    return _answer(request, "note", ending, contents_now)


# -- the answer --------------------------------------------------------------------------------------------


def _answer(request: SignedInRequest, kind: str, ending: str, contents_now: _Contents) -> HttpResponse:
    try:
        name, context = contents_now()
        document = b"" if request.method == "HEAD" else filled(templates.in_force(kind), context)
        if ending == PDF and document:
            document = pdf_of(document)
    except TooMany as error:
        return _refused(request, [str(error)], HTTPStatus.BAD_REQUEST)
    except NoPdf as error:
        return _refused(request, [str(error)], HTTPStatus.NOT_IMPLEMENTED)
    except (PdfFailed, ReadersBusy) as error:
        return _refused(request, [str(error)], HTTPStatus.SERVICE_UNAVAILABLE)
    except TemplateRefused as error:
        wrong = _("The template of this document cannot be used. Please tell an administrator.")
        return _refused(request, [wrong, *error.faults], HTTPStatus.SERVICE_UNAVAILABLE)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(document, content_type=_TYPES[ending], headers=headers)


def _sentences(errors: dict[str, list[str]]) -> list[str]:
    return [f"{name}: {message}" for name, messages in errors.items() for message in messages]


def _refused(request: SignedInRequest, reasons: list[str], status: HTTPStatus) -> HttpResponse:
    return render(request, "briefing/refused.html", {"reasons": reasons}, status=status)


urlpatterns = [
    path(address.format(ending), view, {"ending": ending}, name=f"{view.__name__}_{ending}")
    for ending in (WORD, PDF)
    for address, view in (
        ("commitments/pack.{}", list_pack),
        ("commitments/reply.{}", reply),
        ("commitments/<str:reference>/note.{}", commitment_note),
        ("meetings/<slug:slug>/pack.{}", meeting_pack),
        ("agencies/<slug:slug>/pack.{}", agency_pack),
        ("countries/<str:code>/pack.{}", country_pack),
    )
]
"""The addresses of the downloads, which ``pages/urls.py`` includes."""
