"""The admin page that registers a commitment: its details, its first mention and its first status."""

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
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.lacking import lacking_in
from commitments.choices import MEANINGS, MentionKind, Nature, PartyRole, Status
from commitments.models import Assignment, Commitment, CommitmentParty, Mention
from commitments.registration_forms import COLUMNS, ROLES, RegistrationForm
from commitments.services.editing import countries_in, mention_errors
from commitments.services.errors import LikelyTwins, RequirementsNotMet
from commitments.services.registration import FirstMention, register_commitment
from commitments.workflow import TRANSITIONS, TransitionName, first_statuses
from core.admin.autocomplete import AUTOCOMPLETE_SCRIPT, use_autocomplete
from core.filters import IsoDateField
from core.texts import TextField
from relations.models import Country, Meeting, Paragraph, Source

if TYPE_CHECKING:
    from accounts.models import User

REPEATED_FIELDS = ("meeting", "kind", *ROLES, "theme", "status", "occurred_on")
"""The fields that “Register and add another from this meeting” carries over."""


AUTOCOMPLETED = {
    **{role: (CommitmentParty, "country", "") for role in ROLES},
    "meeting": (Mention, "meeting", ""),
    "paragraph": (Mention, "paragraph", "meeting"),
    "outcome_meeting": (Commitment, "outcome_meeting", ""),
    "lead_agency": (Assignment, "agency", ""),
}
"""The autocomplete fields: the model, its field, and the form field that narrows the search."""


def _first_statuses() -> list[tuple[str, SafeString]]:
    """Return the statuses in which a commitment can start, each with its meaning."""
    # Translators: a status and its meaning, as the label of a radio button.
    label = pgettext("status and its meaning", "{status} – {meaning}")
    return [
        (each.value, format_html(label, status=capfirst(each.label), meaning=MEANINGS[each]))
        for each in first_statuses(Nature.PRINCIPLE)
    ]


