"""Clerical corrections of paragraphs: what was mistyped or misnumbered, not what was agreed."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.models import Mention
from commitments.services.search import refresh_search_text
from core.texts import plain_text
from relations.choices import ParagraphRole
from relations.models import Paragraph, ParagraphVersion
from relations.models.source import sha256_of, split_paragraphs, with_wording
from relations.services.record_writers import locked, require_right

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def correct_paragraph(
    *,
    paragraph: Paragraph,
    actor: "User",
    text: str,
    label: str | None,
    role: str = ParagraphRole.PARAGRAPH,
    reason: str,
    version: int,
) -> ParagraphVersion:
    """Add a version of ``paragraph``. ``version`` is the one that ``actor`` has read.

    Mentions quote the new version. A status change keeps the version on which it was based. The text of the
    source gets the new wording and a new checksum; its field history keeps the former text with ``reason``.
    Raises ``PermissionDenied`` unless ``actor`` is an officer, and ``ValidationError`` by field: nothing was
    changed, somebody else corrected it meanwhile, or the text of the source was altered.
    """
    require_right(actor, Right.EDIT_REGISTER)
    source = locked(paragraph.source)
    current = source.paragraphs.get(pk=paragraph.pk)
    text, reason = plain_text(text), plain_text(reason)
    _refuse(current, text, label, role, reason, version)
    if not source.is_unaltered:
        raise ValidationError(_("The text of this source was altered. Check it against the original first."))
    new = ParagraphVersion.objects.create(
        paragraph=current,
        version=current.version + 1,
        text=text,
        label=label,
        role=role,
        reason=reason,
        actor=actor,
    )
    if dict(split_paragraphs(source.text)).get(current.number) == current.text:
        source.text = with_wording(source.text, current.number, text)
        if dict(split_paragraphs(source.text)).get(current.number) != text:
            raise ValidationError({"text": [_("A line of the text begins like the next paragraph.")]})
        source.sha256 = sha256_of(source.text)
    source._change_reason = reason[:100]  # type: ignore[attr-defined]
    source.save()
    Paragraph.objects.filter(pk=current.pk).update(text=text, label=label, role=role, version=new.version)
    mentions = Mention.with_errors.filter(paragraph=current)
    refresh_search_text(mentions.order_by().values_list("commitment", flat=True).distinct())
    return new


def _refuse(current: Paragraph, text: str, label: str | None, role: str, reason: str, version: int) -> None:
    errors: dict[str, list[str]] = {}
    if not text:
        errors["text"] = [_("Paragraph %(number)d has no text.") % {"number": current.number}]
    if not reason:
        errors["reason"] = [_("Enter what was wrong, and how it is known.")]
    if errors:
        raise ValidationError(errors)
    if version != current.version:
        raise ValidationError(
            _("This paragraph was corrected meanwhile. Read the new version, and correct that one.")
        )
    if (text, label, role) == (current.text, current.label, current.role):
        raise ValidationError(_("Nothing was changed."))
