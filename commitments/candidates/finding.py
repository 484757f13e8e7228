"""Finds the passages that make, ask for or report on an undertaking: cues, then what speaks against them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from commitments.candidates.actors import Actors, Subject, subject_in
from commitments.candidates.countries import countries_in
from commitments.candidates.english import ENGLISH
from commitments.candidates.items import items_of, trimmed
from commitments.candidates.languages import Cue, Language, Takes
from commitments.candidates.passages import Passage, Plain
from commitments.candidates.vietnamese import VIETNAMESE
from commitments.choices import MentionKind, Modality

LANGUAGES = {each.code: each for each in (ENGLISH, VIETNAMESE)}
"""The languages that are read."""

_SAID = re.compile(
    r"\b(?:said|says|affirm\w*|stat(?:ed|es)|add(?:ed|s)|confirm\w*|announc\w*|reiterat\w*|stress\w*|inform\w*|emphasi[sz]\w*|told|assur\w*|declar\w*|pledg\w*|underlin\w*|noted|according to|agreed)\b"
)
_CONFIDENT = re.compile(
    r"\b(?:confiden\w+|belie(?:f|ves?|ved)|convinc\w+|convict\w+|optimis\w+|predict\w*|forecast\w*|projected|estimat\w*|trust(?:s|ed)?|hop(?:e[sd]?|ing)|wish(?:es|ed)?|expect(?:s|ed)? that|anticipat\w*|dream\w*|warn\w*"
    r"|tin tưởng|tin rằng|tin chắc|hy vọng|chúc|dự báo|dự kiến|kỳ vọng|mong)\b"
)
_PASSIVE = re.compile(
    r"^(?:also |then |next |\w+ly )?be (?:\w+ly )?(?:held|convened|organi[sz]ed|hosted|established|set up|created|signed|concluded|finali[sz]ed|prepared|drafted|completed|launched|opened|exchanged|appointed|formed|drawn up|reviewed|submitted|shared|provided|granted|implemented|carried out|strengthened|expanded|promoted|maintained|increased|upgraded|built|allocated|financed|negotiated|extended|doubled|raised|developed|enhanced|resumed|reopened|given|made|conducted|tasked|discussed|settled|supported|encouraged|introduced|waived|simplified|abolished|reduced|installed|trained|offered|sent|kept|handled|resolved|started|begun|designated|merged|connected|linked)\b"
)
_PASSIVE_VI = re.compile(
    r"^(?:sớm |cùng |tiếp tục )?(?:được (?:tổ chức|thành lập|ký|triển khai|thực hiện|hoàn thành|mở|khởi công|tiến hành|trao đổi)|diễn ra|họp)\b"
)
_PROTOCOL = re.compile(
    r"\b(?:ceremon\w+|banquet|reception|dinner|luncheon|wreath|press conference|welcome|concert|speech|tour|exhibition|lecture|talks|visit|quốc yến|lễ đón|lễ|chiêu đãi|họp báo|chuyến thăm|hội đàm)\b"
)
_PRESENT_IN = re.compile(r"\bto the [a-z]+ of\b")
_THING_TAKEN = re.compile(r"^\s*(?:the |its |their |a |an )")


@dataclass(frozen=True, slots=True)
class Find:
    """One undertaking or report; ``start`` and ``end`` are places in ``Plain.text``."""

    start: int
    end: int
    cue: Cue
    words: str
    """The words of the cue as they stand in the text."""
    subject: Subject
    passage: Passage
    speaker: Subject
    is_report: bool = False


@dataclass(slots=True)
class _Lead:
    """The cue of a sentence that ends with a colon, for the items of the list that follows."""

    cue: Cue
    words: str
    subject: Subject


class Finder:
    """Goes through the passages of one text in its order."""

    def __init__(self, plain: Plain, passages: Sequence[Passage], actors: Actors, heads: str) -> None:
        self.plain, self.passages, self.actors = plain, passages, actors
        self.last = ""
        self.lead: _Lead | None = None
        self.is_speech = sum(len(each.speech.findall(plain.lower)) for each in LANGUAGES.values()) > 1
        self.is_declaration = (
            re.search(
                r"\bwe, the\b|\bjoint (?:statement|declaration|communiqu)|tuyên bố chung|thông cáo chung",
                plain.lower[:1500],
            )
            is not None
        )
        self.heads = heads

    def finds(self) -> list[Find]:
        """All that is found; a weak cue counts only in a text in which something is agreed."""
        found: list[Find] = []
        for passage in self.passages:
            language = LANGUAGES.get(passage.language)
            if language is None:
                self.lead = None
                continue
            found.extend(self._in_passage(passage, language))
        has_agreement = any(not each.is_report and not each.cue.is_weak for each in found)
        return [each for each in found if has_agreement or not each.cue.is_weak]

    # -- one sentence --------------------------------------------------------------------------------------

    def _in_passage(self, passage: Passage, language: Language) -> list[Find]:
        lower = self.plain.lower
        if passage.is_heading:
            self.lead = None
            if language.heading.match(lower, passage.start, passage.end):
                self.lead = _Lead(_HEADING, self.plain.text[passage.start : passage.end], self._all())
            return []
        if self.lead and not (passage.is_item or self._continues_list(passage, language)):
            self.lead = None
        found = self._by_cues(passage, language)
        if found or lower[passage.end - 1] == ":":
            if lower[passage.end - 1] == ":" and not passage.is_item:
                self.lead = self._lead_of(passage, language)
                return []
            if not (self.lead and all(each.is_report for each in found)):
                return found
        if self.lead:
            return self._items_under_lead(passage, language)
        if passage.is_item:
            return self._to_do(passage, language)
        return found

    def _all(self) -> Subject:
        return Subject(self.actors.parties, is_joint=True, is_pure=True)

    def _continues_list(self, passage: Passage, language: Language) -> bool:
        """An item without a label: it ends with ";" or begins with a verb in a small letter."""
        text = self.plain.text
        return text[passage.end - 1] == ";" or (
            text[passage.start].islower()
            and language.deeds.match(self.plain.lower, passage.start, passage.end) is not None
        )

    def _lead_of(self, passage: Passage, language: Language) -> _Lead | None:
        for match, cue in self._matches(passage, language):
            subject = self._subject(passage, language, match, cue)
            if (
                cue.takes in (Takes.DEED, Takes.REQUEST, Takes.PASSIVE)
                and not cue.is_report
                and self._is_accepted(passage, language, match, cue, subject)
            ):
                return _Lead(cue, _words(self.plain.text, match), subject)
            if cue.takes == Takes.SELF and not cue.is_report and subject.codes:
                return _Lead(cue, _words(self.plain.text, match), subject)
        if language.heading.match(self.plain.lower[passage.start : passage.end - 1]):
            return _Lead(_HEADING, self.plain.text[passage.start : passage.end - 1], self._all())
        return None

    def _items_under_lead(self, passage: Passage, language: Language) -> list[Find]:
        lead = self.lead
        if lead is None:
            return []
        place = trimmed(self.plain.lower, passage.start, passage.end)
        if place is None:
            return []
        subject = lead.subject
        own = _to_do_subject(self, passage, language)
        if own is not None:
            subject = own
        return [self._find(place, lead.cue, lead.words, subject, passage, lead.subject)]

    def _to_do(self, passage: Passage, language: Language) -> list[Find]:
        """An action point: "Viet Nam to share the list by 30 June"."""
        subject = _to_do_subject(self, passage, language)
        place = trimmed(self.plain.lower, passage.start, passage.end)
        if subject is None or place is None:
            return []
        return [self._find(place, _TO_DO, "to", subject, passage, subject)]

    def _find(
        self,
        place: tuple[int, int],
        cue: Cue,
        words: str,
        subject: Subject,
        passage: Passage,
        speaker: Subject,
    ) -> Find:
        return Find(place[0], place[1], cue, words, subject, passage, speaker, is_report=cue.is_report)

    # -- cues ----------------------------------------------------------------------------------------------

    def _matches(self, passage: Passage, language: Language) -> list[tuple[re.Match[str], Cue]]:
        found = [
            (match, cue)
            for cue in language.cues
            for match in cue.pattern.finditer(self.plain.lower, passage.start, passage.end)
        ]
        # Where two cues stand at one place, the one of more words, and before all those that are no reports.
        found.sort(key=lambda each: (each[0].start(), each[1].is_report, -each[0].end()))
        kept: list[tuple[re.Match[str], Cue]] = []
        for match, cue in found:
            if not kept or match.start() >= kept[-1][0].end():
                kept.append((match, cue))
        return kept

    def _by_cues(self, passage: Passage, language: Language) -> list[Find]:
        if language.past.search(self.plain.lower, passage.start, passage.end) and not self._is_future(
            passage, language
        ):
            return []
        found: list[Find] = []
        taken = passage.start
        matches = self._matches(passage, language)
        for number, (match, cue) in enumerate(matches):
            if match.start() < taken:
                continue
            subject = self._subject(passage, language, match, cue, taken)
            if not self._is_accepted(passage, language, match, cue, subject):
                continue
            end = self._end_of(passage, language, match, cue, matches[number + 1 :])
            new = list(
                self._undertakings(passage, language, match, cue, subject, max(taken, passage.start), end)
            )
            if new:
                found.extend(new)
                taken = end
        self._remember(passage, language)
        has_commitment = any(not each.is_report for each in found)
        return [each for each in found if not (has_commitment and each.is_report and each.cue.is_weak)]

    def _is_future(self, passage: Passage, language: Language) -> bool:
        """A sentence that begins with a year to come, "In 2027 both sides will …", is not about the past."""
        match = language.past.search(self.plain.lower, passage.start, passage.end)
        year = match.groupdict().get("year") if match else None
        return bool(year and self.heads and int(year) >= int(self.heads[:4]))

    def _remember(self, passage: Passage, language: Language) -> None:
        """The single country that the sentence speaks of first: "he" of the next sentence."""
        subject = subject_in(
            self.plain, language, self.actors, passage.start, min(passage.end, passage.start + 120), self.last
        )
        if len(subject.codes) == 1:
            self.last = subject.codes[0]

    def _subject(
        self, passage: Passage, language: Language, match: re.Match[str], cue: Cue, taken: int = 0
    ) -> Subject:
        begin = max(passage.start, taken)
        begin = _clause_start(self.plain.lower, begin, match.start())
        if cue.takes == Takes.PASSIVE:
            return self._all()
        found = subject_in(self.plain, language, self.actors, begin, match.start(), self.last)
        if (
            not found.codes
            and not found.third
            and begin > passage.start
            and not self.plain.lower[begin : match.start()].strip()
        ):
            # "…, and agreed to": the subject stands before the clause.
            found = subject_in(self.plain, language, self.actors, passage.start, begin, self.last)
        return found

    # -- what speaks against a cue ---------------------------------------------------------------------------

    def _is_accepted(
        self, passage: Passage, language: Language, match: re.Match[str], cue: Cue, subject: Subject
    ) -> bool:
        lower = self.plain.lower
        before = lower[max(passage.start, match.start() - 60) : match.start()]
        if any(each.search(before) for each in language.refusals):
            return False
        if (
            self.is_speech
            and not cue.is_report
            and re.search(r"\b(?:i|we|chúng ta|chúng tôi|tôi)\s+(?:\w+\s+){0,3}$", before)
        ):
            return False
        if cue.is_joint and not subject.is_joint:
            return False
        if cue.takes == Takes.SELF:
            return cue.is_report or self._is_undertaking(passage, language, match, subject)
        if cue.takes == Takes.PASSIVE:
            return True
        if cue.is_report:
            return True
        if subject.third and not subject.codes:
            return False
        if not subject.codes:
            # Nobody is named: minutes say "Agreed to …", and lists of points begin with the verb.
            head = lower[passage.start : match.start()].strip(" -:\"'")
            return len(head.split()) <= 2 or "it " in f"{match[0]} " or subject.is_pure  # noqa: PLR2004
        return True

    def _is_undertaking(
        self, passage: Passage, language: Language, match: re.Match[str], subject: Subject
    ) -> bool:
        """Whether "X will …" promises something: X may promise, and does not foretell."""
        lower = self.plain.lower
        frame = lower[passage.start : match.start()]
        after = lower[match.end() : passage.end].lstrip()
        if _CONFIDENT.search(frame[-220:]):
            return False
        if match.groupdict().get("comp") == "would" and not _SAID.search(frame):
            return False
        if self.is_speech and not self.is_declaration:
            return False
        passive = _PASSIVE if language.code == "en" else _PASSIVE_VI
        if passive.match(after):
            return not _PROTOCOL.search(frame[-120:]) and self._is_agreed_text()
        if not subject.codes or not subject.is_pure or language.not_deeds.match(after):
            return False
        return language.deeds.match(after) is not None

    def _is_agreed_text(self) -> bool:
        """Whether the text has words of agreement at all: a notice of events has none."""
        return (
            re.search(
                r"\b(?:agreed|agree|concurred|decided|the (?:contracting )?parties shall|minutes|nhất trí|thống nhất|thỏa thuận|biên bản)\b",
                self.plain.lower,
            )
            is not None
        )

    # -- where an undertaking begins and ends ------------------------------------------------------------------

    def _end_of(
        self,
        passage: Passage,
        language: Language,
        match: re.Match[str],
        cue: Cue,
        later: Sequence[tuple[re.Match[str], Cue]],
    ) -> int:
        """Up to the next cue with a subject of its own, or the end of the sentence."""
        for following, next_cue in later:
            if next_cue.is_report or following.start() <= match.end():
                continue
            if (
                next_cue.takes == Takes.SELF
                and cue.takes in (Takes.DEED, Takes.REQUEST)
                and ";" not in self.plain.lower[match.end() : following.start()]
            ):
                continue
            cut = _clause_start(self.plain.lower, match.end(), following.start())
            if cut > match.end():
                return _before_joint(self.plain.lower, match.end(), cut)
        return passage.end

    def _undertakings(
        self,
        passage: Passage,
        language: Language,
        match: re.Match[str],
        cue: Cue,
        subject: Subject,
        begin: int,
        end: int,
    ) -> Iterator[Find]:
        words = _words(self.plain.text, match)
        if cue.is_report:
            place = trimmed(self.plain.lower, passage.start, passage.end)
            if place:
                yield self._find(
                    place, cue, words, subject if subject.codes else self._all(), passage, subject
                )
            return
        if cue.takes == Takes.PASSIVE:
            place = trimmed(self.plain.lower, begin, end)
            if place and match.start() - begin > 8:  # noqa: PLR2004
                yield self._find(place, cue, words, self._all(), passage, subject)
            return
        if cue.takes == Takes.SELF:
            yield from self._of_clause(
                passage,
                language,
                cue,
                words,
                subject,
                _clause_start(self.plain.lower, begin, match.start()),
                match.end(),
                end,
            )
            return
        if cue.takes == Takes.REQUEST:
            yield from self._request(passage, language, match, cue, subject, end)
            return
        start = match.end()
        if self.plain.lower[start:end].strip(" :") == "":
            return
        joins_clause = (
            match.groupdict().get("comp") == "that"
            or "rằng" in (match.groupdict().get("join") or "")
            or _vi_clause(self, language, match, end)
        )
        if joins_clause:
            yield from self._agreed_clause(passage, language, match, cue, subject, start, end)
            return
        yield from self._deeds(
            passage,
            language,
            cue,
            words,
            subject,
            subject,
            _clause_start(self.plain.lower, begin, match.start()),
            start,
            end,
        )

    def _deeds(
        self,
        passage: Passage,
        language: Language,
        cue: Cue,
        words: str,
        subject: Subject,
        speaker: Subject,
        whole: int,
        start: int,
        end: int,
    ) -> Iterator[Find]:
        end = _without_end(language, self.plain.lower, start, end)
        items = items_of(self.plain.lower, language, start, end)
        for number, place in enumerate(items):
            first = trimmed(self.plain.lower, whole, place[1]) if number == 0 else place
            own = _inner_subject(self, language, place, subject)
            yield self._find(first or place, cue, words, own, passage, speaker)

    def _of_clause(
        self,
        passage: Passage,
        language: Language,
        cue: Cue,
        words: str,
        subject: Subject,
        whole: int,
        start: int,
        end: int,
    ) -> Iterator[Find]:
        if not subject.codes or not subject.is_pure:
            agent = re.search(r"\bby (?:the )?", self.plain.lower[start:end])
            named = (
                subject_in(self.plain, language, self.actors, start + agent.end(), end)
                if agent
                else Subject()
            )
            subject = named if named.codes else self._all()
        yield from self._deeds(passage, language, cue, words, subject, subject, whole, start, end)

    def _agreed_clause(
        self,
        passage: Passage,
        language: Language,
        match: re.Match[str],
        cue: Cue,
        speaker: Subject,
        start: int,
        end: int,
    ) -> Iterator[Find]:
        """ "Agreed that X will …": who must act is the subject inside; without "will" it is an assessment."""
        lower = self.plain.lower
        modal = language.modal.search(lower, start, end)
        done = language.accomplished.search(lower, start, end)
        words = _words(self.plain.text, match)
        is_done = done is not None and (modal is None or done.start() < modal.start())
        if is_done or (modal is None and _present(self, language, start, end) is None):
            if cue.modality == Modality.AGREED and done is not None:
                place = trimmed(lower, passage.start, end)
                report = replace(cue, is_report=True, kind=MentionKind.PROGRESS)
                if place:
                    yield self._find(place, report, words, speaker, passage, speaker)
            return
        until = modal.start() if modal else end
        inner = subject_in(self.plain, language, self.actors, start, until, self.last)
        subject = inner if inner.codes and (inner.is_pure or modal is None) else speaker
        if inner.codes and not inner.is_pure and modal:
            subject = Subject(self.actors.parties, is_joint=True)
        whole = _clause_start(lower, passage.start, match.start())
        yield from self._deeds(
            passage, language, cue, words, subject, speaker, whole, modal.end() if modal else start, end
        )

    def _request(
        self, passage: Passage, language: Language, match: re.Match[str], cue: Cue, speaker: Subject, end: int
    ) -> Iterator[Find]:
        lower = self.plain.lower
        start = match.end()
        words = _words(self.plain.text, match)
        if language.code == "en":
            joint = re.compile(r"\s(?:to|that|will|would|continue|should|maintain|in)\s").search(
                lower, start - 1, end
            )
            until = joint.start() if joint else start
            if joint and joint[0].strip() == "that":
                verb = re.compile(r"\b(?:will|would|should|continue|keep|be|not|\w+)\b").search(
                    lower, joint.end(), end
                )
                named = subject_in(
                    self.plain,
                    language,
                    self.actors,
                    joint.end(),
                    _verb_after(lower, joint.end(), end),
                    self.last,
                )
                until = verb.start() if verb else joint.end()
            else:
                named = subject_in(
                    self.plain, language, self.actors, start, _verb_after(lower, start, end), self.last
                )
        else:
            until = start
            named = subject_in(
                self.plain,
                language,
                self.actors,
                start,
                _verb_after_vi(language, lower, start, end),
                self.last,
            )
        if cue.modality == Modality.HOPED and not (named.codes and named.is_pure):
            return
        sentence = subject_in(self.plain, language, self.actors, passage.start, start)
        if named.third and not named.codes:
            return
        if named.is_joint and _third_in(self, language, passage):
            return
        if not named.codes:
            if cue.modality in (Modality.CALLED_ON, Modality.REQUESTED) and language.code == "en":
                return
            named = self._all()
        if cue.modality == Modality.SUGGESTED and _is_noun(lower, match):
            return
        subject = named
        del sentence, until
        if cue.is_joint:
            subject = speaker if speaker.codes else self._all()
        whole = _clause_start(lower, passage.start, match.start())
        yield from self._deeds(passage, language, cue, words, subject, speaker, whole, start, end)


_HEADING = Cue(re.compile(""), Modality.AGREED, Takes.DEED)
_TO_DO = Cue(re.compile(""), Modality.WILL, Takes.SELF)


def _words(text: str, match: re.Match[str]) -> str:
    return " ".join(text[match.start() : match.end()].split()).strip(" ,:;")


def _clause_start(lower: str, begin: int, end: int) -> int:
    """Where the last clause of ``lower[begin:end]`` starts: after ";", ", and", ", while" or "that"."""
    start = begin
    for match in re.finditer(
        r";\s*(?:and |while |và |đồng thời )?|,\s*(?:and|while|whereas|but|so|adding that|đồng thời|còn|trong khi)\s+(?!conn)|[\"']\s+",
        lower[begin:end],
    ):
        start = begin + match.end()
    return start


def _before_joint(lower: str, begin: int, cut: int) -> int:
    """``cut`` without the joining words before it."""
    return begin + len(
        re.sub(r"[;,\s]+(?:and|while|whereas|but|so|và|đồng thời|còn|trong khi)?\s*$", "", lower[begin:cut])
    )


def _without_end(language: Language, lower: str, start: int, end: int) -> int:
    found = language.ignored_end.search(lower[start:end].rstrip(" ./"))
    return start + found.start() if found else end


def _verb_after(lower: str, start: int, end: int) -> int:
    match = re.compile(
        r"\b(?:to|will|would|should|shall|must|can|could|continue|keep|be|not|maintain|take|give|pay|support|make|hold|[a-z]{4,}ing)\b"
    ).search(lower, start + 1, end)
    return match.start() if match else min(end, start + 60)


def _verb_after_vi(language: Language, lower: str, start: int, end: int) -> int:
    match = re.compile(
        r"\b(?:sẽ|tiếp tục|cần|sớm|tích cực|quan tâm|" + language.deeds.pattern.removeprefix("^") + ")"
    ).search(lower, start, end)
    return match.start() if match else min(end, start + 60)


def _is_noun(lower: str, match: re.Match[str]) -> bool:
    return (
        re.search(r"\b(?:as|the|a|an|its|their) $", lower[max(0, match.start() - 6) : match.start()])
        is not None
    )


def _third_in(finder: Finder, language: Language, passage: Passage) -> bool:
    """Whether the sentence is about countries that are no side: "the two sides" may be those."""
    found = subject_in(finder.plain, language, finder.actors, passage.start, passage.end)
    from_whole = {
        each.code for each in countries_in(finder.plain.text, language.code, passage.start, passage.end)
    }
    return bool(found.third) or bool(from_whole - set(finder.actors.parties))


def _present(finder: Finder, language: Language, start: int, end: int) -> str | None:
    """The country that "agreed that Viet Nam grants …" names as the one who acts."""
    found = subject_in(finder.plain, language, finder.actors, start, min(end, start + 50))
    return found.codes[0] if found.codes else None


def _inner_subject(finder: Finder, language: Language, place: tuple[int, int], subject: Subject) -> Subject:
    """An item with a subject of its own: "…; India will …"."""
    lower = finder.plain.lower
    match = re.compile(r"\b(?:will|shall|would|sẽ|to)\b").search(
        lower, place[0], min(place[1], place[0] + 70)
    )
    if match is None or match.start() == place[0]:
        return subject
    found = subject_in(finder.plain, language, finder.actors, place[0], match.start())
    return found if found.codes and found.is_pure else subject


def _vi_clause(finder: Finder, language: Language, match: re.Match[str], end: int) -> bool:
    """Vietnamese leaves out "that": "nhất trí đánh giá …" and "nhất trí hai nước cần …" are clauses."""
    if language.code != "vi" or match.groupdict().get("join") is None:
        return False
    after = finder.plain.lower[match.end() : end].lstrip(" ,:")
    return (
        re.match(
            r"(?:cho rằng|đánh giá|nhận định|nhận thấy|coi|với (?:nhận định|đánh giá)|hai bên|hai nước|các bên|phía|quan hệ|hợp tác giữa)",
            after,
        )
        is not None
    )


def _to_do_subject(finder: Finder, passage: Passage, language: Language) -> Subject | None:
    """Who stands before the verb of an action point: "Viet Nam to share …", "Lao side: …"."""
    lower = finder.plain.lower
    match = re.compile(r"\s+(?:to|will|shall|sẽ)\s+|\s*[:]\s+|\s+[-]\s+").search(
        lower, passage.start, min(passage.end, passage.start + 110)
    )
    if match is None:
        return None
    found = subject_in(finder.plain, language, finder.actors, passage.start, match.start())
    after = lower[match.end() : passage.end]
    if not found.codes or not found.is_pure or language.not_deeds.match(after):
        return None
    return found if language.deeds.match(after) else None
