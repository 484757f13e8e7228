"""The forms with which a commitment is edited, on the pages and in the admin."""

from collections.abc import Collection, Iterable
from copy import copy
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.levels import limit_levels
from accounts.models import User
from accounts.permissions import Right
from commitments.choices import CLOSED, PartyRole
from commitments.models import Commitment
from commitments.models.commitment import REFERENCE
from commitments.querysets import CommitmentQuerySet
from commitments.row_forms import mention_rows, target_rows
from commitments.search_fields import CommitmentByReference, found_by_words
from commitments.services.editing import countries_in, edit_commitment, nature_errors
from commitments.services.errors import NotEditable, PermissionDenied, RequirementsNotMet
from commitments.services.mentions import change_mention, take_back_mention
from commitments.services.officers import officer_errors, officers
from commitments.services.policy import edit_refusal
from commitments.services.registration import party_errors
from core.edit_forms import EditForms, changed_rows
from core.lists import one_of
from core.texts import TextField, form_field
from relations.forms import with_dash_for_empty_choice
from relations.models import Country, Meeting
from relations.names import words_in


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
        formfield_callback = form_field
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
            self.initial["beneficiaries"] = countries_in(self.instance, PartyRole.BENEFICIARY)
        if "classification" in fields:
            limit_levels(fields["classification"], self.editor, self.instance.classification)
        if "related" in fields:
            self._offer_related(Commitment.objects.visible_to(self.editor).exclude(pk=self.instance.pk))

    def _offer_related(self, visible: CommitmentQuerySet) -> None:
        related: Any = self.fields["related"]
        related.queryset = visible
        self.initial["related"] = list(visible.filter(related=self.instance))

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


PARTS = ("title", "text", "remarks", "theme", "officer")
"""The fields that can be edited in place, each by itself."""
_OTHERS = ("obligated", "beneficiaries", "related")
_COLUMNS = frozenset(CommitmentForm.Meta.fields) - {"related"}


class ReferencesInput(forms.TextInput):
    """A text with references, and the checkboxes of commitments that were found by words in it."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """One text of all references. With something ticked, the words have done their work."""
        typed, *ticked = data.getlist(name) or [""]
        if not ticked:
            return str(typed)
        return ", ".join([*references_in(typed), *ticked])


class ReferencesField(TextField):
    """Several commitments, by their references or by words. Those that ``visible`` lacks are not found.

    While somebody types, the commitments that match the words after the last comma are listed below as
    checkboxes of the same name. Without the script they are listed once the form was sent.
    """

    is_search = takes_several = True
    visible: CommitmentQuerySet
    found: Iterable[Commitment] = ()
    widget = ReferencesInput(attrs=CommitmentByReference.widget.attrs | {"hx-vals": '{"several": "1"}'})

    def clean(self, value: Any) -> list[Commitment]:
        """The commitments, in the order of their references."""
        text = super().clean(value)
        names = references_in(text)
        found = list(self.visible.filter(reference__in=names).order_by("prefix", "year", "serial"))
        known = {each.reference for each in found}
        if unknown := [name for name in dict.fromkeys(names) if name not in known]:
            raise forms.ValidationError(_("There is no commitment %(names)s.") % {"names": one_of(unknown)})
        if words := " ".join(word for word in _words(text) if not REFERENCE.fullmatch(word.upper())):
            self.found = found_by_words(self.visible, words)
            messages = CommitmentByReference.default_error_messages
            raise forms.ValidationError(messages["choose" if self.found else "nothing_found"])
        return found


def references_in(text: str) -> list[str]:
    """The references in ``text``, apart from case, the kind of hyphen, and signs beside them."""
    return [name for word in _words(text) if REFERENCE.fullmatch(name := word.upper())]


def _words(text: str) -> list[str]:
    return words_in(text.replace(",", " "))


class CommitmentPageForm(CommitmentForm):
    """The form on the pages: plain controls, and an optional reason for the field history."""

    related = ReferencesField(
        label=_("Related commitments"),
        required=False,
        help_text=_("Type words of a title, or references with commas."),
    )

    field_order = ("title", "text", "nature", "theme", "obligated", "beneficiaries")

    class Meta(CommitmentForm.Meta):
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "text": forms.Textarea(attrs={"rows": 6}),
            "remarks": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_dash_for_empty_choice(self)
        if "reason" in self.fields:
            self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])
        fields: dict[str, Any] = self.fields
        if "beneficiaries" in fields:
            fields["beneficiaries"].widget = forms.CheckboxSelectMultiple(
                choices=fields["beneficiaries"].choices
            )
        if "obligated" in fields:
            fields["obligated"].required = True
        if "officer" in fields:
            kept = User.objects.filter(pk=self.instance.officer_id or 0)
            fields["officer"].queryset = User.objects.filter(
                Q(pk__in=officers().order_by().values("pk")) | Q(pk__in=kept.values("pk"))
            ).order_by("username")
            fields["officer"].label_from_instance = lambda each: each.marked_name
        if "outcome_meeting" in fields:
            fields["outcome_meeting"].queryset = (
                Meeting.objects.visible_to(self.editor).defer("search_text").order_by("-day", "pk")
            )
            fields["outcome_meeting"].label_from_instance = _meeting_with_day
        if "classification" in fields:
            limit_levels(fields["classification"], self.editor, self.instance.classification)
            if len(fields["classification"].choices) == 1:
                del fields["classification"]
        if "reason" in fields and self.instance.status not in CLOSED:
            fields["reason"].help_text = _("Why it is changed. It is shown in the history.")

    def _offer_related(self, visible: CommitmentQuerySet) -> None:
        related: Any = self.fields["related"]
        related.visible = visible
        now = visible.filter(related=self.instance).order_by("prefix", "year", "serial")
        self.initial["related"] = ", ".join(now.values_list("reference", flat=True))

    def clean_title(self) -> str:
        """A pasted title on one line."""
        return " ".join(self.cleaned_data["title"].split())

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``edit_commitment`` for what was changed, from valid input."""
        values, changed = self.cleaned_data, self.changed_data
        return {
            "fields": {name: values[name] for name in changed if name in _COLUMNS},
            **{name: list(values[name]) for name in changed if name in _OTHERS},
            "reason": values.get("reason", ""),
        }


