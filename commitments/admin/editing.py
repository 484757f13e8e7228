"""The form for editing a commitment."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments.choices import PartyRole
from commitments.models import Commitment, CommitmentParty
from commitments.services.editing import countries_in, levels_for, nature_errors
from commitments.services.errors import NotEditable, PermissionDenied, RequirementsNotMet
from commitments.services.officers import officer_errors
from commitments.services.policy import edit_refusal
from commitments.services.registration import party_errors
from core.admin.autocomplete import use_autocomplete
from core.texts import TextField
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User


class CommitmentForm(forms.ModelForm):
    """The fields of a commitment that can be edited. ``editor`` is the person who edits.

    ``read_only`` are fields that the page only shows. If the status has changed since the page was opened, an
    edit that it does not allow any more is refused, and ``is_refused`` is set.

    The responsible countries are chosen among the parties. Related commitments that the editor may not see
    are hidden and stay related.
    """

    editor: "User"
    read_only: frozenset[str] = frozenset()
    is_refused = False
    reason = TextField(
        label=_("Reason"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Why the title or the text of the closed commitment is corrected."),
    )
    obligated = forms.ModelMultipleChoiceField(
        Country.objects.none(),
        label=_("Responsible"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Select at least one of the parties."),
    )
    beneficiaries = forms.ModelMultipleChoiceField(
        Country.objects.all(), label=_("Beneficiary"), required=False
    )

    class Meta:
        model = Commitment
        fields = [
            "title",
            "text",
            "nature",
            "theme",
            "officer",
            "outcome_meeting",
            "related",
            "remarks",
            "classification",
        ]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
            "remarks": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.read_only & self.fields.keys():
            del self.fields[name]
        fields: dict[str, Any] = self.fields
        if "obligated" in fields:
            parties = countries_in(self.instance, PartyRole.PARTY)
            fields["obligated"].queryset = Country.objects.filter(pk__in=[country.pk for country in parties])
            self.initial["obligated"] = countries_in(self.instance, PartyRole.OBLIGATED)
        if "beneficiaries" in fields:
            country = CommitmentParty._meta.get_field("country")
            use_autocomplete(fields["beneficiaries"], country, admin.site)
            self.initial["beneficiaries"] = countries_in(self.instance, PartyRole.BENEFICIARY)
        if "classification" in fields:
            fields["classification"].choices = levels_for(self.editor)
        if "related" in fields:
            visible = Commitment.objects.visible_to(self.editor)
            fields["related"].queryset = visible.exclude(pk=self.instance.pk)
            self.initial["related"] = list(fields["related"].queryset.filter(related=self.instance))

    def clean_nature(self) -> str:
        nature: str = self.cleaned_data["nature"]
        for message in nature_errors(self.instance, nature).get("nature", []):
            self.add_error("nature", message)
        return nature

    def clean_officer(self) -> "User | None":
        officer: User | None = self.cleaned_data["officer"]
        if officer is not None and officer.pk != self.instance.officer_id:
            for message in officer_errors(self.instance, officer).get("officer", []):
                self.add_error("officer", message)
        return officer

    def clean_obligated(self) -> Any:
        obligated = self.cleaned_data["obligated"]
        parties = countries_in(self.instance, PartyRole.PARTY)
        for message in party_errors(parties, list(obligated)).get("obligated", []):
            self.add_error("obligated", message)
        return obligated

    def clean(self) -> dict[str, Any]:
        """Refuse an edit that the status does not allow, or not to this person."""
        cleaned: dict[str, Any] = super().clean() or {}
        changed = set(self.changed_data) - {"reason"}
        # A browser sends line breaks in another form than they are stored.
        if cleaned.get("text", "").replace("\r\n", "\n") == self.initial.get("text"):
            cleaned["text"] = self.initial["text"]
            changed.discard("text")
        refused = edit_refusal(self.instance, self.editor, changed, reason=cleaned.get("reason", ""))
        match refused:
            case NotEditable():
                self.is_refused = True
                for name in refused.fields:
                    self.add_error(name, str(refused))
            case RequirementsNotMet():
                self.add_error("reason", refused.errors["reason"])
            case PermissionDenied():
                self.is_refused = True
                self.add_error(None, str(refused))
        return cleaned

    def _save_m2m(self) -> None:
        if "related" not in self.fields:
            super()._save_m2m()  # type: ignore[misc]
            return
        hidden = self.instance.related.exclude(pk__in=Commitment.objects.visible_to(self.editor))
        self.cleaned_data["related"] = [*self.cleaned_data["related"], *hidden]
        super()._save_m2m()  # type: ignore[misc]
