"""What a check has seen of the whole file so far, and what it has yet to find."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from commitments.models import Commitment, Theme
from core.batches import batches
from interchange.register_file.errors import Faults
from interchange.register_file.format import Key, ValueKind
from interchange.register_file.sections import SECTIONS
from interchange.register_file.structure import FileEntry
from relations.models import Agency, Country, Mechanism, Meeting, Paragraph, Person, Source

MODELS: dict[str, tuple[type[models.Model], str]] = {
    "countries": (Country, "code"),
    "agencies": (Agency, "slug"),
    "people": (Person, "slug"),
    "mechanisms": (Mechanism, "slug"),
    "themes": (Theme, "slug"),
    "sources": (Source, "slug"),
    "meetings": (Meeting, "slug"),
    "commitments": (Commitment, "reference"),
}
"""The model behind each section, and the field that identifies an entry in it."""


class FilePosition(NamedTuple):
    """Where something stands in the file."""

    line: int
    where: str


class Ledger:
    """Everything that more than one entry decides about. It keeps keys and lines, never whole entries."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.order: list[str] = []
        self.lines: dict[str, dict[str, int]] = {name: {} for name in SECTIONS}
        self.paragraphs: dict[str, Container[int]] = {}
        self.once: dict[tuple[str, ...], tuple[str, FilePosition]] = {}
        self.accounts: set[str] = set()
        self.successors: dict[str, tuple[str, FilePosition]] = {}
        self.related: defaultdict[str, set[str]] = defaultdict(set)
        self.serials: dict[tuple[str, int], int] = {}
        self._links: list[tuple[str, str, FilePosition]] = []
        self._citations: list[tuple[str, int, FilePosition]] = []

    def fault(self, entry: FileEntry, key: str, says: str) -> None:
        """Note what is wrong with ``key`` of ``entry``."""
        self.faults.add(entry.line_of(key), entry.at(key), says)

    def enter(self, section: str, key: str, entry: FileEntry, identity: str) -> None:
        """Note that ``section`` holds ``key``; a key given twice is a fault."""
        if (first := self.lines[section].get(key)) is not None:
            says = _("%(key)s is given twice; the first time in line %(line)d")
            self.fault(entry, identity, says % {"key": key, "line": first})
        else:
            self.lines[section][key] = entry.line

    def only_once(self, entry: FileEntry, key: str, *value: str) -> None:
        """Note that the database takes ``value`` (its kind first) for one entry only."""
        place = FilePosition(entry.line_of(key), entry.at(key))
        owner, first = self.once.setdefault(value, (entry.where, place))
        if owner != entry.where:
            says = _("%(value)s is given twice; the first time in line %(line)d")
            self.fault(entry, key, says % {"value": " ".join(value[1:]), "line": first.line})

    def link(self, key: Key, value: str, line: int, where: str) -> None:
        """Note that ``value`` is named here, and must be there once everything is read."""
        if key.kind is ValueKind.ACCOUNT:
            self.accounts.add(value)
        elif value not in self.lines[key.links]:
            self._links.append((key.links, value, FilePosition(line, where)))

    def cite(self, entry: FileEntry) -> None:
        """Note the paragraph on which ``entry`` rests; both its keys are needed, or neither."""
        source, number = entry.get("source"), entry.get("paragraph")
        if (source is None) != (number is None):
            lacking = "paragraph" if number is None else "source"
            if lacking not in entry.lines:
                self.fault(entry, lacking, _("is missing: source and paragraph belong together"))
        elif source is not None and number is not None:
            place = FilePosition(entry.line_of("paragraph"), entry.at("paragraph"))
            if source not in self.paragraphs:
                self._citations.append((source, number, place))
            elif number not in self.paragraphs[source]:
                self._no_paragraph(source, number, place)

    def settle(self) -> None:
        """Once all is read: find what was named before it was given, here or in the database."""
        for section, wanted in _grouped(self._links):
            missing = wanted.keys() - self.lines[section].keys()
            for key in missing - _known(section, missing):
                says = _("there is no %(entry)s “%(key)s”, neither in the file nor in the register")
                for place in wanted[key]:
                    self.faults.add(*place, says % {"entry": SECTIONS[section].entry, "key": key})
        self._settle_citations()
        self._settle_names()

    def _settle_citations(self) -> None:
        later = [each for each in self._citations if each[0] not in self.lines["sources"]]
        kept: defaultdict[str, set[int]] = defaultdict(set)
        for slugs in batches({source for source, _number, _place in later}):
            rows = Paragraph.objects.filter(source__slug__in=slugs)
            for slug, number in rows.values_list("source__slug", "number"):
                kept[slug].add(number)
        known = _known("sources", {source for source, _number, _place in later})
        for source, number, place in self._citations:
            paragraphs = self.paragraphs.get(source, kept[source] if source in known else None)
            if paragraphs is not None and number not in paragraphs:
                self._no_paragraph(source, number, place)

    def _settle_names(self) -> None:
        """What the database takes once only may be taken there by an entry that the file does not hold."""
        for kind, section, rows in _taken():
            for key, *value in rows:
                owner = self.once.get((kind, *map(str, value)))
                if owner is not None and owner[0] != f"{section}.{key}" and key not in self.lines[section]:
                    says = _("%(value)s belongs to %(owner)s in the register already")
                    self.faults.add(*owner[1], says % {"value": " ".join(map(str, value)), "owner": key})

    def _no_paragraph(self, source: str, number: int, place: FilePosition) -> None:
        says = _("%(source)s has no paragraph %(number)d")
        self.faults.add(*place, says % {"source": source, "number": number})


def _grouped(
    links: Iterable[tuple[str, str, FilePosition]],
) -> Iterable[tuple[str, dict[str, list[FilePosition]]]]:
    grouped: defaultdict[str, dict[str, list[FilePosition]]] = defaultdict(dict)
    for section, key, place in links:
        grouped[section].setdefault(key, []).append(place)
    return grouped.items()


def _known(section: str, keys: Iterable[str]) -> set[str]:
    """Those of ``keys`` that the database holds."""
    model, field = MODELS[section]
    known: set[str] = set()
    for some in batches(keys):
        known.update(model._default_manager.filter(**{f"{field}__in": some}).values_list(field, flat=True))
    return known


def _taken() -> Iterator[tuple[str, str, Iterable[Any]]]:
    yield "country", "countries", Country.objects.values_list("code", "name")
    yield "theme", "themes", Theme.objects.values_list("slug", "name")
    sessions = Meeting.objects.exclude(session=None).values_list("slug", "mechanism__slug", "session")
    yield "session", "meetings", sessions
