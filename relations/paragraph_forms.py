"""The form of a clerical correction of a paragraph."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from core.texts import TextField
from relations.choices import ParagraphRole
from relations.models import Paragraph


class ParagraphForm(forms.Form):
    """How a paragraph reads on the paper, and what was wrong. ``version`` is the one that was read."""

    text = TextField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Enter the text of the paragraph.")},
    )
    label = TextField(
        label=gettext_lazy("Number on the paper"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("As it is written there: 3, II.1, (a). Empty: it has none."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ParagraphRole.choices)
    reason = TextField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What was wrong, and how it is known."),
        error_messages={"required": gettext_lazy("Enter what was wrong, and how it is known.")},
    )
    version = forms.IntegerField(
        label=gettext_lazy("Version"), widget=forms.HiddenInput, min_value=1, max_value=30000
    )

    def __init__(self, data: Any = None, *, paragraph: Paragraph) -> None:
        self.paragraph = paragraph
        label = str(paragraph.number) if paragraph.label is None else paragraph.label
        initial = {
            "text": paragraph.text,
            "label": label,
            "role": paragraph.role,
            "version": paragraph.version,
        }
        super().__init__(data, initial=initial)

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``correct_paragraph``. A label that is the number is no label of its own."""
        values = dict(self.cleaned_data)
        if values["label"] == str(self.paragraph.number):
            values["label"] = None
        return values

    def refuse(self, error: ValidationError) -> None:
        """Show the errors of the service at their fields."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, messages in error.message_dict.items():
            for message in messages:
                self.add_error(name, message)
