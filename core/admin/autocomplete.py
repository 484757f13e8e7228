"""Autocomplete fields in the admin. A sibling field can narrow the search."""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.forms.widgets import Script
from django.http import HttpRequest

from core.whole_numbers import LARGEST, whole_number

AUTOCOMPLETE_SCRIPT = Script("admin_site/autocomplete.js", type="module")
"""Labels the controls for assistive technology and sends the field named by ``data-limited-by``."""


class _LooksForKeys(AutocompleteMixin):
    """Looks only for what can be the key of a record, whatever an address or a form has in its place."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        keys = [each for each in value if whole_number(str(each)) not in (None, LARGEST)]
        return super().optgroups(name, keys, attr)


class Autocomplete(_LooksForKeys, AutocompleteSelect):
    """An autocomplete for one record."""


class MultipleAutocomplete(_LooksForKeys, AutocompleteSelectMultiple):
    """An autocomplete for several records, without the control that clears them all."""

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        return {**super().build_attrs(base_attrs, extra_attrs), "data-allow-clear": "false"}


def use_autocomplete(field: Any, model_field: Any, site: Any, *, limited_by: str = "") -> None:
    """Give a form field an autocomplete. Its records are labelled by their own admin."""
    is_multiple = isinstance(field, forms.ModelMultipleChoiceField)
    attrs = {"data-limited-by": limited_by} if limited_by else {}
    field.widget = (MultipleAutocomplete if is_multiple else Autocomplete)(model_field, site, attrs)
    field.widget.is_required = field.required
    field.widget.choices = field.choices
    related_admin = site.get_model_admin(model_field.remote_field.model)
    if hasattr(related_admin, "label_of"):
        field.label_from_instance = related_admin.label_of


class LabelledAutocompleteView(AutocompleteJsonView):
    """Search results for autocomplete fields.

    A ModelAdmin may define ``label_of(obj)``, the label of a result, and ``has_search_permission(request)``.
    """

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        label_of = getattr(self.model_admin, "label_of", str)
        return {"id": str(getattr(obj, to_field_name)), "text": label_of(obj)}

    def has_perm(self, request: HttpRequest, obj: Any = None) -> bool:
        has_search_permission = getattr(self.model_admin, "has_search_permission", None)
        return (
            bool(has_search_permission(request)) if has_search_permission else super().has_perm(request, obj)
        )


class AutocompleteFields(BaseModelAdmin):
    """Labels the records of autocomplete fields by their own admin, and removes the delete button.

    ``limited_by`` maps a field to the sibling field whose value narrows its search. A related admin with
    ``autocomplete_only = True`` has no pages, so its fields have no add or change button.
    """

    limited_by: ClassVar[dict[str, str]] = {}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        related = db_field.remote_field.model
        is_searched = db_field.name in self.get_autocomplete_fields(request)
        related_admin: Any = self.admin_site.get_model_admin(related) if is_searched else None
        if related_admin is not None and "queryset" not in kwargs:
            kwargs["queryset"] = related_admin.get_queryset(request)
        if is_searched and "widget" not in kwargs:
            kwargs["widget"] = Autocomplete(db_field, self.admin_site, using=kwargs.get("using"))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and hasattr(related_admin, "label_of"):
            field.label_from_instance = related_admin.label_of
        if field is not None and db_field.name in self.limited_by:
            field.widget.attrs["data-limited-by"] = self.limited_by[db_field.name]
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request) and "queryset" not in kwargs:
            related = self.admin_site.get_model_admin(db_field.remote_field.model)
            kwargs["queryset"] = related.get_queryset(request)
            kwargs["widget"] = MultipleAutocomplete(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            related = self.admin_site.get_model_admin(db_field.remote_field.model)  # type: ignore[union-attr]
            if getattr(related, "autocomplete_only", False):
                field.widget = field.widget.widget
            else:
                field.widget.can_delete_related = field.widget.can_view_related = False
                field.widget.can_change_related &= not isinstance(self, InlineModelAdmin)
        return field
