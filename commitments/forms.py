"""What is done to a commitment beyond editing it, as forms: one definition for the site and the admin."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from commitments.choices import EvidenceType, Status
from commitments.models import Commitment
from commitments.querysets import CommitmentQuerySet
from commitments.services.deadlines import Window, window_of
from commitments.services.files import ACCEPTED
from commitments.services.policy import WorkflowContext, workflow_context
from commitments.services.transitions import EvidenceGiven
from commitments.workflow import NoteRule, Transition, outcomes
from core import clock
from core.filters import IsoDateField

if TYPE_CHECKING:
    from accounts.models import User

EVIDENCE_ROWS = 3
"""How many pieces of evidence one form takes; more are attached on their own."""

PREFILLED = ("note", "occurred_on", "delivered_on", "outcome", "successor")
"""Fields of a move that the address of its form may fill in."""


class RefusableForm(forms.Form):
    """A form whose input a service may still refuse: the messages then stand at their fields."""

    def refuse(self, errors: Mapping[str, list[str]]) -> None:
        """Put what a service found wrong at the fields it names, or above the form where it names none."""
        for name, messages in errors.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


def goes_with(field: forms.Field, choice: str) -> None:
    """Say that ``field`` is wanted with one ``choice`` of another alone, written ``name=value``."""
    field.goes_with = choice  # type: ignore[attr-defined]


def control_id(bound: forms.BoundField) -> str:
    """The ``id`` to which a message about the field leads: of a group of radios, the first."""
    return bound.id_for_label or (bound[0].id_for_label or "" if len(bound) else "")


class CommitmentByReference(forms.ModelChoiceField):
    """A commitment named by typing its reference; one that may not be seen is not known."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    default_error_messages = {"invalid_choice": _("There is no commitment of that reference.")}

    def __init__(self, queryset: CommitmentQuerySet, **kwargs: Any) -> None:
        super().__init__(queryset, to_field_name="reference", **kwargs)

    def to_python(self, value: Any) -> Commitment | None:
        """Look up what was typed, whatever its case."""
        return super().to_python(value.strip().upper() if isinstance(value, str) else value)


class EvidenceForm(RefusableForm):
    """A link that shows something was done."""

    title = forms.CharField(label=_("Title"), max_length=300)
    url = forms.URLField(label=_("Address"), max_length=1000, assume_scheme="https")
    type = forms.ChoiceField(label=_("Type"), choices=EvidenceType.choices, initial=EvidenceType.OTHER)
    dated_on = IsoDateField(label=_("Date of the document"), required=False)

    def has_changed(self) -> bool:
        """Begun by its title or its address; a type alone, or none sent, is no evidence."""
        return bool({"title", "url"} & set(self.changed_data))

    def given(self) -> EvidenceGiven:
        """What was filled in, as the writer takes it."""
        values = self.cleaned_data
        return EvidenceGiven(
            title=values["title"], url=values["url"], type=values["type"], dated_on=values["dated_on"]
        )


