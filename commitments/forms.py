"""Forms for transitions and reports of a commitment, used by the pages and the admin."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commitments.choices import Status
from commitments.evidence_forms import AttachmentForm, EvidenceForm, RefusableForm
from commitments.models import Commitment
from commitments.search_fields import CommitmentByReference
from commitments.services.deadlines import Window, window_of
from commitments.services.dossier import Stamp
from commitments.services.errors import NOTE_MISSING
from commitments.services.policy import WorkflowContext, workflow_context
from commitments.services.proof import proven_outcomes
from commitments.workflow import DELIVERED, NoteRule, Transition, outcomes
from core import clock
from core.filters import IsoDateField
from core.form_errors import labelled
from core.lists import all_of, listed
from core.numbers import NumberField
from core.texts import TextField

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.utils.datastructures import MultiValueDict

    from accounts.models import User

EVIDENCE_ROWS = 3
"""The number of pieces of evidence in one form. More can be attached on a page of its own."""

PREFILLED = ("occurred_on", "delivered_on", "outcome", "successor")
"""Fields of a transition that the URL of its form may fill in. A note is never in a URL, which logs keep."""


def goes_with(field: forms.Field, choice: str) -> None:
    """Mark ``field`` as needed only with one ``choice`` of another field, written ``name=value``."""
    field.goes_with = choice  # type: ignore[attr-defined]


def control_id(bound: forms.BoundField) -> str:
    """The ``id`` to which an error of the field links. For radio buttons, this is the first button."""
    return bound.id_for_label or (bound[0].id_for_label or "" if len(bound) else "")


class TransitionForm(RefusableForm):
    """The form of the transition ``row``. It has only the fields that the row takes.

    ``seen`` holds the number of the last status change that the user has seen, so that a newer one is
    noticed. A decision has the ``stamp`` of the whole dossier instead. ``evidence`` holds forms of its own,
    each of which may stay empty. Pass ``arguments()`` to ``apply_transition``, and the errors that it raises
    to ``refuse``.
    """

    evidence_form: type[EvidenceForm] = AttachmentForm

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the outcome that you propose.")},
    )
    successor = CommitmentByReference(
        Commitment.objects.none(),
        label=_("Successor"),
        required=False,
        help_text=_("Only for “superseded”: the reference of the commitment that replaces this one."),
    )
    note = TextField(
        label=_("Note"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": NOTE_MISSING},
    )
    delivered_on = IsoDateField(
        label=_("Delivered on"),
        required=False,
        help_text=_("The date when it was done. Leave empty for today."),
    )
    occurred_on = IsoDateField(
        label=_("Occurred on"),
        required=False,
        help_text=_("The date when it happened. Leave empty for today."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        row: Transition,
        commitment: Commitment,
        user: "User",
        workflow: WorkflowContext | None = None,
        stamp: Stamp | None = None,
        initial: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        **kwargs: Any,
    ) -> None:
        workflow = workflow or workflow_context(commitment)
        first = {**_initial(row, workflow), "stamp": stamp, **(initial or {})}
        super().__init__(data, initial=first, **kwargs)
        self.row, self.commitment, self.user = row, commitment, user
        goes_with(self.fields["successor"], f"outcome={Status.SUPERSEDED}")
        self._remove_unused_fields(row)
        if "outcome" in self.fields:
            came_from = workflow.came_from or workflow.status
            self._offer_outcomes(outcomes(workflow.nature, came_from), commitment)
        self._limit_dates(workflow)
        files = files if data is not None else None  # a form with files, even none, counts as sent
        rows = EVIDENCE_ROWS if takes_evidence(row) else 0
        self.evidence = tuple(
            self.evidence_form(
                data, files, prefix=f"evidence-{n}", empty_permitted=True, use_required_attribute=False
            )
            for n in range(rows)
        )

    @classmethod
    def prefilled(cls, query: QueryDict) -> dict[str, str]:
        """The initial values in the URL of a form: a link may carry a day or an outcome."""
        return {name: str(query[name]) for name in PREFILLED if query.get(name)}

    def _remove_unused_fields(self, row: Transition) -> None:
        del self.fields["seen" if row.decides else "stamp"]
        note: Any = self.fields["note"]
        note.required, note.help_text = row.note == NoteRule.REQUIRED, row.note_hint or ""
        if not row.takes_outcome:
            del self.fields["outcome"], self.fields["successor"]
        if not row.takes_delivery:
            del self.fields["delivered_on"]
        if row.dated_today or row.takes_delivery:  # a report has one date: when it was delivered
            del self.fields["occurred_on"]

    def _offer_outcomes(self, possible: tuple[Status, ...], commitment: Commitment) -> None:
        outcome: Any = self.fields["outcome"]
        outcome.choices = [(status.value, capfirst(status.label)) for status in possible]
        if Status.SUPERSEDED not in possible:
            del self.fields["successor"]
        else:
            field: Any = self.fields["successor"]
            field.queryset = Commitment.objects.visible_to(self.user).exclude(pk=commitment.pk)
            proposed = self.initial.get("successor")
            if isinstance(proposed, Commitment) and not field.queryset.filter(pk=proposed.pk).exists():
                del self.initial["successor"]  # An empty field leaves the proposed successor as it is.

    def _limit_dates(self, workflow: WorkflowContext) -> None:
        """Limit the dates that the browser offers. The service checks them."""
        today = clock.today()
        if "occurred_on" in self.fields:
            first = clock.first_day_after(workflow.last.occurred_on, recorded_on=today)
            self.fields["occurred_on"].widget.attrs.update(min=first.isoformat(), max=today.isoformat())
        if "delivered_on" in self.fields:
            self.fields["delivered_on"].widget.attrs["max"] = today.isoformat()

    def is_valid(self) -> bool:
        """Whether the fields and every piece of evidence that was entered are valid."""
        valid = super().is_valid()
        return all([valid, *(each.is_valid() for each in self.evidence)])

    @property
    def unproven(self) -> str:
        """The outcomes that need evidence in this form, in words; "" if what is on record is enough."""
        field: Any = self.fields.get("outcome")
        if field is None or not self.evidence:
            return ""
        proven = proven_outcomes(self.commitment)
        return all_of(label for value, label in field.choices if value in DELIVERED and value not in proven)

    @property
    def files_chosen(self) -> str:
        """The names of the files that were sent. A browser does not keep them when a form is shown again."""
        files: Any = self.evidence[0].files if self.evidence else {}
        return listed(file.name for file in files.values())

    @property
    def media(self) -> forms.Media:
        """The media of the form and of its evidence forms."""
        return sum((each.media for each in self.evidence), super().media)

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``apply_transition``, from valid input."""
        values = dict(self.cleaned_data)
        return {
            **{name: values.get(name) or None for name in ("outcome", "successor")},
            **{name: values.get(name) for name in ("occurred_on", "delivered_on")},
            **({"seen": values["seen"]} if "seen" in values else {}),
            **({"stamp": Stamp.read(values["stamp"])} if "stamp" in values else {}),
            "note": values.get("note", ""),
            "evidence": [each.given() for each in self.evidence if each.has_changed()],
        }

    def show_again(self, stamp: Stamp | None, seen: int) -> Stamp:
        """Let the next attempt start from the state ``stamp`` and the last change ``seen``.

        Return the state that this attempt was about.
        """
        read = Stamp.read(self.data.get("stamp", ""))
        for name, value in (("stamp", stamp or ""), ("seen", seen)):
            self.data[name] = str(value)  # type: ignore[index]
        return read

    def refuse(self, errors: Mapping[str, list[str]]) -> None:
        """Add the ``errors`` of a service to their fields. Errors of evidence go to its first form."""
        rest = dict(errors)
        if self.evidence:
            for message in rest.pop("evidence", ()):
                self.evidence[0].add_error(None, message)
        super().refuse(rest)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each error as the ``id`` of its control and its message, evidence included, for a summary."""
        for form in (self, *self.evidence):
            for message in form.non_field_errors():
                yield ("" if form is self else form["title"].id_for_label, str(message))
            for bound in form:
                for message in bound.errors:
                    yield (control_id(bound), labelled(bound.label, message))


def takes_evidence(row: Transition) -> bool:
    """Whether the transition takes evidence: a report or a decision does, a step back does not."""
    return row.takes_outcome or not row.dated_today


def _initial(row: Transition, workflow: WorkflowContext) -> dict[str, Any]:
    today = clock.today()
    initial: dict[str, Any] = {"seen": workflow.last.number, "occurred_on": today, "delivered_on": today}
    if row.takes_outcome and workflow.submission:
        initial["outcome"] = workflow.submission.outcome
        initial["successor"] = workflow.submission.successor
    return initial


class DeadlineForm(RefusableForm):
    """Another deadline, with the reason for the change. A reviewer decides on it."""

    wording = TextField(
        label=_("Deadline as worded"),
        max_length=200,
        required=False,
        help_text=_("The exact words as agreed."),
    )
    earliest = IsoDateField(
        label=_("Earliest date"), required=False, help_text=_("The first day that the wording can mean.")
    )
    latest = IsoDateField(
        label=_("Latest date"),
        required=False,
        help_text=_("The last day that the wording can mean. Leave empty if there is none, as in “soon”."),
    )
    review_on = IsoDateField(
        label=_("Review on"), required=False, help_text=_("Only for a deadline without a latest date.")
    )
    reason = TextField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why the deadline changes, and where this was agreed."),
        error_messages={"required": _("Say why the deadline changes.")},
    )
    occurred_on = IsoDateField(
        label=_("Agreed on"),
        required=False,
        help_text=_("The day on which it was agreed. Leave empty for today."),
    )

    def __init__(self, data: QueryDict | None = None, *, commitment: Commitment, **kwargs: Any) -> None:
        window = window_of(commitment)
        current: dict[str, Any] = {
            name: getattr(window, name) for name in ("wording", "earliest", "latest", "review_on")
        }
        super().__init__(data, initial={**current, "occurred_on": clock.today()}, **kwargs)
        self.fields["occurred_on"].widget.attrs["max"] = clock.today().isoformat()

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``propose_deadline``, from valid input."""
        values = dict(self.cleaned_data)
        reason, occurred_on = values.pop("reason"), values.pop("occurred_on")
        return {"window": Window(**values), "reason": reason, "occurred_on": occurred_on}


