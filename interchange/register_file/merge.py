"""Three sides of an entry: what the file says, what the register holds, and what the file said last time."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commitments.documents.commitment import Document
from interchange.register_file.format import EntrySchema
from interchange.register_file.result import LoadConflict
from interchange.register_file.structure import FileEntry

_TOLD_BY_THE_LOAD = "recorded_at"


@dataclass(slots=True)
class RowMerge:
    """What to do with the rows of a list whose rows have a key of their own."""

    add: list[Document] = field(default_factory=list)
    change: list[Document] = field(default_factory=list)
    remove: list[Document] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.add or self.change or self.remove)


def changed_keys(
    entry: FileEntry,
    stored: Document,
    loaded: Document | None,
    shape: EntrySchema,
    conflicts: list[LoadConflict],
    *,
    but: Collection[str] = (),
) -> list[str]:
    """The keys that the file changes: those that nobody edited here since the last load.

    A key that was edited here and differs from the file becomes a conflict. Keys in ``but`` have rules of
    their own.
    """
    changed = []
    for key in shape:
        wanted, held = entry.get(key.name), stored.get(key.name)
        if key.name in but or wanted == held:
            continue
        if loaded is not None and loaded.get(key.name) == held:
            changed.append(key.name)
        else:
            conflicts.append(conflict(entry, key.name, wanted, held))
    return changed


def conflict(entry: FileEntry, key: str, wanted: Any, held: Any, why: str = "") -> LoadConflict:
    """A value of ``entry`` that was not taken."""
    return LoadConflict(entry.line_of(key), entry.at(key), wanted, held, why)


def merge_rows(
    entry: FileEntry,
    name: str,
    sides: tuple[Sequence[Document], Sequence[Document], Sequence[Document]],
    keys: tuple[str, ...],
    conflicts: list[LoadConflict],
) -> RowMerge:
    """Compare a list row by row, by ``keys``: file, register, last load.

    A row that a person added here stays; one that a person changed or took away is a conflict.
    """
    wanted, held, before = (_by_key(side, keys) for side in sides)
    rows = RowMerge()
    for key, row in wanted.items():
        if row == held.get(key):
            continue
        if key not in held and key not in before:
            rows.add.append(row)
        elif key in held and held[key] == before.get(key):
            rows.change.append(row)
        else:
            line = getattr(row, "line", entry.line_of(name))
            conflicts.append(LoadConflict(line, entry.at(name), dict(row), held.get(key)))
    for key, row in held.items():
        if key not in wanted and key in before:
            if row == before[key]:
                rows.remove.append(row)
            else:
                conflicts.append(conflict(entry, name, None, row))
    return rows


def unheld(wanted: Sequence[Document], held: Sequence[Document]) -> list[Document]:
    """The rows of an append-only list that the register does not hold yet."""
    rest = list(held)
    missing = []
    for row in wanted:
        match = next((each for each in rest if same(row, each)), None)
        if match is None:
            missing.append(row)
        else:
            rest.remove(match)
    return missing


def continues(longer: Sequence[Document], shorter: Sequence[Document], *, file_is_longer: bool) -> bool:
    """Whether ``longer`` begins with all of ``shorter``; one of the two is the file's."""
    if len(longer) < len(shorter):
        return False
    pairs = zip(longer, shorter, strict=False)
    return all(same(a, b) if file_is_longer else same(b, a) for a, b in pairs)


def same(row: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    """Whether ``held`` is what ``row`` of the file says; a time it does not give may be any."""
    if row == held:
        return True
    but = {"withdrawn"} if _TOLD_BY_THE_LOAD in row else {"withdrawn", _TOLD_BY_THE_LOAD}
    keys = (row.keys() | held.keys()) - but
    return all(row.get(key) == held.get(key) for key in keys)


def _by_key(rows: Sequence[Document], keys: tuple[str, ...]) -> dict[Hashable, Document]:
    return {tuple(row.get(key) for key in keys): row for row in rows}
