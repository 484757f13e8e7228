"""Decisions on single paragraphs while a meeting is recorded."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.models import Commitment, Mention, SetAside
from commitments.services.editing import mention_errors
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.registration import FirstMention, register_commitment
from relations.models import Country, Meeting, Paragraph, Source

if TYPE_CHECKING:
    from accounts.models import User


class ParagraphRegistration(TypedDict):
    """What a person enters of a commitment beside its paragraph. See ``RegistrationArguments``."""

    fields: Mapping[str, Any]
    parties: Collection[Country]
    obligated: Collection[Country]
    beneficiaries: NotRequired[Collection[Country]]
    status: NotRequired[str]
    note: str
    despite: NotRequired[Collection[str]]
    agencies: NotRequired[Sequence[Mapping[str, Any]]]


@transaction.atomic
def register_from_paragraph(
    *, actor: "User", mention: FirstMention, **arguments: Unpack[ParagraphRegistration]
) -> Commitment:
    """Register a commitment from a paragraph, dated on the day of the meeting.

    Raises ``PermissionDenied`` unless ``actor`` is an officer. Raises ``RequirementsNotMet`` with the
    errors of each field, also when a commitment of this title was already registered from the paragraph.
    Raises ``LikelyTwins`` if commitments that are not in ``despite`` may be the same.
    """
    if errors := mention_errors(mention.meeting, mention.paragraph):
        raise RequirementsNotMet(errors)
    # Lock the meeting, so that a form that is sent twice at once is refused the second time. To lock the
    # paragraph the application's role would need the right to change it.
    Meeting.objects.select_for_update(no_key=True).get(pk=mention.meeting.pk)
    duplicate = (
        Commitment.objects.visible_to(actor)
        .filter(
            title=arguments["fields"].get("title", ""),
            mentions__meeting=mention.meeting,
            mentions__paragraph=mention.paragraph,
            mentions__is_in_error=False,
        )
        .first()
    )
    if duplicate is not None:
        raise RequirementsNotMet(
            {
                "title": [
                    _("%(reference)s was already registered from this paragraph with this title.")
                    % {"reference": duplicate.reference}
                ]
            }
        )
    return register_commitment(actor=actor, mention=mention, occurred_on=mention.meeting.day, **arguments)


@transaction.atomic
def set_aside(*, paragraph: Paragraph, meeting: Meeting, actor: "User") -> SetAside:
    """Record that ``paragraph`` contains no commitment; a second call changes nothing.

    Raises ``PermissionDenied`` unless ``actor`` is an officer, and ``RequirementsNotMet`` where it mentions a
    commitment that ``actor`` may see.
    """
    require_meeting_recorder(actor)
    if errors := mention_errors(meeting, paragraph):
        raise RequirementsNotMet(errors)
    visible = Commitment.objects.visible_to(actor).order_by().values("pk")
    mentions = Mention.objects.filter(paragraph=paragraph, meeting=meeting, commitment__in=visible)
    if mention := mentions.select_related("commitment").first():
        raise RequirementsNotMet(
            {
                "paragraph": [
                    _("This paragraph now mentions %(reference)s, so it cannot be marked “nothing”.")
                    % {"reference": mention.commitment.reference}
                ]
            }
        )
    return SetAside.objects.get_or_create(paragraph=paragraph, meeting=meeting, defaults={"actor": actor})[0]


@transaction.atomic
def undo_set_aside(*, paragraph: Paragraph, meeting: Meeting, actor: "User") -> None:
    """Undo ``set_aside``. Raises ``PermissionDenied`` unless ``actor`` is an officer."""
    require_meeting_recorder(actor)
    SetAside.objects.filter(paragraph=paragraph, meeting=meeting).delete()


@transaction.atomic
def set_aside_many(*, paragraphs: Iterable[Paragraph], meeting: Meeting, actor: "User") -> list[Paragraph]:
    """Record that each of ``paragraphs``, all of one source, contains no commitment. Return those changed.

    What is decided already stays as it is. All rows get the same moment, by which ``undo_set_aside_at`` finds
    them. Raises ``PermissionDenied`` unless ``actor`` is an officer, and ``RequirementsNotMet`` if the
    source is not one of the meeting's.
    """
    require_meeting_recorder(actor)
    wanted = {each.pk: each for each in paragraphs}
    if not wanted:
        return []
    if errors := mention_errors(meeting, next(iter(wanted.values()))):
        raise RequirementsNotMet(errors)
    # As in registering: two officers who press at once write one row a paragraph.
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    visible = Commitment.objects.visible_to(actor).order_by().values("pk")
    of_these = {"paragraph__in": list(wanted), "meeting": meeting}
    mentions = Mention.objects.filter(**of_these, commitment__in=visible)
    decided = {
        *mentions.order_by().values_list("paragraph", flat=True),
        *SetAside.objects.filter(**of_these).order_by().values_list("paragraph", flat=True),
    }
    changed = [each for pk, each in wanted.items() if pk not in decided]
    now = timezone.now()
    SetAside.objects.bulk_create(
        SetAside(paragraph=each, meeting=meeting, actor=actor, decided_at=now) for each in changed
    )
    return changed


@transaction.atomic
def undo_set_aside_at(
    *, source: Source, meeting: Meeting, actor: "User", decided_at: dt.datetime
) -> list[Paragraph]:
    """Undo what ``actor`` set aside in ``source`` at the moment ``decided_at``. Return those paragraphs.

    Raises ``PermissionDenied`` unless ``actor`` is an officer. What was undone before is no error.
    """
    require_meeting_recorder(actor)
    rows = SetAside.objects.filter(
        paragraph__source=source, meeting=meeting, actor=actor, decided_at=decided_at
    )
    undone = [each.paragraph for each in rows.select_related("paragraph").order_by("paragraph__number")]
    rows.delete()
    return undone


def require_meeting_recorder(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may record a meeting."""
    if not actor.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer can record a meeting."))
