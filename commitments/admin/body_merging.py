"""The admin page that merges two people, or two agencies, with a preview."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.forms import RefusableForm
from commitments.models import Assignment
from commitments.services.body_merging import merge_bodies, merge_refusal, preview_of
from commitments.services.errors import RequirementsNotMet
from core.admin.autocomplete import AUTOCOMPLETE_SCRIPT, use_autocomplete
from relations.admin.bodies import AgencyAdmin, PersonAdmin
from relations.models import Agency, Participation, Person


class OtherForm(RefusableForm):
    """Which record is merged into the one of the page."""

    other = forms.ModelChoiceField(
        Person.objects.none(),
        label=gettext_lazy("The one that is merged into it"),
        error_messages={"required": gettext_lazy("Choose the record that is the same.")},
    )

    class Media:
        js = [AUTOCOMPLETE_SCRIPT]

    def __init__(self, data: Any, *, kept: Any) -> None:
        super().__init__(data)
        other: Any = self.fields["other"]
        other.queryset = type(kept).objects.exclude(pk=kept.pk)
        is_agency = isinstance(kept, Agency)
        field = (Assignment if is_agency else Participation)._meta.get_field(
            "agency" if is_agency else "person"
        )
        use_autocomplete(other, field, admin.site)


class MergesBodies(admin.ModelAdmin):
    """Adds the page “Merge with another” to the admin of a person or an agency."""

    change_form_template = "admin/relations/merged/change_form.html"

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        view = self.admin_site.admin_view(self.merge_view)
        return [path("<int:pk>/merge/", view, name=name), *super().get_urls()]

    def merge_view(self, request: Any, pk: int) -> HttpResponse:
        """Choose the other record, see what would be merged, and merge."""
        kept = self.get_queryset(request).filter(pk=pk).first()
        if kept is None:
            raise Http404
        if not self.has_change_permission(request, kept):
            raise PermissionDenied(_("You may not merge these records."))
        data = request.POST if request.method == "POST" else request.GET if "other" in request.GET else None
        form = OtherForm(data, kept=kept)
        preview = None
        if form.is_bound and form.is_valid():
            other = form.cleaned_data["other"]
            refused = merge_refusal(kept, other, request.user)
            if isinstance(refused, PermissionDenied):
                raise refused
            if isinstance(refused, RequirementsNotMet):
                form.refuse(refused.errors)
            elif request.method == "POST":
                merge_bodies(kept=kept, absorbed=other, actor=request.user)
                message = _("“%(absorbed)s” was merged into “%(kept)s”.")
                messages.success(request, message % {"absorbed": other, "kept": kept})
                return redirect(self._change_url(kept))
            else:
                preview = preview_of(kept, other, request.user)
        return self._merge_page(request, kept, form, preview)

    def _merge_page(self, request: HttpRequest, kept: Any, form: OtherForm, preview: Any) -> HttpResponse:
        swapped = ""
        if preview is not None:
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_merge"
            swapped = f"{reverse(name, args=[preview.absorbed.pk])}?other={kept.pk}"
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge into “%(record)s”") % {"record": kept},
            "opts": self.opts,
            "kept": kept,
            "form": form,
            "preview": preview,
            "swapped": swapped,
            "back": self._change_url(kept),
            "media": self.media + form.media,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        status = 400 if form.is_bound and form.errors else 200
        return TemplateResponse(request, "admin/relations/merged/merge.html", context, status=status)

    def _change_url(self, record: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])

    def render_change_form(self, request: Any, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and self.has_change_permission(request, obj):
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_merge"
            context["merge_url"] = reverse(name, args=[obj.pk])
        return super().render_change_form(request, context, **kwargs)


@admin.register(Agency)
class MergeableAgencyAdmin(MergesBodies, AgencyAdmin):
    """Agencies, which can be merged."""


@admin.register(Person)
class MergeablePersonAdmin(MergesBodies, PersonAdmin):
    """People, who can be merged."""