class AttachmentForm(EvidenceForm):
    """A link or a file that shows something was done."""

    url = forms.URLField(
        label=_("Address"),
        max_length=1000,
        assume_scheme="https",
        required=False,
        help_text=_("Where the document can be read. Or attach the file itself:"),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
    )

    field_order = ("title", "url", "file", "type", "dated_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = ", ".join(each[1:] for each in ACCEPTED)
        self.fields["file"].help_text = _("At most 20 MB: %(endings)s.") % {"endings": endings}


class TransitionForm(RefusableForm):
    """What the move ``row`` asks for, read from the row: it has the fields that the row takes and no other.

    ``seen`` carries the number of the last change that the person had seen, so that a newer one is noticed.
    ``evidence`` are forms of their own, each of which may stay empty. The writer has the last word: hand it
    ``arguments()``, and what it refuses to ``refuse``.
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say which outcome you propose.")},
    )
    successor = CommitmentByReference(
        Commitment.objects.none(),
        label=_("Successor"),
        required=False,
        help_text=_("For “superseded”: the reference of the commitment that replaces this one."),
    )
    note = forms.CharField(
        label=_("Note"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write a note: it is what the next reader goes by.")},
    )
    delivered_on = IsoDateField(
        label=_("Delivered on"), required=False, help_text=_("The day on which it was done. Empty: today.")
    )
    occurred_on = IsoDateField(
        label=_("Occurred on"), required=False, help_text=_("When it happened in the world. Empty: today.")
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        row: Transition,
        commitment: Commitment,
        user: "User",
        dossier: WorkflowContext | None = None,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        dossier = dossier or workflow_context(commitment)
        known = {**_initial(row, dossier), **(initial or {})}
        super().__init__(data, initial=known, **kwargs)
        self.row, self.commitment, self.user = row, commitment, user
        goes_with(self.fields["successor"], f"outcome={Status.SUPERSEDED}")
        self._shape(row)
        if "outcome" in self.fields:
            came_from = dossier.came_from or dossier.status
            self._offer_outcomes(outcomes(dossier.nature, came_from), commitment)
        self._bound_days(dossier)
        rows = EVIDENCE_ROWS if takes_evidence(row) else 0
        self.evidence = tuple(
            EvidenceForm(data, prefix=f"evidence-{n}", empty_permitted=True, use_required_attribute=False)
            for n in range(rows)
        )

    @classmethod
    def prefilled(cls, query: QueryDict) -> dict[str, str]:
        """What the address of a form fills in: a link may carry the note or the outcome along."""
        return {name: str(query[name]) for name in PREFILLED if query.get(name)}

    def _shape(self, row: Transition) -> None:
        note: Any = self.fields["note"]
        note.required, note.help_text = row.note == NoteRule.REQUIRED, row.note_hint or ""
        if not row.takes_outcome:
            del self.fields["outcome"], self.fields["successor"]
        if not row.takes_delivery:
            del self.fields["delivered_on"]
        if row.dated_today:
            del self.fields["occurred_on"]

    def _offer_outcomes(self, possible: tuple[Status, ...], commitment: Commitment) -> None:
        outcome: Any = self.fields["outcome"]
        outcome.choices = [(status.value, status.label.capitalize()) for status in possible]
        if Status.SUPERSEDED not in possible:
            del self.fields["successor"]
        else:
            field: Any = self.fields["successor"]
            field.queryset = Commitment.objects.visible_to(self.user).exclude(pk=commitment.pk)

    def _bound_days(self, dossier: WorkflowContext) -> None:
        """What the calendar offers; the writer decides."""
        today = clock.today().isoformat()
        if "occurred_on" in self.fields:
            first = dossier.last.occurred_on.isoformat()
            self.fields["occurred_on"].widget.attrs.update(min=first, max=today)
        if "delivered_on" in self.fields:
            self.fields["delivered_on"].widget.attrs["max"] = today

    def is_valid(self) -> bool:
        """The fields of the move, and every piece of evidence that was begun."""
        whole = super().is_valid()
        return all([whole, *(each.is_valid() for each in self.evidence)])

    @property
    def media(self) -> forms.Media:
        """What the widgets need, those of the evidence included."""
        return sum((each.media for each in self.evidence), super().media)

    def arguments(self) -> dict[str, Any]:
        """What the writer takes, from valid input."""
        values = dict(self.cleaned_data)
        return {
            **{name: values.get(name) or None for name in ("outcome", "successor", "seen")},
            **{name: values.get(name) for name in ("occurred_on", "delivered_on")},
            "note": values.get("note", ""),
            "evidence": [each.given() for each in self.evidence if each.has_changed()],
        }

    def refuse(self, errors: Mapping[str, list[str]]) -> None:
        """Put what the writer found wrong at its field; about evidence, at the first piece of it."""
        rest = dict(errors)
        if self.evidence:
            for message in rest.pop("evidence", ()):
                self.evidence[0].add_error(None, message)
        super().refuse(rest)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Every message with the ``id`` of the control it stands at, evidence included, for a summary."""
        for form in (self, *self.evidence):
            for message in form.non_field_errors():
                yield ("" if form is self else form["title"].id_for_label, str(message))
            for bound in form:
                for message in bound.errors:
                    yield (control_id(bound), f"{bound.label}: {message}")


def takes_evidence(row: Transition) -> bool:
    """Whether evidence can come with the move: with a report or a decision, not with a step back."""
    return row.takes_outcome or not row.dated_today


def _initial(row: Transition, dossier: WorkflowContext) -> dict[str, Any]:
    today = clock.today()
    known: dict[str, Any] = {"seen": dossier.last.number, "occurred_on": today, "delivered_on": today}
    if row.takes_outcome and dossier.submission:
        known["outcome"] = dossier.submission.outcome
        known["successor"] = dossier.submission.successor
    return known


class DeadlineForm(RefusableForm):
    """Another deadline window, and why; the old one stays on record."""

    wording = forms.CharField(
        label=_("Deadline as worded"),
        max_length=200,
        required=False,
        help_text=_("The words as agreed, verbatim."),
    )
    earliest = IsoDateField(
        label=_("Earliest day"), required=False, help_text=_("The first day that the wording can mean.")
    )
    latest = IsoDateField(
        label=_("Latest day"),
        required=False,
        help_text=_("The last day that the wording can mean. Empty where it names none: “soon”."),
    )
    review_on = IsoDateField(
        label=_("Review on"), required=False, help_text=_("Only for a deadline without a latest day.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why the deadline changes, and where that was agreed."),
        error_messages={"required": _("Write why the deadline changes.")},
    )
    occurred_on = IsoDateField(
        label=_("Agreed on"), required=False, help_text=_("The day of the change. Empty: today.")
    )

    def __init__(self, data: QueryDict | None = None, *, commitment: Commitment, **kwargs: Any) -> None:
        window = window_of(commitment)
        known: dict[str, Any] = {
            name: getattr(window, name) for name in ("wording", "earliest", "latest", "review_on")
        }
        super().__init__(data, initial={**known, "occurred_on": clock.today()}, **kwargs)
        self.fields["occurred_on"].widget.attrs["max"] = clock.today().isoformat()

    def arguments(self) -> dict[str, Any]:
        """What ``change_deadline`` takes, from valid input."""
        values = dict(self.cleaned_data)
        reason, occurred_on = values.pop("reason"), values.pop("occurred_on")
        return {"window": Window(**values), "reason": reason, "occurred_on": occurred_on}


class ProgressForm(RefusableForm):
    """What was achieved, what stands in the way, what is recommended; changes no status."""

    achieved = forms.CharField(label=_("Achieved"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    challenges = forms.CharField(
        label=_("Challenges"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    recommendations = forms.CharField(
        label=_("Recommendations"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    occurred_on = IsoDateField(
        label=_("As of"), required=False, help_text=_("The day the report speaks of. Empty: today.")
    )
    review_on = IsoDateField(
        label=_("Next review"), required=False, help_text=_("When to look again; it becomes the review day.")
    )

    def __init__(self, data: QueryDict | None = None, *, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(data, initial={"occurred_on": clock.today()}, **kwargs)
        today = clock.today().isoformat()
        self.fields["occurred_on"].widget.attrs["max"] = today
        self.fields["review_on"].widget.attrs["min"] = today
        if commitment.deadline_latest is not None:
            del self.fields["review_on"]

    def arguments(self) -> dict[str, Any]:
        """What ``record_progress`` takes, from valid input."""
        return dict(self.cleaned_data)


class ReadingForm(RefusableForm):
    """A figure reported for the target of the commitment."""

    value = forms.DecimalField(label=_("Value"), max_digits=24, decimal_places=6)
    as_of = IsoDateField(label=_("As of"), help_text=_("The last day that the figure covers."))
    period = forms.CharField(
        label=_("Period"),
        max_length=60,
        required=False,
        help_text=_("What the figure covers, for example 2025-01/2025-11. Empty: the state on that day."),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: QueryDict | None = None, *, unit: str, **kwargs: Any) -> None:
        super().__init__(data, initial={"as_of": clock.today()}, **kwargs)
        self.fields["value"].help_text = _("In %(unit)s.") % {"unit": unit}
        self.fields["as_of"].widget.attrs["max"] = clock.today().isoformat()


class WithdrawalForm(RefusableForm):
    """Why a piece of evidence no longer counts."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why it no longer counts.")},
    )
