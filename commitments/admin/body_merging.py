"""The admin pages that merge two countries, agencies, people or mechanisms, and undo it."""

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
from commitments.models import BodyMerge
from commitments.reports.body_merges import preview_of
from commitments.services.body_merging import LINKS, merge_bodies, merge_refusal
from commitments.services.body_unmerging import merges_into, undo_body_merge, undo_refusal
from commitments.services.errors import RequirementsNotMet
from core.admin.autocomplete import AUTOCOMPLETE_SCRIPT, use_autocomplete
from relations.admin.bodies import AgencyAdmin, CountryAdmin, MechanismAdmin, PersonAdmin
from relations.models import Agency, Country, Mechanism, Person


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
        link = LINKS[type(kept)][0]
        use_autocomplete(other, link.model._meta.get_field(link.field), admin.site)


class MergesBodies(admin.ModelAdmin):
    """Adds the pages “Merge with another” and “Undo the merge” to the admin of a record."""

    change_form_template = "admin/relations/merged/change_form.html"

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/merge/", wrap(self.merge_view), name=name),
            path("<int:pk>/merge/<int:merge>/undo/", wrap(self.undo_view), name=f"{name}_undo"),
            *super().get_urls(),
        ]

    def merge_view(self, request: Any, pk: int) -> HttpResponse:
        """Choose the other record, see what would be merged, and merge."""
        kept = self._record(request, pk)
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
            elif request.method != "POST":
                preview = preview_of(kept, other, request.user)
            elif self._merge(request, form, kept, other):
                return redirect(self._change_url(kept))
        return self._merge_page(request, kept, form, preview)

    def _record(self, request: Any, pk: int) -> Any:
        record = self.get_queryset(request).filter(pk=pk).first()
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied(_("You may not merge these records."))
        return record

    def _merge(self, request: Any, form: OtherForm, kept: Any, other: Any) -> bool:
        """Merge, and say so. ``False`` if it is refused by what was changed at this moment."""
        try:
            merge_bodies(kept=kept, absorbed=other, actor=request.user)
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
            return False
        message = _("“%(absorbed)s” was merged into “%(kept)s”.")
        messages.success(request, message % {"absorbed": other, "kept": kept})
        return True

    def undo_view(self, request: Any, pk: int, merge: int) -> HttpResponse:
        """Say what undoing a merge does, and undo it."""
        kept = self._record(request, pk)
        done = BodyMerge.objects.filter(pk=merge, kept=pk, kind=self.opts.model_name, undoes=None).first()
        if done is None:
            raise Http404
        refused: Any = undo_refusal(done, request.user)
        if isinstance(refused, PermissionDenied):
            raise refused
        if request.method == "POST" and refused is None:
            try:
                record = undo_body_merge(done=done, actor=request.user)
            except RequirementsNotMet as error:
                refused = error
            else:
                messages.success(
                    request, _("“%(record)s” is a record of its own again.") % {"record": record}
                )
                return redirect(self._change_url(record))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Undo the merge of “%(record)s”") % {"record": done.name},
            "opts": self.opts,
            "kept": kept,
            "done": done,
            "errors": [each for messages in refused.errors.values() for each in messages] if refused else [],
            "back": self._change_url(kept),
        }
        request.current_app = self.admin_site.name
        status = 400 if refused and request.method == "POST" else 200
        return TemplateResponse(request, "admin/relations/merged/undo.html", context, status=status)

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
            context["merges"] = [
                (done, reverse(f"{name}_undo", args=[obj.pk, done.pk])) for done in merges_into(obj)
            ]
        return super().render_change_form(request, context, **kwargs)


@admin.register(Country)
class MergeableCountryAdmin(MergesBodies, CountryAdmin):
    """Countries, which can be merged."""


@admin.register(Mechanism)
class MergeableMechanismAdmin(MergesBodies, MechanismAdmin):
    """Mechanisms, which can be merged."""


@admin.register(Agency)
class MergeableAgencyAdmin(MergesBodies, AgencyAdmin):
    """Agencies, which can be merged."""


@admin.register(Person)
class MergeablePersonAdmin(MergesBodies, PersonAdmin):
    """People, who can be merged."""
