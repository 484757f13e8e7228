"""Sources in the admin: the text goes through the one writer that numbers it and guards what is cited."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.admin.base import RegisterAdmin, RegisterInline
from relations.admin.named import NamedAdmin, SlugForm
from relations.choices import SourceKind
from relations.models import MeetingSource, Paragraph, Source
from relations.names import fold_names
from relations.services.sources import number_paragraphs, record_text

_LABEL_LENGTH = 110


class NumberedText(forms.CharField):
    """Text in numbered paragraphs: what comes without numbers is numbered as a meeting's record is."""

    widget = forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField source-text"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "strip": False})

    def to_python(self, value: Any) -> str:
        return number_paragraphs(super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return number_paragraphs(initial or "") != self.to_python(data)


class SourceForm(SlugForm):
    """A source with its text, as it will be cited."""

    text = NumberedText(
        label=_("Text"),
        required=False,
        help_text=_(
            "Numbered paragraphs, each beginning “1. ”, “2. ” and so on; or paragraphs without numbers, "
            "numbered on saving: a blank line ends one, and so does the line of a list. A paragraph that is "
            "cited stays as it is."
        ),
    )

    def clean_text(self) -> str:
        """The text as it is kept; refused here when its paragraphs are faulty or a cited one would go."""
        if "text" not in self.changed_data:
            return str(self.instance.text)
        text: str = self.cleaned_data["text"]
        known = Source.objects.filter(pk=self.instance.pk).first()
        try:
            with transaction.atomic():
                record_text(source=known or Source(slug="-", title="-", kind=SourceKind.OTHER), text=text)
                transaction.set_rollback(True)  # a rehearsal: the writer knows the rule, the form asks it
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return text


class MeetingOfSourceInline(RegisterInline):
    """The meetings on which the document reports."""

    edit_right = Right.EDIT_REGISTER
    model = MeetingSource
    fields = ["meeting"]
    autocomplete_fields = ["meeting"]
    verbose_name = _("meeting it reports on")
    verbose_name_plural = _("meetings it reports on")


@admin.register(Source)
class SourceAdmin(NamedAdmin):
    """Documents on which mentions rest."""

    edit_right = Right.EDIT_REGISTER
    form = SourceForm
    list_display = ["title", "kind", "publisher", "published_on", "language", "paragraph_count"]
    list_filter = ["kind", "language", ("meetings", admin.RelatedOnlyFieldListFilter)]
    autocomplete_fields = ["based_on"]
    inlines = [MeetingOfSourceInline]
    readonly_fields = ["sha256_shown"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "kind",
                    ("publisher", "published_on"),
                    ("language", "url"),
                    "note",
                    "based_on",
                ]
            },
        ),
        (_("Text"), {"fields": ["text", "sha256_shown"]}),
        (_("In addresses and the register file"), {"fields": ["slug"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        own = Paragraph.objects.filter(source=OuterRef("pk")).order_by().values("source")
        total = Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0)
        return super().get_queryset(request).annotate(paragraph_total=total)

    @admin.display(description=_("paragraphs"))
    def paragraph_count(self, source: Any) -> int:
        """How many paragraphs its text has."""
        return int(source.paragraph_total)

    @admin.display(description=_("SHA-256 of the text"))
    def sha256_shown(self, source: Source) -> str:
        """The digest, and whether the text is still what was recorded."""
        if not source.sha256:
            return "–"
        return source.sha256 if source.is_unaltered else _("%s: the text was altered since") % source.sha256

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The text is written by the one writer, which also keeps the paragraphs."""
        if change and not form.has_changed():
            return
        record_text(source=obj, text=form.cleaned_data["text"])


@admin.register(Paragraph)
class ParagraphAdmin(RegisterAdmin):
    """Only picked from: a paragraph is recorded with its source and never edited by itself."""

    search_fields = ["text"]
    ordering = ["source", "number"]
    autocomplete_only = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        """No pages."""
        return []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Paragraph]:
        return super().get_queryset(request).select_related("source")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By words of the text or of the source, or by “§ 12”; within the sources of the chosen meeting."""
        meeting = request.GET.get("meeting", "")
        if meeting.isdigit():
            queryset = queryset.filter(source__meeting_links__meeting=meeting)
        for word in search_term.replace("§", " ").split():
            condition = Q(text__icontains=word) | Q(source__search_text__contains=fold_names(word))
            queryset = queryset.filter(condition | Q(number=word) if _is_number(word) else condition)
        return queryset, False

    def label_of(self, paragraph: Paragraph) -> str:
        """As it is picked: the key of the source, the number, how the text begins."""
        begins = Truncator(" ".join(paragraph.text.split())).chars(_LABEL_LENGTH)
        return f"{paragraph}: {begins}"


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 8  # noqa: PLR2004  (a number of a paragraph)
