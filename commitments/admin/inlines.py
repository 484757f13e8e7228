"""The rows of a commitment in the admin, and what must hold across them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import DecimalField, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Right
from commitments.models import Assignment, Evidence, Mention, Reading, Target
from commitments.services.assignments import focal_point_errors
from commitments.services.editing import change_based_on, mention_errors
from core.admin.base import DAYS, RegisterInline, RegisterStackedInline


class FigureField(forms.DecimalField):
    """A figure without the noughts that its column carries."""

    def prepare_value(self, value: Any) -> Any:
        """1500000.000000 is written 1500000."""
        return f"{value.normalize():f}" if hasattr(value, "normalize") else value


def _standing(formset: Any) -> list[Any]:
    """The forms of the rows that will be there after saving."""
    return [form for form in formset.forms if _holds_a_row(form) and form not in formset.deleted_forms]


def _holds_a_row(form: Any) -> bool:
    return form.instance.pk is not None or form.has_changed()


def _place(mention: Mention) -> tuple[int, int]:
    return mention.meeting_id, mention.paragraph_id


class MentionRows(BaseInlineFormSet):
    """A commitment was spoken of somewhere; a row that changed must quote a source of its meeting."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if form.has_changed() and form not in self.deleted_forms and hasattr(form, "cleaned_data"):
                values = form.cleaned_data
                faults = mention_errors(values.get("meeting"), values.get("paragraph"))
                for message in faults.get("paragraph", []):
                    form.add_error("paragraph", message)
        kept = {_place(form.instance) for form in _standing(self)}
        for form in self.deleted_forms:
            mention = form.instance
            if (
                mention.pk
                and _place(mention) not in kept
                and change_based_on(self.instance, mention.paragraph_id)
            ):
                raise ValidationError(
                    _("A status change rests on “%(mention)s”: the mention stays. Correct it in place.")
                    % {"mention": mention}
                )
        if not _standing(self):
            raise ValidationError(_("A commitment has at least one mention: where it was said."))


class MentionInline(RegisterInline):
    """Where it was spoken of."""

    edit_right = Right.EDIT_REGISTER
    model = Mention
    formset = MentionRows
    fields = ["meeting", "paragraph", "kind", "modality", "summary"]
    autocomplete_fields = ["meeting", "paragraph"]
    limited_by = {"paragraph": "meeting"}
    classes = ["mentions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mention]:
        return super().get_queryset(request).select_related("meeting", "paragraph__source")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "summary":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class AssignmentRows(BaseInlineFormSet):
    """A focal point belongs to the agency of its row."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if form.has_changed() and form not in self.deleted_forms and hasattr(form, "cleaned_data"):
                values = form.cleaned_data
                faults = focal_point_errors(values.get("agency"), values.get("focal_point"))
                for message in faults.get("focal_point", []):
                    form.add_error("focal_point", message)


class AssignmentInline(RegisterInline):
    """Who is charged with it."""

    edit_right = Right.ASSIGN
    model = Assignment
    formset = AssignmentRows
    fields = ["agency", "role", "focal_point"]
    autocomplete_fields = ["agency", "focal_point"]
    limited_by = {"focal_point": "agency"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        return super().get_queryset(request).select_related("agency", "focal_point")


class TargetInline(RegisterStackedInline):
    """The figure to be reached, where there is one."""

    edit_right = Right.EDIT_REGISTER
    model = Target
    fields = ["indicator", "unit", ("baseline", "value")]
    formfield_overrides = {**DAYS, DecimalField: {"form_class": FigureField}}


class ReadingRows(BaseInlineFormSet):
    """A figure without a target has no unit."""

    def clean(self) -> None:
        super().clean()
        if _standing(self) and not _has_target(self.instance, self.data):
            raise ValidationError(_("Give the target first: a reading is a figure for it."))


def _has_target(commitment: Any, data: Any) -> bool:
    """Whether a target will be there after saving: given in the same form, or kept."""
    if data.get("target-0-DELETE"):
        return False
    return bool(data.get("target-0-indicator")) or hasattr(commitment, "target")


class ReadingInline(RegisterInline):
    """The figures reported for the target."""

    edit_right = Right.EDIT_REGISTER
    model = Reading
    formset = ReadingRows
    fields = ["as_of", "value", "period", "paragraph", "note"]
    autocomplete_fields = ["paragraph"]
    formfield_overrides = {**DAYS, DecimalField: {"form_class": FigureField}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reading]:
        return super().get_queryset(request).select_related("paragraph__source")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "note":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class EvidenceForm(forms.ModelForm):
    """A new piece of evidence: a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "url" in self.fields:
            self.fields["url"].required = True


class EvidenceInline(RegisterInline):
    """What shows that something was done. Only added to; a piece that no longer counts is withdrawn."""

    edit_right = Right.REPORT_PROGRESS
    model = Evidence
    form = EvidenceForm
    fk_name = "commitment"
    fields = ["title", "url", "type", "dated_on", "standing"]
    readonly_fields = ["standing"]
    verbose_name_plural = gettext_lazy("evidence (only added to)")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return super().get_queryset(request).select_related("withdrawal", "actor")

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        self.may_withdraw = self.has_add_permission(request, obj)
        return super().get_formset(request, obj, **kwargs)

    def standing(self, evidence: Any) -> SafeString | str:
        """Whether it counts, and the way to withdraw it."""
        if evidence.pk is None:
            return "–"
        if evidence.is_withdrawn:
            return _("withdrawn: %(reason)s") % {"reason": evidence.withdrawal.reason}
        if not self.may_withdraw:
            return _("counts")
        url = reverse("admin:commitments_commitment_withdraw", args=[evidence.commitment_id, evidence.pk])
        return format_html('{} · <a href="{}">{}</a>', _("counts"), url, _("Withdraw"))

    standing.short_description = gettext_lazy("standing")  # type: ignore[attr-defined]


INLINES: list[Any] = [
    MentionInline,
    AssignmentInline,
    TargetInline,
    ReadingInline,
    EvidenceInline,
]
