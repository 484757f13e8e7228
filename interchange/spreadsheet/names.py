"""Finds countries, agencies and themes by their names, and offers what is close to an unknown name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.models import Theme
from core.lists import one_of
from core.texts import plain_text
from interchange.spreadsheet.values import CellError
from relations.models import Agency, Country
from relations.names import words_in

AGENCY, COUNTRY, THEME = "agency", "country", "theme"
LEFT_OUT = "-"
"""What a spelling means that its owner leaves out."""
_CLOSE = 0.72
_MOST_OFFERED = 6
_SMALL_WORDS = frozenset(
    {"of", "the", "and", "for", "va", "bo", "ministry", "department", "cua", "nuoc", "kingdom"}
)


class UnknownName(CellError):
    """A name that is not in the register, or that several records have. ``offered`` are those it may mean."""

    def __init__(self, kind: str, name: str, offered: Sequence[Any]) -> None:
        self.kind, self.name, self.offered = kind, name, tuple(offered)
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        values = {"name": self.name[:80], "offered": one_of(label_of(each) for each in self.offered[:3])}
        if self.offered:
            return _("“%(name)s” is not clear. Did you mean %(offered)s? Choose it under “Names”.") % values
        match self.kind:
            case "country":
                return _("The register has no country “%(name)s”. Choose one under “Names”.") % values
            case "theme":
                return _("The register has no theme “%(name)s”. Choose one under “Names”.") % values
        return _("The register has no agency “%(name)s”. Choose one under “Names”.") % values


def key_of(record: Any) -> str:
    """The key of a record: the code of a country, else its slug."""
    return str(record.code if isinstance(record, Country) else record.slug)


def label_of(record: Any) -> str:
    """The name of a record; of an agency with the code of its country."""
    if isinstance(record, Agency):
        text = pgettext("agency and country", "%(agency)s (%(country)s)")
        return text % {"agency": record.name, "country": record.country.code}
    return str(record)


def spelling_of(text: str) -> str:
    """The key under which the meaning of a spelling is kept."""
    return " ".join(words_in(text)) or plain_text(text).lower()


class NameIndex:
    """The records of one kind by their names."""

    def __init__(self, kind: str, meanings: Mapping[str, str]) -> None:
        rows: dict[str, Iterable[Any]] = {
            AGENCY: Agency.objects.select_related("country").defer("search_text").order_by("pk"),
            COUNTRY: Country.objects.defer("search_text").order_by("pk"),
            THEME: Theme.objects.defer("search_text").order_by("pk"),
        }
        self.kind = kind
        self.records = {key_of(record): record for record in rows[kind]}
        self._meanings = meanings
        self._by_words: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for key, record in self.records.items():
            for name in _names_of(record):
                self._by_words[spelling_of(name)][key] = record
        self._offers: dict[str, list[Any]] = {}

    def one(self, text: str) -> Any:
        """The record that ``text`` names; ``None`` where its owner left the spelling out.

        Raises ``UnknownName``.
        """
        words = spelling_of(text)
        if (meaning := self._meanings.get(words)) is not None:
            if meaning == LEFT_OUT:
                return None
            if meaning in self.records:
                return self.records[meaning]
        found = self._by_words.get(words, {})
        if len(found) == 1:
            return next(iter(found.values()))
        raise UnknownName(self.kind, plain_text(text), list(found.values()) or self.offered(words))

    def all(self, text: str) -> list[Any]:
        """The records that ``text`` names: one, or several with a semicolon, a line break or a comma between.

        Raises ``UnknownName``.
        """
        try:
            return _without_none([self.one(text)])
        except UnknownName as unknown:
            parts = [part for part in text.replace("\n", ";").split(";") if part.strip()]
            if len(parts) > 1:
                return _without_none([self.one(part) for part in parts])
            for sign in (",", "/", " & ", " and ", " và ", " + "):
                parts = [part for part in text.split(sign) if part.strip()]
                if len(parts) > 1 and (found := self._if_all_known(parts)):
                    return found
            raise unknown from None

    def _if_all_known(self, parts: Iterable[str]) -> list[Any]:
        try:
            return _without_none([self.one(part) for part in parts])
        except UnknownName:
            return []

    def offered(self, words: str) -> list[Any]:
        """The records whose names are close to ``words``, the closest first."""
        if words not in self._offers:
            scores: dict[str, float] = {}
            for name, records in self._by_words.items():
                score = _closeness(words, name)
                if score >= _CLOSE:
                    for key in records:
                        scores[key] = max(score, scores.get(key, 0))
            best = sorted(scores, key=lambda key: (-scores[key], key))[:_MOST_OFFERED]
            self._offers[words] = [self.records[key] for key in best]
        return self._offers[words]


def _without_none(records: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(record for record in records if record is not None))


def _names_of(record: Any) -> Iterable[str]:
    yield key_of(record)
    yield record.name
    if isinstance(record, Theme):
        return
    yield from record.aliases
    if isinstance(record, Agency):
        code = record.country.code
        others = [record.name, record.acronym, *record.aliases]
        for name in filter(None, others):
            yield name
            yield f"{name} ({code})"
            yield f"{code}: {name}"
            yield f"{name} ({record.country.name})"
            yield f"{record.country.name} {name}"


def _closeness(wanted: str, name: str) -> float:
    """From 0 to 1: how many letters agree, or how many of the words that distinguish a name."""
    letters = SequenceMatcher(None, wanted, name)
    is_far = letters.real_quick_ratio() < _CLOSE or letters.quick_ratio() < _CLOSE
    score = 0.0 if is_far else letters.ratio()
    mine, theirs = set(wanted.split()) - _SMALL_WORDS, set(name.split()) - _SMALL_WORDS
    if mine and theirs and (mine <= theirs or theirs <= mine):
        share = len(mine & theirs) / max(len(mine), len(theirs))
        score = max(score, 0.7 + 0.3 * share if share >= 0.4 else 0.0)  # noqa: PLR2004
    return score
