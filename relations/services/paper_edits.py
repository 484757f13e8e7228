"""Changes what was read of a paper before it is recorded: split, join, make a heading or a paragraph."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum, auto

from core.documents.headings import LONGEST_HEADING
from core.documents.sentences import sentence_ends
from relations.choices import ParagraphRole
from relations.services.paper_structure import (
    CELL_MARK,
    HEADING_MARK,
    PARAGRAPH_MARK,
    SCAN_MARK,
    PaperParagraph,
)


def as_text(paragraphs: Sequence[PaperParagraph]) -> str:
    """The text that ``read_paper`` reads as ``paragraphs``."""
    blocks: list[str] = []
    for number, paragraph in enumerate(paragraphs, start=1):
        if paragraph.role == ParagraphRole.NOTE:
            if blocks:
                blocks[-1] += f"[^{number}]"
            blocks.append(f"[^{number}] {paragraph.text}")
            continue
        sign = HEADING_MARK if paragraph.role == ParagraphRole.HEADING else ""
        if (
            paragraph.role == ParagraphRole.PARAGRAPH
            and not paragraph.mark
            and looks_like_heading(paragraph.text)
        ):
            sign = PARAGRAPH_MARK
        mark = f"{paragraph.mark} " if paragraph.mark else ""
        scan = SCAN_MARK if paragraph.is_scanned else ""
        blocks.append(f"{scan}{sign}{mark}{paragraph.text}")
    return "\n\n".join(blocks)


def looks_like_heading(text: str) -> bool:
    """Whether ``text`` is as short as a heading and does not end like a sentence."""
    return len(text) <= LONGEST_HEADING and not sentence_ends(text) and CELL_MARK not in text


class PaperEdit(StrEnum):
    """What a person may do to a paragraph before the text is recorded."""

    SPLIT = auto()
    """Begin a paragraph at the number that stands inside it."""
    JOIN = auto()
    """Let it continue the one before."""
    HEADING = auto()
    """Make it a heading."""
    PARAGRAPH = auto()
    """Make it a paragraph."""


def edited(paragraphs: Sequence[PaperParagraph], edit: PaperEdit, place: int) -> str:
    """The text of ``paragraphs`` after ``edit`` of the one at ``place``, counted from 0.

    An edit that is not possible there changes nothing.
    """
    rows = list(paragraphs)
    if not 0 <= place < len(rows):
        return as_text(rows)
    row = rows[place]
    if edit == PaperEdit.SPLIT and row.split_at:
        rest = PaperParagraph(row.text[row.split_at :], is_scanned=row.is_scanned)
        rows[place : place + 1] = [replace(row, text=row.text[: row.split_at].rstrip()), rest]
    elif edit == PaperEdit.JOIN and place:
        before = rows[place - 1]
        rows[place - 1 : place + 1] = [
            replace(before, text=f"{before.text} {row.mark} {row.text}".replace("  ", " "))
        ]
    elif edit == PaperEdit.HEADING and row.role == ParagraphRole.PARAGRAPH:
        rows[place] = replace(row, role=ParagraphRole.HEADING, text=" ".join(row.text.split()))
    elif edit == PaperEdit.PARAGRAPH and row.role == ParagraphRole.HEADING:
        rows[place] = PaperParagraph(f"{row.mark} {row.text}".strip(), is_scanned=row.is_scanned)
    return as_text(rows)
