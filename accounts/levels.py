"""The levels at which an account can classify a record: none that would hide the record from itself."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Clearance

if TYPE_CHECKING:
    from accounts.models import User

LOWER = gettext_lazy(
    "A lower classification is not set here. Propose it with a reason on the page “Classify lower”; another "
    "person decides."
)
"""What is told where somebody sets a lower classification, or one that is not offered."""


def levels_for(user: "User", *, stands: int = Clearance.UNCLASSIFIED) -> list[tuple[int, Any]]:
    """The classifications that ``user`` can set: from the one that ``stands`` up to the clearance.

    A lower one is proposed, and another person decides (docs/rules.md#downgrades).
    """
    return [(level, label) for level, label in Clearance.choices if stands <= level <= user.clearance]


def level_errors(user: "User", level: int, *, stands: int = Clearance.UNCLASSIFIED) -> dict[str, list[str]]:
    """The errors of ``level`` as a classification set by ``user``, by field."""
    if level > user.clearance:
        return {"classification": [_("You cannot set a classification above your own clearance.")]}
    if level < stands:
        return {"classification": [str(LOWER)]}
    return {}


def limit_levels(field: Any, user: "User", stands: int) -> None:
    """Offer in ``field`` what ``user`` can set in place of the level that ``stands``."""
    field.choices = levels_for(user, stands=stands)
    field.error_messages["invalid_choice"] = LOWER


def offer_levels(form: Any, user: "User", *, always: bool = False) -> None:
    """Offer what ``user`` can set in the field ``classification`` of ``form``.

    One level alone is no choice: the field is left out, unless ``always``.
    """
    field = form.fields.get("classification")
    if field is None:
        return
    record = getattr(form, "instance", None)
    stands = record.classification if record is not None and record.pk else Clearance.UNCLASSIFIED
    limit_levels(field, user, stands)
    if len(field.choices) == 1 and not always:
        del form.fields["classification"]
