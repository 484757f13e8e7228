"""Edit conflicts in the admin. The second person to save sees both versions and loses no input."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, QueryDict

from core.edit_conflicts import SEEN, EditConflict, conflict_with, version_of
from core.form_snapshots import Snapshot


class VersionedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Saves a record only if nobody else has changed it since the form was opened, inlines included.

    The form has a snapshot of the record as it was opened. On saving, the record is locked and compared with
    the snapshot, field by field. If somebody else changed a field, nothing is saved. The form is shown again
    with the submitted values, with the current values in the fields that the person had not changed, and with
    a table of both versions. Saving again writes what the form then shows.
    """

    change_form_template = "admin/versioned_change_form.html"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the record, locked if it is about to be saved."""
        queryset = self.get_queryset(request)
        if request.method == "POST" and transaction.get_connection(queryset.db).in_atomic_block:
            queryset = queryset.select_for_update(of=("self",), no_key=True)
        key = self.model._meta.pk if from_field is None else self.model._meta.get_field(from_field)
        try:
            return queryset.get(**{key.name: key.to_python(object_id)})  # type: ignore[union-attr]
        except (self.model.DoesNotExist, forms.ValidationError, ValueError):
            return None

    def _changeform_view(
        self, request: Any, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        request.conflict = None
        if request.method == "POST" and object_id is not None:
            obj = self.get_object(request, unquote(object_id))
            if obj is not None and self.has_change_permission(request, obj):
                request.conflict, request.POST = self._compare(request, obj)
        response = super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        if request.conflict is not None:
            response.status_code = 409
        return response

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form class. During a conflict the form is invalid."""
        form = super().get_form(request, obj, change=change, **kwargs)
        conflict = getattr(request, "conflict", None)
        if conflict is None or obj is None:
            return form
        return type(form.__name__, (_ConflictForm, form), {"conflict": conflict})

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        conflict: EditConflict | None = getattr(request, "conflict", None)
        context["conflict"] = conflict
        form = context["adminform"].form
        if conflict:
            context["seen"] = conflict.snapshot
        elif form.is_bound:
            context["seen"] = request.POST.get(SEEN, "")
        elif context["original"] is not None:
            inlines = context["inline_admin_formsets"]
            formsets = {each.formset.prefix: each.formset for each in inlines if each.has_change_permission}
            context["seen"] = Snapshot.of(version_of(context["original"]), form, formsets)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write nothing if nothing changed."""
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the record too if only its rows changed, so that its version increases."""
        rows_changed = any(formset.has_changed() for formset in formsets)
        super().save_related(request, form, formsets, change)
        if change and rows_changed and not form.has_changed():
            form.instance.save()

    # -- comparing -------------------------------------------------------------------------------------------

    def _compare(self, request: Any, obj: models.Model) -> tuple[EditConflict | None, QueryDict]:
        """Return the conflict, if any, and the input with the current values of fields left unchanged."""
        form_class = self.get_form(
            request, obj, change=True, fields=flatten_fieldsets(self.get_fieldsets(request, obj))
        )
        formsets = dict(self._unbound_formsets(request, obj))
        return conflict_with(obj, form_class(instance=obj), formsets, request.POST)

    def _unbound_formsets(self, request: HttpRequest, obj: models.Model) -> Iterator[tuple[str, Any]]:
        counted: dict[str, int] = {}
        for formset_class, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset_class.get_default_prefix()
            counted[prefix] = counted.get(prefix, 0) + 1
            if counted[prefix] > 1:
                prefix = f"{prefix}-{counted[prefix]}"
            if inline.has_change_permission(request, obj):
                rows = inline.get_queryset(request)
                yield prefix, formset_class(instance=obj, prefix=prefix, queryset=rows)


class _ConflictForm:
    """A mixin that makes a form invalid because of a conflict."""

    conflict: EditConflict

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        self.add_error(None, str(self.conflict))  # type: ignore[attr-defined]
        return cleaned
