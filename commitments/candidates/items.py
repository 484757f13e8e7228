"""Divides what was agreed into single undertakings: "to open …, extend … and hold …"."""

import re
from collections.abc import Iterator

from commitments.candidates.languages import Language

_INLINE_LABEL = re.compile(r"(?:^|[\s;:,(])(?:and |và )?\(?(?:[ivx]{1,4}|[a-hđ]|\d{1,2})\)\s+")
_PURPOSE = re.compile(
    r"\b(?:in order to|so as to|so that|with a view to|aimed at|aiming to|thereby|enabling|allowing|"
    r"helping|(?<=\w) to (?=(?:facilitate|ease|help|enable|support|meet|serve|ensure|create|contribute|"
    r"boost|make)\b)|nhằm|để|qua đó|góp phần)\b"
)
_FIGURE_TAIL = re.compile(
    r",?\s+(?:(?:and )?striv(?:e|ing) (?:to|for)\b|(?:with the aim of|aiming (?:at|to)|towards|with a "
    r"(?:view|goal|target) (?:to|of))(?= (?:raising|lifting|bringing|doubling|rais|lift|a (?:trade "
    r")?turnover|bilateral trade))|phấn đấu(?= (?:đưa|nâng|đạt|sớm)))"
)
_GERUND_BREAK = re.compile(
    r"(?:\s*;\s*(?:and |as well as )?|\s*,\s*(?:and |as well as |while |along with |and also )?| (?:and|"
    r"as well as|while|along with) )(?P<verb>(?:(?:\w+ly|also|further|promptly) )?(?!during\b|"
    r"including\b|according\b|following\b|regarding\b|concerning\b|being\b|having\b|spring\b|string\b|"
    r"bring\b|thing|training\b|banking\b|processing\b|mining\b|planning\b|farming\b|fishing\b|working\b|"
    r"marketing\b|financing\b|engineering\b|manufacturing\b|shipping\b|building\b(?! )|existing\b|"
    r"remaining\b|emerging\b|ongoing\b|serving\b|contributing\b|creating\b|helping\b|bringing\b|aiming\b|"
    r"thereby\b|learning\b|teaching\b|housing\b|neighbouring\b|neighboring\b|developing countries\b|"
    r"growing\b)[a-z]{3,}ing)\b(?! (?:and|or|of|capacity|needs|countries|partner|group|programme|program|"
    r"session)\b)"
)
_LEAST_WORDS = 2
_WORD = re.compile(r"[^\W_]+")
_BARE_INFINITIVE = re.compile(r"\bto (?:\w+ly )?\w+$")
_NO_OBJECT = re.compile(r"\s*(?:[,;.]|và\b|$)")
_PAIRED = re.compile(r"\bphòng$")
_MORE_OBJECTS = re.compile(
    r",?\s+and (?:also )?(?:on|in) (?=(?:the |a |an )?\w+ing\b|the (?:establishment|opening|launch|"
    r"creation|signing|conclusion)\b)|,?\s+and the (?=(?:\w+ )?(?:exchange|conduct|establishment|opening|"
    r"launch|creation|signing|conclusion|training|construction|provision|organi[sz]ation|holding|"
    r"formation|development|expansion|promotion|resumption|introduction|mutual recognition) of\b)|"
    r",?\s+and that (?=\w)|,?\s+and to (?!the |an? )(?=[a-z]+ )|,\s+to (?=[a-z]+ (?:the|a|an|their|its|"
    r"mutually|jointly|up|two|direct)\b)"
)
_AND_TO = re.compile(r"\band to \w")
_SEMICOLON = re.compile(r"\s*;\s*(?:and |và )?")
_BEGINS_WITH_GERUND = re.compile(r"\W*(?:\w+ly |also |further )?[a-z]{3,}ing\b")
_FAR, _NEAR = 40, 3
_EMPTY_END = re.compile(r"[\s,;:.!?/-]+$")


