"""Reads a register file, finds every error in it, and returns its entries."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from commitments.models import Commitment
from interchange.register_file.errors import ErrorLog
from interchange.register_file.index import FileIndex
from interchange.register_file.rules import check
from interchange.register_file.sections import HEAD, SECTIONS, VERSION
from interchange.register_file.structure import FileEntry, Structure
from interchange.register_file.yaml_reading import Pairs, read

Progress = Callable[[float], None]
"""Is called with the share of the work that is done, from 0 to 1."""


def no_progress(done: float) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file without errors: its head, its entries by section, and the index of both."""

    head: FileEntry
    entries: dict[str, list[FileEntry]]
    index: FileIndex


def check_file(path: Path, progress: Progress = no_progress) -> CheckedFile:
    """Read the whole file at ``path`` and check it.

    Raises ``InvalidRegisterFile`` with its errors, and ``OSError`` if the file cannot be read.
    """
    errors = ErrorLog()
    index = FileIndex(errors)
    structure = Structure(errors, index.link)
    head, count = Pairs(1), dict.fromkeys(SECTIONS, 0)
    entries: dict[str, list[FileEntry]] = {name: [] for name in SECTIONS}
    content = path.read_bytes()
    with io.BytesIO(content) as stream:
        for found in read(stream, errors):
            if not found.section:
                head.pairs.append((found.key, found.line, found.node))
                continue
            count[found.section] += 1
            entry = structure.entry(SECTIONS[found.section], found.node, count[found.section])
            if entry is not None:
                check(found.section, entry, index)
                entries[found.section].append(entry)
            progress(stream.tell() / len(content))
    if errors.is_cut_short:
        raise errors.invalid_file()
    heading = structure.record(head, HEAD, "", SECTIONS)
    if heading is not None and heading.get("register", VERSION) != VERSION:
        index.error(heading, "register", _("the only known version of the format is 1"))
    index.resolve()
    _check_successors(index)
    if errors.found or heading is None:
        raise errors.invalid_file()
    return CheckedFile(heading, entries, index)


def _check_successors(index: FileIndex) -> None:
    """A chain of successors must not come back to its beginning."""
    successors = {reference: successor for reference, (successor, _position) in index.successors.items()}
    outside = Commitment.objects.exclude(successor=None).values_list("reference", "successor__reference")
    if any(successor not in index.lines["commitments"] for successor in successors.values()):
        for reference, successor in outside:
            if reference not in index.lines["commitments"]:
                successors[reference] = successor
    for reference in _in_cycles(successors) & index.successors.keys():
        successor, position = index.successors[reference]
        message = _("the successors of %(successor)s lead back to this commitment")
        index.errors.add(*position, message % {"successor": successor})


def _in_cycles(successors: dict[str, str]) -> set[str]:
    """Return the references whose successors lead back to themselves."""
    done: set[str] = set()
    cycles: set[str] = set()
    for start in successors:
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = len(path)
            at = successors.get(at)
        if at is not None and at in path:
            cycles.update(step for step, position in path.items() if position >= path[at])
        done.update(path)
    return cycles