class DeadlineDecisionForm(RefusableForm):
    """A decision on a proposed deadline, or its withdrawal. The button that is pressed says which.

    ``stamp`` is the state of the dossier that the form shows.
    """

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    note = TextField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(
        self, data: QueryDict | None = None, *, stamp: Stamp | None, withdraws: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, initial={"stamp": stamp}, **kwargs)
        if not withdraws:
            self.fields["note"].help_text = _("Required to refuse it: say why.")

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``decide_deadline`` besides the decision, from valid input."""
        return {"note": self.cleaned_data["note"], "stamp": Stamp.read(self.cleaned_data["stamp"])}

    def show_again(self, stamp: Stamp | None) -> Stamp:
        """Let the next attempt start from the state ``stamp``. Return the one that this attempt was about."""
        read = Stamp.read(self.data.get("stamp", ""))
        self.data["stamp"] = str(stamp or "")  # type: ignore[index]
        return read


class ProgressForm(RefusableForm):
    """A progress update: achievements, challenges and recommendations. It changes no status."""

    achieved = TextField(label=_("Achieved"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    challenges = TextField(label=_("Challenges"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    recommendations = TextField(
        label=_("Recommendations"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    occurred_on = IsoDateField(
        label=_("As of"), required=False, help_text=_("The date of the report. Leave empty for today.")
    )
    review_on = IsoDateField(
        label=_("Next review"), required=False, help_text=_("The date of the next review of this commitment.")
    )

    def __init__(self, data: QueryDict | None = None, *, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(data, initial={"occurred_on": clock.today()}, **kwargs)
        today = clock.today().isoformat()
        self.fields["occurred_on"].widget.attrs["max"] = today
        self.fields["review_on"].widget.attrs["min"] = today
        if commitment.deadline_latest is not None:
            del self.fields["review_on"]

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``record_progress``, from valid input."""
        return dict(self.cleaned_data)


class ReadingForm(RefusableForm):
    """A figure reported for the target of the commitment."""

    value = NumberField(label=_("Value"), max_digits=24, decimal_places=6)
    as_of = IsoDateField(label=_("As of"), help_text=_("The last day that the figure covers."))
    period = TextField(
        label=_("Period"),
        max_length=60,
        required=False,
        help_text=_("What the figure covers, for example 2025-01/2025-11. Leave empty if it is of one day."),
    )
    note = TextField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: QueryDict | None = None, *, unit: str, **kwargs: Any) -> None:
        super().__init__(data, initial={"as_of": clock.today()}, **kwargs)
        self.fields["value"].help_text = _("In %(unit)s.") % {"unit": unit}
        self.fields["as_of"].widget.attrs["max"] = clock.today().isoformat()


class WithdrawalForm(RefusableForm):
    """The reason why a piece of evidence is withdrawn."""

    reason = TextField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why it no longer counts.")},
    )
