"""One paragraph of a source: its versions, and the form of a clerical correction."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Right
from accounts.requests import SignedInRequest
from commitments.services.paragraph_corrections import correct_paragraph
from core.form_errors import errors_in
from pages.sources.versions import versions_of
from relations.models import Source
from relations.paragraph_forms import ParagraphForm
from relations.services.record_writers import require_right


@require_http_methods(["GET", "HEAD", "POST"])
def paragraph(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """The versions of a paragraph, the newest first. An officer corrects it."""
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    found = get_object_or_404(source.paragraphs.select_related("source"), number=number)
    may_correct = request.user.may(Right.EDIT_REGISTER)
    form = ParagraphForm(paragraph=found) if may_correct else None
    status = HTTPStatus.OK
    if request.method == "POST":
        require_right(request.user, Right.EDIT_REGISTER)
        form = ParagraphForm(request.POST, paragraph=found)
        if form.is_valid():
            try:
                correct_paragraph(paragraph=found, actor=request.user, **form.arguments())
            except ValidationError as refused:
                form.refuse(refused)
            else:
                messages.success(
                    request, _("The paragraph has been corrected. Its former wording stays below.")
                )
                return redirect(found.get_versions_url())
        is_stale = form.cleaned_data.get("version", found.version) != found.version
        status = HTTPStatus.CONFLICT if is_stale else HTTPStatus.BAD_REQUEST
    context = {
        "paragraph": found,
        "source": found.source,
        "versions": versions_of(found),
        "form": form,
        "errors": list(errors_in([form])) if form and form.is_bound else [],
    }
    return render(request, "sources/paragraph.html", context, status=status)
