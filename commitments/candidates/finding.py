"""Goes through a text sentence by sentence and finds what makes, asks for or reports on an undertaking."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from commitments.candidates.actors import Actors, Subject, subject_in
from commitments.candidates.english import ENGLISH
from commitments.candidates.guards import ASIDE, Sentence, TextSigns, is_accepted, is_of_old, is_past
from commitments.candidates.items import items_of, trimmed
from commitments.candidates.languages import Cue, Language, Takes
from commitments.candidates.passages import Passage, Plain
from commitments.candidates.vietnamese import VIETNAMESE
from commitments.choices import MentionKind, Modality

LANGUAGES = {each.code: each for each in (ENGLISH, VIETNAMESE)}
"""The languages that are read."""

_UNDER_HEADING = Cue(re.compile(""), Modality.AGREED, Takes.DEED)
_ACTION_POINT = Cue(re.compile(""), Modality.WILL, Takes.SELF)
_SHORTEST_SUBJECT_OF_PASSIVE = 8
_MOST_WORDS_BEFORE_CUE, _MOST_WORDS_OF_UNKNOWN = 14, 8
_TO = re.compile(r"\s+to\s+")
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


@dataclass(frozen=True, slots=True)
class _Lead:
    """The cue of a sentence that ends with a colon, or a heading: for the items of the list that follows."""

    cue: Cue
    words: str
    subject: Subject
    label: str = ""
    """The kind of its own label. The next paragraph with such a label is no item of it."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A cue in a sentence, with the subject before it and the place where its clause begins."""

    cue: Cue
    match: re.Match[str]
    subject: Subject
    clause: int

    def words(self, plain: Plain) -> str:
        """The cue as it stands in the text, on one line."""
        return " ".join(plain.text[self.match.start() : self.match.end()].split()).strip(" ,:;")


