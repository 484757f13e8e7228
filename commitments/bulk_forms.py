"""The forms of bulk actions."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.choices import Role
from accounts.levels import levels_for
from accounts.models import User
from commitments.choices import AssignmentRole, BulkAct, Status
from commitments.evidence_forms import EvidenceForm
from commitments.forms import RefusableForm, TransitionForm, control_id
from commitments.models import Assignment, BulkJob, BulkRow, Commitment, Theme
from commitments.registration_forms import AgencyChoiceField
from commitments.services.assignments import focal_point_errors
from commitments.services.errors import NOTE_MISSING
from commitments.services.officers import officers
from commitments.workflow import TargetRule
from core.form_errors import labelled
from core.texts import TextField


class BulkTransitionForm(TransitionForm):
    """The form of one transition for many commitments.

    It offers the outcomes that are ``possible`` for any of them. A decision can also confirm the outcome that
    each submission proposes. It has no field ``seen`` or ``stamp``: each row of a job stores its own.
    """

    evidence_form = EvidenceForm

    def __init__(self, *args: Any, possible: Iterable[Status], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["stamp" if self.row.decides else "seen"]
        if "outcome" in self.fields:
            self._offer_outcomes_of_any(frozenset(possible))
        if "successor" in self.fields:
            successor: Any = self.fields["successor"]
            successor.queryset = Commitment.objects.visible_to(self.user)
            successor.help_text = _("For “superseded”: the reference of the commitment that replaces these.")
        if "occurred_on" in self.fields:
            self.fields["occurred_on"].widget.attrs.pop("min", None)

    def clean(self) -> dict[str, Any]:
        """Refuse what would be refused for every row."""
        cleaned: dict[str, Any] = super().clean() or {}
        no_successor = cleaned.get("outcome") == Status.SUPERSEDED and not cleaned.get("successor")
        if no_successor and self.row.target != TargetRule.OUTCOME and "successor" not in self.errors:
            self.refuse({"successor": [str(_("Enter the reference of the commitment that replaces these."))]})
        return cleaned

    def _offer_outcomes_of_any(self, possible: frozenset[Status]) -> None:
        outcome: Any = self.fields["outcome"]
        choices: list[tuple[str, Any]] = [
            (status.value, capfirst(status.label)) for status in Status if status in possible
        ]
        if self.row.target == TargetRule.OUTCOME:
            outcome.required = False
            outcome.initial = self.initial["outcome"] = self.initial["successor"] = ""
            choices.insert(0, ("", _("As proposed in each submission")))
        outcome.choices = choices


def form_faults(form: forms.BaseForm) -> Iterator[tuple[str, str]]:
    """Each error message of ``form`` with the ``id`` of its control, for the summary above it."""
    for message in form.non_field_errors():
        yield ("", str(message))
    for bound in form:
        for message in bound.errors:
            yield (control_id(bound), labelled(bound.label, message))


class NoteForm(RefusableForm):
    """The note of a change of many commitments. The forms of the changes add their own fields before it."""

    note = TextField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The reason or the decision. It is saved in the history of each commitment."),
    )

    def __init__(self, data: QueryDict | None = None, *, job: BulkJob, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.job = job
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each error message with the ``id`` of its control, for the summary above the form."""
        return form_faults(self)


def offer_focal_points(field: Any) -> None:
    """Offer all focal points in the select list ``field``, each with the agency."""
    field.queryset = (
        User.objects.filter(groups__name=Role.FOCAL_POINT, agency__isnull=False, is_active=True)
        .select_related("agency")
        .order_by("agency__sort_key", "username")
    )
    field.label_from_instance = lambda each: (
        # Translators: a person and the agency the person works for, for example "Lan Tran (MOFA)".
        pgettext("person and agency", "%(person)s (%(agency)s)")
        % {"person": each, "agency": each.agency.short}
    )


class BulkLeadForm(NoteForm):
    """The form of a new lead agency for many commitments, and its focal point.

    The focal points are listed with their agencies.
    """

    agency = AgencyChoiceField(label=_("Agency"), empty_label=_("choose an agency"))
    focal_point = forms.ModelChoiceField(
        User.objects.all(),
        label=_("Focal point"),
        required=False,
        empty_label=_("no focal point"),
        help_text=_("A focal point of this agency."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_focal_points(self.fields["focal_point"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.refuse(focal_point_errors(cleaned.get("agency"), cleaned.get("focal_point")))
        return cleaned


class BulkAgencyForm(BulkLeadForm):
    """The form of an assignment to many commitments: an agency, its role and its focal point."""

    role = forms.ChoiceField(label=_("Role"), choices=AssignmentRole.choices, initial=AssignmentRole.LEAD)
    beside = forms.BooleanField(
        label=_("Also assign where another agency already leads"),
        required=False,
        help_text=_("Otherwise these commitments stay unchanged and are listed in the result."),
    )
    field_order = ("agency", "role", "focal_point", "beside", "note")


class BulkRemovalForm(NoteForm):
    """The form that removes an agency from many commitments. It offers those that are assigned to any."""

    agency = AgencyChoiceField(label=_("Agency"), empty_label=_("choose an agency"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: Any = self.fields["agency"]
        visible = Commitment.objects.visible_to(self.job.owner).filter(
            pk__in=BulkRow.objects.filter(job=self.job).values("commitment")
        )
        assigned = Assignment.objects.filter(commitment__in=visible.order_by().values("pk"))
        agency.queryset = agency.queryset.filter(pk__in=assigned.order_by().values("agency"))


class BulkThemeForm(NoteForm):
    """The form that sets the theme of many commitments."""

    theme = forms.ModelChoiceField(Theme.objects.all(), label=_("Theme"), empty_label=_("choose a theme"))


class BulkOfficerForm(NoteForm):
    """The form that puts an officer in charge of many commitments."""

    officer = forms.ModelChoiceField(
        User.objects.none(), label=_("Officer in charge"), required=False, empty_label=_("nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officer: Any = self.fields["officer"]
        officer.queryset = officers()
        self.initial.setdefault("officer", self.job.owner_id)


class BulkClassificationForm(NoteForm):
    """The form that sets the classification of many commitments, up to the clearance of the person."""

    classification = forms.TypedChoiceField(
        label=_("Classification"),
        coerce=int,
        help_text=_("A lower one is only proposed, with the note as its reason: another person decides."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classification: Any = self.fields["classification"]
        classification.choices = [("", _("choose a classification")), *levels_for(self.job.owner)]


class BulkTakeBackForm(NoteForm):
    """The form that takes back a bulk action. A status change is taken back with a note."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = self.job.act == BulkAct.MOVE
        self.fields["note"].error_messages["required"] = NOTE_MISSING
