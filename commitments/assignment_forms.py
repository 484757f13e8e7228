"""The form with which one agency is assigned to a commitment, changed or removed."""

from copy import copy
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from commitments.bulk_forms import offer_focal_points
from commitments.models import Assignment
from commitments.registration_forms import AgencyChoiceField
from commitments.services.assignments import assign, focal_point_errors, unassign
from core.edit_forms import EditForms
from core.texts import TextField, form_field
from relations.forms import EMPTY_CHOICE, with_dash_for_empty_choice


class AssignmentForm(forms.ModelForm):
    """An agency with its role and its focal point. The agency of an assignment that exists is fixed."""

    agency = AgencyChoiceField(label=_("Agency"), empty_label=EMPTY_CHOICE)
    reason = TextField(
        label=_("Reason"),
        required=False,
        widget=forms.TextInput,
        help_text=_("Why it is changed. It is shown in the history."),
    )
    remove = forms.BooleanField(
        label=_("Remove the agency"), required=False, help_text=_("The history still shows it.")
    )

    class Meta:
        model = Assignment
        fields = ["agency", "role", "focal_point"]
        formfield_callback = form_field
        help_texts = {"focal_point": _("A focal point of this agency.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_dash_for_empty_choice(self)
        focal_point: Any = self.fields["focal_point"]
        offer_focal_points(focal_point)
        if self.instance.pk is None:
            del self.fields["remove"]
            self.fields["agency"].widget.attrs["autofocus"] = True
            return
        del self.fields["agency"]
        theirs = focal_point.queryset.filter(agency=self.instance.agency_id).order_by()
        shown = Q(pk__in=theirs.values("pk")) | Q(pk=self.instance.focal_point_id or 0)
        focal_point.queryset = User.objects.filter(shown).order_by("username")
        focal_point.label_from_instance = lambda each: each.marked_name

    def clean(self) -> dict[str, Any]:
        """Refuse a focal point of another agency, and an agency that is assigned already."""
        cleaned: dict[str, Any] = super().clean() or {}
        agency = cleaned.get("agency") or getattr(self.instance, "agency", None)
        if "agency" in self.fields and agency and self._is_assigned(agency):
            self.add_error("agency", _("This agency is assigned already. Edit its assignment instead."))
        if "focal_point" in self.changed_data and not cleaned.get("remove"):
            for messages in focal_point_errors(agency, cleaned.get("focal_point")).values():
                self.add_error("focal_point", messages)
        return cleaned

    def _is_assigned(self, agency: Any) -> bool:
        return Assignment.objects.filter(commitment=self.instance.commitment_id, agency=agency).exists()


class AssignmentEdit(EditForms[Assignment]):
    """The edit of one assignment. One without a primary key is to be added."""

    def make_form(self, data: QueryDict | None) -> AssignmentForm:
        """The form of the assignment."""
        return AssignmentForm(data, instance=copy(self.record))

    def save(self) -> None:
        """Save by ``assign``, or remove by ``unassign``."""
        values = self.form.cleaned_data
        if values.get("remove"):
            unassign(assignment=self.record, actor=self.user, note=values["reason"])
        elif self.form.has_changed():
            assign(
                commitment=self.record.commitment,
                actor=self.user,
                agency=values.get("agency") or self.record.agency,
                role=values["role"],
                focal_point=values["focal_point"],
                note=values["reason"],
            )
