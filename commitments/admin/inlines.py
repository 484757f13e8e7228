"""The rows of a commitment in the admin, with the rules that apply across rows."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import DecimalField, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.permissions import Right
from commitments.models import Assignment, Evidence, Mention, Reading, Target
from commitments.reports.history import evidence_url
from commitments.services.assignments import focal_point_errors
from commitments.services.editing import change_based_on, mention_errors
from commitments.services.periods import reading_errors
from core.admin.base import DATE_FIELDS, RegisterInline, RegisterStackedInline
from core.numbers import NumberField


def _remaining(formset: Any) -> list[Any]:
    """Return the forms of the rows that remain after saving."""
    return [form for form in formset.forms if _has_row(form) and form not in formset.deleted_forms]


def _has_row(form: Any) -> bool:
    return form.instance.pk is not None or form.has_changed()


def _place(mention: Mention) -> tuple[int, int]:
    return mention.meeting_id, mention.paragraph_id


class MentionRows(BaseInlineFormSet):
    """A commitment has at least one mention. A changed mention quotes a source of its meeting."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if form.has_changed() and form not in self.deleted_forms and hasattr(form, "cleaned_data"):
                values = form.cleaned_data
                errors = mention_errors(values.get("meeting"), values.get("paragraph"))
                for message in errors.get("paragraph", []):
                    form.add_error("paragraph", message)
        remaining = {_place(form.instance) for form in _remaining(self)}
        for form in self.deleted_forms:
            mention = form.instance
            if (
                mention.pk
                and _place(mention) not in remaining
                and change_based_on(self.instance, mention.paragraph_id)
            ):
                raise ValidationError(
                    _("A status change is based on “%(mention)s”, so it cannot be removed. Edit it instead.")
                    % {"mention": mention}
                )
        if not _remaining(self):
            raise ValidationError(_("A commitment needs at least one mention."))


class MentionInline(RegisterInline):
    """The mentions of a commitment."""

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
                errors = focal_point_errors(values.get("agency"), values.get("focal_point"))
                for message in errors.get("focal_point", []):
                    form.add_error("focal_point", message)


class AssignmentInline(RegisterInline):
    """The agencies to which a commitment is assigned."""

    edit_right = Right.ASSIGN
    model = Assignment
    formset = AssignmentRows
    fields = ["agency", "role", "focal_point"]
    autocomplete_fields = ["agency", "focal_point"]
    limited_by = {"focal_point": "agency"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        return super().get_queryset(request).select_related("agency", "focal_point")


class TargetInline(RegisterStackedInline):
    """The target figure of a commitment, if it has one."""

    edit_right = Right.EDIT_REGISTER
    model = Target
    fields = ["indicator", "unit", ("baseline", "value")]
    formfield_overrides = {**DATE_FIELDS, DecimalField: {"form_class": NumberField}}


class ReadingRows(BaseInlineFormSet):
    """Readings need a target, which has their unit. A period has one of them."""

    def clean(self) -> None:
        self._refuse_second_readings()  # before Django does, in words that name no reading
        super().clean()
        if _remaining(self) and not _has_target(self.instance, self.data):
            raise ValidationError(_("Add the target first. Readings are figures for a target."))

    def _refuse_second_readings(self) -> None:
        kept: list[Reading] = []
        for form in sorted(_remaining(self), key=lambda form: form.has_changed()):
            if form.errors:
                continue
            reading = form.instance
            if {"as_of", "period"}.intersection(form.changed_data):
                form.add_error(None, reading_errors(kept, as_of=reading.as_of, period=reading.period))
            kept.append(reading)


def _has_target(commitment: Any, data: Any) -> bool:
    """Return whether the commitment has a target after saving."""
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
    formfield_overrides = {**DATE_FIELDS, DecimalField: {"form_class": NumberField}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reading]:
        return super().get_queryset(request).select_related("paragraph__source")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "note":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class EvidenceForm(forms.ModelForm):
    """The form for new evidence, which is a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "url" in self.fields:
            self.fields["url"].required = True


class EvidenceInline(RegisterInline):
    """The evidence of a commitment. It can be added and withdrawn, not edited."""

    edit_right = Right.REPORT_PROGRESS
    model = Evidence
    form = EvidenceForm
    fk_name = "commitment"
    fields = ["title", "url", "file_shown", "type", "dated_on", "validity"]
    readonly_fields = ["file_shown", "validity"]
    verbose_name_plural = gettext_lazy("Evidence (cannot be edited)")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return super().get_queryset(request).select_related("withdrawal", "actor", "commitment")

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        self.may_withdraw = self.has_add_permission(request, obj)
        return super().get_formset(request, obj, **kwargs)

    @admin.display(description=gettext_lazy("file"))
    def file_shown(self, evidence: Any) -> SafeString | str:
        """The name of a file, with a link to it."""
        if evidence.pk is None or not evidence.file:
            return "–"
        address = evidence_url(evidence.commitment, evidence)
        return format_html('<a href="{}">{}</a>', address, evidence.file_name or evidence.title)

    def validity(self, evidence: Any) -> SafeString | str:
        """Whether the evidence is valid or withdrawn, with a link to withdraw it."""
        if evidence.pk is None:
            return "–"
        if evidence.is_withdrawn:
            return pgettext("evidence", "withdrawn: %(reason)s") % {"reason": evidence.withdrawal.reason}
        if not self.may_withdraw:
            return pgettext("evidence", "valid")
        url = reverse("withdrawal", args=[evidence.commitment.reference, evidence.pk])
        return format_html(
            '{} · <a href="{}">{}</a>', pgettext("evidence", "valid"), url, pgettext("evidence", "Withdraw")
        )

    validity.short_description = pgettext_lazy("evidence", "Status")  # type: ignore[attr-defined]


INLINES: list[Any] = [
    MentionInline,
    AssignmentInline,
    TargetInline,
    ReadingInline,
    EvidenceInline,
]
