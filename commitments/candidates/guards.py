"""What speaks against a cue: denials, forecasts, the past, speeches, others than the sides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from commitments.candidates.actors import Subject
from commitments.candidates.languages import Cue, Language, Takes
from commitments.candidates.passages import Plain
from commitments.choices import Modality

_LOOK_BACK, _LOOK_FAR_BACK = 60, 220
_MOST_WORDS_BEFORE_BARE_CUE = 3
_HEAD = 1_500
_ASIDE = re.compile(r"^\s*,[^,;]{2,60},\s*")
"""Between "will" and its verb: "will, in return, open"."""
_LEAST_SIGNS_OF_SPEECH = 2


@dataclass(frozen=True, slots=True)
class TextSigns:
    """What kind of text it is."""

    is_speech: bool
    has_agreement: bool
    """The sides agree on something in it: a notice of events has nothing of the kind."""

    @classmethod
    def of(cls, plain: Plain, languages: Iterable[Language]) -> "TextSigns":
        """Look for the signs of each language."""
        known = list(languages)
        signs = sum(len(each.speech.findall(plain.lower)) for each in known)
        is_declaration = any(each.declaration.search(plain.lower[:_HEAD]) for each in known)
        return cls(signs >= _LEAST_SIGNS_OF_SPEECH and not is_declaration, has_agreement=False)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text: its place, its language, and what kind of text it stands in."""

    plain: Plain
    language: Language
    start: int
    end: int
    signs: TextSigns


def is_past(wording: str, language: Language, year: int | None) -> bool:
    """Whether a sentence tells of earlier times. One that begins with a year to come does not."""
    match = language.past.search(wording)
    if match is None:
        return False
    groups = match.groupdict()
    named = groups.get("year") or groups.get("year2")
    return not (named and year and int(named) >= year)


def is_accepted(sentence: Sentence, match: re.Match[str], cue: Cue, subject: Subject, clause: int) -> bool:
    """Whether ``cue`` at ``match`` stands for an undertaking of ``subject``, or reports on one."""
    lower, language = sentence.plain.lower, sentence.language
    before = lower[max(sentence.start, match.start() - _LOOK_BACK) : match.start()]
    if any(each.search(before) for each in language.refusals):
        return False
    if cue.takes in (Takes.DEED, Takes.REQUEST) and not cue.is_report and language.determiner.search(before):
        return False
    if cue.is_joint and not subject.is_joint:
        return False
    if cue.is_report or cue.takes == Takes.PASSIVE:
        return True
    if sentence.signs.is_speech and not (
        cue.modality == Modality.VOWED and re.search(r"\d", lower[match.end() : sentence.end])
    ):
        return False
    if language.outsiders.search(lower, clause, match.start()):
        return False
    if cue.takes == Takes.SELF:
        return _promises(sentence, match, subject)
    if subject.codes:
        return True
    if subject.third:
        return False
    # Nobody is named: minutes say "Agreed to …", and lists of points begin with the verb.
    words = lower[sentence.start : match.start()].strip(" -:\"'").split()
    return len(words) <= _MOST_WORDS_BEFORE_BARE_CUE or subject.is_pure


def _promises(sentence: Sentence, match: re.Match[str], subject: Subject) -> bool:
    """Whether "X will …" promises something: X may promise, and does not foretell."""
    lower, language = sentence.plain.lower, sentence.language
    frame = lower[sentence.start : match.start()]
    after = _ASIDE.sub("", lower[match.end() : sentence.end]).lstrip()
    is_quoted = re.search(r"\"(?:\w+ ){0,4}$", frame) is not None
    if language.confident.search(frame[-_LOOK_FAR_BACK:]) or is_quoted:
        return False
    if match.groupdict().get("comp") == "would" and not language.said.search(
        f"{frame} {lower[match.end() : match.end() + _LOOK_BACK]}"
    ):
        return False
    if language.passive.match(after):
        return sentence.signs.has_agreement and not language.protocol.search(frame[-2 * _LOOK_BACK :])
    if not subject.codes or not subject.is_pure or language.not_deeds.match(after):
        return False
    if subject.is_joint or language.deeds.match(after):
        return True
    return (
        sentence.signs.has_agreement
        and re.match(r"[^\W\d]", after) is not None
        and not after.startswith("not ")
    )
