"""Base classes for the admin of named records: search without diacritics, keys, lists of names."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.cleared_history import ClearedHistory
from accounts.lacking import lacking_in
from accounts.levels import offer_levels
from core.admin.base import DATE_FIELDS, RegisterAdmin
from relations.services.duplicates import AlreadyRecorded, refuse_recorded
from relations.services.record_writers import is_seen
from relations.services.slugs import free_key
from relations.text_fields import NamesField

if TYPE_CHECKING:
    from accounts.models import User


class SlugForm(forms.ModelForm):
    """A form of a record with a key, for ``editor``. Without a key, one is made from the name."""

    editor: "User"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_levels(self, self.editor, always=True)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Used in web addresses and in the register file. It cannot be changed later. Leave empty to "
                "make it from the name."
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        name = cleaned.get("name") or cleaned.get("title")
        if "slug" in self.fields and not cleaned.get("slug") and name and "slug" not in self.errors:
            cleaned["slug"] = free_key(self._meta.model, name)
        return cleaned

    def _post_clean(self) -> None:
        """Show records that may be the new one. Whoever saves all the same ticks the box beside them."""
        super()._post_clean()  # type: ignore[misc]
        if not self.instance._state.adding or self.errors:
            return
        despite = self.data.get("despite", "").split()
        try:
            refuse_recorded(
                self.instance, user=self.editor, despite=despite, text=self.cleaned_data.get("text", "")
            )
        except AlreadyRecorded as refused:
            self.add_error(None, _with_box(refused))


def _with_box(refused: AlreadyRecorded) -> SafeString:
    """The records with links, and the box that names them."""
    links = format_html_join(
        "",
        '<li><a href="{}">{} ({})</a></li>',
        [(_admin_url(record), record, record.slug) for record in refused.records],
    )
    return format_html(
        '{}<ul>{}</ul><label><input type="checkbox" name="despite" value="{}"> {}</label>',
        ngettext(
            "This may be recorded already:",
            "This may be recorded already, as one of these:",
            len(refused.keys),
        ),
        links,
        " ".join(refused.keys),
        _("It is another one: save it all the same."),
    )


def _admin_url(record: models.Model) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


class NamedChangeList(ChangeList):
    """A list of records that is sorted by name, or by title, as a reader expects."""

    def get_ordering_field(self, field_name: Any) -> Any:
        return "sort_key" if field_name in ("name", "title") else super().get_ordering_field(field_name)


class NamedAdmin(RegisterAdmin):
    """The admin of records with names. Search ignores diacritics; the key is read-only once stored."""

    form = SlugForm
    search_fields = ["search_text"]
    formfield_overrides = {**DATE_FIELDS, models.JSONField: {"form_class": NamesField}}

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if kwargs.get("add"):
            context["lacks"] = lacking_in(context["adminform"].form.fields.values(), request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"editor": request.user})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NamedChangeList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset.named_like(search_term), False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            *super().get_readonly_fields(request, obj),
            *(["slug"] if obj and hasattr(obj, "slug") else []),
        ]


class ClassifiedAdmin(ClearedHistory, NamedAdmin):
    """The admin of meetings and sources: only what the person may see is there."""

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Refuse, once its rows are saved, what the person could not see. Nothing of it stays then."""
        super().save_related(request, form, formsets, change)
        if not is_seen(request.user, form.instance):
            raise PermissionDenied(_("You could not see this record: it does not concern your desk."))
