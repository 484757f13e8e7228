"""The form for editing a commitment."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments.choices import PartyRole
from commitments.models import Commitment, CommitmentParty
from commitments.services.editing import countries_in, levels_for, nature_errors
from commitments.services.registration import party_errors
from core.admin.autocomplete import use_autocomplete
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User


class CommitmentForm(forms.ModelForm):
    """The fields of a commitment that can be edited. ``editor`` is the person who edits.

    The responsible countries are chosen among the parties. Related commitments that the editor may not see
    are hidden and stay related.
    """

    editor: "User"
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
        if "related" not in self.fields:
            return  # the form is read-only
        use_autocomplete(self.fields["beneficiaries"], CommitmentParty._meta.get_field("country"), admin.site)
        self.parties = countries_in(self.instance, PartyRole.PARTY)
        obligated: Any = self.fields["obligated"]
        obligated.queryset = Country.objects.filter(pk__in=[country.pk for country in self.parties])
        self.initial["obligated"] = countries_in(self.instance, PartyRole.OBLIGATED)
        self.initial["beneficiaries"] = countries_in(self.instance, PartyRole.BENEFICIARY)
        classification: Any = self.fields["classification"]
        classification.choices = levels_for(self.editor)
        visible = Commitment.objects.visible_to(self.editor)
        related: Any = self.fields["related"]
        related.queryset = visible.exclude(pk=self.instance.pk)
        self.initial["related"] = list(related.queryset.filter(related=self.instance))

    def clean_nature(self) -> str:
        nature: str = self.cleaned_data["nature"]
        for message in nature_errors(self.instance, nature).get("nature", []):
            self.add_error("nature", message)
        return nature

    def clean_obligated(self) -> Any:
        obligated = self.cleaned_data["obligated"]
        for message in party_errors(self.parties, list(obligated)).get("obligated", []):
            self.add_error("obligated", message)
        return obligated

    def _save_m2m(self) -> None:
        hidden = self.instance.related.exclude(pk__in=Commitment.objects.visible_to(self.editor))
        self.cleaned_data["related"] = [*self.cleaned_data["related"], *hidden]
        super()._save_m2m()  # type: ignore[misc]
