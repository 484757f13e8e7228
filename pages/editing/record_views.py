"""The edit pages of meetings, sources, countries, agencies, mechanisms and people."""

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.level_forms import SourceWithLevelEdit
from commitments.meeting_forms import MeetingWithDaysEdit
from core.edit_forms import EditForms
from pages.editing.answers import EditPage, answer_edit
from relations.edit_forms import EDIT_RIGHTS, EDITS
from relations.models import Agency, Country, Mechanism, Meeting, Person, Source
from relations.services.record_writers import require_right

KINDS: dict[str, tuple[type[Model], str]] = {
    "country": (Country, "bodies"),
    "agency": (Agency, "bodies"),
    "mechanism": (Mechanism, "bodies"),
    "person": (Person, "bodies"),
    "meeting": (Meeting, "meetings"),
    "source": (Source, "sources"),
}
"""Each kind of record, with the section of the navigation that it belongs to."""
_EDITS: dict[type[Model], type[EditForms[Any]]] = {
    **EDITS,
    Meeting: MeetingWithDaysEdit,
    Source: SourceWithLevelEdit,
}


def _links(found: Any) -> tuple[tuple[str, str], ...]:
    """What is edited of ``found`` on a page of its own."""
    links = []
    if isinstance(found, Source):
        links.append((_("Attach a file"), reverse("papers", args=[found.slug])))
    if isinstance(found, Source | Meeting) and found.classification:
        links.append((_("Classify lower"), reverse(f"{found._meta.model_name}_level", args=[found.slug])))
    return tuple(links)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: SignedInRequest, *, kind: str, **key: str) -> HttpResponse:
    """Edit a record of ``kind``, which ``key`` names."""
    model, section = KINDS[kind]

    def opened() -> EditForms[Any]:
        rows: Any = model._default_manager
        if request.method == "POST":
            rows = rows.select_for_update(of=("self",), no_key=True)
        if hasattr(rows.all(), "visible_to"):
            rows = rows.visible_to(request.user)
        found = get_object_or_404(rows, **key)
        require_right(request.user, EDIT_RIGHTS[model])
        return _EDITS[model](found, request.user, request.POST if request.method == "POST" else None)

    def page(found: Any) -> EditPage:
        title, back = pgettext("action", "Edit"), found.get_absolute_url()
        return EditPage(title, str(found), back, section, links=_links(found))

    return answer_edit(request, opened, page)
