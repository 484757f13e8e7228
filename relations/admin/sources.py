"""The admin of sources. ``record_paper`` writes the text: it numbers paragraphs and protects cited ones."""

from typing import Any

from django.contrib import admin
from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.permissions import Right
from core.admin.base import RegisterAdmin, RegisterInline
from core.whole_numbers import whole_number
from relations.admin.named import ClassifiedAdmin, SlugForm
from relations.models import Meeting, MeetingSource, Paper, Paragraph, Source
from relations.names import fold_names, words_in
from relations.services.sources import record_paper, record_text
from relations.text_fields import NumberedText, checked_text

_LABEL_LENGTH = 110


class SourceForm(SlugForm):
    """The form of a source with its text."""

    text = NumberedText(
        label=_("Text"),
        required=False,
        help_text=_(
            "Enter numbered paragraphs that begin with “1. ”, “2. ” and so on, or any other paper: it is "
            "numbered when you save, and its paragraphs keep the numbers that they have on the paper. "
            "A cited paragraph cannot be changed here; a slip in it is corrected below."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "based_on" in self.fields:
            seen = Source.objects.visible_to(self.editor).filter(basis_of=self.instance)
            self.initial["based_on"] = list(seen)

    def _save_m2m(self) -> None:
        """Keep the sources on which it is based and which the person may not see."""
        if "based_on" in self.fields:
            hidden = self.instance.based_on.exclude(pk__in=Source.objects.visible_to(self.editor))
            self.cleaned_data["based_on"] = [*self.cleaned_data["based_on"], *hidden]
        super()._save_m2m()  # type: ignore[misc]

    def clean_text(self) -> str:
        """Return the text to store. Reject invalid paragraphs and changes of cited ones."""
        if "text" not in self.changed_data:
            return str(self.instance.text)
        return checked_text(self.instance, self.cleaned_data["text"])


class MeetingOfSourceInline(RegisterInline):
    """The meetings on which the source reports."""

    edit_right = Right.EDIT_REGISTER
    model = MeetingSource
    fields = ["meeting"]
    autocomplete_fields = ["meeting"]

    def get_queryset(self, request: Any) -> QuerySet[MeetingSource]:
        """The meetings that the person may see. The others stay as they are."""
        visible = Meeting.objects.visible_to(request.user).order_by().values("pk")
        return super().get_queryset(request).filter(meeting__in=visible)

    verbose_name = _("meeting it reports on")
    verbose_name_plural = _("meetings it reports on")


class PaperInline(RegisterInline):
    """The files of a source. They are attached and withdrawn on the pages of the site."""

    edit_right = Right.EDIT_REGISTER
    model = Paper
    fields = readonly_fields = ["file_shown", "language", "recorded_at", "actor", "validity"]
    verbose_name_plural = _("Files of the document (cannot be edited)")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Paper]:
        return super().get_queryset(request).select_related("withdrawal", "actor", "source")

    @admin.display(description=_("file"))
    def file_shown(self, paper: Paper) -> SafeString:
        """The name of the file, with a link to it."""
        return format_html('<a href="{}">{}</a>', paper.get_absolute_url(), paper.file_name)

    @admin.display(description=pgettext_lazy("file of a source", "Status"))
    def validity(self, paper: Any) -> SafeString | str:
        """Whether the file is withdrawn, with a link to withdraw it."""
        if paper.is_withdrawn:
            reason = {"reason": paper.withdrawal.reason}
            return pgettext("file of a source", "withdrawn: %(reason)s") % reason
        url = reverse("paper_withdrawal", args=[paper.source.slug, paper.pk])
        return format_html('<a href="{}">{}</a>', url, pgettext("file of a source", "Withdraw"))


class MeetingOfSourceFilter(admin.SimpleListFilter):
    """Filters sources by the meeting that they report on."""

    title = _("meeting")
    parameter_name = "meetings__id__exact"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        """The meetings with a source, of those that the person may see."""
        with_source = Exists(MeetingSource.objects.filter(meeting=OuterRef("pk")))
        rows = Meeting.objects.visible_to(request.user).filter(with_source)
        return [(str(each.pk), str(each)) for each in rows]

    def queryset(self, request: Any, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """The sources that report on the chosen meeting."""
        offered = {str(key) for key, _label in self.lookup_choices}
        if not self.value():
            return queryset
        if self.value() not in offered:
            return queryset.none()
        return queryset.filter(meeting_links__meeting=int(self.value() or 0))


class SourceAdmin(ClassifiedAdmin):
    """Documents whose paragraphs mentions quote. Registered where the mentions are known."""

    edit_right = Right.EDIT_REGISTER
    form = SourceForm
    list_display = [
        "title",
        "kind",
        "number",
        "publisher",
        "published_on",
        "language",
        "paragraph_count",
        "classification",
    ]
    list_filter = ["kind", "language", "classification", MeetingOfSourceFilter]
    autocomplete_fields = ["based_on"]
    inlines = [MeetingOfSourceInline, PaperInline]
    readonly_fields = ["sha256_shown"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "kind",
                    "number",
                    ("publisher", "published_on"),
                    ("language", "url"),
                    "note",
                    "classification",
                    "based_on",
                ]
            },
        ),
        (_("Text"), {"fields": ["text", "sha256_shown"]}),
        (_("Key in web addresses and the register file"), {"fields": ["slug"]}),
    ]

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show only the visible sources on which it is based, also to whoever may only read."""
        if (source := context.get("original")) is not None:
            seen = Source.objects.visible_to(request.user)
            prefetch_related_objects([source], Prefetch("based_on", seen))
        return super().render_change_form(request, context, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        paragraphs = Paragraph.objects.filter(source=OuterRef("pk")).order_by().values("source")
        total = Coalesce(Subquery(paragraphs.annotate(n=Count("pk")).values("n")), 0)
        return super().get_queryset(request).annotate(paragraph_total=total)

    @admin.display(description=_("paragraphs"))
    def paragraph_count(self, source: Any) -> int:
        """The number of paragraphs of the text."""
        return int(source.paragraph_total)

    @admin.display(description=_("SHA-256 of the text"))
    def sha256_shown(self, source: Source) -> str:
        """The digest, with a warning if the text was changed since it was recorded."""
        if not source.sha256:
            return "–"
        if source.is_unaltered:
            return source.sha256
        # Translators: %(digest)s is the SHA-256 of the text.
        return _("%(digest)s: the text was changed after it was recorded") % {"digest": source.sha256}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the source with its paragraphs. A text that was not changed stays exactly as it is."""
        if change and not form.has_changed():
            return
        record = record_paper if "text" in form.changed_data else record_text
        record(source=obj, text=form.cleaned_data["text"])


