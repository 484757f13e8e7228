"""What the forms that register a commitment share; the recording page and the admin add their controls."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext

from accounts.choices import Clearance
from accounts.levels import levels_for
from commitments.choices import AssignmentRole, MentionKind, Modality, Nature
from commitments.forms import RefusableForm
from commitments.models import Commitment
from commitments.services.deadlines import column_errors
from commitments.services.errors import NOTE_MISSING
from commitments.twin_forms import TwinsForm
from commitments.workflow import first_statuses
from core.filters import IsoDateField
from core.texts import TextField, form_field
from relations.models import Agency

if TYPE_CHECKING:
    from accounts.models import User

COLUMNS = (
    "title",
    "text",
    "nature",
    "theme",
    "deadline_wording",
    "deadline_earliest",
    "deadline_latest",
    "review_on",
    "classification",
)
"""The columns of a commitment that every such form fills in."""
ROLES = ("parties", "obligated", "beneficiaries")
MODALITIES = [("", "–"), *Modality.choices]


class AgencyChoiceField(forms.ModelChoiceField):
    """A select list of all agencies, by country."""

    def __init__(self, **kwargs: Any) -> None:
        agencies = Agency.objects.select_related("country").order_by("country__code", "sort_key")
        super().__init__(agencies, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """The agency with the code of its country."""
        # Translators: an agency in a list by country, for example "VN: Ministry of Foreign Affairs".
        text = pgettext("country and agency", "%(country)s: %(agency)s")
        return text % {"country": obj.country.code, "agency": obj.name}


class RegistrationForm(TwinsForm, RefusableForm, forms.ModelForm):
    """The arguments of a registration other than its mention; ``arguments()`` returns them.

    A subclass has the fields ``parties``, ``obligated`` and ``beneficiaries`` with the controls of its page.
    """

    lead_agency = AgencyChoiceField(
        label=gettext_lazy("Lead agency"),
        required=False,
        help_text=gettext_lazy("The agency that acts for the responsible country, if it is known."),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("First status"),
        choices=[(each.value, each.label) for each in first_statuses(Nature.PRINCIPLE)],
        help_text=gettext_lazy("Only a principle can start as standing."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MentionKind.choices)
    modality = forms.ChoiceField(label=gettext_lazy("Worded as"), choices=MODALITIES, required=False)
    note = TextField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Context for the next reader: who asked, who agreed."),
        error_messages={"required": NOTE_MISSING},
    )

    class Meta:
        model = Commitment
        fields: tuple[str, ...] = COLUMNS
        formfield_callback = form_field
        field_classes = {name: IsoDateField for name in ("deadline_earliest", "deadline_latest", "review_on")}

    def __init__(self, data: QueryDict | None = None, *, user: "User", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        classification: Any = self.fields["classification"]
        classification.choices = levels_for(user)
        classification.initial = Clearance.UNCLASSIFIED
        if len(classification.choices) == 1:
            classification.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Put a pasted title on one line, and check the deadline against its wording."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["title"] = " ".join(cleaned.get("title", "").split())
        self.refuse(column_errors(cleaned))
        return cleaned

    def _post_clean(self) -> None:
        """Skip the checks of the model: the service makes all of them, with constraints."""

    def arguments(self) -> dict[str, Any]:
        """The arguments of the registration from valid input, other than the mention."""
        values = self.cleaned_data
        lead = values["lead_agency"]
        return {
            "fields": {name: values[name] for name in self.Meta.fields},
            **{name: list(values[name]) for name in ROLES},
            **{name: values[name] for name in ("status", "note")},
            "agencies": [{"agency": lead, "role": AssignmentRole.LEAD}] if lead else [],
            "despite": self.despite,
        }
