"""Spreadsheets in: upload, columns, check, import, result, and the way back."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from commitments.services.errors import RequirementsNotMet
from core.documents.limits import MAX_SHEET_BYTES
from core.documents.reading import RETRY_SECONDS, ReadersBusy
from core.post_only import posts
from core.whole_numbers import whole_number
from interchange.choices import Decision, RowResult, Verdict
from interchange.models import ImportRow, SpreadsheetImport
from interchange.spreadsheet.imports import (
    CHECK_STEP,
    check_some,
    configure,
    decide,
    mean,
    read_again,
    register_all_alike,
    require_importer,
    take_file,
)
from interchange.spreadsheet.reading import remarks_on
from interchange.spreadsheet.running import (
    WRITE_STEP,
    begin,
    begin_taking_back,
    run_some,
    stop,
    take_back_some,
)
from interchange.spreadsheet.workbooks import CONTENT_TYPE, refused_rows, template
from pages.imports.forms import ColumnsForm, ReadingForm, UploadForm
from pages.imports.page import (
    Counts,
    counts_by_import,
    counts_of,
    meanings_in,
    rows_alike,
    shown_rows,
    unknown_names,
)
from relations.models import Meeting, Source
from relations.services.duplicates import AlreadyRecorded

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponse]
ROWS_A_PAGE = 100
MOST_LISTED = 100
"""So many imports are listed, the last ones."""
_SHOWN: dict[str, dict[str, Any]] = {
    "new": {"verdict": Verdict.NEW},
    "changed": {"verdict": Verdict.CHANGED},
    "unchanged": {"verdict": Verdict.UNCHANGED},
    "refused": {"verdict": Verdict.REFUSED},
    "done": {"result": RowResult.DONE},
    "failed": {"result": RowResult.REFUSED},
    "not_undone": {"undone": RowResult.REFUSED},
}
"""The rows that ``show`` in the address chooses."""


def importers(view: View[P]) -> View[P]:
    """Answer 403 to whoever may not import spreadsheets."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        require_importer(request.user)
        try:
            return view(request, *args, **kwargs)
        except SpreadsheetImport.DoesNotExist as gone:  # deleted at this moment
            raise Http404 from gone

    return guarded


def _own(request: SignedInRequest, pk: int) -> SpreadsheetImport:
    rows = SpreadsheetImport.objects.visible_to(request.user).defer("content")
    return get_object_or_404(rows.select_related("owner"), pk=pk)


def _visible(model: type[Meeting | Source], pk: int | None, request: SignedInRequest) -> Any:
    """The meeting or the source of an import, if the user still sees it."""
    return model.objects.visible_to(request.user).filter(pk=pk).first() if pk else None


def _to_import(_request: SignedInRequest, pk: int) -> str:
    return reverse("import", args=[pk])


# -- the file --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@importers
def imports(request: SignedInRequest) -> HttpResponse:
    """List the user's imports, and take a new file."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                job = take_file(owner=request.user, name=file.name, content=file.read(MAX_SHEET_BYTES + 1))
                return redirect("import_columns", job.pk)
            except ValidationError as refused:
                form.add_error(None if hasattr(refused, "error_dict") else "file", refused)
            except ReadersBusy as busy:
                form.add_error("file", str(busy))
                status = 503
    own = list(SpreadsheetImport.objects.visible_to(request.user).defer("content", "facts")[:MOST_LISTED])
    counts = counts_by_import(own)
    context = {
        "form": form,
        "errors": _errors(form),
        "jobs": [(each, counts[each.pk]) for each in own],
    }
    answer = render(request, "imports/list.html", context, status=status)
    if status == 503:  # noqa: PLR2004
        answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _errors(form: Any) -> list[tuple[str, str]]:
    if not form.is_bound:
        return []
    return [
        (form[name].id_for_label if name in form.fields else "", message)
        for name, found in form.errors.items()
        for message in found
    ]


@never_cache
@require_safe
@importers
def template_file(request: SignedInRequest) -> HttpResponse:
    """Download the template."""
    return _workbook(template(request.user), "aide-memoire-rows")


def _workbook(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(content, headers=headers, content_type=CONTENT_TYPE)


# -- the columns -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@importers
def columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what the columns mean, which meeting it was, and what holds for every row."""
    job = _own(request, pk)
    if job.begun_at is not None:
        return redirect("import", pk)
    if request.method != "POST":
        return _columns_page(request, job, ColumnsForm(job=job, user=request.user))
    form = ColumnsForm(request.POST, job=job, user=request.user)
    if form.is_valid():
        try:
            configure(job=job, **form.arguments())
            check_some(job=job)
            return redirect("import", pk)
        except RequirementsNotMet as refused:
            form.add_error(None, str(refused))
    return _columns_page(request, job, form)