@admin.register(Paragraph)
class ParagraphAdmin(RegisterAdmin):
    """Only the search of autocomplete fields. Paragraphs are edited with their source."""

    search_fields = ["text"]
    ordering = ["source", "number"]
    autocomplete_only = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        """Return no pages."""
        return []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Paragraph]:
        visible = Source.objects.visible_to(request.user).order_by().values("pk")  # type: ignore[arg-type]
        return super().get_queryset(request).filter(source__in=visible).select_related("source")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by words of the text or the source, or by “§ 12”, within the sources of the meeting."""
        meeting, typed = request.GET.get("meeting", ""), search_term.replace("§", " ")
        if (key := whole_number(meeting)) is not None:
            within = queryset.filter(source__meeting_links__meeting=key)
            return within.filter(pk__in=_holding(within, words_in(typed))), False
        # Among all sources there are too many paragraphs to fold each of them.
        for word in typed.split():
            condition = Q(text__icontains=word) | Q(source__search_text__contains=fold_names(word))
            number = whole_number(word)
            queryset = queryset.filter(condition if number is None else condition | Q(number=number))
        return queryset, False

    def label_of(self, paragraph: Paragraph) -> str:
        """The label in autocomplete fields: the key of the source, the number, the beginning of the text."""
        beginning = Truncator(" ".join(paragraph.text.split())).chars(_LABEL_LENGTH)
        return f"{paragraph}: {beginning}"


def _holding(paragraphs: QuerySet[Paragraph], words: list[str]) -> list[int]:
    """The primary keys of the paragraphs that have each of the folded ``words``, or it is their number."""
    rows = paragraphs.values_list("pk", "number", "text", "source__search_text")
    return [
        pk
        for pk, number, text, source in rows
        if all(word == str(number) or word in f"{fold_names(text)}\n{source}" for word in words)
    ]
