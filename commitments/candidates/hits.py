"""Finds the cues of a sentence against which no guard speaks, and who speaks in each."""

import re
from dataclasses import dataclass, field, replace

from commitments.candidates.actors import Actors, Subject, subject_in
from commitments.candidates.guards import Sentence, TextSigns, is_accepted
from commitments.candidates.languages import Cue, Language, Takes
from commitments.candidates.passages import Passage, Plain

_MOST_WORDS_OF_UNKNOWN = 8
_BEGINNING = 120
_SIDE = re.compile(r"[^,;]{3,60}?\b(?:side|party)\b")


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue in a sentence, with the subject before it and the place where its clause begins."""

    cue: Cue
    match: re.Match[str]
    subject: Subject
    clause: int

    def words(self, plain: Plain) -> str:
        """The cue as it stands in the text, on one line."""
        return " ".join(plain.text[self.match.start() : self.match.end()].split()).strip(" ,:;")


@dataclass(slots=True)
class HitReader:
    """Reads the sentences of one text in its order, and remembers who spoke last."""

    plain: Plain
    actors: Actors
    signs: TextSigns
    year: int | None
    """The year of the text."""
    last: str = ""
    """The country that spoke last alone: "he"."""
    was_joint: bool = False
    """The sentence before was about both sides, or about a thing of theirs: "it"."""
    _places: dict[tuple[int, int], list[tuple[re.Match[str], Cue]]] = field(default_factory=dict)

    @property
    def everyone(self) -> Subject:
        """All sides together."""
        return Subject(self.actors.parties, is_joint=True, is_pure=True)

    def hits(self, passage: Passage, language: Language) -> list[Hit]:
        """The cues of a sentence against which no guard speaks, in its order."""
        found = self._matches(passage, language)
        hits: list[Hit] = []
        free = begin = passage.start
        for match, cue in found:
            if match.start() < free:
                continue
            before = next((each for each in reversed(hits) if not each.cue.is_report), None)
            hit = self._hit(passage, language, match, cue, begin, before)
            sentence = Sentence(self.plain, language, passage.start, passage.end, self.signs, self.year)
            if is_accepted(sentence, match, cue, hit.subject, hit.clause):
                hits.append(hit)
                free = match.end()
                if not cue.is_report:
                    begin = match.end()
        return hits

    def _matches(self, passage: Passage, language: Language) -> list[tuple[re.Match[str], Cue]]:
        """The places of cues. Of several at one place, one that is no report is first, then the longest."""
        key = (passage.start, passage.end)
        if key not in self._places:
            self._places[key] = sorted(
                (
                    (match, cue)
                    for cue in language.cues
                    for match in cue.pattern.finditer(self.plain.lower, passage.start, passage.end)
                ),
                key=lambda each: (each[0].start(), each[1].is_report, -each[0].end()),
            )
        return self._places[key]

    def _hit(
        self,
        passage: Passage,
        language: Language,
        match: re.Match[str],
        cue: Cue,
        begin: int,
        before: Hit | None,
    ) -> Hit:
        clause = _clause_start(
            self.plain.lower, language, begin, match.start(), is_self=cue.takes == Takes.SELF
        )
        if cue.takes == Takes.PASSIVE:
            return Hit(cue, match, self.everyone, clause)
        if before:
            joints = list(language.joint_before_cue.finditer(self.plain.lower, clause, match.start()))
            clause = joints[-1].end() if joints else clause
        elif cue.takes == Takes.SELF:
            clause = self._after_joint(passage, language, clause, match.start())
        words = self.plain.lower[clause : match.start()].strip(" ,").split()
        if before and before.subject.codes and (not words or all(word in language.adverbs for word in words)):
            # "… and promised to": the subject stands before the first verb of the sentence.
            return Hit(cue, match, replace(before.subject, is_pure=True), clause)
        if not words and clause == passage.start and cue.takes != Takes.SELF:
            return Hit(cue, match, self.everyone, clause)  # "Entrust our officials with …", of a declaration
        if clause > passage.start and not before and all(word in language.adverbs for word in words):
            return Hit(cue, match, self._speaker(passage, language, clause), clause)
        if not before and words == ["it"] and self.was_joint:
            return Hit(cue, match, self.everyone, clause)  # "A committee shall be set up. It shall meet …"
        subject = subject_in(self.plain, language, self.actors, clause, match.start(), self.last)
        is_unknown = not subject.codes and not subject.third and len(words) <= _MOST_WORDS_OF_UNKNOWN
        if is_unknown and language.joint_verb.match(match[0]) and not {"has", "which", "who"} & set(words):
            subject = self.everyone  # nobody agrees alone
        return Hit(cue, match, subject, clause)

    def _after_joint(self, passage: Passage, language: Language, clause: int, end: int) -> int:
        """After the "and" of "the Lao side took note and will …", if nobody stands before "will"."""
        joints = list(language.joint_before_cue.finditer(self.plain.lower, clause, end))
        words = self.plain.lower[joints[-1].end() : end].split() if joints else ["-"]
        return (
            joints[-1].end()
            if all(word in language.adverbs for word in words) and clause == passage.start
            else clause
        )

    def _speaker(self, passage: Passage, language: Language, clause: int) -> Subject:
        """Who is "it" in "the Korean side confirmed that it would …"."""
        said = [each.start() for each in language.said.finditer(self.plain.lower, passage.start, clause)]
        until = said[-1] if said else clause
        found = subject_in(self.plain, language, self.actors, passage.start, until, self.last)
        if head := _SIDE.match(self.plain.lower, passage.start, until):
            found = subject_in(self.plain, language, self.actors, passage.start, head.end(), self.last)
        has_office = language.same.search(self.plain.lower, passage.start, until) is not None
        return replace(found, is_pure=found.is_pure or has_office)

    def remember(self, passage: Passage, language: Language) -> None:
        """The single country that the sentence speaks of first: "he" of the next one."""
        until = min(passage.end, passage.start + _BEGINNING)
        subject = subject_in(self.plain, language, self.actors, passage.start, until, self.last)
        self.was_joint = not subject.codes or subject.is_joint
        if len(subject.codes) == 1:
            self.last = subject.codes[0]


def _clause_start(lower: str, language: Language, begin: int, end: int, *, is_self: bool) -> int:
    """Where the last clause of ``lower[begin:end]`` starts. "Said that X will …": after "that"."""
    start = begin
    for match in language.clause_break.finditer(lower, begin, end):
        start = match.end()
    if is_self:
        for match in language.said.finditer(lower, start, end):
            start = match.end()
    return start