class AdminRegistrationForm(RegistrationForm):
    """The input of ``register_commitment``: the shared fields, with autocompletes, and the first mention."""

    parties = forms.ModelMultipleChoiceField(
        Country.objects.all(),
        label=gettext_lazy("Parties"),
        help_text=gettext_lazy("They cannot be changed later: the reference contains their codes."),
    )
    obligated = forms.ModelMultipleChoiceField(Country.objects.all(), label=gettext_lazy("Responsible"))
    beneficiaries = forms.ModelMultipleChoiceField(
        Country.objects.all(), label=gettext_lazy("Beneficiary"), required=False
    )
    meeting = forms.ModelChoiceField(Meeting.objects.all(), label=gettext_lazy("Meeting"))
    paragraph = forms.ModelChoiceField(
        Paragraph.objects.select_related("source"),
        label=gettext_lazy("Paragraph"),
        help_text=gettext_lazy("The paragraph to quote. Choose the meeting first to search its sources."),
    )
    summary = TextField(
        label=gettext_lazy("Summary"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What this mention adds or leaves out."),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        widget=forms.RadioSelect,
        initial=Status.AGREED,
        choices=_first_statuses,
        help_text=gettext_lazy("Only a principle can start as a standing duty."),
    )
    occurred_on = IsoDateField(
        label=gettext_lazy("Agreed on"),
        required=False,
        help_text=gettext_lazy("Its year is part of the reference. Leave empty for the date of the meeting."),
    )

    class Meta(RegistrationForm.Meta):
        fields = (*COLUMNS, "outcome_meeting", "remarks")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5}),
            "remarks": forms.Textarea(attrs={"rows": 3}),
        }

    class Media:
        js = [AUTOCOMPLETE_SCRIPT]

    def __init__(self, data: QueryDict | None = None, *, user: "User", **kwargs: Any) -> None:
        super().__init__(data, user=user, **kwargs)
        meetings, sources = Meeting.objects.visible_to(user), Source.objects.visible_to(user)
        fields: Any = self.fields
        fields["meeting"].queryset = fields["outcome_meeting"].queryset = meetings
        fields["paragraph"].queryset = Paragraph.objects.filter(
            source__in=sources.order_by().values("pk")
        ).select_related("source")
        for name, (model, field, limited_by) in AUTOCOMPLETED.items():
            model_field = model._meta.get_field(field)
            use_autocomplete(self.fields[name], model_field, admin.site, limited_by=limited_by)
        self.fields["kind"].initial = MentionKind.MADE
        for each in self.fields.values():
            if isinstance(each, forms.CharField):
                is_long = isinstance(each.widget, forms.Textarea)
                each.widget.attrs["class"] = "vLargeTextField" if is_long else "vTextField"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.refuse(mention_errors(cleaned.get("meeting"), cleaned.get("paragraph")))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of ``register_commitment``. The form must be valid."""
        values = self.cleaned_data
        first = {name: values[name] for name in ("meeting", "paragraph", "kind", "modality", "summary")}
        occurred_on = values["occurred_on"] or values["meeting"].day
        return super().arguments() | {"mention": FirstMention(**first), "occurred_on": occurred_on}


FIELDSETS: list[tuple[Any, dict[str, Any]]] = [
    (
        gettext_lazy("1. Commitment"),
        {
            "fields": [
                "title",
                "text",
                ("nature", "theme"),
                "parties",
                "obligated",
                "beneficiaries",
                "lead_agency",
                "deadline_wording",
                ("deadline_earliest", "deadline_latest", "review_on"),
            ],
            "description": gettext_lazy(
                "One undertaking that can be fulfilled by itself, in your own words."
            ),
        },
    ),
    (
        gettext_lazy("2. First mention"),
        {"fields": ["meeting", "paragraph", ("kind", "modality"), "summary"]},
    ),
    (gettext_lazy("3. First status"), {"fields": ["status", "occurred_on", "note"]}),
    (
        gettext_lazy("Other details"),
        {"fields": ["outcome_meeting", "remarks", "classification"], "classes": ["collapse"]},
    ),
]


class RegistrationPage(admin.ModelAdmin):
    """The page “Register a commitment”, in the place of Django's page to add a record."""

    def add_view(
        self, request: Any, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied(_("Only an officer can register a commitment."))
        data = request.POST if request.method == "POST" else None
        initial = {**_again(request.GET.get("again", ""), request.user), **_initial_values(request.GET)}
        form = AdminRegistrationForm(data, user=request.user, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                commitment = register_commitment(actor=request.user, **form.arguments())
            except RequirementsNotMet as error:
                form.refuse(error.errors)
            except LikelyTwins as refused:
                arguments = form.arguments()
                form.show_twins(refused, title=arguments["fields"]["title"], mention=arguments["mention"])
            else:
                return self._registered(request, form, commitment)
        return self._show(request, form)

    def _registered(
        self, request: HttpRequest, form: AdminRegistrationForm, commitment: Commitment
    ) -> HttpResponse:
        url = reverse("admin:commitments_commitment_change", args=[commitment.pk])
        link = format_html('<a href="{}">{}</a>', url, commitment.reference)
        # Translators: {reference} is a link to the commitment.
        message = _("Registered as {reference}: {title}")
        messages.success(request, format_html(message, reference=link, title=commitment.title))
        if "_addanother" in request.POST:
            query = [(name, value) for name in REPEATED_FIELDS for value in form.data.getlist(name)]  # type: ignore[attr-defined]
            return redirect(f"{reverse('admin:commitments_commitment_add')}?{urlencode(query)}")
        return redirect(url)

    def _show(self, request: Any, form: AdminRegistrationForm) -> HttpResponse:
        page = helpers.AdminForm(form, FIELDSETS, {}, [], model_admin=self)
        row = TRANSITIONS[TransitionName.REGISTER]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Register a commitment"),
            "opts": self.opts,
            "adminform": page,
            "form": form,
            "lacks": lacking_in(form.fields.values(), request.user),
            "errors": helpers.AdminErrorList(form, []),
            "media": self.media + form.media,
            "row": row,
            "first_statuses": first_statuses,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        status = 409 if form.twins else 400 if form.is_bound else 200
        return TemplateResponse(request, "admin/commitments/commitment/register.html", context, status=status)


def _again(reference: str, user: "User") -> dict[str, Any]:
    """The values of a commitment that was entered in error, to register it again as it should have been.

    Nothing if ``user`` may not see such a commitment.
    """
    in_error = Commitment.objects.readable_by(user).filter(is_in_error=True)
    former = in_error.filter(reference=reference).first() if "\x00" not in reference else None
    if former is None:
        return {}
    first = former.status_changes.order_by("number").select_related("paragraph")[0]
    mention = former.mentions.order_by("pk").first()
    said = ("meeting", "paragraph", "kind", "modality", "summary") if mention else ()
    note = _("Registered again in place of %(reference)s, which was entered in error.")
    return {
        **{name: getattr(former, name) for name in COLUMNS},
        **{name: countries_in(former, role) for name, role in _ROLES.items()},
        **{name: getattr(mention, name) for name in said},
        "status": first.to_status,
        "occurred_on": first.happened_on,
        "note": note % {"reference": former.reference},
    }


_ROLES = {
    "parties": PartyRole.PARTY,
    "obligated": PartyRole.OBLIGATED,
    "beneficiaries": PartyRole.BENEFICIARY,
}


def _initial_values(query: QueryDict) -> dict[str, Any]:
    return {
        name: query.getlist(name) if name in ROLES else query[name]
        for name in REPEATED_FIELDS
        if name in query
    }
