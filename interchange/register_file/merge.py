"""Three-way comparison of an entry: the file now, the register now, and the file as last loaded."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Clearance
from commitments.documents.building import Document
from commitments.documents.schema import EntrySchema
from interchange.register_file.error_notes import KEY, without_notes
from interchange.register_file.result import LoadConflict
from interchange.register_file.structure import FileEntry

_SET_BY_THE_LOAD = "recorded_at"
_MERGED_APART = {"withdrawn", "corrected", "version", "decision", KEY}


@dataclass(slots=True)
class RowMerge:
    """The rows of a list to add, change and remove, by their key in ``by_key``."""

    add: list[Document] = field(default_factory=list)
    change: dict[Hashable, Document] = field(default_factory=dict)
    remove: list[Hashable] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.add or self.change or self.remove)


def changed_keys(
    entry: FileEntry,
    stored: Document,
    loaded: Document | None,
    schema: EntrySchema,
    conflicts: list[LoadConflict],
    *,
    exclude: Collection[str] = (),
) -> list[str]:
    """Return the keys that differ in the file and were not edited in the register since the last load.

    A key that differs and was edited is added to ``conflicts``, and so is a lower classification. Keys in
    ``exclude`` are not compared.
    """
    changed = []
    for key in schema:
        in_file, in_register = entry.get(key.name), stored.get(key.name)
        if key.name in exclude or in_file == in_register:
            continue
        if key.name == "classification" and _level(in_file) < _level(in_register):
            reason = _("a lower classification is proposed in the register, and another person decides")
            conflicts.append(conflict(entry, key.name, in_file, in_register, reason))
        elif loaded is not None and loaded.get(key.name) == in_register:
            changed.append(key.name)
        else:
            conflicts.append(conflict(entry, key.name, in_file, in_register))
    return changed


def _level(name: str | None) -> int:
    return Clearance[(name or Clearance.UNCLASSIFIED.name).upper()]


def conflict(entry: FileEntry, key: str, in_file: Any, in_register: Any, reason: str = "") -> LoadConflict:
    """Return a conflict about ``key`` of ``entry``."""
    return LoadConflict(entry.line_of(key), entry.at(key), in_file, in_register, reason)


def merge_rows(
    entry: FileEntry,
    name: str,
    sides: tuple[Sequence[Document], Sequence[Document], Sequence[Document]],
    keys: tuple[str, ...],
    conflicts: list[LoadConflict],
) -> RowMerge:
    """Compare the list ``name`` of ``entry`` row by row.

    ``sides`` are the rows in the file, in the register, and in the file as last loaded. ``keys`` identify a
    row. A row that a person added stays. A row that a person changed or removed is a conflict. Notes of
    errors are not compared, and a row that has any stays.
    """
    whole_file, whole_register, whole_loaded = (by_key(side, keys) for side in sides)
    in_file, in_register, loaded = (
        {key: without_notes(row) for key, row in side.items()}
        for side in (whole_file, whole_register, whole_loaded)
    )
    rows = RowMerge()
    for key, row in in_file.items():
        if row == in_register.get(key):
            continue
        if key not in in_register and key not in loaded:
            rows.add.append(row)
        elif key in in_register and in_register[key] == loaded.get(key):
            rows.change[key] = row
        else:
            line = getattr(whole_file[key], "line", entry.line_of(name))
            conflicts.append(LoadConflict(line, entry.at(name), dict(row), in_register.get(key)))
    for key, row in in_register.items():
        if key not in in_file and key in loaded and KEY not in whole_register[key]:
            if row == loaded[key]:
                rows.remove.append(key)
            else:
                conflicts.append(conflict(entry, name, None, row))
    return rows


def rows_not_stored(in_file: Sequence[Document], stored: Sequence[Document]) -> list[Document]:
    """Return the rows of an append-only list that the register does not have yet."""
    rest = list(stored)
    missing = []
    for row in in_file:
        match = next((each for each in rest if is_same(row, each)), None)
        if match is None:
            missing.append(row)
        else:
            rest.remove(match)
    return missing


def continues(longer: Sequence[Document], shorter: Sequence[Document], *, file_is_longer: bool) -> bool:
    """Whether ``longer`` begins with all rows of ``shorter``. One of the two is from the file."""
    if len(longer) < len(shorter):
        return False
    pairs = zip(longer, shorter, strict=False)
    return all(is_same(a, b) if file_is_longer else is_same(b, a) for a, b in pairs)


def is_same(row: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    """Whether ``row`` of the file is the row ``stored``.

    Withdrawals, decisions, corrections of days and paragraphs, and notes of errors are not compared, and
    neither is ``recorded_at`` if the file does not have it.
    """
    if row == stored:
        return True
    ignored = _MERGED_APART if _SET_BY_THE_LOAD in row else {*_MERGED_APART, _SET_BY_THE_LOAD}
    keys = (row.keys() | stored.keys()) - ignored
    return all(row.get(key) == stored.get(key) for key in keys)


def by_key(rows: Sequence[Document], keys: tuple[str, ...]) -> dict[Hashable, Document]:
    """``rows`` by the values of ``keys`` and a number: the same may be entered again after an error."""
    times: Counter[Hashable] = Counter()
    found: dict[Hashable, Document] = {}
    for row in rows:
        values = tuple(row.get(key) for key in keys)
        times[values] += 1
        found[values, times[values]] = row
    return found
