"""Makes single undertakings of the cues of a sentence: where each begins and ends, and who must act."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from commitments.candidates.actors import Subject, subject_in
from commitments.candidates.guards import ASIDE
from commitments.candidates.hits import Hit, HitReader
from commitments.candidates.items import items_of, trimmed
from commitments.candidates.languages import Cue, Language, Takes
from commitments.candidates.passages import Passage
from commitments.choices import MentionKind, Modality

_SHORTEST_SUBJECT_OF_PASSIVE = 8
_MOST_WORDS_BEFORE_CUE = 14
_BEGINNING_OF_CLAUSE, _BEGINNING_OF_ITEM, _LONGEST_ADDRESSEE = 50, 70, 60
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Find:
    """One undertaking or report; ``start`` and ``end`` are places in ``Plain.text``.

    ``subject`` must act, ``words`` are those of the cue as they stand in the text.
    """

    start: int
    end: int
    cue: Cue
    words: str
    subject: Subject
    passage: Passage

    @property
    def is_report(self) -> bool:
        """Whether it reports on an undertaking, or stresses its importance."""
        return self.cue.is_report


class UndertakingReader:
    """Makes undertakings of the cues that ``reader`` finds."""

    def __init__(self, reader: HitReader) -> None:
        self.reader = reader
        self.plain, self.actors, self.everyone = reader.plain, reader.actors, reader.everyone

    def finds(self, passage: Passage, language: Language) -> list[Find]:
        """The undertakings of a sentence. A report counts only where there is none."""
        hits = self.reader.hits(passage, language)
        strong = [each for each in hits if not each.cue.is_report]
        found: list[Find] = []
        taken = passage.start
        for number, hit in enumerate(strong):
            if hit.match.start() < taken:
                continue
            end = self._end_of(passage, language, hit, strong[number + 1 :])
            if new := list(self._undertakings(passage, language, hit, max(taken, hit.clause), end)):
                found.extend(new)
                taken = end
        if not found and hits and hits[0].cue.is_report:
            found = list(self._report(passage, hits[0]))
        return found

    def _end_of(self, passage: Passage, language: Language, hit: Hit, later: Sequence[Hit]) -> int:
        """Up to the next cue with a clause of its own, or the end of the sentence."""
        lower = self.plain.lower
        for following in later:
            begin, until = hit.match.end(), following.match.start()
            if following.cue.takes == Takes.SELF and not language.clause_break.search(lower, begin, until):
                continue  # "agreed that X will": part of what was agreed
            joints = [each for each in language.joint_before_cue.finditer(lower, begin, until)]
            joints = [each for each in joints if ";" in each[0]] or joints
            if joints and len(_WORD.findall(lower[joints[-1].end() : until])) <= _MOST_WORDS_BEFORE_CUE:
                return joints[-1].start()
        return passage.end

    def _undertakings(
        self, passage: Passage, language: Language, hit: Hit, begin: int, end: int
    ) -> Iterator[Find]:
        start = hit.match.end()
        match hit.cue.takes:
            case Takes.PASSIVE:
                place = trimmed(self.plain.lower, begin, end)
                if place and hit.match.start() - begin > _SHORTEST_SUBJECT_OF_PASSIVE:
                    yield Find(*place, hit.cue, hit.words(self.plain), self.everyone, passage)
            case Takes.SELF:
                subject = self._who_acts(language, hit, end)
                if aside := ASIDE.match(self.plain.lower[start:end]):
                    start += aside.end()
                yield from self._deeds(passage, language, hit, subject, begin, start, end)
            case Takes.REQUEST:
                yield from self._request(passage, language, hit, begin, end)
            case _ if not self.plain.lower[start:end].strip(" :"):
                return
            case _ if self._joins_clause(language, hit, end):
                yield from self._agreed_clause(passage, language, hit, begin, end)
            case _:
                subject = hit.subject if hit.subject.codes else self.everyone
                yield from self._deeds(passage, language, hit, subject, begin, start, end)

    def _joins_clause(self, language: Language, hit: Hit, end: int) -> bool:
        """Whether a whole clause follows: "agreed that …"; Vietnamese often leaves "that" out."""
        if hit.match.groupdict().get("comp") == "that":
            return True
        after = self.plain.lower[hit.match.end() : end].lstrip(" ,:")
        return language.clause is not None and language.clause.match(after) is not None

    def _who_acts(self, language: Language, hit: Hit, end: int) -> Subject:
        """Of "X will …", X; of "a survey will be made by Japan", Japan; else everyone."""
        if hit.subject.codes and hit.subject.is_pure:
            return hit.subject
        return self._agent(language, hit.match.end(), end) or self.everyone

    def _agent(self, language: Language, start: int, end: int) -> Subject | None:
        """The one who acts in a passive: "by Japan"."""
        by = language.agent.search(self.plain.lower, start, end)
        named = subject_in(self.plain, language, self.actors, by.end(), end) if by else Subject()
        return named if named.codes else None

    def _deeds(
        self,
        passage: Passage,
        language: Language,
        hit: Hit,
        subject: Subject,
        whole: int,
        start: int,
        end: int,
    ) -> Iterator[Find]:
        lower = self.plain.lower
        tail = language.ignored_end.search(lower[start:end].rstrip(" ./"))
        end = start + tail.start() if tail else end
        if general := language.general.match(lower, start, end):
            including = language.including.search(lower, general.end(), end)
            if including is None:
                return
            start = whole = including.end()
        for number, place in enumerate(items_of(lower, language, start, end)):
            first = trimmed(lower, whole, place[1]) if number == 0 else None
            own = self._subject_inside(language, place, subject)
            yield Find(*(first or place), hit.cue, hit.words(self.plain), own, passage)

    def _subject_inside(self, language: Language, place: tuple[int, int], subject: Subject) -> Subject:
        """An item with a subject of its own: "…; India will …"."""
        match = language.item_subject.search(
            self.plain.lower, place[0], min(place[1], place[0] + _BEGINNING_OF_ITEM)
        )
        if match is None or match.start() == place[0]:
            return subject
        found = subject_in(self.plain, language, self.actors, place[0], match.start())
        return found if found.codes and found.is_pure else subject

    def _agreed_clause(
        self, passage: Passage, language: Language, hit: Hit, begin: int, end: int
    ) -> Iterator[Find]:
        """ "Agreed that X will …": X must act. Without "will" it is an assessment of what has been done."""
        lower, start = self.plain.lower, hit.match.end()
        speaker = hit.subject if hit.subject.codes else self.everyone
        modal = language.modal.search(lower, start, end)
        done = language.accomplished.search(lower, start, end)
        inner = subject_in(
            self.plain,
            language,
            self.actors,
            start,
            modal.start() if modal else min(end, start + _BEGINNING_OF_CLAUSE),
            self.reader.last,
        )
        if (done and (modal is None or done.start() < modal.start())) or (modal is None and not inner.codes):
            if done and hit.cue.modality == Modality.AGREED:
                report = replace(
                    hit, cue=replace(hit.cue, is_report=True, kind=MentionKind.PROGRESS), subject=speaker
                )
                yield from self._report(passage, report)
            return
        subject = speaker
        named = lower[start : modal.start() if modal else end].split()
        if inner.codes and not all(word in language.adverbs for word in named):
            subject = inner if inner.is_pure or modal is None else self.everyone
        elif modal and not inner.codes:
            subject = self._agent(language, modal.end(), end) or speaker
        yield from self._deeds(passage, language, hit, subject, begin, modal.end() if modal else start, end)

    def _report(self, passage: Passage, hit: Hit) -> Iterator[Find]:
        place = trimmed(self.plain.lower, passage.start, passage.end)
        if place:
            subject = hit.subject if hit.subject.codes else self.everyone
            yield Find(*place, hit.cue, hit.words(self.plain), subject, passage)

    def _request(
        self, passage: Passage, language: Language, hit: Hit, begin: int, end: int
    ) -> Iterator[Find]:
        """ "Called on X to …": X is asked to act."""
        start = hit.match.end()
        verb = language.after_addressee.search(self.plain.lower, start, end)
        until = verb.start() if verb else end
        is_courtesy = language.courtesy.search(self.plain.lower, start, end) is not None
        if is_courtesy or language.outsiders.search(self.plain.lower, start, until):
            return  # companies are asked
        asked = self._asked(
            language, hit, start, until if verb else min(end, start + _LONGEST_ADDRESSEE), verb
        )
        if hit.cue.modality == Modality.HOPED and not (asked.codes and asked.is_pure):
            return  # hopes for relations, not for an act
        if asked.third or (self._needs_addressee(hit) and verb is None and not asked.codes):
            return
        if hit.cue.modality == Modality.CALLED_ON and verb is None:
            return  # a call on the President
        if not asked.codes or asked.is_joint:
            if self._is_about_others(passage, language):
                return
            asked = self.everyone
        if hit.cue.is_joint:
            asked = hit.subject if hit.subject.codes else self.everyone
        yield from self._deeds(passage, language, hit, asked, begin, start, end)

    def _asked(
        self, language: Language, hit: Hit, start: int, until: int, verb: re.Match[str] | None
    ) -> Subject:
        """Who is asked: the one named, or without a name the other side."""
        asked = subject_in(self.plain, language, self.actors, start, until, self.reader.last)
        if verb is None and not asked.is_pure and not asked.is_joint:
            asked = Subject(third=asked.third)  # "proposed a bus between …": a thing, nobody who is asked
        asks_itself = bool(asked.codes) and asked.codes == hit.subject.codes and not asked.is_joint
        is_other = hit.cue.modality != Modality.HOPED and bool(
            language.other_side.match(self.plain.lower, start)
        )
        is_stranger = not asked.codes and bool(language.stranger.match(self.plain.lower, start))
        if is_stranger and not is_other:
            return Subject(third=("",))
        if (asks_itself or not asked.codes) and (hit.cue.modality == Modality.REQUESTED or is_other):
            return replace(self._other_than(hit.subject), third=asked.third)
        return asked

    def _needs_addressee(self, hit: Hit) -> bool:
        return hit.cue.modality in (Modality.CALLED_ON, Modality.REQUESTED) and not hit.cue.is_joint

    def _other_than(self, speaker: Subject) -> Subject:
        """The other one of two sides; nobody where there are more, or nobody knows who speaks."""
        others = tuple(code for code in self.actors.parties if code not in speaker.codes)
        return Subject(others, is_pure=True) if len(others) == 1 and len(speaker.codes) == 1 else Subject()

    def _is_about_others(self, passage: Passage, language: Language) -> bool:
        """Whether countries that are no side are named, so that "the two sides" may mean those."""
        named = self.plain.countries(language.code, passage.start, passage.end)
        return any(each.code not in self.actors.parties for each in named)
