"""Papers with the labels that a person reads on them, and how well the program reads them.

``<language>.txt`` has the papers, ``mixed.txt`` those of all languages. ``=== `` begins one. Before each paragraph stands, in braces, what it
is: ``{II.1}`` a paragraph with this label, ``{}`` one without a label, ``{#}`` a heading, ``{# II}`` a heading
with a label. All sentences are invented.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path

from relations.choices import ParagraphRole
from relations.services.paper_structure import PaperParagraph, read_paper

FOLDER = Path(__file__).parent
_ANNOTATION = re.compile(r"\{(#?) ?([^{}]*)\} ?")
_COMPARED = 24
"""How many characters of a paragraph are compared, without its spaces."""


class Verdict(StrEnum):
    """How the label of one paragraph was read."""

    RIGHT = auto()
    FLAGGED = auto()
    """Not as on the paper, and marked: a person is shown where."""
    WRONG = auto()


@dataclass(frozen=True, slots=True)
class Annotated:
    """A paragraph that a person sees on the paper, with the beginning of its text."""

    label: str
    is_heading: bool
    begins: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the set."""

    language: str
    kind: str
    text: str
    paragraphs: tuple[Annotated, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was made of an annotated paragraph, or of a label that stands on no paper."""

    verdict: Verdict
    expected: str
    read: str


def papers() -> Iterator[Paper]:
    """All papers of the set."""
    for file in sorted(FOLDER.glob("*.txt")):
        for block in file.read_text(encoding="utf-8").split("=== ")[1:]:
            kind, annotated = block.split("\n", 1)
            pieces = _ANNOTATION.split(annotated)
            found = tuple(
                Annotated(label, sign == "#", _beginning(text))
                for sign, label, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True)
            )
            yield Paper(file.stem, kind, _ANNOTATION.sub("", annotated), found)


def judged(paper: Paper) -> list[Found]:
    """The verdict on each label of ``paper``, and on each that was read where there is none."""
    read = read_paper(paper.text)
    found: list[Found] = []
    taken: set[int] = set()
    place = 0
    for each in paper.paragraphs:
        at = next((n for n in range(place, len(read)) if _begins(read[n]).startswith(each.begins)), None)
        if at is not None:
            place = at + 1
            taken.add(at)
        if each.label:
            found.append(_verdict(each, read, at))
    found.extend(
        Found(Verdict.FLAGGED if row.doubt else Verdict.WRONG, "", row.label)
        for n, row in enumerate(read)
        if row.label and n not in taken
    )
    return found


def _verdict(expected: Annotated, read: Sequence[PaperParagraph], at: int | None) -> Found:
    wanted = f"{'# ' if expected.is_heading else ''}{expected.label}"
    if at is None:
        inside = [row for row in read if row.split_at and expected.begins in _squeezed(row.text)]
        return Found(Verdict.FLAGGED if inside else Verdict.WRONG, wanted, "")
    row = read[at]
    got = f"{'# ' if row.role == ParagraphRole.HEADING else ''}{row.label}"
    if got == wanted:
        return Found(Verdict.RIGHT, wanted, got)
    return Found(Verdict.FLAGGED if row.doubt else Verdict.WRONG, wanted, got)


def _begins(row: PaperParagraph) -> str:
    return _squeezed(f"{row.mark}{row.text}")


def _beginning(text: str) -> str:
    return _squeezed(text.replace("\n> ", "\n").removesuffix("> "))[:_COMPARED]


def _squeezed(text: str) -> str:
    return "".join(text.split())
