"""The index of a file during a check: what it contains, and the references still to be resolved."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from commitments.documents.schema import Key, ValueKind
from commitments.models import Commitment, Theme
from core.batches import batches
from interchange.register_file.errors import ErrorLog
from interchange.register_file.sections import SECTIONS
from interchange.register_file.structure import FileEntry
from relations.models import Agency, Country, Mechanism, Meeting, Paragraph, Person, Source
from relations.services.slugs import former_keys

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
"""The model of each section, and the field that identifies an entry."""


class FilePosition(NamedTuple):
    """A line of the file, and the path of keys that leads to it."""

    line: int
    location: str


class FileIndex:
    """Everything that is checked across entries. It stores keys and lines, never whole entries."""

    def __init__(self, errors: ErrorLog) -> None:
        self.errors = errors
        self.lines: dict[str, dict[str, int]] = {name: {} for name in SECTIONS}
        self.paragraphs: dict[str, Container[int]] = {}
        self.unique_values: dict[tuple[str, ...], tuple[str, FilePosition]] = {}
        self.accounts: set[str] = set()
        self.successors: dict[str, tuple[str, FilePosition]] = {}
        self.related: defaultdict[str, set[str]] = defaultdict(set)
        self.serials: dict[tuple[str, int], int] = {}
        self._links: list[tuple[str, str, FilePosition]] = []
        self._citations: list[tuple[str, int, FilePosition]] = []

    def error(self, entry: FileEntry, key: str, message: str) -> None:
        """Add an error about ``key`` of ``entry``."""
        self.errors.add(entry.line_of(key), entry.at(key), message)

    def add(self, section: str, key: str, entry: FileEntry, identity: str) -> None:
        """Record that ``section`` has ``key``. A key that occurs twice is an error."""
        if (first := self.lines[section].get(key)) is not None:
            message = _("%(key)s occurs twice, first in line %(line)d")
            self.error(entry, identity, message % {"key": key, "line": first})
        else:
            self.lines[section][key] = entry.line

    def add_unique(self, entry: FileEntry, key: str, *value: str) -> None:
        """Record ``value`` (its kind first), which only one entry may have."""
        position = FilePosition(entry.line_of(key), entry.at(key))
        owner, first = self.unique_values.setdefault(value, (entry.location, position))
        if owner != entry.location:
            message = _("%(value)s occurs twice, first in line %(line)d")
            self.error(entry, key, message % {"value": " ".join(value[1:]), "line": first.line})

    def link(self, key: Key, value: str, line: int, location: str) -> None:
        """Record a link to ``value``, which must exist once everything is read."""
        if key.kind is ValueKind.ACCOUNT:
            self.accounts.add(value)
        elif value not in self.lines[key.links]:
            self._links.append((key.links, value, FilePosition(line, location)))

    def cite(self, entry: FileEntry) -> None:
        """Record the paragraph that ``entry`` cites. It needs both keys, or neither."""
        source, number = entry.get("source"), entry.get("paragraph")
        if (source is None) != (number is None):
            missing_key = "paragraph" if number is None else "source"
            if missing_key not in entry.lines:
                self.error(entry, missing_key, _("is missing: source and paragraph belong together"))
        elif source is not None and number is not None:
            position = FilePosition(entry.line_of("paragraph"), entry.at("paragraph"))
            if source not in self.paragraphs:
                self._citations.append((source, number, position))
            elif number not in self.paragraphs[source]:
                self._add_missing_paragraph(source, number, position)

    def resolve(self) -> None:
        """Resolve the recorded links and citations in the file and the database, once everything is read."""
        for section, links in _grouped(self._links):
            missing = links.keys() - self.lines[section].keys()
            for key in missing - _stored_keys(section, missing):
                message = _("there is no %(entry)s “%(key)s”, neither in the file nor in the register")
                for position in links[key]:
                    self.errors.add(*position, message % {"entry": SECTIONS[section].entry, "key": key})
        self._resolve_citations()
        self._check_unique_values()

    def _resolve_citations(self) -> None:
        later = [each for each in self._citations if each[0] not in self.lines["sources"]]
        stored: defaultdict[str, set[int]] = defaultdict(set)
        for slugs in batches({source for source, _number, _position in later}):
            rows = Paragraph.objects.filter(source__slug__in=slugs)
            for slug, number in rows.values_list("source__slug", "number"):
                stored[slug].add(number)
        known = _stored_keys("sources", {source for source, _number, _position in later})
        for source, number, position in self._citations:
            paragraphs = self.paragraphs.get(source, stored[source] if source in known else None)
            if paragraphs is not None and number not in paragraphs:
                self._add_missing_paragraph(source, number, position)

    def _check_unique_values(self) -> None:
        """A value that must be unique may belong to a record that is not in the file."""
        for kind, section, rows in _stored_unique_values():
            for key, *value in rows:
                owner = self.unique_values.get((kind, *map(str, value)))
                if owner is not None and owner[0] != f"{section}.{key}" and key not in self.lines[section]:
                    message = _("%(value)s already belongs to %(owner)s in the register")
                    self.errors.add(*owner[1], message % {"value": " ".join(map(str, value)), "owner": key})

    def _add_missing_paragraph(self, source: str, number: int, position: FilePosition) -> None:
        message = _("%(source)s has no paragraph %(number)d")
        self.errors.add(*position, message % {"source": source, "number": number})


def _grouped(
    links: Iterable[tuple[str, str, FilePosition]],
) -> Iterable[tuple[str, dict[str, list[FilePosition]]]]:
    grouped: defaultdict[str, dict[str, list[FilePosition]]] = defaultdict(dict)
    for section, key, position in links:
        grouped[section].setdefault(key, []).append(position)
    return grouped.items()


def _stored_keys(section: str, keys: Iterable[str]) -> set[str]:
    """Return those of ``keys`` that are in the database."""
    model, field = MODELS[section]
    known: set[str] = set()
    for batch in batches(keys):
        known.update(model._default_manager.filter(**{f"{field}__in": batch}).values_list(field, flat=True))
    return known.union(former_keys(model))


def _stored_unique_values() -> Iterator[tuple[str, str, Iterable[Any]]]:
    yield "country", "countries", Country.objects.values_list("code", "name")
    yield "theme", "themes", Theme.objects.values_list("slug", "name")
    sessions = Meeting.objects.exclude(session=None).values_list("slug", "mechanism__slug", "session")
    yield "session", "meetings", sessions
