"""What an officer says beside a paragraph: a mention of a commitment, or a new one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.choices import Clearance
from commitments.choices import MentionKind, Modality, Nature
from commitments.forms import CommitmentByReference, RefusableForm
from commitments.models import Commitment, Theme
from commitments.services.deadlines import column_errors
from commitments.workflow import first_statuses
from core.filters import IsoDateField
from relations.forms import with_plain_blanks
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User

_WORDED = [("", "–"), *Modality.choices]
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
"""The columns of a commitment that are filled in beside a paragraph; the rest is edited in the admin."""
ROLES = ("parties", "obligated", "beneficiaries")


class MentionForm(RefusableForm):
    """That the paragraph speaks of a commitment, and how."""

    commitment = CommitmentByReference(
        Commitment.objects.none(),
        label=gettext_lazy("Commitment"),
        error_messages={"required": gettext_lazy("Say of which commitment the paragraph speaks.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=MentionKind.choices,
        error_messages={"required": gettext_lazy("Say what the paragraph does with it.")},
    )
    modality = forms.ChoiceField(label=gettext_lazy("Worded as"), choices=_WORDED, required=False)
    summary = forms.CharField(label=gettext_lazy("Summary"), max_length=500, required=False)

    def __init__(self, data: QueryDict | None = None, *, user: "User", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        commitment: Any = self.fields["commitment"]
        commitment.queryset = Commitment.objects.visible_to(user)

    @property
    def faults(self) -> list[str]:
        """Every message: the controls stand together, so that none needs a place of its own."""
        return [str(message) for messages in self.errors.values() for message in messages]


@dataclass(frozen=True, slots=True)
class CountryRow:
    """One country of the form: a tick for each role in which it may stand."""

    code: str
    name: str
    is_near: bool
    ticked: tuple[tuple[str, bool], ...]


def _countries(label: Any, **kwargs: Any) -> forms.ModelMultipleChoiceField:
    kwargs |= {"to_field_name": "code", "widget": forms.CheckboxSelectMultiple}
    field = forms.ModelMultipleChoiceField(Country.objects.all(), label=label, **kwargs)
    field.error_messages["invalid_choice"] = gettext_lazy("“%(value)s” is not known here.")
    return field


class NewCommitmentForm(RefusableForm, forms.ModelForm):
    """What ``register_from_paragraph`` asks for beside the paragraph; ``arguments()`` is what it takes."""

    parties = _countries(gettext_lazy("Between"))
    obligated = _countries(gettext_lazy("Must act"))
    beneficiaries = _countries(gettext_lazy("Gains"), required=False)
    theme = forms.ModelChoiceField(Theme.objects.all(), label=gettext_lazy("Theme"), to_field_name="slug")
    status = forms.ChoiceField(
        label=gettext_lazy("First status"),
        choices=[(each.value, each.label) for each in first_statuses(Nature.PRINCIPLE)],
        help_text=gettext_lazy("Only a principle begins as standing."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MentionKind.choices)
    modality = forms.ChoiceField(label=gettext_lazy("Worded as"), choices=_WORDED, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What the next reader goes by: who asked, who agreed."),
        error_messages={"required": gettext_lazy("Write a note: it is what the next reader goes by.")},
    )

    class Meta:
        model = Commitment
        fields = FIELDS
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "title": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"text": gettext_lazy("As one undertaking, in the desk’s words.")}
        field_classes = {name: IsoDateField for name in ("deadline_earliest", "deadline_latest", "review_on")}

    def __init__(
        self, data: QueryDict | None = None, *, user: "User", near: Collection[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        with_plain_blanks(self)
        self.near = near
        classification: Any = self.fields["classification"]
        classification.choices = [each for each in Clearance.choices if each[0] <= user.clearance]
        classification.initial = Clearance.UNCLASSIFIED
        if user.clearance == Clearance.UNCLASSIFIED:
            classification.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """A title is one line, whatever was pasted; days are read from a wording."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["title"] = " ".join(cleaned.get("title", "").split())
        self.refuse(column_errors(cleaned))
        return cleaned

    def _post_clean(self) -> None:
        """The writer checks the whole, constraints included: no half of it here."""

    def countries(self) -> Iterable[CountryRow]:
        """The countries with their ticks, those that met first."""
        ticked = {role: {str(each) for each in self[role].value() or ()} for role in ROLES}
        known: Any = self.fields["parties"]
        rows = [
            CountryRow(
                each.code,
                each.name,
                each.code in self.near or any(each.code in ticked[role] for role in ROLES),
                tuple((role, each.code in ticked[role]) for role in ROLES),
            )
            for each in known.queryset
        ]
        return sorted(rows, key=lambda row: (not row.is_near, row.name))

    def faults(self) -> Iterable[tuple[str, str]]:
        """Every message with the ``id`` of the control it stands at, for a summary above the form."""
        for message in self.non_field_errors():
            yield ("", str(message))
        for bound in self:
            for message in bound.errors:
                yield (bound.id_for_label or f"{bound.auto_id}", f"{bound.label}: {message}")

    def arguments(self) -> dict[str, Any]:
        """What the writer takes, from valid input, beside the mention."""
        values = self.cleaned_data
        return {
            "fields": {name: values[name] for name in FIELDS},
            **{name: list(values[name]) for name in ROLES},
            **{name: values[name] for name in ("status", "note")},
        }
