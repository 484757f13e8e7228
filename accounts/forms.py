"""Forms of the signed-in account, and the form for signing in."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, User
from core.security_log import log
from core.texts import form_field


class SignInForm(LoginForm):
    """allauth's form, with a label that says what to enter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or email")


class TokenForm(forms.ModelForm):
    """A new API token: the program that uses it, its scope and its lifetime in days."""

    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("1 year"))],
        initial=90,
    )

    class Meta:
        model = ApiToken
        formfield_callback = form_field
        fields = ["name", "scope"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].help_text = _("A token never has more rights than you have.")


class PasswordChangeForm(ChangePasswordForm):
    """Changing one's own password: a wrong present password counts like a failed sign-in."""

    def clean_oldpassword(self) -> str:
        given = self.cleaned_data.get("oldpassword", "")
        if not get_adapter().reauthenticate(self.user, given):
            raise get_adapter().validation_error("enter_current_password")
        return given


class LinkPasswordForm(SetPasswordForm):
    """The password that somebody chooses with a link. The browser is told for which account."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password2"].label = _("Password, again")
        self.fields["new_password2"].help_text = ""


class LoggedCode(BaseAuthenticateForm):
    """A form for a code of the second step: a code that is wrong or refused is in the security log."""

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except ValidationError as error:
            log(context.request, "code refused", account=self.user.get_username(), reason=error.code)
            raise
        return code


class SecondStepForm(LoggedCode, AuthenticateForm):
    """allauth's form for the code at sign-in."""


class SecondStepSetupForm(ActivateTOTPForm):
    """allauth's form that turns the second step on. Its code counts as used: it signs nobody in."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        TOTP(Authenticator(user=self.user))._mark_code_used(code)
        return code


class SecondStepAgainForm(LoggedCode, ReauthenticateForm):
    """allauth's form for a code that confirms who is signed in."""
