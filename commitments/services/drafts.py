"""Deletes a text that was added to be recorded, while nothing is based on it."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from commitments.models import Commitment, Mention, SetAside
from commitments.services.errors import RequirementsNotMet
from commitments.services.paragraphs import require_meeting_recorder
from relations.models import Source
from relations.services.record_writers import locked

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def delete_draft(*, source: Source, actor: "User") -> int:
    """Delete ``source`` with its text. Return how many of its paragraphs were marked “nothing”.

    Its field history stays. Raises ``PermissionDenied`` unless ``actor`` is an officer, and
    ``RequirementsNotMet``, without naming what depends on it, if the text records something: a mention, a
    status change or a target is based on a paragraph, or another source is based on it.
    """
    require_meeting_recorder(actor)
    draft = locked(source)
    if not is_draft(draft, actor):
        raise RequirementsNotMet({"source": [refusal()]})
    marked, _by_model = SetAside.objects.filter(paragraph__source=draft).delete()
    draft.meeting_links.all().delete()
    draft.based_on.clear()
    try:
        draft.delete()
    except (ProtectedError, ValidationError) as error:
        raise RequirementsNotMet({"source": [refusal()]}) from error
    return marked


def is_draft(source: Source, actor: "User") -> bool:
    """Whether nothing that ``actor`` may see is recorded from ``source``.

    What is hidden prevents the deletion, and nothing tells before that it is there.
    """
    visible = Commitment.objects.visible_to(actor).order_by().values("pk")
    return (
        bool(source.sha256)
        and not Mention.objects.filter(paragraph__source=source, commitment__in=visible).exists()
        and not source.basis_of.exists()
    )


def refusal() -> str:
    """Why a text cannot be deleted. What depends on it may be classified, so it is not named."""
    return _("This text cannot be deleted: other records depend on it.")
