"""The refusals of the writers; each changes nothing."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from commitments.choices import Status

__all__ = [
    "IllegalTransition",
    "LedByAnother",
    "NotYours",
    "PermissionDenied",
    "Refusal",
    "RequirementsNotMet",
    "UnknownTransition",
]


class Refusal(Exception):
    """A writer declined; the message says why, for a person."""


class UnknownTransition(Refusal):
    """There is no transition of that name in the workflow (400)."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is no transition “%(name)s”.") % {"name": name})
        self.name = name


class IllegalTransition(Refusal):
    """Not from this status, or the commitment was changed meanwhile (409). ``status`` is what it is now."""

    def __init__(self, message: str, *, status: str) -> None:
        super().__init__(message)
        self.status = Status(status)


class NotYours(PermissionDenied):
    """Not this role, or one's own submission (403)."""


class LedByAnother(Refusal):
    """Another agency leads the commitment already, and is to be left alone (409)."""


class RequirementsNotMet(Refusal):
    """Something the move needs is missing or does not fit (400); ``errors`` says what, by field."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        super().__init__(" ".join(message for messages in self.errors.values() for message in messages))
