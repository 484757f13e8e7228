"""What speaks against a cue: denials, forecasts, the past, speeches, others than the sides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from commitments.candidates.actors import PRONOUN, Subject
from commitments.candidates.languages import Cue, Language, Takes
from commitments.candidates.passages import Plain
from commitments.choices import Modality

_LOOK_BACK, _LOOK_FAR_BACK = 60, 220
_MOST_WORDS_BEFORE_BARE_CUE = 3
_HEAD = 1_500
_IN_YEAR = re.compile(
    r"\b(?P<word>[^\W\d]+)\s+(?:in|vào năm|năm)\s+(?:\w+\s+)?(?P<year>(?:19|20)\d\d)\b(?!\s*-)"
)
_PARTICIPLES = ("ed", "en", "held", "made", "begun", "built", "kết", "ký", "lập", "qua", "được")
ASIDE = re.compile(r"^\s*,[^,;]{2,60},\s*")
"""Between "will" and its verb: "will, in return, open"."""
_SAID_BY = re.compile(r"[,\"] ?(?:said|says|noted|argued|according to) .{3,90}$")
"""Who spoke, at the end of a sentence: "…, said an analyst at the institute"."""
_WORDS_OF_SUBJECT = 4
_LEAST_SIGNS = 2
_OLD = 15


@dataclass(frozen=True, slots=True)
class TextSigns:
    """What kind of text it is."""

    is_declaration: bool
    """A joint statement, in which "we" promises."""
    is_speech: bool
    """A speech, or the programme of a ceremony."""
    has_agreement: bool
    """The sides agree on something in it: a notice of events has nothing of the kind."""

    @classmethod
    def of(cls, plain: Plain, languages: Iterable[Language]) -> "TextSigns":
        """Look for the signs of each language."""
        known = list(languages)
        signs = sum(len(each.speech.findall(plain.lower)) for each in known)
        ceremony = sum(len(each.programme.findall(plain.lower)) for each in known)
        is_declaration = any(each.declaration.search(plain.lower[:_HEAD]) for each in known)
        is_speech = signs >= _LEAST_SIGNS and not is_declaration
        return cls(is_declaration, is_speech or ceremony >= _LEAST_SIGNS, has_agreement=False)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text: its place, its language, and what kind of text it stands in."""

    plain: Plain
    language: Language
    start: int
    end: int
    signs: TextSigns
    year: int | None
    """The year of the text."""


def is_past(wording: str, language: Language, year: int | None) -> bool:
    """Whether a sentence tells of earlier times. One that begins with a year to come does not."""
    match = language.past.search(wording)
    if match is None:
        return False
    groups = match.groupdict()
    named = groups.get("year") or groups.get("year2")
    return not (named and year and int(named) >= year)


def is_of_old(wording: str, language: Language, year: int | None) -> bool:
    """Whether a sentence begins with a year long before the text: the past is told."""
    match = language.old.search(wording[:_LOOK_BACK])
    return bool(match and year and int(match["year"]) <= year - _OLD)


def is_accepted(sentence: Sentence, match: re.Match[str], cue: Cue, subject: Subject, clause: int) -> bool:
    """Whether ``cue`` at ``match`` stands for an undertaking of ``subject``, or reports on one."""
    lower, language = sentence.plain.lower, sentence.language
    before = lower[max(sentence.start, match.start() - _LOOK_BACK) : match.start()]
    if any(each.search(before) for each in language.refusals) or (cue.is_joint and not subject.is_joint):
        return False
    if cue.is_report:
        after = lower[match.end() : sentence.end]
        return cue.modality != Modality.WELCOMED or language.cooperation.search(after) is not None
    if cue.takes == Takes.PASSIVE:
        return True
    if _is_no_promise(sentence, match, cue, subject, clause):
        return False
    if cue.takes == Takes.SELF:
        return _promises(sentence, match, subject)
    return not language.determiner.search(before) and _is_agreed(sentence, match, cue, subject)


def _is_no_promise(sentence: Sentence, match: re.Match[str], cue: Cue, subject: Subject, clause: int) -> bool:
    """Whether the words are of an earlier time, of others, of a speech, for voters, or for nobody."""
    return (
        _is_earlier(sentence, match)
        or _is_domestic(sentence, subject)
        or (not sentence.signs.is_declaration and _is_of_self(sentence, match))
        or _is_only_speech(sentence, match, cue)
        or _is_of_outsiders(sentence, match, clause)
        or _is_for_nobody(sentence, cue, subject)
    )


