"""The forms beside a paragraph: a mention of a commitment, or a new commitment."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.choices import Clearance
from commitments.choices import MentionKind, Modality, Nature
from commitments.forms import CommitmentByReference, RefusableForm
from commitments.models import Commitment, Theme
from commitments.services.deadlines import column_errors
from commitments.twin_forms import TwinsForm
from commitments.workflow import first_statuses
from core.filters import IsoDateField
from core.form_errors import labelled
from core.sorting import sort_key
from core.texts import TextField, form_field
from relations.forms import with_dash_for_empty_choice
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User

_MODALITIES = [("", "–"), *Modality.choices]
FIELDS = (
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
"""The columns of a commitment that this form asks for; the others are edited in the admin site."""
ROLES = ("parties", "obligated", "beneficiaries")


class MentionForm(RefusableForm):
    """A mention of a commitment in a paragraph: which commitment, and what the paragraph does with it."""

    commitment = CommitmentByReference(
        Commitment.objects.none(),
        label=gettext_lazy("Commitment"),
        error_messages={"required": gettext_lazy("Choose the commitment that the paragraph mentions.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=MentionKind.choices,
        error_messages={"required": gettext_lazy("Choose what the paragraph does with the commitment.")},
    )
    modality = forms.ChoiceField(label=gettext_lazy("Worded as"), choices=_MODALITIES, required=False)
    summary = TextField(
        label=pgettext_lazy("field", "Summary"),
        max_length=500,
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, user: "User", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        commitment: Any = self.fields["commitment"]
        commitment.queryset = Commitment.objects.visible_to(user)

    @property
    def error_messages(self) -> list[str]:
        """Every message without its field: the controls stand together beside the paragraph."""
        return [str(message) for messages in self.errors.values() for message in messages]


@dataclass(frozen=True, slots=True)
class RoleCheckbox:
    """The checkbox of one country in one role."""

    name: str
    label: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class CountryRow:
    """One country of the form, with a checkbox for each role."""

    code: str
    name: str
    is_near: bool
    roles: tuple[RoleCheckbox, ...]


def _countries(label: Any, **kwargs: Any) -> forms.ModelMultipleChoiceField:
    kwargs |= {"to_field_name": "code", "widget": forms.CheckboxSelectMultiple}
    field = forms.ModelMultipleChoiceField(Country.objects.all(), label=label, **kwargs)
    field.error_messages["invalid_choice"] = gettext_lazy("“%(value)s” was not found.")
    return field


class NewCommitmentForm(TwinsForm, RefusableForm, forms.ModelForm):
    """The arguments of ``register_from_paragraph`` other than the paragraph; ``arguments()`` returns them.

    ``near`` holds the codes of the countries to list first.
    """

    parties = _countries(gettext_lazy("Parties"))
    obligated = _countries(gettext_lazy("Responsible"))
    beneficiaries = _countries(gettext_lazy("Beneficiary"), required=False)
    theme = forms.ModelChoiceField(Theme.objects.all(), label=gettext_lazy("Theme"), to_field_name="slug")
    status = forms.ChoiceField(
        label=gettext_lazy("First status"),
        choices=[(each.value, each.label) for each in first_statuses(Nature.PRINCIPLE)],
        help_text=gettext_lazy("Only a principle can start as standing."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MentionKind.choices)
    modality = forms.ChoiceField(label=gettext_lazy("Worded as"), choices=_MODALITIES, required=False)
    note = TextField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Context for the next reader: who asked, who agreed."),
        error_messages={"required": gettext_lazy("Write a note: it is what the next reader goes by.")},
    )

    class Meta:
        model = Commitment
        fields = FIELDS
        formfield_callback = form_field
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "title": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"text": gettext_lazy("One undertaking, in your own words.")}
        field_classes = {name: IsoDateField for name in ("deadline_earliest", "deadline_latest", "review_on")}

    def __init__(
        self, data: QueryDict | None = None, *, user: "User", near: Collection[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        with_dash_for_empty_choice(self)
        self.near = near
        classification: Any = self.fields["classification"]
        classification.choices = [each for each in Clearance.choices if each[0] <= user.clearance]
        classification.initial = Clearance.UNCLASSIFIED
        if user.clearance == Clearance.UNCLASSIFIED:
            classification.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Put a pasted title on one line, and check the deadline against its wording."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["title"] = " ".join(cleaned.get("title", "").split())
        self.refuse(column_errors(cleaned))
        return cleaned

    def _post_clean(self) -> None:
        """Skip the checks of the model: ``register_from_paragraph`` makes all of them, with constraints."""

    def countries(self) -> Iterable[CountryRow]:
        """The countries with their checkboxes: those in ``near`` or ticked first, then by name."""
        ticked = {role: {str(each) for each in self[role].value() or ()} for role in ROLES}
        known: Any = self.fields["parties"]
        rows = [
            CountryRow(
                each.code,
                each.name,
                each.code in self.near or any(each.code in ticked[role] for role in ROLES),
                tuple(RoleCheckbox(role, str(self[role].label), each.code in ticked[role]) for role in ROLES),
            )
            for each in known.queryset
        ]
        return sorted(rows, key=lambda row: (not row.is_near, sort_key(row.name)))

    def error_summary(self) -> list[tuple[str, str]]:
        """Each error as the ``id`` of its control ("" for the whole form) and its message with the label."""
        errors = [("", str(message)) for message in self.non_field_errors()]
        for bound in self:
            for message in bound.errors:
                errors.append((bound.id_for_label or f"{bound.auto_id}", labelled(bound.label, message)))
        return errors

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``register_from_paragraph`` from valid input, other than the mention."""
        values = self.cleaned_data
        return {
            "fields": {name: values[name] for name in FIELDS},
            **{name: list(values[name]) for name in ROLES},
            **{name: values[name] for name in ("status", "note")},
            "despite": self.despite,
        }
