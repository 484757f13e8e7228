"""Adds and edits sources, and their texts as numbered paragraphs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.levels import level_errors
from accounts.permissions import Right
from core.texts import is_changed, plain_text
from relations.choices import ParagraphRole
from relations.models import Paragraph, Source
from relations.models.source import numbered_text, sha256_of, split_paragraphs
from relations.services.duplicates import refuse_recorded
from relations.services.paper_structure import PaperParagraph, read_paper
from relations.services.paragraph_splitting import is_numbered, refuse_many
from relations.services.record_writers import (
    fill_new,
    locked,
    refill,
    refuse,
    refuse_duplicates,
    require_right,
)

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class ParagraphLabel:
    """What a paragraph bears on the paper, and what it is there. See ``Paragraph``."""

    label: str | None = None
    role: ParagraphRole = ParagraphRole.PARAGRAPH


PLAIN = ParagraphLabel()
NO_LABELS: Mapping[int, ParagraphLabel] = {}


def labels_of(paper: Sequence[PaperParagraph]) -> dict[int, ParagraphLabel]:
    """What the paragraphs of ``paper`` bear, by their number in the text, where it is not that number."""
    if not any(each.label for each in paper):
        found = {n: ParagraphLabel(None, each.role) for n, each in enumerate(paper, start=1)}
    else:
        found = {
            n: ParagraphLabel(None if each.label == str(n) else each.label, each.role)
            for n, each in enumerate(paper, start=1)
        }
    return {number: each for number, each in found.items() if each != PLAIN}


@dataclass(frozen=True, slots=True)
class NumberedPaper:
    """A text in numbered paragraphs, with what they bear on the paper where it is not their number."""

    text: str = ""
    labels: Mapping[int, ParagraphLabel] = field(default_factory=dict)


def numbered_paper(text: str) -> NumberedPaper:
    """``text`` in numbered paragraphs, read by ``paper_structure.read_paper``.

    A text that begins with ``1. `` keeps its words, spaces and numbers: cited paragraphs are compared with
    it word for word. Raises ``ValidationError`` if there are too many paragraphs.
    """
    text = plain_text(text)
    if not text:
        return NumberedPaper()
    if is_numbered(text):
        refuse_many(split_paragraphs(text))
        return NumberedPaper(f"{text}\n")
    paper = refuse_many(read_paper(text))
    return NumberedPaper(numbered_text(each.text for each in paper), labels_of(paper))


@transaction.atomic
def record_text(*, source: Source, text: str, labels: Mapping[int, ParagraphLabel] = NO_LABELS) -> Source:
    """Save ``source`` with ``text``, and its paragraphs.

    ``labels`` has what paragraphs bear on the paper, by their number. A paragraph that was recorded before
    keeps what it bears.

    Raises ``ValidationError`` on ``text``, and changes nothing, where the new text would change or remove a
    paragraph that is cited.
    """
    paragraphs = dict(split_paragraphs(text))
    if empty := [number for number, wording in paragraphs.items() if not wording]:
        raise ValidationError({"text": _("Paragraph %(number)d has no text.") % {"number": empty[0]}})
    source.text = text
    source.sha256 = sha256_of(text) if text else ""
    source.save()
    recorded = list(source.paragraphs.all())
    known = {p.number: ParagraphLabel(p.label, ParagraphRole(p.role)) for p in recorded}
    stale = [p for p in recorded if is_changed(p.text, paragraphs.get(p.number))]
    try:
        Paragraph.objects.filter(pk__in=[p.pk for p in stale]).delete()
    except ProtectedError as error:
        cited = min({mention.paragraph.number for mention in error.protected_objects})  # type: ignore[attr-defined]
        raise ValidationError(
            {
                "text": _("Paragraph %(number)d cannot be changed. Add the corrected text as a new source.")
                # Not that it is cited: what cites it may be classified.
                % {"number": cited}
            }
        ) from error
    unchanged = set(source.paragraphs.values_list("number", flat=True))
    Paragraph.objects.bulk_create(
        Paragraph(source=source, number=number, text=wording, label=borne.label, role=borne.role)
        for number, wording in paragraphs.items()
        if number not in unchanged
        for borne in [labels.get(number) or known.get(number) or PLAIN]
    )
    return source


def record_paper(*, source: Source, text: str) -> Source:
    """Save ``source`` with ``text`` as ``numbered_paper`` reads it. Raises what ``record_text`` raises."""
    paper = _read(text)
    return record_text(source=source, text=paper.text, labels=paper.labels)


def _read(text: str) -> NumberedPaper:
    try:
        return numbered_paper(text)
    except ValidationError as error:
        raise ValidationError({"text": error.messages}) from error


def _labelled(paper: NumberedPaper, labels: Mapping[int, ParagraphLabel]) -> NumberedPaper:
    """``paper`` with these labels. Raises ``ValidationError`` where it has no such paragraph."""
    if not labels:
        return paper
    if unknown := labels.keys() - dict(split_paragraphs(paper.text)).keys():
        message = _("The text has no paragraph %(number)s.") % {"number": min(unknown)}
        raise ValidationError({"paragraphs": [message]})
    return NumberedPaper(paper.text, {**paper.labels, **labels})


@transaction.atomic
def create_source(
    *,
    actor: "User",
    fields: Mapping[str, Any],
    key: str = "",
    text: str = "",
    labels: Mapping[int, ParagraphLabel] = NO_LABELS,
    based_on: Collection[Source] = (),
    despite: Collection[str] = (),
) -> Source:
    """Add a source with ``text``, which is read by ``numbered_paper``.

    ``labels`` says what paragraphs bear on the paper, by their number, where that is not as it is read.
    Without ``key``, its key is made from its title. Raises ``PermissionDenied``, and ``ValidationError``
    with the errors of each column. Raises ``AlreadyRecorded`` if sources that are not in ``despite`` may be
    the same.
    """
    require_right(actor, Right.EDIT_REGISTER)
    source = Source()
    refuse(fill_new(source, fields=fields, key=key) | level_errors(actor, source.classification))
    paper = _labelled(_read(text), labels)
    refuse_recorded(source, user=actor, despite=despite, text=paper.text)
    with refuse_duplicates():
        record_text(source=source, text=paper.text, labels=paper.labels)
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
    labels: Mapping[int, ParagraphLabel] = NO_LABELS,
    based_on: Collection[Source] | None = None,
) -> Source:
    """Change the given fields of ``source``. Its key and its cited paragraphs never change.

    Raises ``PermissionDenied``, and ``ValidationError`` with the errors of each column.
    """
    require_right(actor, Right.EDIT_REGISTER)
    locked_source = locked(source)
    stands = locked_source.classification
    changed, errors = refill(locked_source, fields=fields, key=key)
    if locked_source in (based_on or ()):
        errors["based_on"] = [_("A source cannot be based on itself.")]
    if "classification" in changed:
        errors |= level_errors(actor, locked_source.classification, stands=stands)
    refuse(errors)
    paper = NumberedPaper(locked_source.text) if text is None else _labelled(_read(text), labels)
    if is_changed(locked_source.text, paper.text):
        record_text(source=locked_source, text=paper.text, labels=paper.labels)
    elif changed:
        locked_source.save(update_fields=changed)
    if based_on is not None:
        hidden = locked_source.based_on.exclude(pk__in=Source.objects.visible_to(actor))
        locked_source.based_on.set([*based_on, *hidden])
    return locked_source
