"""The admin of templates: upload a version, download any, see what placeholders there are."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.permissions import Right
from core.admin.lookups import OfferedLookups
from core.admin.rights import RolePermissions
from core.admin.texts import PlainTexts
from core.admin.titles import PageTitles
from core.documents.kinds import Kind
from core.documents.reading import ReadersBusy, check_document
from interchange.briefing.placeholders import COMMITMENT, FRAME, LISTS, NOTE_LISTS, PACK_ONLY
from interchange.briefing.rendering import TemplateRefused, check_template
from interchange.briefing.templates import MAX_BYTES, add_version, languages, shipped
from interchange.models import BriefingTemplate, TemplateKind, language_name

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class TemplateForm(forms.ModelForm):
    """An upload of a template. It is filled with sample data before it is stored."""

    language = forms.ChoiceField(label=gettext_lazy("Language"))
    file = forms.FileField(
        label=gettext_lazy("Word document"),
        required=False,
        help_text=gettext_lazy("Download the template in use, edit it in Word, and upload it here as .docx."),
    )
    use_shipped = forms.BooleanField(label=gettext_lazy("Use the shipped template again"), required=False)

    class Meta:
        model = BriefingTemplate
        fields = ["kind", "language", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:  # a stored version is only shown
            self.fields["language"].choices = [(code, language_name(code)) for code in languages()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        upload = cleaned.get("file")
        if bool(upload) == bool(cleaned.get("use_shipped")) and "file" not in self.errors:
            self.add_error("file", _("Choose a file, or the shipped template."))
        elif upload and "kind" in cleaned:
            cleaned["content"] = self._checked(upload, cleaned["kind"])
        return cleaned

    def _checked(self, upload: Any, kind: str) -> bytes:
        content: bytes = upload.read(MAX_BYTES + 1)
        try:
            check_document(upload.name or "", content, kinds=(Kind.DOCX,), max_bytes=MAX_BYTES)
            check_template(content, kind)
        except TemplateRefused as refused:
            self.add_error("file", refused.faults)
        except (ValidationError, ReadersBusy) as refused:
            self.add_error("file", refused if isinstance(refused, ValidationError) else str(refused))
        return content


@admin.register(BriefingTemplate)
class TemplateAdmin(PageTitles, OfferedLookups, RolePermissions, PlainTexts, admin.ModelAdmin):
    """The templates of documents, every version of them. A version is never changed."""

    form = TemplateForm
    edit_right = view_right = Right.EDIT_REFERENCE_DATA
    list_display = [
        "kind",
        "in_language",
        "version",
        "is_in_use",
        "uploaded_at",
        "uploaded_by",
        "note",
        "download",
    ]
    list_filter = ["kind"]
    list_select_related = ["uploaded_by"]
    list_per_page = 50
    change_form_template = "admin/interchange/template.html"
    change_list_template = "admin/interchange/templates.html"
    fields = ["kind", "language", "file", "use_shipped", "note"]

    class Media:
        css = {"all": ["admin_site/workflow.css"]}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        return ["kind", "in_language", "version", "download", "sha256", "note", "uploaded_at", "uploaded_by"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj is not None else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().render_change_form(
            request,
            {**context, "show_save_and_add_another": False, "show_save_and_continue": False},
            *args,
            **kwargs,
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = form.cleaned_data
        made = add_version(
            actor=request.user,  # type: ignore[arg-type]
            kind=values["kind"],
            language=values["language"],
            content=values.get("content", b""),
            note=values["note"],
        )
        # Django logs the object that it was given, and leads to it.
        obj.pk, obj.version = made.pk, made.version

    @admin.display(description=gettext_lazy("language"), ordering="language")
    def in_language(self, template: BriefingTemplate) -> str:
        """The name of the language."""
        return language_name(template.language)

    @admin.display(description=gettext_lazy("in use"), boolean=True)
    def is_in_use(self, template: BriefingTemplate) -> bool:
        """Whether it is the newest version."""
        return template.version == template.newest  # type: ignore[attr-defined]

    @admin.display(description=pgettext_lazy("template", "file"))
    def download(self, template: BriefingTemplate) -> str | SafeString:
        """A link to the file, or that the shipped one is used."""
        if not template.sha256:
            return _("the shipped template")
        address = reverse("admin:interchange_template_file", args=[template.pk])
        return format_html('<a href="{}">{}</a>', address, _("Download"))

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).defer("content")
        versions = BriefingTemplate.objects.filter(kind=OuterRef("kind"), language=OuterRef("language"))
        return rows.annotate(newest=Subquery(versions.values("version")[:1]))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        files = [
            (label, language_name(code), reverse("admin:interchange_template_shipped", args=[kind, code]))
            for kind, label in TemplateKind.choices
            for code in languages()
        ]
        parts = {"shipped": files, "placeholders": list(_placeholders())}
        return super().changelist_view(request, {**parts, **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/file/", view(self.file_view), name="interchange_template_file"),
            path(
                "shipped/<str:kind>/<str:language>/",
                view(self.shipped_view),
                name="interchange_template_shipped",
            ),
            *super().get_urls(),
        ]

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Download the file of a version."""
        self._require(request)
        found = get_object_or_404(BriefingTemplate, pk=pk)
        if not found.sha256:
            raise Http404
        return _attachment(bytes(found.content), f"{found.kind}-{found.language}-{found.version}.docx")

    def shipped_view(self, request: HttpRequest, kind: str, language: str) -> HttpResponse:
        """Download a shipped template."""
        self._require(request)
        if kind not in TemplateKind.values or language not in languages():
            raise Http404
        return _attachment(shipped(kind, language), f"{kind}-{language}.docx")

    def _require(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise Http404


def _attachment(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=_WORD, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _placeholders() -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """The placeholders in groups: (heading, (name, meaning))."""

    def words(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [(name, str(capfirst(meaning))) for name, meaning in fields.items()]

    yield _("In every document"), words(FRAME)
    yield _("In a briefing and a reply"), words(PACK_ONLY)
    yield _("Lists in a briefing and a reply"), words({name: label for name, (label, _f) in LISTS.items()})
    yield _("A commitment in such a list"), words(COMMITMENT)
    for name, (label, fields) in {**LISTS, **NOTE_LISTS}.items():
        if fields is not COMMITMENT:
            yield format_html("<code>{}</code> ({})", name, label), words(fields)
