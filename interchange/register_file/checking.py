"""The first pass over a register file: finds every error, and collects what the second pass needs."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from commitments.models import Commitment
from interchange.register_file.errors import ErrorLog, InvalidRegisterFile
from interchange.register_file.index import FileIndex
from interchange.register_file.rules import check
from interchange.register_file.sections import HEAD, SECTIONS, VERSION
from interchange.register_file.structure import FileEntry, Structure
from interchange.register_file.yaml_reading import Pairs, read

Progress = Callable[[int], None]
"""Is called with the position in the file, in bytes."""


def no_progress(position: int) -> None:
    """For callers that show no progress."""


def check_file(path: Path, progress: Progress = no_progress) -> tuple[FileIndex, FileEntry]:
    """Read the whole file at ``path``, and return its index and its head.

    Raises ``InvalidRegisterFile`` with all errors, and ``OSError`` if the file cannot be read.
    """
    errors = ErrorLog()
    index = FileIndex(errors)
    structure = Structure(errors, index.link)
    head, count = Pairs(1), Counter[str]()
    with path.open("rb") as stream:
        for found in read(stream, errors):
            if not found.section:
                head.pairs.append((found.key, found.line, found.node))
                continue
            if not count[found.section]:
                index.order.append(found.section)
            count[found.section] += 1
            entry = structure.entry(SECTIONS[found.section], found.node, count[found.section])
            if entry is not None:
                check(found.section, entry, index)
            progress(stream.tell())
    if errors.is_cut_short:
        raise InvalidRegisterFile(errors.found)
    heading = structure.record(head, HEAD, "", SECTIONS)
    if heading is not None and heading.get("register", VERSION) != VERSION:
        index.error(heading, "register", _("the only known version of the format is 1"))
    index.resolve()
    _check_successors(index)
    if errors.found or heading is None:
        raise InvalidRegisterFile(errors.found)
    return index, heading


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
