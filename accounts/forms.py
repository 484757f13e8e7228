"""Forms of one's own account."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken


class TokenForm(forms.ModelForm):
    """A new token: for which program, what it may do, for how long."""

    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        initial=90,
    )

    class Meta:
        model = ApiToken
        fields = ["name", "scope"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].help_text = _("A token may never do more than you may.")


class PasswordChangeForm(ChangePasswordForm):
    """Changing one's own password: a wrong present password counts like a failed sign-in."""

    def clean_oldpassword(self) -> str:
        given = self.cleaned_data.get("oldpassword", "")
        if not get_adapter().reauthenticate(self.user, given):
            raise get_adapter().validation_error("enter_current_password")
        return given