def _meeting_with_day(meeting: Meeting) -> str:
    return pgettext("meeting and date", "%(meeting)s (%(day)s)") % {
        "meeting": meeting.title,
        "day": meeting.date_in_words(),
    }


class CommitmentEdit(EditForms[Commitment]):
    """The edit of a commitment: of all its fields, or only of ``parts``."""

    def __init__(
        self,
        record: Commitment,
        user: "User",
        data: QueryDict | None = None,
        *,
        parts: Collection[str] = (),
    ) -> None:
        self.parts = parts
        super().__init__(record, user, data)

    def make_form(self, data: QueryDict | None) -> CommitmentPageForm:
        """The form with the fields that the user can edit now; on saving, those that the form had."""
        names = [*CommitmentForm.Meta.fields, "obligated", "beneficiaries"]
        if self.opened and self.opened.fields:
            left_out = {name for name in names if name not in self.opened.fields}
        else:
            left_out = {name for name in names if edit_refusal(self.record, self.user, [name], reason="-")}
        if self.parts:
            left_out |= {name for name in names if name not in self.parts}
        attributes = {"editor": self.user, "read_only": frozenset(left_out)}
        form = type("CommitmentPageForm", (CommitmentPageForm,), attributes)
        # Two fields may be opened in one page: each form has ids of its own.
        auto_id = f"{'-'.join(self.parts)}_%s" if self.parts else "id_%s"
        made: CommitmentPageForm = form(data, instance=copy(self.record), auto_id=auto_id)
        for name in self.parts:
            if name in made.fields:
                made.fields[name].widget.attrs["autofocus"] = True
        return made

    def make_rows(self, data: QueryDict | None) -> dict[str, Any]:
        """The target and the mentions, where everything is edited."""
        if self.parts or not self.user.may(Right.EDIT_REGISTER):
            return {}
        return {
            "target": target_rows(self.record, data),
            "mentions": mention_rows(self.record, data),
        }

    def save(self) -> None:
        """Save by ``edit_commitment``, and each mention that was changed by its service."""
        arguments = self.form.arguments()
        if "target" in self.rows and self.rows["target"].has_changed():
            (target,) = self.rows["target"].forms
            arguments["target"] = {name: target.cleaned_data[name] for name in target.changed_data}
        edit_commitment(commitment=self.record, actor=self.user, **arguments)
        if "mentions" in self.rows:
            self._save_mentions(arguments["reason"])

    def _save_mentions(self, reason: str) -> None:
        rows = self.rows["mentions"]
        for form in rows.deleted_forms:
            take_back_mention(mention=form.instance, actor=self.user)
        for form in changed_rows(rows):
            values = {name: form.cleaned_data[name] for name in form.changed_data}
            change_mention(mention=form.instance, actor=self.user, reason=reason, **values)
