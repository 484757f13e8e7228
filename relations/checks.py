"""A check of the settings: the country that says "we" exists."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.translation import gettext as _

from core.iso_countries import CODES


@checks.register("relations")
def home_country_exists(**kwargs: Any) -> list[checks.CheckMessage]:
    """Report a ``HOME_COUNTRY`` that is not the code of a country: every "we" would be nobody."""
    if settings.HOME_COUNTRY in CODES:
        return []
    return [
        checks.Error(
            _("HOME_COUNTRY is “%(code)s”, which is not the code of a country.")
            % {"code": settings.HOME_COUNTRY},
            hint=_("Set it to a code of ISO 3166-1 alpha-2, such as the two letters of an Internet domain."),
            id="relations.E001",
        )
    ]
