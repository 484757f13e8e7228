"""Goes through a text sentence by sentence: keeps track of headings, lists and what is told of the past."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from commitments.candidates.actors import Actors, Subject, subject_in
from commitments.candidates.english import ENGLISH
from commitments.candidates.guards import TextSigns, is_of_old, is_past
from commitments.candidates.hits import HitReader
from commitments.candidates.items import trimmed
from commitments.candidates.languages import Cue, Language, Takes
from commitments.candidates.passages import Passage, Plain
from commitments.candidates.undertakings import Find, UndertakingReader
from commitments.candidates.vietnamese import VIETNAMESE
from commitments.choices import Modality

LANGUAGES = {each.code: each for each in (ENGLISH, VIETNAMESE)}
"""The languages that are read."""

_UNDER_HEADING = Cue(re.compile(""), Modality.AGREED, Takes.DEED)
_ACTION_POINT = Cue(re.compile(""), Modality.WILL, Takes.SELF)
_LONGEST_SUBJECT = 110
_TO = re.compile(r"\s+to\s+")


@dataclass(frozen=True, slots=True)
class _Lead:
    """The cue of a sentence that ends with a colon, or a heading: for the items of the list that follows."""

    cue: Cue
    words: str
    subject: Subject
    label: str = ""
    """The kind of its own label. The next paragraph with such a label is no item of it."""


class Finder:
    """Reads the passages of one text in its order."""

    def __init__(self, plain: Plain, passages: Sequence[Passage], actors: Actors, year: int | None) -> None:
        self.plain, self.passages, self.actors, self.year = plain, passages, actors, year
        signs = TextSigns.of(plain, LANGUAGES.values())
        self.reader = HitReader(plain, actors, signs, year)
        self.undertakings = UndertakingReader(self.reader)
        self.everyone = self.reader.everyone
        self.lead: _Lead | None = None
        self.old_paragraph = -1

    def finds(self) -> list[Find]:
        """All that is found. A weak cue counts only in a text in which something is agreed."""
        found = self._read()
        if any(not each.is_report and not each.cue.is_weak for each in found):
            self.reader.signs = replace(self.reader.signs, has_agreement=True)
            return self._read()
        return [each for each in found if not each.cue.is_weak]

    def _read(self) -> list[Find]:
        found: list[Find] = []
        self.reader.last, self.reader.was_joint = "", False
        self.lead, self.old_paragraph = None, -1
        for passage in self.passages:
            language = LANGUAGES.get(passage.language)
            if language is None:
                self.lead = None
            else:
                found.extend(self._in_passage(passage, language))
        return found

    def _in_passage(self, passage: Passage, language: Language) -> list[Find]:
        wording = self.plain.lower[passage.start : passage.end]
        is_list_heading = language.heading.match(wording) is not None
        if passage.is_heading or is_list_heading:
            self.lead = self._heading(passage.start, passage.end) if is_list_heading else None
            return []
        self._end_list(passage, language)
        if wording.endswith(":") and (self.lead is None or not passage.is_item):
            self.lead = self._lead_of(passage, language) or self.lead
            return []
        lead = self.lead
        if prefix := language.decision.match(wording):  # "Decision: …" of a record
            lead = self._heading(passage.start, passage.start + prefix.end())
            passage = replace(passage, start=passage.start + prefix.end())
        found = self._by_cues(passage, language)
        if any(not each.is_report for each in found):
            return found
        if lead:
            return self._listed(passage, language, lead)
        point = self._action_point(passage, language)
        return [point] if point else found

    def _heading(self, start: int, end: int) -> _Lead:
        return _Lead(_UNDER_HEADING, self.plain.text[start:end].rstrip(": "), self.everyone)

    def _end_list(self, passage: Passage, language: Language) -> None:
        """Forget the words before the colon where the list is over."""
        is_next = self.lead is not None and bool(self.lead.label) and passage.label_kind == self.lead.label
        if is_next or not (passage.is_item or self._continues_list(passage, language)):
            self.lead = None

    def _continues_list(self, passage: Passage, language: Language) -> bool:
        """An item without a label: it ends with ";" or begins with a verb in a small letter."""
        wording = self.plain.lower[passage.start : passage.end]
        begins_small = self.plain.text[passage.start].islower()
        return wording.endswith(";") or (begins_small and language.deeds.match(wording) is not None)

    def _lead_of(self, passage: Passage, language: Language) -> _Lead | None:
        for hit in self.reader.hits(passage, language):
            if not hit.cue.is_report and (hit.cue.takes != Takes.SELF or hit.subject.codes):
                subject = hit.subject if hit.subject.codes else self.everyone
                return _Lead(hit.cue, hit.words(self.plain), subject, passage.label_kind)
        return None

    def _listed(self, passage: Passage, language: Language, lead: _Lead) -> list[Find]:
        place = trimmed(self.plain.lower, passage.start, passage.end)
        if place is None:
            return []
        own = self._own_subject(passage, language)
        return [Find(*place, lead.cue, lead.words, own or lead.subject, passage)]

    def _action_point(self, passage: Passage, language: Language) -> Find | None:
        """A point such as "Viet Nam to share the list by 30 June"."""
        if (
            not passage.is_item
            and " to " not in self.plain.lower[passage.start : passage.start + _LONGEST_SUBJECT]
        ):
            return None
        subject = self._own_subject(passage, language)
        place = trimmed(self.plain.lower, passage.start, passage.end)
        return Find(*place, _ACTION_POINT, "to", subject, passage) if subject and place else None

    def _own_subject(self, passage: Passage, language: Language) -> Subject | None:
        """Who stands before the verb of an item: "Viet Nam to share …", "Lao side: …"."""
        pattern = language.item_subject if passage.is_item or self.lead else _TO
        for match in pattern.finditer(
            self.plain.lower, passage.start, min(passage.end, passage.start + _LONGEST_SUBJECT)
        ):
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

    def _by_cues(self, passage: Passage, language: Language) -> list[Find]:
        wording = self.plain.lower[passage.start : passage.end]
        if is_of_old(wording, language, self.year):
            self.old_paragraph = passage.paragraph
        if self.old_paragraph == passage.paragraph or is_past(wording, language, self.year):
            return []
        found = self.undertakings.finds(passage, language)
        self.reader.remember(passage, language)
        return found
