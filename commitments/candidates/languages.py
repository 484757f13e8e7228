"""What the reader must know of a language. ``english`` and ``vietnamese`` fill it in."""

import re
from dataclasses import dataclass
from enum import StrEnum, auto


class Takes(StrEnum):
    """Where the undertaking stands that a cue announces."""

    DEED = auto()
    """After the cue: "agreed to …"."""
    CLAUSE = auto()
    """After the cue, with a subject of its own: "agreed that the ministries will …"."""
    SELF = auto()
    """Around the cue: "Viet Nam will …"."""
    PASSIVE = auto()
    """Before the cue: "… was agreed"."""
    REQUEST = auto()
    """After the cue and the one who is asked: "called on Cambodia to …"."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that show that a commitment is made, asked for or reported on.

    ``pattern`` is a regular expression for lower-case text. The group ``comp``, if there is one, is the word
    that joins the undertaking to the verb; it decides between ``DEED`` and ``CLAUSE``.
    """

    pattern: re.Pattern[str]
    modality: str
    takes: Takes
    is_report: bool = False
    kind: str = ""
    """The kind of mention that these words say themselves: "reaffirmed", "progress", "fulfilled"."""
    is_weak: bool = False
    """Counts only in a text in which the sides agree on something else."""
    is_joint: bool = False
    """Only where the sides speak together."""


@dataclass(frozen=True, slots=True)
class Language:
    """The tables of one language. All patterns are for lower-case text."""

    code: str
    cues: tuple[Cue, ...]
    joint: re.Pattern[str]
    """All sides together: "the two sides"."""
    same: re.Pattern[str]
    """Whoever spoke last: "he", "the ambassador"."""
    roles: frozenset[str]
    """Words of which the name of a government, an office or a body consists."""
    modal: re.Pattern[str]
    """In a clause: that something is to be done."""
    accomplished: re.Pattern[str]
    """In a clause: that something has been done, or is so."""
    refusals: tuple[re.Pattern[str], ...]
    """Before or at the cue: words that take the undertaking back: "did not", "confident that"."""
    past: re.Pattern[str]
    """The sentence tells of earlier times."""
    speech: re.Pattern[str]
    """Signs that the whole text is a speech."""
    not_deeds: re.Pattern[str]
    """After "will": what is no undertaking: "become", "visit"."""
    deeds: re.Pattern[str]
    """A verb with which an undertaking begins."""
    breaks: re.Pattern[str]
    """Between two undertakings of a list; the group ``verb`` begins the next one."""
    heading: re.Pattern[str]
    """A heading under which every item is an undertaking."""
    completed: re.Pattern[str]
    """In a report: that what was promised is done."""
    fronted: re.Pattern[str]
    """Words before the subject that say nothing of who acts: "to this end"."""
    ignored_end: re.Pattern[str]
    """Words after an undertaking that do not belong to it: ", he said"."""


def one_of(words: str) -> str:
    """A group that matches any of ``words``, one or more lines of words divided by "," or line ends."""
    parts = [part.strip() for line in words.strip().splitlines() for part in line.split(",")]
    return "(?:" + "|".join(sorted(filter(None, parts), key=len, reverse=True)) + ")"


def compiled(pattern: str) -> re.Pattern[str]:
    """``pattern`` with spaces that match any run of white space."""
    return re.compile(pattern.replace(" ", r"\s+"))
