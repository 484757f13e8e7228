"""The levels at which an account can classify a record: none that would hide the record from itself."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.choices import Clearance

if TYPE_CHECKING:
    from accounts.models import User


def levels_for(user: "User") -> list[tuple[int, Any]]:
    """The classifications that ``user`` can set: up to the clearance."""
    return [(level, label) for level, label in Clearance.choices if level <= user.clearance]


def level_errors(user: "User", level: int) -> dict[str, list[str]]:
    """The errors of ``level`` as a classification set by ``user``, by field."""
    if level in dict(levels_for(user)):
        return {}
    return {"classification": [_("You cannot set a classification above your own clearance.")]}


def offer_levels(form: Any, user: "User", *, always: bool = False) -> None:
    """Offer what ``user`` can set in the field ``classification`` of ``form``.

    One level alone is no choice: the field is left out, unless ``always``.
    """
    field = form.fields.get("classification")
    if field is None:
        return
    field.choices = levels_for(user)
    if len(field.choices) == 1 and not always:
        del form.fields["classification"]
