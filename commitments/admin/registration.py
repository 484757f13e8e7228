"""Registering a commitment: what was pledged, where it was said, and its first status, in three steps."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Clearance
from commitments.choices import MEANINGS, MentionKind, Modality, Status
from commitments.forms import RefusableForm
from commitments.models import Commitment, CommitmentParty, Mention
from commitments.services.deadlines import column_errors
from commitments.services.editing import levels_for, mention_errors
from commitments.services.errors import RequirementsNotMet
from commitments.services.registration import FirstMention, register_commitment
from commitments.workflow import TRANSITIONS, TransitionName, first_statuses
from core.admin.autocomplete import AUTOCOMPLETE_SCRIPT, use_autocomplete
from core.filters import IsoDateField
from relations.models import Country, Meeting, Paragraph

if TYPE_CHECKING:
    from accounts.models import User

FIRST_STATUSES = [Status.AGREED, Status.REQUESTED, Status.STANDING]
FIELDS = (
    "title",
    "text",
    "nature",
    "theme",
    "deadline_wording",
    "deadline_earliest",
    "deadline_latest",
    "review_on",
    "outcome_meeting",
    "remarks",
    "classification",
)
"""The columns of a commitment that a person fills in when registering it."""

KEPT_FOR_THE_NEXT = (
    "meeting",
    "kind",
    "parties",
    "obligated",
    "beneficiaries",
    "theme",
    "status",
    "occurred_on",
)
"""What “save and register another” carries over: one paragraph after another of the same meeting."""


PICKED = {
    "parties": (CommitmentParty, "country", ""),
    "obligated": (CommitmentParty, "country", ""),
    "beneficiaries": (CommitmentParty, "country", ""),
    "meeting": (Mention, "meeting", ""),
    "paragraph": (Mention, "paragraph", "meeting"),
    "outcome_meeting": (Commitment, "outcome_meeting", ""),
}
"""The fields that are picked by searching: whose field it is, and the field that narrows the search."""


def _first_statuses() -> list[tuple[str, SafeString]]:
    """In which a commitment can begin, each with what it means."""
    return [
        (each.value, format_html("{} – {}", each.label.capitalize(), MEANINGS[each]))
        for each in FIRST_STATUSES
    ]


class RegistrationForm(RefusableForm, forms.ModelForm):
    """Everything that ``register_commitment`` asks for; ``arguments()`` is what it takes."""

    parties = forms.ModelMultipleChoiceField(
        Country.objects.all(),
        label=gettext_lazy("Between"),
        help_text=gettext_lazy("The parties stay as they are: the reference is made of them."),
    )
    obligated = forms.ModelMultipleChoiceField(Country.objects.all(), label=gettext_lazy("Must act"))
    beneficiaries = forms.ModelMultipleChoiceField(
        Country.objects.all(), label=gettext_lazy("Gains"), required=False
    )
    meeting = forms.ModelChoiceField(Meeting.objects.all(), label=gettext_lazy("Meeting"))
    paragraph = forms.ModelChoiceField(
        Paragraph.objects.select_related("source"),
        label=gettext_lazy("Paragraph"),
        help_text=gettext_lazy("Its quote. Choose the meeting first: then its sources are searched."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=MentionKind.choices, initial=MentionKind.MADE
    )
    modality = forms.ChoiceField(
        label=gettext_lazy("Worded as"),
        choices=[("", "–"), *Modality.choices],
        required=False,
        help_text=gettext_lazy("The verb of the wording: how binding it is."),
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("What this mention adds or leaves out."),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        widget=forms.RadioSelect,
        initial=Status.AGREED,
        choices=_first_statuses,
        help_text=gettext_lazy("Only a principle begins as a standing duty."),
    )
    occurred_on = IsoDateField(
        label=gettext_lazy("Made on"),
        required=False,
        help_text=gettext_lazy("Its year stands in the reference. Empty: the day of the meeting."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("What the next reader goes by: who asked, who agreed."),
        error_messages={"required": gettext_lazy("Write a note: it is what the next reader goes by.")},
    )

    class Meta:
        model = Commitment
        fields = FIELDS
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "text": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
            "deadline_wording": forms.TextInput(attrs={"class": "vTextField"}),
            "remarks": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        }
        field_classes = {name: IsoDateField for name in ("deadline_earliest", "deadline_latest", "review_on")}

    class Media:
        js = [AUTOCOMPLETE_SCRIPT]

    def __init__(self, data: QueryDict | None = None, *, user: "User", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, (model, field, limited_by) in PICKED.items():
            model_field = model._meta.get_field(field)
            use_autocomplete(self.fields[name], model_field, admin.site, limited_by=limited_by)
        classification: Any = self.fields["classification"]
        classification.choices = levels_for(user)
        classification.initial = Clearance.UNCLASSIFIED

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for message in mention_errors(cleaned.get("meeting"), cleaned.get("paragraph")).get("paragraph", []):
            self.add_error("paragraph", message)
        self.refuse(column_errors(cleaned))
        return cleaned

    def _post_clean(self) -> None:
        """The writer checks the whole, window and constraints included: no half of it here."""

    def arguments(self) -> dict[str, Any]:
        """What ``register_commitment`` takes, from valid input."""
        values = self.cleaned_data
        mention = FirstMention(
            **{name: values[name] for name in ("meeting", "paragraph", "kind", "modality", "summary")}
        )
        return {
            "fields": {name: values[name] for name in FIELDS},
            "mention": mention,
            "occurred_on": values["occurred_on"] or values["meeting"].day,
            **{name: list(values[name]) for name in ("parties", "obligated", "beneficiaries")},
            **{name: values[name] for name in ("status", "note")},
        }


FIELDSETS: list[tuple[Any, dict[str, Any]]] = [
    (
        gettext_lazy("1. What was pledged"),
        {
            "fields": [
                "title",
                "text",
                ("nature", "theme"),
                "parties",
                "obligated",
                "beneficiaries",
                "deadline_wording",
                ("deadline_earliest", "deadline_latest", "review_on"),
            ],
            "description": gettext_lazy(
                "One undertaking that can be delivered by itself, in the desk’s words."
            ),
        },
    ),
    (
        gettext_lazy("2. Where it was said"),
        {"fields": ["meeting", "paragraph", ("kind", "modality"), "summary"]},
    ),
    (gettext_lazy("3. Its first status"), {"fields": ["status", "occurred_on", "note"]}),
    (
        gettext_lazy("Besides"),
        {"fields": ["outcome_meeting", "remarks", "classification"], "classes": ["collapse"]},
    ),
]


class RegistrationPage(admin.ModelAdmin):
    """The page behind “Add commitment”."""

    def add_view(
        self, request: Any, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied(_("Only an officer registers a commitment."))
        given = request.POST if request.method == "POST" else None
        form = RegistrationForm(given, user=request.user, initial=_carried_over(request.GET))
        if request.method == "POST" and form.is_valid():
            try:
                made = register_commitment(actor=request.user, **form.arguments())
            except RequirementsNotMet as refused:
                form.refuse(refused.errors)
            else:
                return self._registered(request, form, made)
        return self._show(request, form)

    def _registered(self, request: HttpRequest, form: RegistrationForm, made: Commitment) -> HttpResponse:
        url = reverse("admin:commitments_commitment_change", args=[made.pk])
        link = format_html('<a href="{}">{}</a>', url, made.reference)
        messages.success(request, format_html("{} {}: {}", _("Registered as"), link, made.title))
        if "_addanother" in request.POST:
            kept = [(name, value) for name in KEPT_FOR_THE_NEXT for value in form.data.getlist(name)]  # type: ignore[attr-defined]
            return redirect(f"{reverse('admin:commitments_commitment_add')}?{urlencode(kept)}")
        return redirect(url)

    def _show(self, request: HttpRequest, form: RegistrationForm) -> HttpResponse:
        page = helpers.AdminForm(form, FIELDSETS, {}, [], model_admin=self)
        row = TRANSITIONS[TransitionName.REGISTER]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Register a commitment"),
            "opts": self.opts,
            "adminform": page,
            "form": form,
            "errors": helpers.AdminErrorList(form, []),
            "media": self.media + form.media,
            "row": row,
            "first_statuses": first_statuses,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        status = 400 if form.is_bound else 200
        return TemplateResponse(request, "admin/commitments/commitment/register.html", context, status=status)


def _carried_over(query: QueryDict) -> dict[str, Any]:
    many = {"parties", "obligated", "beneficiaries"}
    return {
        name: query.getlist(name) if name in many else query[name]
        for name in KEPT_FOR_THE_NEXT
        if name in query
    }
