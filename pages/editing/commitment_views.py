"""The edit pages of a commitment: all its fields, one field in place, and one agency."""

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.assignment_forms import AssignmentEdit
from commitments.edit_forms import PARTS, CommitmentEdit
from commitments.models import Assignment, Commitment
from commitments.services.assignments import require_assigner
from commitments.services.editing import require_editor
from commitments.services.errors import NotEditable
from commitments.services.locking import require_counted
from commitments.services.policy import edit_refusal, fixed_because
from pages.editing.answers import EditPage, answer_edit
from pages.refused import tells_in_error
from relations.models import Agency

edit_methods = require_http_methods(["GET", "HEAD", "POST"])


def _found(request: SignedInRequest, reference: str) -> Commitment:
    """The commitment, locked if it is about to be saved. It may have been entered in error."""
    rows = Commitment.objects.readable_by(request.user).select_related("theme", "officer", "outcome_meeting")
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",), no_key=True)
    return get_object_or_404(rows, reference=reference)


@edit_methods
@tells_in_error
def commitment(request: SignedInRequest, reference: str) -> HttpResponse:
    """Edit all fields of a commitment that the user may edit now."""

    def opened() -> CommitmentEdit:
        found = _found(request, reference)
        require_editor(request.user, found)
        return CommitmentEdit(found, request.user, _sent(request))

    return answer_edit(request, opened, _whole_page)


def _whole_page(found: Commitment) -> EditPage:
    links = [
        (str(each.agency.short), reverse("edit_agency", args=[found.reference, each.agency.slug]))
        for each in found.assignments.select_related("agency")
    ]
    lower = [(_("Classify lower"), reverse("commitment_level", args=[found.reference]))]
    return EditPage(
        title=_("Edit"),
        name=f"{found.reference} {found.title}",
        back=found.get_absolute_url(),
        section="commitments",
        note=fixed_because(found.status),
        links=(
            *links,
            (_("Assign agency"), reverse("assign_agency", args=[found.reference])),
            (_("Propose another deadline"), reverse("deadline", args=[found.reference])),
            *(lower if found.classification else ()),
        ),
    )


@edit_methods
def part(request: SignedInRequest, reference: str, name: str) -> HttpResponse:
    """Edit one field in place. What the status does not allow is 409, and names what to do first."""
    if name not in PARTS:
        raise Http404
    found = get_object_or_404(Commitment.objects.readable_by(request.user), reference=reference)
    refused = edit_refusal(found, request.user, [name], reason="-")
    if isinstance(refused, NotEditable) and request.method != "POST":
        context = {"commitment": found, "reason": str(refused)}
        return render(request, "detail/refused.html", context, status=409)
    if refused is not None and not isinstance(refused, NotEditable):
        raise refused
    label = str(capfirst(Commitment._meta.get_field(name).verbose_name))  # type: ignore[union-attr]

    def opened() -> CommitmentEdit:
        return CommitmentEdit(_found(request, reference), request.user, _sent(request), parts=[name])

    def page(record: Commitment) -> EditPage:
        return EditPage(label, f"{record.reference} {record.title}", record.get_absolute_url(), "commitments")

    return answer_edit(request, opened, page)


@edit_methods
@tells_in_error
def agency(request: SignedInRequest, reference: str, slug: str = "") -> HttpResponse:
    """Assign an agency, or edit or remove the assignment of the agency ``slug``."""

    def opened() -> AssignmentEdit:
        found = _found(request, reference)
        require_assigner(request.user)
        require_counted(found)
        assignment = Assignment(commitment=found)
        if slug:
            of_agency = found.assignments.select_related("agency", "focal_point", "commitment")
            assignment = get_object_or_404(of_agency, agency=get_object_or_404(Agency, slug=slug))
        return AssignmentEdit(assignment, request.user, _sent(request))

    def page(record: Assignment) -> EditPage:
        return EditPage(
            title=str(record.agency) if slug else _("Assign agency"),
            name=f"{record.commitment.reference} {record.commitment.title}",
            back=record.commitment.get_absolute_url(),
            section="commitments",
        )

    return answer_edit(request, opened, page)


def _sent(request: SignedInRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
