"""Recording that a commitment was spoken of, and taking such a mention back."""

from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.models import Commitment, Mention
from commitments.services.editing import change_based_on, mention_errors
from commitments.services.errors import NotYours, RequirementsNotMet
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
) -> Mention:
    """Record that ``paragraph`` speaks of ``commitment``, as said at ``meeting``.

    The paragraph's source must report on the meeting, and one paragraph does one thing to a commitment once.
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
    )
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
    except IntegrityError as error:  # a writer that does not lock the commitment was quicker
        raise RequirementsNotMet({"kind": [_("This mention is already recorded.")]}) from error
    return mention


@transaction.atomic
def take_back_mention(*, mention: Mention, actor: "User") -> None:
    """Delete a mention that was recorded by mistake; its history keeps what it said.

    What a status change rests on stays, and so does the last mention of a commitment. Taken back by somebody
    else meanwhile, it is simply gone. Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``,
    ``RequirementsNotMet``.
    """
    locked = _locked(mention.commitment, actor)
    kept = locked.mentions.filter(pk=mention.pk).first()
    if kept is None:
        return
    others = locked.mentions.exclude(pk=kept.pk)
    same_place = others.filter(meeting=kept.meeting_id, paragraph=kept.paragraph_id)
    if change_based_on(locked, kept.paragraph_id) and not same_place.exists():
        raise RequirementsNotMet(
            {
                "mention": [
                    _("%(reference)s was registered here, or a status rests on it: it cannot be taken back.")
                    % {"reference": locked.reference}
                ]
            }
        )
    if not others.exists():
        raise RequirementsNotMet(
            {"mention": [_("This is the only mention of %(reference)s.") % {"reference": locked.reference}]}
        )
    kept.delete()


def for_recorders(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may record mentions."""
    if not actor.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer records mentions."))


def _locked(commitment: Commitment, actor: "User") -> Commitment:
    locked = Commitment.objects.visible_to(actor).select_for_update(no_key=True).get(pk=commitment.pk)
    for_recorders(actor)
    return locked
