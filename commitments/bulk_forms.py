"""The forms of one act for many commitments: one definition for the site and the admin."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from commitments.choices import AssignmentRole, Status
from commitments.forms import RefusableForm, TransitionForm, control_id
from commitments.models import Commitment
from commitments.services.assignments import focal_point_errors
from commitments.workflow import TargetRule
from relations.models import Agency


class ForMany(TransitionForm):
    """One move for many: offers the outcomes that any of them can have, ``possible``.

    A decision may be left as each of them proposes it. What was seen of each is known elsewhere.
    """

    def __init__(self, *args: Any, possible: Iterable[Status], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        if "outcome" in self.fields:
            self._offer_any_of(frozenset(possible))
        if "successor" in self.fields:
            successor: Any = self.fields["successor"]
            successor.queryset = Commitment.objects.visible_to(self.user)
            successor.help_text = _("For “superseded”: the reference of the commitment that replaces these.")
        if "occurred_on" in self.fields:
            self.fields["occurred_on"].widget.attrs.pop("min", None)

    def clean(self) -> dict[str, Any]:
        """What would be refused for every row alike is said before any is tried."""
        cleaned: dict[str, Any] = super().clean() or {}
        names_none = cleaned.get("outcome") == Status.SUPERSEDED and not cleaned.get("successor")
        if names_none and self.row.target != TargetRule.OUTCOME and "successor" not in self.errors:
            self.refuse({"successor": [str(_("Name the commitment that replaces these."))]})
        return cleaned

    def _offer_any_of(self, possible: frozenset[Status]) -> None:
        outcome: Any = self.fields["outcome"]
        choices: list[tuple[str, Any]] = [
            (status.value, status.label.capitalize()) for status in Status if status in possible
        ]
        if self.row.target == TargetRule.OUTCOME:
            outcome.required = False
            outcome.initial = self.initial["outcome"] = self.initial["successor"] = ""
            choices.insert(0, ("", _("As proposed for each")))
        outcome.choices = choices


class AgencyForMany(RefusableForm):
    """An agency for many commitments, with the person in it who reports."""

    agency = forms.ModelChoiceField(
        Agency.objects.all(), label=_("Agency"), empty_label=_("choose an agency")
    )
    role = forms.ChoiceField(label=_("Role"), choices=AssignmentRole.choices, initial=AssignmentRole.LEAD)
    focal_point = forms.ModelChoiceField(
        User.objects.all(),
        label=_("Focal point"),
        required=False,
        empty_label=_("nobody by name yet"),
        help_text=_("A focal point of that agency."),
    )
    beside = forms.BooleanField(
        label=_("Also where another agency leads already"),
        required=False,
        help_text=_("Otherwise those are left as they are, and named."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why, or on whose word; kept in the history of each."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.refuse(focal_point_errors(cleaned.get("agency"), cleaned.get("focal_point")))
        return cleaned

    def faults(self) -> Iterator[tuple[str, str]]:
        """Every message with the ``id`` of the control it stands at, for a summary."""
        for message in self.non_field_errors():
            yield ("", str(message))
        for bound in self:
            for message in bound.errors:
                yield (control_id(bound), f"{bound.label}: {message}")


class AgencyAndPersonForMany(AgencyForMany):
    """The same with plain lists: every agency by country, and every focal point with the agency's name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: Any = self.fields["agency"]
        agency.queryset = Agency.objects.select_related("country").order_by("country__code", "name")
        agency.label_from_instance = lambda each: f"{each.country.code}: {each.name}"
        focal_point: Any = self.fields["focal_point"]
        focal_point.queryset = (
            User.objects.filter(groups__name=Role.FOCAL_POINT, agency__isnull=False, is_active=True)
            .select_related("agency")
            .order_by("agency__name", "username")
        )
        focal_point.label_from_instance = lambda each: f"{each} ({each.agency.short})"
