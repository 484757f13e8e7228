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
    visit: re.Pattern[str]
    """A sentence that tells what is planned for a visit."""
    programme: re.Pattern[str]
    """Signs that the text is the programme of a ceremony."""
    help: re.Pattern[str]
    """That a promise of one side is for the other."""
    by_year: re.Pattern[str]
    """The year of a deadline."""
    we: re.Pattern[str]
    """Who speaks of themselves: a promise only in a declaration."""
    old: re.Pattern[str]
    """A year in a phrase of time."""
    perfect: re.Pattern[str]
    """Before a cue: an agreement of earlier times, unless it is reported now: "had"."""
    domestic: re.Pattern[str]
    """Politics at home, where one side promises something to its voters."""
    joint_verb: re.Pattern[str]
    """A verb that needs two: "agreed"."""
    determiner: re.Pattern[str]
    """Before a noun that looks like a verb of a cue: "the pledge to"."""
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
    clause_break: re.Pattern[str]
    """Where a clause with a subject of its own may begin: "; ", ", while "."""
    joint_before_cue: re.Pattern[str]
    """The word that joins a second verb of saying: "agreed to … and promised to …"."""
    said: re.Pattern[str]
    """After a verb of saying: where the clause begins that is reported."""
    confident: re.Pattern[str]
    """Words of belief and forecast."""
    passive: re.Pattern[str]
    """After "will": that something is to be done by those who agree: "be set up"."""
    protocol: re.Pattern[str]
    """The subject of a passive that is no undertaking: a banquet, a dispute to be settled."""
    decision: re.Pattern[str]
    """Before an undertaking in a record: "Decision:"."""
    declaration: re.Pattern[str]
    """The head of a joint statement, in which "we" promises."""
    outsiders: re.Pattern[str]
    """Subjects that are no government: companies, analysts."""
    item_subject: re.Pattern[str]
    """In an item: what stands between the one who acts and the verb."""
    after_addressee: re.Pattern[str]
    """After the one who is asked: where the deed begins."""
    cooperation: re.Pattern[str]
    """In a report of progress: that it is about what the sides do together."""
    other_side: re.Pattern[str]
    """Whom one of two sides asks, without a name: "the country"."""
    general: re.Pattern[str]
    """An object that says nothing: "agreed on a number of measures"; what it is stands behind "including"."""
    including: re.Pattern[str]
    """Before the undertakings behind such an object."""
    stranger: re.Pattern[str]
    """Somebody who is asked and is not known as one of the sides: "the judges to"."""
    courtesy: re.Pattern[str]
    """What is asked for out of courtesy: "to convey his greetings"."""
    agent: re.Pattern[str]
    """Before the one who acts in a passive: "by"."""
    least_words: int = 2
    """So many words are a verb without an object: "prevent and combat crime" is one undertaking."""
    adverbs: frozenset[str] = frozenset()
    """Words that may stand alone before a second verb: "and further agreed"."""
    clause: re.Pattern[str] | None = None
    """After a cue: words with which a whole clause begins, where the language leaves out "that"."""


def one_of(words: str) -> str:
    """A group that matches any of ``words``, one or more lines of words divided by "," or line ends."""
    parts = [part.strip() for line in words.strip().splitlines() for part in line.split(",")]
    return "(?:" + "|".join(sorted(filter(None, parts), key=len, reverse=True)) + ")"


def compiled(pattern: str) -> re.Pattern[str]:
    """``pattern`` with spaces that match any run of white space."""
    return re.compile(pattern.replace(" ", r"\s+"))
