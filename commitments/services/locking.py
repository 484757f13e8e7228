"""Locks a commitment for a writer."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commitments.models import Commitment
from commitments.services.errors import IsInError

if TYPE_CHECKING:
    from accounts.models import User


def locked_for(actor: "User", commitment: Commitment) -> Commitment:
    """The commitment, read again and locked until the transaction ends.

    It may have been entered in error: call ``require_counted`` once the role is checked. Raises
    ``Commitment.DoesNotExist`` if ``actor`` may not see it.
    """
    rows = Commitment.objects.readable_by(actor).select_for_update(no_key=True)
    return rows.get(pk=commitment.pk)


def in_error_refusal(commitment: Commitment) -> IsInError | None:
    """Why nothing can be written to ``commitment`` any more; ``None`` unless it was entered in error."""
    if not commitment.is_in_error:
        return None
    message = _("%(reference)s was entered in error. Nothing more is recorded for it.")
    return IsInError(message % {"reference": commitment.reference}, status=commitment.status)


def require_counted(commitment: Commitment) -> None:
    """Raise ``IsInError`` if ``commitment`` was entered in error."""
    if refused := in_error_refusal(commitment):
        raise refused
