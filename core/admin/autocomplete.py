"""Autocomplete in the admin: results in words of the record's own admin, narrowed by a sibling field."""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.forms.widgets import Script
from django.http import HttpRequest

SEARCH_SCRIPT = Script("admin_site/autocomplete.js", type="module")
"""Names the controls for assistive technology; sends the field named by ``data-limited-by`` along."""


class SeveralBySearch(AutocompleteSelectMultiple):
    """Several records picked by searching. Each is taken out by itself: no control that clears them all."""

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        return {**super().build_attrs(base_attrs, extra_attrs), "data-allow-clear": "false"}


def pick_by_search(field: Any, model_field: Any, site: Any, *, limited_by: str = "") -> None:
    """Let the records of a form field be picked by searching, named as their own admin names them."""
    several = isinstance(field, forms.ModelMultipleChoiceField)
    attrs = {"data-limited-by": limited_by} if limited_by else {}
    field.widget = (SeveralBySearch if several else AutocompleteSelect)(model_field, site, attrs)
    field.widget.is_required = field.required
    field.widget.choices = field.choices
    chosen_from = site.get_model_admin(model_field.remote_field.model)
    if hasattr(chosen_from, "label_of"):
        field.label_from_instance = chosen_from.label_of


class LabelledAutocomplete(AutocompleteJsonView):
    """An admin may define ``label_of(obj)`` for its results and ``may_be_searched(request)`` for who asks."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        label_of = getattr(self.model_admin, "label_of", str)
        return {"id": str(getattr(obj, to_field_name)), "text": label_of(obj)}

    def has_perm(self, request: HttpRequest, obj: Any = None) -> bool:
        may_be_searched = getattr(self.model_admin, "may_be_searched", None)
        return bool(may_be_searched(request)) if may_be_searched else super().has_perm(request, obj)


class SearchedFields(BaseModelAdmin):
    """Related fields as they are picked: labelled by their own admin, without a button that deletes.

    An admin that is ``picked_only`` has no pages to add or change its records. ``limited_by`` names the
    sibling field whose value narrows the search of a field.
    """

    limited_by: ClassVar[dict[str, str]] = {}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        related = db_field.remote_field.model
        is_searched = db_field.name in self.get_autocomplete_fields(request)
        chosen_from: Any = self.admin_site.get_model_admin(related) if is_searched else None
        if chosen_from is not None and "queryset" not in kwargs:
            kwargs["queryset"] = chosen_from.get_queryset(request)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and hasattr(chosen_from, "label_of"):
            field.label_from_instance = chosen_from.label_of
        if field is not None and db_field.name in self.limited_by:
            field.widget.attrs["data-limited-by"] = self.limited_by[db_field.name]
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request) and "queryset" not in kwargs:
            related = self.admin_site.get_model_admin(db_field.remote_field.model)
            kwargs["queryset"] = related.get_queryset(request)
            kwargs["widget"] = SeveralBySearch(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            related = self.admin_site.get_model_admin(db_field.remote_field.model)  # type: ignore[union-attr]
            if getattr(related, "picked_only", False):
                field.widget = field.widget.widget
            else:
                field.widget.can_delete_related = field.widget.can_view_related = False
                field.widget.can_change_related &= not isinstance(self, InlineModelAdmin)
        return field
