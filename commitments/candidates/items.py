"""Divides what was agreed into single undertakings: "to open …, extend … and hold …"."""

import re

from commitments.candidates.languages import Language

_INLINE_LABEL = re.compile(r"(?:^|[\s;:,(])(?:and |và )?\(?(?:[ivx]{1,4}|[a-hđ]|\d{1,2})\)\s+")
_PURPOSE = re.compile(
    r"\b(?:in order to|so as to|so that|with a view to|aimed at|aiming to|thereby|(?<=\w) to (?=(?:facilitate|ease|help|enable|support|meet|serve|ensure|create|contribute|boost|make)\b)|nhằm|để|qua đó|góp phần)\b"
)
_FIGURE_TAIL = re.compile(
    r",?\s+(?:(?:and )?striv(?:e|ing) (?:to|for)\b|(?:with the aim of|aiming (?:at|to)|towards|with a (?:view|goal|target) (?:to|of))(?= (?:raising|lifting|bringing|doubling|rais|lift|a (?:trade )?turnover|bilateral trade))|phấn đấu(?= (?:đưa|nâng|đạt|sớm)))"
)
_GERUND_BREAK = re.compile(
    r"(?:\s*;\s*(?:and |as well as )?|\s*,\s*(?:and |as well as |while |along with |and also )?| (?:and|as well as|while|along with) )(?P<verb>(?:(?:\w+ly|also|further|promptly) )?(?!during\b|including\b|according\b|following\b|regarding\b|concerning\b|being\b|having\b|spring\b|string\b|bring\b|thing|training\b|banking\b|processing\b|mining\b|planning\b|farming\b|fishing\b|working\b|marketing\b|financing\b|engineering\b|manufacturing\b|shipping\b|building\b(?! )|existing\b|remaining\b|emerging\b|ongoing\b|serving\b|contributing\b|creating\b|helping\b|bringing\b|aiming\b|thereby\b|learning\b|teaching\b|housing\b|neighbouring\b|neighboring\b|developing countries\b|growing\b)[a-z]{3,}ing)\b(?! (?:and|or|of|capacity|needs|countries|partner|group|programme|program|session)\b)"
)
_LEAST_WORDS = 2
_WORD = re.compile(r"[^\W_]+")
_BARE_INFINITIVE = re.compile(r"\bto (?:\w+ly )?\w+$")
_PAIRED = re.compile(r"\bphòng$")
_MORE_OBJECTS = re.compile(
    r",?\s+and (?:also )?(?:on|in) (?=(?:the |a |an )?\w+ing\b|the (?:establishment|opening|launch|creation|signing|conclusion)\b)|,?\s+and that (?=\w)|,?\s+and to (?!the |an? )(?=[a-z]+ )|,\s+to (?=[a-z]+ (?:the|a|an|their|its|mutually|jointly|up|two|direct)\b)"
)
_EMPTY_END = re.compile(r"[\s,;:.!?/-]+$")


def items_of(lower: str, language: Language, start: int, end: int) -> list[tuple[int, int]]:
    """The single undertakings in ``lower[start:end]``, in its order."""
    labelled = [match for match in _INLINE_LABEL.finditer(lower, start, end)]
    if len(labelled) > 1:
        cuts = [(match.start(), match.end()) for match in labelled]
        return _between(lower, start if labelled[0].start() - start > 40 else labelled[0].end(), end, cuts)  # noqa: PLR2004
    cuts = []
    is_gerund = (
        language.code == "en"
        and re.match(r"\W*(?:\w+ly |also |further )?[a-z]{3,}ing\b", lower[start:end]) is not None
    )
    begin = start
    pattern = _GERUND_BREAK if is_gerund else language.breaks
    at = start
    while match := pattern.search(lower, at, end):
        at = match.start("verb") + 1
        if _is_break(lower, language, begin, match):
            cuts.append((match.start(), match.start("verb")))
            begin = match.start("verb")
    for match in re.finditer(r"\s*;\s*(?:and |và )?", lower[start:end]):
        cut = (start + match.start(), start + match.end())
        if not any(one <= cut[0] <= other for one, other in cuts):
            cuts.append(cut)
    for match in _MORE_OBJECTS.finditer(lower, start, end):
        if not any(abs(one - match.start()) < 3 for one, _other in cuts):  # noqa: PLR2004
            cuts.append((match.start(), match.end()))
    for match in _FIGURE_TAIL.finditer(lower, start, end):
        if re.search(r"\d", lower[match.end() : end]) and not any(
            abs(one - match.start()) < 4 for one, _other in cuts
        ):  # noqa: PLR2004
            cuts.append((match.start(), match.start() + len(match[0]) - len(match[0].lstrip(" ,"))))
    return _between(lower, start, end, sorted(cuts))


def _is_break(lower: str, language: Language, begin: int, match: re.Match[str]) -> bool:
    """Whether the words before are an undertaking of their own.

    "Prevent and combat crime" is one: the first verb has no object. After a purpose ("to facilitate trade and
    increase …"), a verb after "and" alone goes on with the purpose.
    """
    before = lower[begin : match.start()]
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
