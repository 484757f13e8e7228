"""The forms of the files of a source: attach one, withdraw one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import listed
from core.texts import TextField, form_field
from core.uploads import ACCEPTED, LONGEST_NAME, MAX_BYTES
from relations.models import Paper


class _Refusable(forms.Form):
    """A form whose valid input a service may still refuse."""

    def refuse(self, error: ValidationError) -> None:
        """Show the errors of a service at their fields."""
        for name, messages in error.message_dict.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


class PaperForm(_Refusable):
    """A file of a source, and the language that it is in."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=LONGEST_NAME,
        allow_empty_file=True,  # the service says that it is empty, by its name
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
    )
    language = form_field(Paper._meta.get_field("language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        values = {"types": listed(each.removeprefix(".") for each in ACCEPTED), "size": MAX_BYTES // 1024**2}
        self.fields["file"].help_text = (
            _("The document itself: a scan, or one of its languages. At most %(size)d MB. %(types)s.")
            % values
        )


class PaperWithdrawalForm(_Refusable):
    """The reason why a file of a source is withdrawn."""

    reason = TextField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why it is withdrawn.")},
    )
