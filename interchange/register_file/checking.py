"""The first pass over a register file: finds every fault, and keeps what the second pass needs to know."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from commitments.models import Commitment
from interchange.register_file.errors import Faults, FaultyRegister
from interchange.register_file.format import VERSION
from interchange.register_file.index import Ledger
from interchange.register_file.rules import check
from interchange.register_file.sections import HEAD, SECTIONS
from interchange.register_file.structure import FileEntry, Structure
from interchange.register_file.yaml_reading import Pairs, read

Progress = Callable[[int], None]
"""Is told how far into the file the reading has come, in bytes."""


def no_progress(position: int) -> None:
    """For a caller that shows none."""


def check_file(path: Path, progress: Progress = no_progress) -> tuple[Ledger, FileEntry]:
    """Read the whole file at ``path``; returns what was seen of it, and its head.

    Raises ``FaultyRegister`` with every fault, and ``OSError`` where the file cannot be read.
    """
    faults = Faults()
    ledger = Ledger(faults)
    structure = Structure(faults, ledger.link)
    head, count = Pairs(1), Counter[str]()
    with path.open("rb") as stream:
        for found in read(stream, faults):
            if not found.section:
                head.pairs.append((found.key, found.line, found.node))
                continue
            if not count[found.section]:
                ledger.order.append(found.section)
            count[found.section] += 1
            entry = structure.entry(SECTIONS[found.section], found.node, count[found.section])
            if entry is not None:
                check(found.section, entry, ledger)
            progress(stream.tell())
    if faults.is_cut_short:
        raise FaultyRegister(faults.found)
    heading = structure.record(head, HEAD, "", SECTIONS)
    if heading is not None and heading.get("register", VERSION) != VERSION:
        ledger.fault(heading, "register", _("only version 1 of the format is known"))
    ledger.settle()
    _check_chains(ledger)
    if faults.found or heading is None:
        raise FaultyRegister(faults.found)
    return ledger, heading


def _check_chains(ledger: Ledger) -> None:
    """No chain of successors may come back to where it began."""
    follows = {reference: successor for reference, (successor, _place) in ledger.successors.items()}
    outside = Commitment.objects.exclude(successor=None).values_list("reference", "successor__reference")
    if any(successor not in ledger.lines["commitments"] for successor in follows.values()):
        for reference, successor in outside:
            if reference not in ledger.lines["commitments"]:
                follows[reference] = successor
    for reference in _in_circles(follows) & ledger.successors.keys():
        successor, place = ledger.successors[reference]
        says = _("%(successor)s leads back to this commitment; a chain of successors must end")
        ledger.faults.add(*place, says % {"successor": successor})


def _in_circles(follows: dict[str, str]) -> set[str]:
    """Those from which following leads back to themselves."""
    done: set[str] = set()
    circles: set[str] = set()
    for start in follows:
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = len(path)
            at = follows.get(at)
        if at is not None and at in path:
            circles.update(step for step, position in path.items() if position >= path[at])
        done.update(path)
    return circles
