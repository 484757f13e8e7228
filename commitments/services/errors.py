"""The errors that services raise when they refuse a request. Nothing has been changed then."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Self

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commitments.choices import Status
from commitments.workflow import Transition
from core.lists import listed

if TYPE_CHECKING:
    from commitments.models import Commitment

__all__ = [
    "NOTE_MISSING",
    "CandidateDecided",
    "CandidateMoved",
    "ChangedSince",
    "DossierChanged",
    "IllegalTransition",
    "IsInError",
    "LedByAnother",
    "LikelyTwins",
    "NotAssigned",
    "NotEditable",
    "NotYours",
    "PermissionDenied",
    "ProposalClosed",
    "Refusal",
    "RequirementsNotMet",
    "StillNeeded",
    "UnknownTransition",
]


NOTE_MISSING = gettext_lazy("Write a note for the next reader.")


class Refusal(Exception):
    """A service refused the request. The message tells a person why."""


class UnknownTransition(Refusal):
    """There is no transition of that name in the workflow (400)."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is no transition “%(name)s”.") % {"name": name})
        self.name = name


class IllegalTransition(Refusal):
    """Not possible from the current ``status``, or somebody else has changed the commitment (409)."""

    def __init__(self, message: str, *, status: str) -> None:
        super().__init__(message)
        self.status = Status(status)


class DossierChanged(IllegalTransition):
    """The reviewer decides on another state of the commitment than the one that stands (409)."""


class NotEditable(Refusal):
    """The ``status`` of the commitment does not allow this edit (409). ``fields`` are the parts it names."""

    def __init__(self, message: str, *, status: str, fields: Collection[str]) -> None:
        super().__init__(message)
        self.status, self.fields = Status(status), tuple(fields)


class IsInError(NotEditable):
    """The commitment, or what would be changed, was entered in error (409): nothing more is written to it."""

    def __init__(self, message: str, *, status: str) -> None:
        super().__init__(message, status=status, fields=())


class StillNeeded(NotEditable):
    """It cannot be entered in error, because other records depend on it (409)."""

    def __init__(self, message: str, *, status: str) -> None:
        super().__init__(message, status=status, fields=())


class NotYours(PermissionDenied):
    """The role does not allow it, or it is the user's own submission (403)."""

    @classmethod
    def for_role(cls, row: Transition) -> Self:
        """No role of the user may make the transition ``row``."""
        return cls(_("“%(move)s” is not for your role.") % {"move": row.label})


class LedByAnother(Refusal):
    """Another agency already leads the commitment and must stay unchanged (409)."""


class LikelyTwins(Refusal):
    """Commitments that are registered already may be the same one (409).

    ``twins`` are those, the closest first.
    """

    def __init__(self, twins: "Sequence[Commitment]") -> None:
        super().__init__()
        self.twins = tuple(twins)

    @property
    def keys(self) -> list[str]:
        """The references by which whoever registers all the same names the twins."""
        return [each.reference for each in self.twins]

    def __str__(self) -> str:
        return ngettext(
            "%(references)s looks like the same commitment. Record a mention of it instead, or say that this "
            "is another one.",
            "%(references)s look like the same commitment. Record a mention of one of them instead, or say "
            "that this is another one.",
            len(self.twins),
        ) % {"references": listed(self.keys)}


class NotAssigned(Refusal):
    """The agency is not assigned to the commitment, so its assignment cannot be removed (409)."""


class ChangedSince(Refusal):
    """What is to be taken back was changed since and must stay as it is now (409)."""


class CandidateDecided(Refusal):
    """Somebody has accepted or refused the passage already (409)."""


class CandidateMoved(Refusal):
    """The passage does not stand in the text any more where the reader found it (409)."""

    def __init__(self) -> None:
        super().__init__(_("The text was changed since it was read. Have it read again."))


class ProposalClosed(Refusal):
    """Nobody can decide on the proposal any more, or not on what the decider has read (409)."""


class RequirementsNotMet(Refusal):
    """A required value is missing or invalid (400). ``errors`` maps each field to its messages."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        super().__init__(" ".join(message for messages in self.errors.values() for message in messages))
