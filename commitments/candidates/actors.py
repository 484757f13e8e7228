"""Says which countries must act: by their names, their people, their offices, or both sides together."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from commitments.candidates.countries import Named
from commitments.candidates.languages import Language
from commitments.candidates.passages import Plain

_CAPITALISED = re.compile(
    r"(?:H\.E\. )?[A-ZĐÀ-Ỹ][\w.'-]*(?:\s+(?:(?:and|of|for|the|de|bin|binti|al|van|và|"
    r"của)\s+)*[A-ZĐÀ-Ỹ][\w.'-]*)*"
)
_OFFICE = re.compile(
    r"\b(?:president|prime|minister|premier|pm|secretary|general|ambassador|chairman|chairwoman|chair|"
    r"king|sultan|queen|chancellor|deputy|vice|"
    r"foreign|affairs|state|party|national|assembly|speaker|governor|senior|h\.e|mr|mrs|ms|dr|"
    r"commissioner|emir|crown|prince|trưởng|tướng|tịch|bí|thư|sứ|thống|vương)\b"
)
PRONOUN = re.compile(r"\W*(?:he|she|ông|bà)\b")
_COUNTERPART = re.compile(r"\b(?:and|và)\b.*\b(?:counterparts?|người đồng cấp)\b|\bcounterparts?\b.*\band\b")
_MOST_WORDS_OF_NAME = 6
_FAR, _NEAR = 60, 14
_AMBASSADOR = re.compile(r"\b(?:ambassador|diplomat|đại sứ)\b")
_AMBASSADOR_OF = re.compile(r"\b(?:ambassador of (?:the )?|đại sứ (?:nước )?(?:cộng hòa )?)$")
"""A word such as "both" so far behind a country is no part of the subject."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'.][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Actors:
    """The sides of one text.

    ``parties`` are the codes of all sides. ``people`` maps the folded name of a person, or a part of it, to a
    country.
    """

    parties: tuple[str, ...]
    people: Mapping[str, str] = field(default_factory=dict)
    ambassador: str = ""
    """The country of the ambassador of whom the text speaks."""
    rest: str = ""
    """Of two sides, the one of whom the text never says whose officials they are: its own."""


def actors_of(plain: Plain, language: str, parties: Sequence[str], people: Mapping[str, str]) -> Actors:
    """Read who is who. Without ``parties``, those that the text names most often are the sides."""
    named = plain.countries(language)
    sides = tuple(sorted(dict.fromkeys(parties))) or _most_named(named)
    known = {name.lower(): code for name, code in people.items() if name.lower() in plain.lower}
    learnt = known | _people(plain, named)
    silent = [code for code in sides if code not in learnt.values()]
    rest = ""
    if len(sides) == 2 and len(silent) == 1:  # noqa: PLR2004
        rest = silent[0]
    elif language == "vi" and "VN" in sides:
        rest = "VN"
    return Actors(sides, learnt, _ambassador(plain, named), rest)


def _ambassador(plain: Plain, named: Sequence[Named]) -> str:
    for each in named:
        before = plain.lower[max(0, each.start - _FAR) : each.start]
        after = plain.lower[each.end : each.end + _NEAR]
        if _AMBASSADOR_OF.search(before) or re.match(r"\s+ambassador\b", after):
            return each.code
    return ""


def _most_named(named: Sequence[Named]) -> tuple[str, ...]:
    counts = Counter(each.code for each in named)
    if not counts:
        return ()
    most = counts.most_common(2)[-1][1]
    return tuple(sorted(code for code, times in counts.items() if times >= max(1, most * 0.6)))


def _people(plain: Plain, named: Sequence[Named]) -> dict[str, str]:
    """The people whose country the text tells: "Cambodian Prime Minister Hun Manet"."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for match in _CAPITALISED.finditer(plain.text):
        begin, end = match.span()
        lower = plain.lower[begin:end]
        offices = [office.end() for office in _OFFICE.finditer(lower)]
        inside = [each for each in named if begin <= each.start < end]
        name = _name_after(plain, begin, end, offices, inside)
        code = ""
        if inside and offices:
            code = inside[-1].code if len({each.code for each in inside}) == 1 else inside[0].code
        elif not inside and name:
            code = _country_behind(plain, end, named)
        if name and code:
            found[name][code] += 1
    people: dict[str, str] = {}
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for name, codes in found.items():
        people[name] = codes.most_common(1)[0][0]
        for part in name.split():
            parts[part].add(people[name])
    people.update({part: codes.pop() for part, codes in parts.items() if len(codes) == 1 and len(part) > 2})  # noqa: PLR2004
    return people


def _name_after(plain: Plain, begin: int, end: int, offices: list[int], inside: Sequence[Named]) -> str:
    """The name of a person in a run of capitalised words: what stands after offices and countries."""
    start = max([begin, *(begin + place for place in offices)])
    for each in inside:
        before = plain.lower[max(begin, each.start - 4) : each.start]
        if each.start >= start and before.endswith("of "):  # "Prime Minister Hun Manet of Cambodia"
            end = min(end, each.start - 3)
        elif each.end > start and each.end <= end:
            start = each.end
    words = [word for word in _WORD.findall(plain.lower[start:end])]
    is_name = 1 < len(words) <= _MOST_WORDS_OF_NAME and not {"of", "and", "for", "the", "của", "và"} & set(
        words
    )
    return " ".join(words) if is_name else ""


def _country_behind(plain: Plain, end: int, named: Sequence[Named]) -> str:
    """The country of the office behind a name: "Prak Sokhonn, Deputy Prime Minister … of Cambodia"."""
    behind = plain.lower[end : end + 140]
    if not behind.startswith(", "):
        return ""
    stop = re.search(r"[.;]|, (?=on|in|who|at|to)|\b(?:said|met|held|agreed|and his|will|on)\b", behind[2:])
    limit = end + 2 + (stop.start() if stop else len(behind))
    office = _OFFICE.search(plain.lower, end, min(limit, end + 60))
    inside = [each for each in named if end <= each.start < limit]
    return inside[0].code if office and inside else ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who acts or speaks. ``codes`` is empty where nobody was recognised."""

    codes: tuple[str, ...] = ()
    is_joint: bool = False
    is_pure: bool = False
    """The words name a government, an office or a body and nothing else: not "Cambodia's economy"."""
    third: tuple[str, ...] = ()
    """Countries that are no side of the text."""


