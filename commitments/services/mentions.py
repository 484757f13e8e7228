"""Recording mentions of a commitment, and deleting mentions that were recorded by mistake."""

from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.models import Commitment, Mention
from commitments.services.editing import change_based_on, mention_errors
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.locking import locked_for, require_counted
from relations.models import Meeting, Paragraph

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def record_mention(
    *,
    commitment: Commitment,
    actor: "User",
    meeting: Meeting,
    paragraph: Paragraph,
    kind: str,
    modality: str = "",
    summary: str = "",
    reader_quote: str = "",
) -> Mention:
    """Record that ``paragraph`` mentions ``commitment``, as said at ``meeting``.

    The source of the paragraph must report on the meeting. A paragraph has one mention of a commitment of
    each kind. ``reader_quote`` is the passage, where the reader of texts proposed it.
    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet`` by field.
    """
    locked = _locked(commitment, actor)
    mention = Mention(
        commitment=locked,
        meeting=meeting,
        paragraph=paragraph,
        kind=kind,
        modality=modality,
        summary=summary.strip(),
        reader_quote=reader_quote,
    )
    mention._history_user = actor  # type: ignore[attr-defined]
    errors = mention_errors(meeting, paragraph)
    try:
        mention.full_clean(validate_unique=False)
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            errors.setdefault("kind" if field == NON_FIELD_ERRORS else field, []).extend(messages)
    if errors:
        raise RequirementsNotMet(errors)
    try:
        with transaction.atomic():
            mention.save()
    except IntegrityError as error:  # saved meanwhile by a writer that does not lock the commitment
        raise RequirementsNotMet({"kind": [_("This mention is already recorded.")]}) from error
    return mention


@transaction.atomic
def change_mention(*, mention: Mention, actor: "User", reason: str = "", **values: str) -> Mention:
    """Change the kind, the modality or the summary of ``mention``. Its meeting and its paragraph stay.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet`` by field.
    """
    locked = _locked(mention.commitment, actor)
    found = locked.mentions.get(pk=mention.pk)
    for name, value in values.items():
        setattr(found, name, value)
    try:
        found.full_clean()
    except ValidationError as error:
        errors = {"kind" if name == NON_FIELD_ERRORS else name: m for name, m in error.message_dict.items()}
        raise RequirementsNotMet(errors) from error
    found._change_reason = reason[:100] or None  # type: ignore[attr-defined]
    found.save()
    return found


@transaction.atomic
def take_back_mention(*, mention: Mention, actor: "User") -> None:
    """Delete a mention that was recorded by mistake. Its edit history keeps the content.

    A mention on which a status change is based cannot be deleted, nor can the only mention of a commitment.
    Does nothing if the mention has already been deleted. Raises ``Commitment.DoesNotExist`` (not visible),
    ``PermissionDenied``, ``RequirementsNotMet``.
    """
    locked = _locked(mention.commitment, actor)
    found = locked.mentions.filter(pk=mention.pk).first()
    if found is None:
        return
    others = locked.mentions.exclude(pk=found.pk)
    same_place = others.filter(meeting=found.meeting_id, paragraph=found.paragraph_id)
    if change_based_on(locked, found.paragraph_id) and not same_place.exists():
        raise RequirementsNotMet(
            {
                "mention": [
                    _("%(reference)s was registered here, or a status is based on it. It cannot be undone.")
                    % {"reference": locked.reference}
                ]
            }
        )
    if not others.exists():
        raise RequirementsNotMet(
            {
                "mention": [
                    _("This is the only mention of %(reference)s, so it cannot be undone.")
                    % {"reference": locked.reference}
                ]
            }
        )
    found.delete()


def require_recorder(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may record mentions."""
    if not actor.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer can record mentions."))


def _locked(commitment: Commitment, actor: "User") -> Commitment:
    locked = locked_for(actor, commitment)
    require_recorder(actor)
    require_counted(locked)
    return locked
