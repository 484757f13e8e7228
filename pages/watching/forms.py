"""The forms of the page of what is watched."""

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.choices import DigestRhythm
from notifications.models import MailPreferences


def _zones() -> list[tuple[str, Any]]:
    names = sorted(
        each for each in zoneinfo.available_timezones() if "/" in each and not each.startswith("Etc")
    )
    return [("", _("that of the site")), *((each, each) for each in names)]


class PreferencesForm(forms.ModelForm):
    """When an account is told what is new, and in which time zone its day begins."""

    rhythm = forms.ChoiceField(
        label=_("Send me what is new"), choices=DigestRhythm.choices, widget=forms.RadioSelect
    )
    time_zone = forms.ChoiceField(label=_("My time zone"), choices=_zones, required=False)
    charge = forms.BooleanField(label=_("Watch what I am in charge of"), required=False)

    class Meta:
        model = MailPreferences
        fields = ["rhythm", "time_zone"]
