"""The forms beside a paragraph: a mention of a commitment, or a new commitment."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from commitments.choices import MentionKind
from commitments.forms import RefusableForm
from commitments.models import Commitment, Theme
from commitments.registration_forms import MODALITIES, ROLES, RegistrationForm
from commitments.search_fields import CommitmentByReference
from core.form_errors import labelled
from core.sorting import sort_key
from core.texts import TextField
from relations.forms import with_dash_for_empty_choice
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User


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
    modality = forms.ChoiceField(label=gettext_lazy("Worded as"), choices=MODALITIES, required=False)
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


class NewCommitmentForm(RegistrationForm):
    """The form of a commitment in the paragraph beside it. ``near`` holds the countries to list first."""

    parties = _countries(gettext_lazy("Parties"))
    obligated = _countries(gettext_lazy("Responsible"))
    beneficiaries = _countries(gettext_lazy("Beneficiary"), required=False)
    theme = forms.ModelChoiceField(Theme.objects.all(), label=gettext_lazy("Theme"), to_field_name="slug")

    class Meta(RegistrationForm.Meta):
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "title": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"text": gettext_lazy("One undertaking, in your own words.")}

    def __init__(self, data: QueryDict | None = None, *, near: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        with_dash_for_empty_choice(self)
        self.near = near

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