def subject_in(
    plain: Plain, language: Language, actors: Actors, start: int, end: int, last: str = ""
) -> Subject:
    """Read ``text[start:end]`` as the subject of a clause. ``last`` is the country that spoke before."""
    pieces = _pieces(plain, language, start, end)
    for begin, until in reversed(pieces):
        found = _one(plain, language, actors, begin, until, last)
        if found.codes or found.third:
            return found
    return Subject()


def _pieces(plain: Plain, language: Language, start: int, end: int) -> list[tuple[int, int]]:
    """The parts between commas. A part that begins with "and" belongs to the one before it."""
    fronted = language.fronted.match(plain.lower, start, end)
    while fronted and fronted.end() < end:
        start = fronted.end()
        fronted = language.fronted.match(plain.lower, start, end)
    cuts = [start]
    for match in re.finditer(r"[,;:]\s*", plain.lower[start:end]):
        if not plain.lower.startswith(
            ("and ", "và ", "together with", "along with", "cùng "), start + match.end()
        ):
            cuts.append(start + match.end())
    return [
        (one, other)
        for one, other in zip(cuts, [*cuts[1:], end], strict=True)
        if plain.lower[one:other].strip(" ,;:")
    ]


def _one(plain: Plain, language: Language, actors: Actors, start: int, end: int, last: str) -> Subject:
    """Read one part of a subject, in which no comma stands."""
    lower = plain.lower[start:end]
    named = [
        each for each in plain.countries(language.code, start, end) if not _is_only_place(plain, each, start)
    ]
    codes = dict.fromkeys(each.code for each in named)
    remains = list(lower)
    for each in named:
        _blank(remains, each.start - start, each.end - start)
    people = _people_in(lower, actors, remains)
    joint = list(language.joint.finditer(lower))
    for match in joint:
        _blank(remains, *match.span())
    words = [word for word in _WORD.findall("".join(remains)) if word not in language.roles and word != "s"]
    third = tuple(code for code in codes if code not in actors.parties)
    found = Subject(is_pure=not words, third=third)
    if PRONOUN.match(lower) and not joint:
        code = _of_office(lower, actors, last)
        return Subject((code,) if code else (), is_pure=not words)
    speakers = tuple(dict.fromkeys((*(code for code in codes if code in actors.parties), *people)))
    is_late = len(speakers) == 1 and bool(joint) and joint[0].start() > _FAR
    is_pair = len(speakers) == 1 and _COUNTERPART.search(lower) is not None
    if (joint and not is_late) or is_pair:
        return replace(found, codes=actors.parties, is_joint=True)
    if speakers:
        return replace(
            found, codes=speakers, is_joint=len(speakers) > 1 and set(speakers) >= set(actors.parties)
        )
    if not third and language.same.search(lower):
        code = _of_office(lower, actors, last)
        return replace(found, codes=(code,) if code else ())
    return found


def _blank(remains: list[str], start: int, end: int) -> None:
    remains[start:end] = " " * (end - start)


def _of_office(lower: str, actors: Actors, last: str) -> str:
    """The country of "he", which spoke last, or of an office without a country: the text's own."""
    if actors.ambassador and _AMBASSADOR.search(lower):
        return actors.ambassador
    if PRONOUN.match(lower):
        return last or actors.rest
    return actors.rest or last


def _people_in(lower: str, actors: Actors, remains: list[str]) -> list[str]:
    """The countries of the people named, whose names are blanked out in ``remains``."""
    found: list[str] = []
    for match in _WORD.finditer(lower):
        code = actors.people.get(match[0])
        if code is None and (
            whole := next(
                (name for name in actors.people if " " in name and lower.startswith(name, match.start())),
                None,
            )
        ):
            code = actors.people[whole]
            _blank(remains, match.start(), match.start() + len(whole))
        if code in actors.parties:
            _blank(remains, *match.span())
            found.append(str(code))
    return found


def _is_only_place(plain: Plain, named: Named, start: int) -> bool:
    """Whether a country is only where something is: "in Viet Nam"."""
    before = plain.lower[max(start, named.start - 8) : named.start]
    return re.search(r"\b(?:in|to|from|at|visiting|ở|tại|sang|đến|với|with)\s+$", before) is not None
