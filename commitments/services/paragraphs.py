"""Deciding on the paragraphs of a text, one by one, while a meeting is recorded."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.choices import Status
from commitments.models import Commitment, Mention, SetAside
from commitments.services.editing import mention_errors
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.registration import FirstMention, register_commitment
from relations.models import Country, Meeting, Paragraph

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def register_from_paragraph(
    *,
    actor: "User",
    mention: FirstMention,
    fields: Mapping[str, Any],
    parties: Collection[Country],
    obligated: Collection[Country],
    beneficiaries: Collection[Country] = (),
    status: str = Status.AGREED,
    note: str,
) -> Commitment:
    """Register the commitment that a paragraph makes, as of the day of its meeting; once, if asked twice.

    Raises ``PermissionDenied`` unless ``actor`` is an officer, ``RequirementsNotMet`` by field.
    """
    if errors := mention_errors(mention.meeting, mention.paragraph):
        raise RequirementsNotMet(errors)
    # Whoever registers from this paragraph waits here, so that a form sent twice is noticed.
    Paragraph.objects.select_for_update(no_key=True).get(pk=mention.paragraph.pk)
    same = (
        Commitment.objects.visible_to(actor)
        .filter(
            title=fields.get("title", ""),
            mentions__meeting=mention.meeting,
            mentions__paragraph=mention.paragraph,
        )
        .first()
    )
    if same is not None:
        raise RequirementsNotMet(
            {
                "title": [
                    _("A commitment of this title was registered from this paragraph: %(reference)s.")
                    % {"reference": same.reference}
                ]
            }
        )
    return register_commitment(
        actor=actor,
        fields=fields,
        parties=parties,
        obligated=obligated,
        beneficiaries=beneficiaries,
        mention=mention,
        note=note,
        status=status,
        occurred_on=mention.meeting.day,
    )


@transaction.atomic
def set_aside(*, paragraph: Paragraph, meeting: Meeting, actor: "User") -> SetAside:
    """Note that ``paragraph`` was read for ``meeting`` and holds no commitment; twice is as good as once.

    Raises ``PermissionDenied``, and ``RequirementsNotMet`` where ``actor`` sees a commitment rest on it.
    """
    if not actor.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer records a meeting."))
    if errors := mention_errors(meeting, paragraph):
        raise RequirementsNotMet(errors)
    visible = Commitment.objects.visible_to(actor).order_by().values("pk")
    resting = Mention.objects.filter(paragraph=paragraph, meeting=meeting, commitment__in=visible)
    if found := resting.select_related("commitment").first():
        raise RequirementsNotMet(
            {
                "paragraph": [
                    _("%(reference)s rests on this paragraph meanwhile; it is not set aside.")
                    % {"reference": found.commitment.reference}
                ]
            }
        )
    return SetAside.objects.get_or_create(paragraph=paragraph, meeting=meeting, defaults={"actor": actor})[0]


@transaction.atomic
def take_up_again(*, paragraph: Paragraph, meeting: Meeting, actor: "User") -> None:
    """Take back that ``paragraph`` was set aside for ``meeting``. Raises ``PermissionDenied``."""
    if not actor.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer records a meeting."))
    SetAside.objects.filter(paragraph=paragraph, meeting=meeting).delete()
