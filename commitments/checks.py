"""A check of the settings: the glossary of the desk can be read."""

from typing import Any

from django.core import checks
from django.utils.translation import gettext as _

from commitments.services.glossary import GlossaryError, desk_terms


@checks.register("commitments")
def glossary_can_be_read(**kwargs: Any) -> list[checks.CheckMessage]:
    """Report a ``GLOSSARY`` that is no glossary: its terms are left out."""
    try:
        desk_terms()
    except GlossaryError as error:
        return [
            checks.Error(
                _("The file that GLOSSARY names is no glossary. %(reason)s") % {"reason": error},
                hint=_("docs/glossary.md describes its form."),
                id="commitments.E001",
            )
        ]
    return []