Cut = tuple[int, int]
"""Where one undertaking ends and the next one begins."""


def items_of(lower: str, language: Language, start: int, end: int) -> list[tuple[int, int]]:
    """The single undertakings in ``lower[start:end]``, in its order."""
    labels = [match.span() for match in _INLINE_LABEL.finditer(lower, start, end)]
    if len(labels) > 1:
        has_words_before = labels[0][0] - start > _FAR
        return _between(lower, start if has_words_before else labels[0][1], end, labels)
    cuts = list(_before_verbs(lower, language, start, end))
    for cut in (
        *_semicolons(lower, start, end),
        *_more_objects(lower, start, end),
        *_aims(lower, start, end),
    ):
        if not any(one - _NEAR <= cut[0] <= other for one, other in cuts):
            cuts.append(cut)
    return _between(lower, start, end, sorted(cuts))


def _before_verbs(lower: str, language: Language, start: int, end: int) -> Iterator[Cut]:
    is_gerund = language.code == "en" and _BEGINS_WITH_GERUND.match(lower, start, end) is not None
    pattern = _GERUND_BREAK if is_gerund else language.breaks
    begin = at = start
    while match := pattern.search(lower, at, end):
        at = match.start("verb") + 1
        if _is_break(lower, language, begin, match):
            yield match.start(), match.start("verb")
            begin = match.start("verb")


def _semicolons(lower: str, start: int, end: int) -> Iterator[Cut]:
    for match in _SEMICOLON.finditer(lower, start, end):
        yield match.span()


def _more_objects(lower: str, start: int, end: int) -> Iterator[Cut]:
    """ "Agreed on opening … and on holding …", "that … and that …", "to …, to … and to …"."""
    for match in _MORE_OBJECTS.finditer(lower, start, end):
        is_bare = match[0].lstrip().startswith(",") and "and" not in match[0]
        if not is_bare or _AND_TO.search(lower, match.end(), end):  # else a purpose: ", to support industry"
            yield match.span()


def _aims(lower: str, start: int, end: int) -> Iterator[Cut]:
    """ "…, striving to raise trade to 20 billion": a target of its own."""
    for match in _FIGURE_TAIL.finditer(lower, start, end):
        if re.search(r"\d", lower[match.end() : end]):
            yield match.start(), match.end() - len(match[0].lstrip(" ,"))


def _is_break(lower: str, language: Language, begin: int, match: re.Match[str]) -> bool:
    """Whether the words before are an undertaking of their own.

    "Prevent and combat crime" is one: the first verb has no object. After a purpose ("to facilitate trade and
    increase …"), a verb after "and" alone goes on with the purpose.
    """
    before = lower[begin : match.start()]
    if language.code == "vi" and ";" not in match[0] and _NO_OBJECT.match(lower, match.end("verb")):
        return False  # "giáo dục, đào tạo": nouns
    joins_only = (
        match[0].lstrip().startswith(("and ", "và ", "as well", "cũng"))
        and " to " not in match[0][: match.start("verb") - match.start()]
    )
    if len(_WORD.findall(before)) <= language.least_words and ";" not in match[0]:
        return False
    if _PAIRED.search(before) or (_BARE_INFINITIVE.search(before) and joins_only):
        return False  # "to live and work there"
    return not (joins_only and _PURPOSE.search(before))


def _between(lower: str, start: int, end: int, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found = []
    for until, following in [*cuts, (end, end)]:
        if until > start and (item := trimmed(lower, start, until)):
            found.append(item)
        start = max(start, following)
    return found


def trimmed(lower: str, start: int, end: int) -> tuple[int, int] | None:
    """The place without the signs around it, or ``None`` if too little is left."""
    end -= len(lower[start:end]) - len(_EMPTY_END.sub("", lower[start:end]))
    while start < end and not lower[start].isalnum() and lower[start] not in "\"'(":
        start += 1
    return (start, end) if len(_WORD.findall(lower[start:end])) >= _LEAST_WORDS else None