def _is_of_self(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether "we" speaks."""
    before = sentence.plain.lower[max(sentence.start, match.start() - _LOOK_BACK) : match.start()]
    return sentence.language.we.search(before) is not None


def _is_agreed(sentence: Sentence, match: re.Match[str], cue: Cue, subject: Subject) -> bool:
    """Whether "agreed to …" is of now, and somebody agrees; who asks does not matter."""
    if cue.takes == Takes.REQUEST:
        return True
    after = sentence.plain.lower[match.start() : sentence.end]
    if _was_long_ago(after, sentence.year) or _was_due(after, sentence.language, sentence.year):
        return False
    return bool(subject.codes) or (not subject.third and _needs_no_subject(sentence, match, subject))


def _is_earlier(sentence: Sentence, match: re.Match[str]) -> bool:
    """ "Had agreed" is earlier, but not in "said that it had decided"."""
    language, frame = sentence.language, sentence.plain.lower[sentence.start : match.start()]
    is_reported = language.said.search(frame) is not None and not language.confident.search(frame)
    return language.perfect.search(frame[-_LOOK_BACK:]) is not None and not is_reported


def _is_for_nobody(sentence: Sentence, cue: Cue, subject: Subject) -> bool:
    """Whether one side promises what is not for the other, in a text in which nothing is agreed."""
    if sentence.signs.has_agreement or subject.is_joint or not subject.codes or cue.takes == Takes.REQUEST:
        return False
    named = sentence.plain.countries(sentence.language.code, sentence.start, sentence.end)
    is_for_other = any(each.code not in subject.codes for each in named)
    wording = sentence.plain.lower[sentence.start : sentence.end]
    return not is_for_other and sentence.language.help.search(wording) is None


def _is_domestic(sentence: Sentence, subject: Subject) -> bool:
    wording = sentence.plain.lower[sentence.start : sentence.end]
    return not subject.is_joint and sentence.language.domestic.search(wording) is not None


def _is_only_speech(sentence: Sentence, match: re.Match[str], cue: Cue) -> bool:
    """Whether the words are those of a speech, in which only a gift with a figure counts."""
    has_figure = re.search(r"\d", sentence.plain.lower[match.end() : sentence.end]) is not None
    return sentence.signs.is_speech and not (cue.modality == Modality.VOWED and has_figure)


def _is_of_outsiders(sentence: Sentence, match: re.Match[str], clause: int) -> bool:
    """Whether companies, analysts or others speak, who are no government."""
    lower, outsiders = sentence.plain.lower, sentence.language.outsiders
    begin = max(clause, lower.rfind(",", clause, match.start()) + 1)
    if outsiders.search(lower, begin, match.start()):
        return True
    if not PRONOUN.match(lower, sentence.start):
        return False
    # "She expects …": whoever spoke in the sentence before.
    before = _sentence_before(lower, sentence.start)
    said_by = _SAID_BY.search(before)
    speaker = said_by[0] if said_by else " ".join(before.split()[:_WORDS_OF_SUBJECT])
    return outsiders.search(speaker) is not None


def _sentence_before(lower: str, start: int) -> str:
    """The sentence before the one that begins at ``start``, in the same paragraph."""
    paragraph = lower[max(lower.rfind("\n", 0, start), start - _LOOK_FAR_BACK) + 1 : start].rstrip(" .!?\"'")
    return re.split(r"[.!?]\"? ", paragraph)[-1]


def _needs_no_subject(sentence: Sentence, match: re.Match[str], subject: Subject) -> bool:
    """Minutes say "Agreed to …" and name nobody."""
    words = sentence.plain.lower[sentence.start : match.start()].strip(" -:\"'").split()
    is_bare = len(words) <= _MOST_WORDS_BEFORE_BARE_CUE and not sentence.language.same.search(" ".join(words))
    return (is_bare and not _names_somebody(sentence, match)) or (subject.is_pure and not words)


def _names_somebody(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether the words before hold a name that is no side: "Kandal Province agreed to …"."""
    words = sentence.plain.text[sentence.start : match.start()].split()
    return any(word[:1].isupper() and word[1:2].islower() for word in words[1:])


def _was_long_ago(after: str, year: int | None) -> bool:
    """Whether the agreement itself is of a year before: "agreed on it in 2015", not "signed in 2015"."""
    match = _IN_YEAR.search(after[:_LOOK_FAR_BACK])
    return bool(match and year and int(match["year"]) < year and not match["word"].endswith(_PARTICIPLES))


def _was_due(wording: str, language: Language, year: int | None) -> bool:
    """Whether the deadline was over long before the text was written."""
    match = language.by_year.search(wording)
    return bool(match and year and int(match["year"]) < year)


def _promises(sentence: Sentence, match: re.Match[str], subject: Subject) -> bool:
    """Whether "X will …" promises something: X may promise, and does not foretell."""
    lower, language = sentence.plain.lower, sentence.language
    frame = lower[sentence.start : match.start()]
    after = ASIDE.sub("", lower[match.end() : sentence.end]).lstrip()
    is_quoted = re.search(r"\"(?:\w+ ){0,4}$", frame) is not None
    if language.confident.search(frame[-_LOOK_FAR_BACK:]) or is_quoted:
        return False
    is_reported = match.groupdict().get("comp") == "would"
    if (
        is_reported
        and not sentence.signs.has_agreement
        and not language.said.search(f"{frame} {lower[match.end() : match.end() + _LOOK_BACK]}")
    ):
        return False
    if language.visit.search(frame):
        return False
    is_ordered = match.groupdict().get("comp") == "shall" and sentence.signs.has_agreement
    if language.passive.match(after) or (
        is_ordered and after.startswith("be ") and not language.not_deeds.match(after)
    ):
        return sentence.signs.has_agreement and not language.protocol.search(frame[-2 * _LOOK_BACK :])
    is_promise = subject.codes and subject.is_pure and not after.startswith("be ")
    if not is_promise or language.not_deeds.match(after):
        return False
    may_be_things = frame.split()[-1:] == ["they"] and not sentence.signs.has_agreement
    if language.deeds.match(after) or (subject.is_joint and not may_be_things):
        return True
    return (
        sentence.signs.has_agreement
        and re.match(r"[^\W\d]", after) is not None
        and not after.startswith("not ")
    )