class Finder:
    """Reads the passages of one text in its order."""

    def __init__(self, plain: Plain, passages: Sequence[Passage], actors: Actors, year: int | None) -> None:
        self.plain, self.passages, self.actors, self.year = plain, passages, actors, year
        self.everyone = Subject(actors.parties, is_joint=True, is_pure=True)
        self.signs = TextSigns.of(plain, LANGUAGES.values())
        self._places: dict[tuple[int, int], list[tuple[re.Match[str], Cue]]] = {}
        self.last = ""
        self.was_joint = False
        self.old_paragraph = -1
        self.lead: _Lead | None = None

    def finds(self) -> list[Find]:
        """All that is found. A weak cue counts only in a text in which something is agreed."""
        found = self._read()
        if any(
            not each.is_report and (each.cue.takes != Takes.SELF or each.words == "shall") for each in found
        ):
            self.signs = replace(self.signs, has_agreement=True)
            found = self._read()
        has_agreement = any(not each.is_report and not each.cue.is_weak for each in found)
        return [each for each in found if has_agreement or not each.cue.is_weak]

    def _read(self) -> list[Find]:
        found: list[Find] = []
        self.last, self.was_joint, self.lead, self.old_paragraph = "", False, None, -1
        for passage in self.passages:
            language = LANGUAGES.get(passage.language)
            if language is None:
                self.lead = None
            else:
                found.extend(self._in_passage(passage, language))
        return found

    # -- headings and lists --------------------------------------------------------------------------------

    def _in_passage(self, passage: Passage, language: Language) -> list[Find]:
        wording = self.plain.lower[passage.start : passage.end]
        if passage.is_heading or language.heading.match(wording):
            self.lead = None
            if language.heading.match(wording):
                self.lead = _Lead(
                    _UNDER_HEADING, self.plain.text[passage.start : passage.end].rstrip(": "), self.everyone
                )
            return []
        is_next_of_lead = (
            self.lead is not None and bool(self.lead.label) and passage.label_kind == self.lead.label
        )
        if self.lead and (
            is_next_of_lead or not (passage.is_item or self._continues_list(passage, language))
        ):
            self.lead = None
        if wording.endswith(":") and (self.lead is None or not passage.is_item):
            self.lead = self._lead_of(passage, language) or self.lead
            return []
        if prefix := language.decision.match(wording):
            # "Decision: …" of a record
            rest = replace(passage, start=passage.start + prefix.end())
            lead = _Lead(
                _UNDER_HEADING, self.plain.text[passage.start : rest.start].rstrip(": "), self.everyone
            )
            found = self._by_cues(rest, language)
            return found if any(not each.is_report for each in found) else self._listed(rest, language, lead)
        found = self._by_cues(passage, language)
        if any(not each.is_report for each in found):
            return found
        if self.lead:
            return self._listed(passage, language, self.lead)
        if point := self._action_point(passage, language):
            return [point]
        return found

    def _continues_list(self, passage: Passage, language: Language) -> bool:
        """An item without a label: it ends with ";" or begins with a verb in a small letter."""
        wording = self.plain.lower[passage.start : passage.end]
        begins_small = self.plain.text[passage.start].islower()
        return wording.endswith(";") or (begins_small and language.deeds.match(wording) is not None)

    def _lead_of(self, passage: Passage, language: Language) -> _Lead | None:
        for hit in self._hits(passage, language):
            if not hit.cue.is_report and (hit.cue.takes != Takes.SELF or hit.subject.codes):
                return _Lead(
                    hit.cue,
                    hit.words(self.plain),
                    hit.subject if hit.subject.codes else self.everyone,
                    passage.label_kind,
                )
        return None

    def _listed(self, passage: Passage, language: Language, lead: _Lead) -> list[Find]:
        place = trimmed(self.plain.lower, passage.start, passage.end)
        if place is None:
            return []
        own = self._own_subject(passage, language)
        return [Find(*place, lead.cue, lead.words, own or lead.subject, passage)]

    def _action_point(self, passage: Passage, language: Language) -> Find | None:
        """A point such as "Viet Nam to share the list by 30 June"."""
        if not passage.is_item and " to " not in self.plain.lower[passage.start : passage.start + 110]:
            return None
        subject = self._own_subject(passage, language)
        place = trimmed(self.plain.lower, passage.start, passage.end)
        return Find(*place, _ACTION_POINT, "to", subject, passage) if subject and place else None

    def _own_subject(self, passage: Passage, language: Language) -> Subject | None:
        """Who stands before the verb of an item: "Viet Nam to share …", "Lao side: …"."""
        pattern = language.item_subject if passage.is_item or self.lead else _TO
        for match in pattern.finditer(self.plain.lower, passage.start, min(passage.end, passage.start + 110)):
            found = subject_in(self.plain, language, self.actors, passage.start, match.start())
            after = self.plain.lower[match.end() : passage.end]
            if (
                found.codes
                and found.is_pure
                and language.deeds.match(after)
                and not language.not_deeds.match(after)
            ):
                return found
        return None

    # -- cues ------------------------------------------------------------------------------------------------

    def _hits(self, passage: Passage, language: Language) -> list[_Hit]:
        """The cues of a sentence that stand against every guard, in its order."""
        found = self._matches(passage, language)
        hits: list[_Hit] = []
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
        """The places of cues. Of several at one place, one that is no report is first, then that of more words."""
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
        before: _Hit | None,
    ) -> _Hit:
        clause = _clause_start(
            self.plain.lower, language, begin, match.start(), is_self=cue.takes == Takes.SELF
        )
        if cue.takes == Takes.PASSIVE:
            return _Hit(cue, match, self.everyone, clause)
        if before:
            joints = list(language.joint_before_cue.finditer(self.plain.lower, clause, match.start()))
            clause = joints[-1].end() if joints else clause
        elif cue.takes == Takes.SELF:
            clause = self._after_joint(passage, language, clause, match.start())
        words = self.plain.lower[clause : match.start()].strip(" ,").split()
        if before and before.subject.codes and (not words or all(word in language.adverbs for word in words)):
            # "… and promised to": the subject stands before the first verb of the sentence.
            return _Hit(cue, match, replace(before.subject, is_pure=True), clause)
        if not words and clause == passage.start and cue.takes != Takes.SELF:
            return _Hit(cue, match, self.everyone, clause)  # "Entrust our officials with …", of a declaration
        if clause > passage.start and not before and all(word in language.adverbs for word in words):
            return _Hit(cue, match, self._speaker(passage, language, clause), clause)
        if not before and words == ["it"] and self.was_joint:
            return _Hit(cue, match, self.everyone, clause)  # "A committee shall be set up. It shall meet …"
        subject = subject_in(self.plain, language, self.actors, clause, match.start(), self.last)
        is_unknown = not subject.codes and not subject.third and len(words) <= _MOST_WORDS_OF_UNKNOWN
        if is_unknown and language.joint_verb.match(match[0]) and not {"has", "which", "who"} & set(words):
            subject = self.everyone  # nobody agrees alone
        return _Hit(cue, match, subject, clause)

    def _after_joint(self, passage: Passage, language: Language, clause: int, end: int) -> int:
        """After the "and" of "the Lao side took note and will …", where nobody stands between "and" and "will"."""
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
        begin = re.compile(r"[^,;]{3,60}?\b(?:side|party)\b")
        if head := begin.match(self.plain.lower, passage.start, until):
            found = subject_in(self.plain, language, self.actors, passage.start, head.end(), self.last)
        has_office = language.same.search(self.plain.lower, passage.start, until) is not None
        return replace(found, is_pure=found.is_pure or has_office)

    def _by_cues(self, passage: Passage, language: Language) -> list[Find]:
        wording = self.plain.lower[passage.start : passage.end]
        if is_of_old(wording, language, self.year):
            self.old_paragraph = passage.paragraph
        if self.old_paragraph == passage.paragraph or is_past(wording, language, self.year):
            return []
        hits = self._hits(passage, language)
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
        if not found:
            found = [each for hit in hits[:1] if hit.cue.is_report for each in self._report(passage, hit)]
        self._remember(passage, language)
        return found

    def _remember(self, passage: Passage, language: Language) -> None:
        """The single country that the sentence speaks of first: "he" of the next one."""
        until = min(passage.end, passage.start + 120)
        subject = subject_in(self.plain, language, self.actors, passage.start, until, self.last)
        self.was_joint = not subject.codes or subject.is_joint
        if len(subject.codes) == 1:
            self.last = subject.codes[0]

    # -- where an undertaking begins and ends ----------------------------------------------------------------

    def _end_of(self, passage: Passage, language: Language, hit: _Hit, later: Sequence[_Hit]) -> int:
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
        self, passage: Passage, language: Language, hit: _Hit, begin: int, end: int
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

    def _joins_clause(self, language: Language, hit: _Hit, end: int) -> bool:
        """Whether a whole clause follows: "agreed that …"; Vietnamese often leaves "that" out."""
        if hit.match.groupdict().get("comp") == "that":
            return True
        after = self.plain.lower[hit.match.end() : end].lstrip(" ,:")
        return language.clause is not None and language.clause.match(after) is not None

    def _who_acts(self, language: Language, hit: _Hit, end: int) -> Subject:
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
        hit: _Hit,
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
        match = language.item_subject.search(self.plain.lower, place[0], min(place[1], place[0] + 70))
        if match is None or match.start() == place[0]:
            return subject
        found = subject_in(self.plain, language, self.actors, place[0], match.start())
        return found if found.codes and found.is_pure else subject

    def _agreed_clause(
        self, passage: Passage, language: Language, hit: _Hit, begin: int, end: int
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
            modal.start() if modal else min(end, start + 50),
            self.last,
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

    def _report(self, passage: Passage, hit: _Hit) -> Iterator[Find]:
        place = trimmed(self.plain.lower, passage.start, passage.end)
        if place:
            subject = hit.subject if hit.subject.codes else self.everyone
            yield Find(*place, hit.cue, hit.words(self.plain), subject, passage)

    def _request(
        self, passage: Passage, language: Language, hit: _Hit, begin: int, end: int
    ) -> Iterator[Find]:
        """ "Called on X to …": X is asked to act."""
        start = hit.match.end()
        if language.courtesy.search(self.plain.lower, start, end):
            return
        verb = language.after_addressee.search(self.plain.lower, start, end)
        asked = subject_in(
            self.plain,
            language,
            self.actors,
            start,
            verb.start() if verb else min(end, start + 60),
            self.last,
        )
        if hit.cue.modality == Modality.HOPED and not (asked.codes and asked.is_pure):
            return  # hopes for relations, not for an act
        needs_addressee = (
            hit.cue.modality in (Modality.CALLED_ON, Modality.REQUESTED) and not hit.cue.is_joint
        )
        if language.outsiders.search(self.plain.lower, start, verb.start() if verb else end):
            return  # companies are asked
        asks_itself = bool(asked.codes) and asked.codes == hit.subject.codes and not asked.is_joint
        if (asks_itself or not asked.codes) and (
            hit.cue.modality == Modality.REQUESTED or language.other_side.match(self.plain.lower, start, end)
        ):
            asked = self._other_than(hit.subject)
        if asked.third or (
            needs_addressee and verb is None and not (asked.codes and hit.cue.modality == Modality.REQUESTED)
        ):
            return
        if not asked.codes or asked.is_joint:
            if self._is_about_others(passage, language):
                return
            needs_addressee = (
                hit.cue.modality in (Modality.CALLED_ON, Modality.REQUESTED) and not hit.cue.is_joint
            )
            if not asked.codes and needs_addressee and verb is None:
                return
            asked = self.everyone
        subject = asked
        if hit.cue.is_joint:
            subject = hit.subject if hit.subject.codes else self.everyone
        yield from self._deeds(passage, language, hit, subject, begin, start, end)

    def _other_than(self, speaker: Subject) -> Subject:
        """The other one of two sides; nobody where there are more, or nobody knows who speaks."""
        others = tuple(code for code in self.actors.parties if code not in speaker.codes)
        return Subject(others, is_pure=True) if len(others) == 1 and len(speaker.codes) == 1 else Subject()

    def _is_about_others(self, passage: Passage, language: Language) -> bool:
        """Whether countries that are no side are named, so that "the two sides" may mean those."""
        named = self.plain.countries(language.code, passage.start, passage.end)
        return any(each.code not in self.actors.parties for each in named)


def _clause_start(lower: str, language: Language, begin: int, end: int, *, is_self: bool) -> int:
    """Where the last clause of ``lower[begin:end]`` starts. "Said that X will …": after "that"."""
    start = begin
    for match in language.clause_break.finditer(lower, begin, end):
        start = match.end()
    if is_self:
        for match in language.said.finditer(lower, start, end):
            start = match.end()
    return start
