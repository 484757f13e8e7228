"""The forms of bulk actions, for the site and the admin."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.choices import Role
from accounts.models import User
from commitments.choices import AssignmentRole, Status
from commitments.evidence_forms import EvidenceForm
from commitments.forms import RefusableForm, TransitionForm, control_id
from commitments.models import Commitment
from commitments.services.assignments import focal_point_errors
from commitments.workflow import TargetRule
from core.form_errors import labelled
from core.texts import TextField
from relations.models import Agency


class BulkTransitionForm(TransitionForm):
    """The form of one transition for many commitments.

    It offers the outcomes that are ``possible`` for any of them. A decision can also confirm the outcome that
    each submission proposes. It has no field ``seen`` or ``stamp``: each row of a job stores its own.
    """

    evidence_form = EvidenceForm

    def __init__(self, *args: Any, possible: Iterable[Status], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["stamp" if self.row.decides else "seen"]
        if "outcome" in self.fields:
            self._offer_outcomes_of_any(frozenset(possible))
        if "successor" in self.fields:
            successor: Any = self.fields["successor"]
            successor.queryset = Commitment.objects.visible_to(self.user)
            successor.help_text = _("For “superseded”: the reference of the commitment that replaces these.")
        if "occurred_on" in self.fields:
            self.fields["occurred_on"].widget.attrs.pop("min", None)

    def clean(self) -> dict[str, Any]:
        """Refuse what would be refused for every row."""
        cleaned: dict[str, Any] = super().clean() or {}
        no_successor = cleaned.get("outcome") == Status.SUPERSEDED and not cleaned.get("successor")
        if no_successor and self.row.target != TargetRule.OUTCOME and "successor" not in self.errors:
            self.refuse({"successor": [str(_("Enter the reference of the commitment that replaces these."))]})
        return cleaned

    def _offer_outcomes_of_any(self, possible: frozenset[Status]) -> None:
        outcome: Any = self.fields["outcome"]
        choices: list[tuple[str, Any]] = [
            (status.value, capfirst(status.label)) for status in Status if status in possible
        ]
        if self.row.target == TargetRule.OUTCOME:
            outcome.required = False
            outcome.initial = self.initial["outcome"] = self.initial["successor"] = ""
            choices.insert(0, ("", _("As proposed in each submission")))
        outcome.choices = choices


class BulkAgencyForm(RefusableForm):
    """The form of an assignment to many commitments: an agency, its role and its focal point."""

    agency = forms.ModelChoiceField(
        Agency.objects.all(), label=_("Agency"), empty_label=_("choose an agency")
    )
    role = forms.ChoiceField(label=_("Role"), choices=AssignmentRole.choices, initial=AssignmentRole.LEAD)
    focal_point = forms.ModelChoiceField(
        User.objects.all(),
        label=_("Focal point"),
        required=False,
        empty_label=_("no focal point"),
        help_text=_("A focal point of this agency."),
    )
    beside = forms.BooleanField(
        label=_("Also assign where another agency already leads"),
        required=False,
        help_text=_("Otherwise these commitments stay unchanged and are listed in the result."),
    )
    note = TextField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The reason or the decision. It is saved in the history of each commitment."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.refuse(focal_point_errors(cleaned.get("agency"), cleaned.get("focal_point")))
        return cleaned

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each error message with the ``id`` of its control, for the summary above the form."""
        for message in self.non_field_errors():
            yield ("", str(message))
        for bound in self:
            for message in bound.errors:
                yield (control_id(bound), labelled(bound.label, message))


class BulkAgencyListForm(BulkAgencyForm):
    """The same form with select lists: all agencies by country, all focal points with their agency."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: Any = self.fields["agency"]
        agency.queryset = Agency.objects.select_related("country").order_by("country__code", "sort_key")
        agency.label_from_instance = lambda each: (
            # Translators: an agency in a list by country, for example "VN: Ministry of Foreign Affairs".
            pgettext("country and agency", "%(country)s: %(agency)s")
            % {"country": each.country.code, "agency": each.name}
        )
        focal_point: Any = self.fields["focal_point"]
        focal_point.queryset = (
            User.objects.filter(groups__name=Role.FOCAL_POINT, agency__isnull=False, is_active=True)
            .select_related("agency")
            .order_by("agency__sort_key", "username")
        )
        focal_point.label_from_instance = lambda each: (
            # Translators: a person and the agency the person works for, for example "Lan Tran (MOFA)".
            pgettext("person and agency", "%(person)s (%(agency)s)")
            % {"person": each, "agency": each.agency.short}
        )
