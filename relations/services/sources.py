"""Recording a source, and its text as numbered paragraphs."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.permissions import Right
from relations.models import Paragraph, Source
from relations.models.source import sha256_of, split_paragraphs
from relations.services.paragraph_splitting import is_numbered, numbered, plain_lines
from relations.services.record_writers import fill_new, locked, refill, refuse, require_right, told_apart

if TYPE_CHECKING:
    from accounts.models import User


def number_paragraphs(text: str) -> str:
    """``text`` as numbered paragraphs, found as ``reflow`` finds them.

    One that begins with ``1. `` stays to the letter: cited paragraphs are compared with what was recorded.
    """
    text = plain_lines(text).strip()
    if not text:
        return ""
    return f"{text}\n" if is_numbered(text) else numbered(text)


@transaction.atomic
def record_text(*, source: Source, text: str) -> Source:
    """Give ``source`` its ``text`` and cut it into paragraphs; the source is saved.

    A paragraph that is cited stays as it is: raises ``ValidationError`` on ``text`` when the new wording
    would change or drop one, and then changes nothing.
    """
    wanted = dict(split_paragraphs(text))
    if empty := [number for number, wording in wanted.items() if not wording]:
        raise ValidationError({"text": _("Paragraph %(number)d has no text.") % {"number": empty[0]}})
    source.text = text
    source.sha256 = sha256_of(text) if text else ""
    source.save()
    stale = [p for p in source.paragraphs.all() if wanted.get(p.number) != p.text]
    try:
        Paragraph.objects.filter(pk__in=[p.pk for p in stale]).delete()
    except ProtectedError as error:
        cited = min({mention.paragraph.number for mention in error.protected_objects})  # type: ignore[attr-defined]
        raise ValidationError(
            {
                "text": _(
                    "Paragraph %(number)d is cited and stays as it is. "
                    "Record the corrected text as a new source."
                )
                % {"number": cited}
            }
        ) from error
    kept = set(source.paragraphs.values_list("number", flat=True))
    Paragraph.objects.bulk_create(
        Paragraph(source=source, number=number, text=wording)
        for number, wording in wanted.items()
        if number not in kept
    )
    return source


@transaction.atomic
def create_source(
    *,
    actor: "User",
    fields: Mapping[str, Any],
    key: str = "",
    text: str = "",
    based_on: Collection[Source] = (),
) -> Source:
    """Record a source; ``text`` is numbered where it has no numbers, and cut into its paragraphs.

    Its key is made from its title where none is given. Raises ``PermissionDenied``, ``ValidationError`` by
    column.
    """
    require_right(actor, Right.EDIT_REGISTER)
    source = Source()
    refuse(fill_new(source, fields=fields, key=key))
    with told_apart():
        record_text(source=source, text=number_paragraphs(text))
    source.based_on.set(based_on)
    return source


@transaction.atomic
def change_source(
    *,
    actor: "User",
    source: Source,
    fields: Mapping[str, Any],
    key: str | None = None,
    text: str | None = None,
    based_on: Collection[Source] | None = None,
) -> Source:
    """Change what is given of ``source`` and leave the rest; its key and what is cited never change.

    Raises ``PermissionDenied``, ``ValidationError`` by column.
    """
    require_right(actor, Right.EDIT_REGISTER)
    kept = locked(source)
    changed, faults = refill(kept, fields=fields, key=key)
    if kept in (based_on or ()):
        faults["based_on"] = [_("A source is not based on itself.")]
    refuse(faults)
    wanted = kept.text if text in (None, kept.text) else number_paragraphs(text or "")
    if wanted != kept.text:
        record_text(source=kept, text=wanted)
    elif changed:
        kept.save(update_fields=changed)
    if based_on is not None:
        kept.based_on.set(based_on)
    return kept
