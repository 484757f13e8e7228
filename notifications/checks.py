"""System checks of the settings for mail."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.translation import gettext as _

from accounts.choices import Clearance


@checks.register()
def mail_settings(**kwargs: Any) -> list[checks.CheckMessage]:
    """Links need the address of the site, and ``MAIL_MAX_LEVEL`` is a level."""
    found: list[checks.CheckMessage] = []
    if not settings.EMAIL_URL.startswith("dummymail:") and not settings.SITE_URL:
        hint = _("Set SITE_URL, such as https://register.example.org.")
        found.append(
            checks.Error(_("EMAIL_URL is set, but mails could have no links."), hint, id="mail.E001")
        )
    if settings.MAIL_MAX_LEVEL.upper() not in Clearance.__members__:
        hint = _("It is one of unclassified, restricted, confidential, secret.")
        found.append(checks.Error(_("MAIL_MAX_LEVEL is not a level."), hint, id="mail.E002"))
    return found
