"""Texts with the undertakings that a person finds in them, and how well the reader of texts finds them.

``en.txt`` and ``vi.txt`` have texts with undertakings, ``empty.txt`` texts without any. Those of
``fresh1.txt`` and so on were written after the rules had been frozen, and used for tuning only after they had
been measured. ``=== `` begins a text: its name, the countries, its day. An undertaking stands in double
brackets: its kind, who must act, the latest day if there is one, ``=`` with the known commitment that it
restates, and a colon before the words. All sentences are invented.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from commitments.candidates.matching import KnownCommitment, KnownIndex

FOLDER = Path(__file__).parent
TUNED = ("en", "vi", "empty")
FRESH = ("fresh1", "fresh2", "fresh3", "fresh4", "fresh5", "fresh6", "fresh7", "fresh8")
"""The files, in the order in which they were written."""
_REGISTER = FOLDER.parents[1] / "commitments" / "fixtures" / "viet-nam-cambodia.yaml"
_MARK = re.compile(r"\[\[(?P<facts>[^:\[\]]+): |\]\]")


@dataclass(frozen=True, slots=True)
class Expected:
    """An undertaking that a person finds: its place in the text, and what is to be read from it."""

    start: int
    end: int
    kind: str
    obligated: tuple[str, ...]
    latest: dt.date | None
    reference: str


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """One text of the set."""

    file: str
    name: str
    parties: tuple[str, ...]
    on: dt.date
    text: str
    expected: tuple[Expected, ...]


def annotated_texts(*files: str) -> Iterator[AnnotatedText]:
    """The texts of ``files``, without suffix."""
    for file in files:
        for block in (FOLDER / f"{file}.txt").read_text(encoding="utf-8").split("=== ")[1:]:
            head, body = block.split("\n", 1)
            name, parties, day = (each.strip() for each in head.split("|"))
            text, expected = _parsed(body.strip() + "\n")
            yield AnnotatedText(
                file, name, tuple(parties.split()), dt.date.fromisoformat(day), text, expected
            )


def _parsed(body: str) -> tuple[str, tuple[Expected, ...]]:
    pieces: list[str] = []
    length = at = start = 0
    facts = ""
    expected = []
    for match in _MARK.finditer(body):
        pieces.append(body[at : match.start()])
        length += len(pieces[-1])
        at = match.end()
        if match["facts"]:
            start, facts = length, match["facts"]
        else:
            expected.append(_expected(start, length, facts.split()))
    pieces.append(body[at:])
    return "".join(pieces), tuple(expected)


def _expected(start: int, end: int, facts: list[str]) -> Expected:
    kind, *rest = facts
    days = [dt.date.fromisoformat(each) for each in rest if each[0].isdigit()]
    references = [each[1:] for each in rest if each.startswith("=")]
    codes = tuple(sorted(each for each in rest if each.isalpha()))
    return Expected(start, end, kind, codes, *(days or [None]), *(references or [""]))


@cache
def shipped_register() -> tuple[KnownIndex, dict[str, str]]:
    """The commitments of the shipped register, and its people with their countries."""
    document: dict[str, Any] = yaml.load(_REGISTER.read_bytes(), yaml.CSafeLoader)
    paragraphs = {
        (source["key"], int(number)): text
        for source in document["sources"]
        for number, text in re.findall(r"^(\d+)\. (.+)$", source.get("text", ""), re.MULTILINE)
    }
    known = [
        KnownCommitment(
            reference=each["reference"],
            title=each["title"],
            text=each["text"],
            quotes=tuple(
                paragraphs[mention["source"], mention["paragraph"]]
                for mention in each["mentions"]
                if (mention["source"], mention["paragraph"]) in paragraphs
            ),
            theme=each["theme"],
            nature=each["nature"],
            obligated=tuple(each["obligated"]),
        )
        for each in document["commitments"]
    ]
    people = {
        name: person["country"]
        for person in document["people"]
        for name in (person["name"], *person.get("aliases", ()))
        if " " in name
    }
    return KnownIndex.of(known), people
