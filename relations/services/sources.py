"""Recording the text of a source as numbered paragraphs."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from relations.models import Paragraph, Source
from relations.models.source import sha256_of, split_paragraphs

_BLANK_LINES = re.compile(r"\n\s*\n")


def number_paragraphs(text: str) -> str:
    """``text`` with its blocks numbered ``1. ``, ``2. `` …; one that begins with ``1. `` stays as it is."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return ""
    if not re.match(r"1\.[ \t]", text):
        blocks = [block.strip() for block in _BLANK_LINES.split(text)]
        text = "\n\n".join(f"{number}. {block}" for number, block in enumerate(blocks, start=1))
    return text + "\n"


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
