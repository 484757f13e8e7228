"""Forms for evidence: a link, or a link or a file. They belong to other forms, or stand alone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.choices import EvidenceType
from commitments.services.files import evidence_errors
from commitments.services.proof import EvidenceGiven
from core.filters import IsoDateField
from core.lists import listed
from core.texts import TextField, plain_text
from core.uploads import ACCEPTED
from core.web_addresses import WebAddressFormField

LONGEST_TITLE = 300


class RefusableForm(forms.Form):
    """A form whose valid input a service may still refuse. The messages are then shown at the fields."""

    def refuse(self, errors: Mapping[str, list[str]]) -> None:
        """Add the ``errors`` of a service to the fields they name, or to the form if it has no such field."""
        for name, messages in errors.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


class EvidenceForm(RefusableForm):
    """A link to a document that proves something was done."""

    title = TextField(label=_("Title"), max_length=LONGEST_TITLE)
    url = WebAddressFormField(label=_("Address"), max_length=1000)
    type = forms.ChoiceField(label=_("Type"), choices=EvidenceType.choices, initial=EvidenceType.OTHER)
    dated_on = IsoDateField(label=_("Date of the document"), required=False)

    def has_changed(self) -> bool:
        """Whether a title or an address was entered. A type alone is no evidence."""
        return bool({"title", "url"} & set(self.changed_data))

    def given(self) -> EvidenceGiven:
        """The input as ``apply_transition`` takes it."""
        values = self.cleaned_data
        return EvidenceGiven(
            title=values["title"], url=values["url"], type=values["type"], dated_on=values["dated_on"]
        )


class AttachmentForm(EvidenceForm):
    """A link or a file that proves something was done. A file without a title is called by its name."""

    url = WebAddressFormField(
        label=_("Address"),
        max_length=1000,
        required=False,
        help_text=_("Where the document can be read. Leave empty if you attach the file."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
    )

    field_order = ("file", "title", "url", "type", "dated_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = listed(each.removeprefix(".") for each in ACCEPTED)
        self.fields["file"].help_text = _("At most 20 MB. Accepted types: %(types)s.") % {"types": types}
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Leave empty to use the name of the file.")
        for name in ("title", "url", "file"):
            self.fields[name].is_one_of_two = True  # type: ignore[attr-defined]

    def has_changed(self) -> bool:
        """Whether a title or an address was entered, or a file chosen."""
        return bool({"title", "url", "file"} & set(self.changed_data))

    def clean(self) -> dict[str, Any]:
        """Call the file by its name if it has no title, and name what is missing at its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        if file and not cleaned.get("title") and "title" not in self.errors:
            cleaned["title"] = plain_text(PurePath(file.name).stem)[:LONGEST_TITLE]
        title, url = cleaned.get("title", ""), cleaned.get("url", "")
        errors = evidence_errors(title=title, url=url, has_file=file is not None)
        refused = set(self.errors) | ({"title", "url"} if "file" in self.errors else set())
        self.refuse({name: messages for name, messages in errors.items() if name not in refused})
        return cleaned

    def given(self) -> EvidenceGiven:
        """The input as ``apply_transition`` takes it."""
        return replace(super().given(), file=self.cleaned_data["file"])
