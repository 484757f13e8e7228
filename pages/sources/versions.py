"""The versions of a paragraph, with what each of them changed."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from relations.models import Paragraph
from relations.models.source import cited_by

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a wording: it stayed, was added, or was removed."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a paragraph. ``pieces`` tell it from the one before; the first version has one piece.

    ``was_citation`` and ``was_role`` are those of the version before where they were others, else "".
    """

    number: int
    citation: str
    role: str
    pieces: tuple[Piece, ...]
    was_citation: str = ""
    was_role: str = ""
    reason: str = ""
    actor: str = ""
    recorded_at: dt.datetime | None = None

    @property
    def marked(self) -> SafeString:
        """Its wording, with what was added and removed marked."""
        marks = {"same": "{}", "added": "<ins>{}</ins>", "removed": "<del>{}</del>"}
        return format_html_join(
            "", "{}", ((format_html(marks[each.kind], each.text),) for each in self.pieces)
        )


def versions_of(paragraph: Paragraph) -> list[Version]:
    """The versions of ``paragraph``, the newest first, in one query."""
    names = dict(Paragraph._meta.get_field("role").flatchoices)
    found = [
        Version(
            1,
            paragraph.first_citation,
            str(names.get(paragraph.first_role, "")),
            (Piece("same", paragraph.first_text),),
        )
    ]
    text = paragraph.first_text
    for row in paragraph.versions.select_related("actor").order_by("version"):
        before = found[-1]
        citation, role = cited_by(row.label, paragraph.number), str(row.get_role_display())
        found.append(
            Version(
                row.version,
                citation,
                role,
                tuple(difference(text, row.text)),
                was_citation=before.citation if before.citation != citation else "",
                was_role=before.role if before.role != role else "",
                reason=row.reason,
                actor=str(row.actor or ""),
                recorded_at=row.recorded_at,
            )
        )
        text = row.text
    return found[::-1]


def difference(before: str, after: str) -> Iterator[Piece]:
    """The pieces of ``after``, with what was removed from ``before``, word by word."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[start:end]))
            continue
        if end > start:
            yield Piece("removed", "".join(old[start:end]))
        if new_end > new_start:
            yield Piece("added", "".join(new[new_start:new_end]))
