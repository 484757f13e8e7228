"""Recording the text of a source as numbered paragraphs."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from relations.models import Paragraph, Source
from relations.models.source import sha256_of, split_paragraphs
from relations.services.reflow import is_numbered, numbered, plain_lines


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