@posts(back=lambda _request, pk: reverse("import_columns", args=[pk]))
@importers
def read(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read the file again: another sheet, separator, character set or row of headings."""
    job = _own(request, pk)
    form = ReadingForm(request.POST, job=job)
    if not form.is_valid():
        return _columns_page(request, job, ColumnsForm(job=job, user=request.user), reading=form)
    try:
        read_again(job=job, **form.arguments(job))
    except ValidationError as refused:
        form.add_error(None, ValidationError(refused.messages))
        again = _own(request, pk)
        return _columns_page(request, again, ColumnsForm(job=again, user=request.user), reading=form)
    except (ReadersBusy, RequirementsNotMet) as refused:
        messages.error(request, str(refused))
    return redirect("import_columns", pk)


def _columns_page(
    request: SignedInRequest, job: SpreadsheetImport, form: ColumnsForm, *, reading: Any = None
) -> HttpResponse:
    errors = [*_errors(form), *(_errors(reading) if reading else ())]
    context = {
        "job": job,
        "form": form,
        "reading": reading or ReadingForm(job=job),
        "errors": errors,
        "remarks": remarks_on(job.facts, job.separator, job.code_page),
        "rows": job.rows.count(),
    }
    return render(request, "imports/columns.html", context, status=400 if errors else 200)


# -- the check and the result ----------------------------------------------------------------------------


@require_safe
@importers
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show an import: its check, its progress, or its result."""
    job = _own(request, pk)
    if job.configured_at is None:
        return redirect("import_columns", pk)
    counts = counts_of(job)
    is_checking = job.begun_at is None and counts.unchecked > 0
    if is_checking or job.is_running or job.is_taking_back:
        return render(request, "imports/progress.html", _progress(job, counts))
    which = request.GET.get("show", "")
    if which and which not in _SHOWN:
        raise Http404
    page = _page(job, request, which)
    context = {
        "job": job,
        "meeting": _visible(Meeting, job.meeting_id, request),
        "source": _visible(Source, job.source_id, request),
        "counts": counts,
        "show": which,
        "tabs": _tabs(job, counts),
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "rows": shown_rows(job, page, request.user),
        "alike": rows_alike(job) if job.begun_at is None else 0,
        "names": unknown_names(job) if job.begun_at is None else [],
        "remarks": remarks_on(job.facts, job.separator, job.code_page),
        "can_take_back": job.finished_at is not None and job.taking_back_at is None and counts.done > 0,
    }
    return render(request, "imports/rows.html", context)


def _page(job: SpreadsheetImport, request: SignedInRequest, which: str) -> Page[ImportRow]:
    rows = job.rows.filter(**_SHOWN[which]) if which else job.rows.all()
    paginator = Paginator(rows, ROWS_A_PAGE)
    number = whole_number(request.GET.get("page", "1")) or 0
    if number not in paginator.page_range:
        raise Http404
    return paginator.page(number)


def _tabs(job: SpreadsheetImport, counts: Counts) -> list[tuple[str, str, int]]:
    if job.begun_at is None:
        return [
            ("", _("All rows"), counts.total),
            ("refused", _("Refused"), counts.refused),
            ("new", _("New"), counts.new),
            ("changed", _("Changed"), counts.changed),
            ("unchanged", _("Unchanged"), counts.unchanged),
        ]
    tabs = [("", _("All rows"), counts.total), ("done", _("Imported"), counts.done)]
    tabs.append(("failed", _("Refused while importing"), counts.failed))
    if job.taking_back_at is not None:
        tabs.append(("not_undone", _("Not taken back"), counts.not_undone))
    return tabs


def _progress(job: SpreadsheetImport, counts: Counts) -> dict[str, Any]:
    if job.begun_at is None:
        total, tried, done, refused = (
            counts.total,
            counts.checked,
            counts.checked - counts.refused,
            counts.refused,
        )
        title = _("Checking the rows")
    elif job.is_running:
        total, tried, done, refused = counts.to_write, counts.tried, counts.done, counts.failed
        title = _("Importing the rows")
    else:
        total, done, refused = counts.to_undo, counts.undone, counts.not_undone
        tried = done + refused
        title = _("Taking the import back")
    return {"job": job, "title": title, "total": total, "tried": tried, "done": done, "refused": refused}


@posts(back=_to_import)
@importers
def names(request: SignedInRequest, pk: int) -> HttpResponse:
    """Store what spellings mean, and check the rows again."""
    job = _own(request, pk)
    return _then_check(request, job, lambda: mean(job=job, names=meanings_in(request.POST.dict())))


@posts(back=_to_import)
@importers
def rows(request: SignedInRequest, pk: int) -> HttpResponse:
    """Store what is to be done with the rows of the page."""
    job = _own(request, pk)
    if "anyway" in request.POST:
        return _then_check(request, job, lambda: register_all_alike(job=job))
    decisions = {}
    for field, value in request.POST.dict().items():
        number = whole_number(field.removeprefix("row-")) if field.startswith("row-") else None
        decision, _colon, twin = str(value).partition(":")
        if number and decision in Decision.values:
            decisions[number] = (decision, twin)
    return _then_check(request, job, lambda: decide(job=job, decisions=decisions))


def _then_check(
    request: SignedInRequest, job: SpreadsheetImport, change: Callable[[], object]
) -> HttpResponse:
    try:
        change()
        check_some(job=job)
    except RequirementsNotMet as refused:
        messages.error(request, str(refused))
    address = reverse("import", args=[job.pk])
    show_only = request.POST.get("show", "")
    return redirect(f"{address}?show={show_only}" if show_only in _SHOWN else address)


# -- writing and taking back -----------------------------------------------------------------------------


@posts(back=_to_import)
@importers
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin to write the chosen rows."""
    job = _own(request, pk)
    try:
        begin(job=job)
    except RequirementsNotMet as refused:
        messages.error(request, str(refused))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    except AlreadyRecorded as refused:
        messages.error(request, str(refused))
    else:
        run_some(job=job)
    return redirect("import", pk)


@posts(back=_to_import)
@importers
def run(request: SignedInRequest, pk: int) -> HttpResponse:
    """Do the next rows: check, write or take back. Answer with JSON counts if the client accepts JSON."""
    job = _own(request, pk)
    most = whole_number(request.POST.get("most", "")) or 0
    if job.begun_at is None:
        check_some(job=job, most=CHECK_STEP)
    elif job.is_running:
        run_some(job=job, most=most if 0 < most < WRITE_STEP else WRITE_STEP)
    elif job.is_taking_back:
        take_back_some(job=job, most=most if 0 < most < WRITE_STEP else WRITE_STEP)
    if "application/json" not in request.headers.get("Accept", ""):
        return redirect("import", pk)
    job = _own(request, pk)
    counts = counts_of(job)
    progress = _progress(job, counts)
    is_checked = job.begun_at is None and counts.unchecked == 0
    finished = is_checked or (job.finished_at is not None and not job.is_taking_back)
    names_told = ("total", "tried", "done", "refused")
    return JsonResponse({name: progress[name] for name in names_told} | {"finished": finished})


@posts(back=_to_import)
@importers
def halt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop an import that runs, or delete one that was not begun."""
    job = _own(request, pk)
    stop(job=job)
    if job.begun_at is None:
        messages.success(request, _("The import was deleted. Nothing was written."))
        return redirect("imports")
    return redirect("import", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@importers
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether an import is to be taken back, and begin."""
    job = _own(request, pk)
    counts = counts_of(job)
    if job.finished_at is None or job.taking_back_at is not None or not counts.done:
        return redirect("import", pk)
    if request.method == "POST":
        try:
            begin_taking_back(job=job)
        except RequirementsNotMet as refused:  # begun at this moment
            messages.error(request, str(refused))
        else:
            take_back_some(job=job)
        return redirect("import", pk)
    return render(request, "imports/take_back.html", {"job": job, "counts": counts})


@never_cache
@require_safe
@importers
def refused_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """Download the refused rows with the reasons beside them."""
    job = _own(request, pk)
    stem = slugify(job.file_name.rsplit(".", 1)[0]) or "rows"
    return _workbook(refused_rows(job), f"{stem[:60]}-refused")
