"""The files of a source: attach, download, preview, withdraw."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Right
from accounts.requests import SignedInRequest
from core.documents.reading import ReadersBusy
from core.downloads import attachment
from core.form_errors import errors_in
from core.previews import preview_of
from relations.models import Paper, Source
from relations.paper_forms import PaperForm, PaperWithdrawalForm
from relations.services.papers import attach_paper, withdraw_paper
from relations.services.record_writers import require_right

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
def papers(request: SignedInRequest, slug: str) -> HttpResponse:
    """Attach a file to a source."""
    source = _source(request, slug)
    require_right(request.user, Right.EDIT_REGISTER)
    form = PaperForm(*_sent(request))

    def write() -> object:
        return attach_paper(source=source, actor=request.user, **form.cleaned_data)

    texts = _("Attach a file"), _("The file has been attached."), _("Attach")
    return _answer(request, source, form, texts, write)


@form_methods
def withdrawal(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw a file of a source, with a reason."""
    found = _paper(request, slug, pk)
    require_right(request.user, Right.EDIT_REGISTER)
    form = PaperWithdrawalForm(*_sent(request))

    def write() -> object:
        return withdraw_paper(paper=found, actor=request.user, **form.cleaned_data)

    title = _("Withdraw the file: %(name)s") % {"name": found.file_name}
    texts = title, _("The file has been withdrawn."), pgettext("file of a source", "Withdraw")
    return _answer(request, found.source, form, texts, write)


@require_safe
def paper(request: SignedInRequest, slug: str, pk: int) -> HttpResponseBase:
    """A file of a source, as a download."""
    found = _paper(request, slug, pk)
    return attachment(found.file, found.file_name, found.sha256)


@require_safe
def preview(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """A picture of a file of a source."""
    found = _paper(request, slug, pk)
    return preview_of(found.file, found.file_name, found.sha256)


def _sent(request: SignedInRequest) -> tuple[Any, ...]:
    """What a form was sent, also if it is empty; nothing where it is only asked for."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _source(request: SignedInRequest, slug: str) -> Source:
    seen = Source.objects.visible_to(request.user)
    return get_object_or_404(seen.defer("text", "search_text"), slug=slug)


def _paper(request: SignedInRequest, slug: str, pk: int) -> Paper:
    papers = Paper.objects.select_related("source")
    return get_object_or_404(papers, source=_source(request, slug), pk=pk)


def _answer(
    request: SignedInRequest,
    source: Source,
    form: Any,
    texts: tuple[str, str, str],
    write: Callable[[], object],
) -> HttpResponse:
    """Save a valid form and return to the source; otherwise show the form with its errors."""
    title, done, button = texts
    if request.method == "POST" and form.is_valid():
        try:
            write()
        except ValidationError as refused:
            form.refuse(refused)
        except ReadersBusy as busy:
            form.add_error("file", str(busy))
        else:
            messages.success(request, done)
            return redirect(f"{source.get_absolute_url()}#papers")
    context = {
        "source": source,
        "form": form,
        "title": title,
        "button": button,
        "errors": list(errors_in([form])),
    }
    return render(request, "sources/paper_form.html", context, status=400 if form.is_bound else 200)
