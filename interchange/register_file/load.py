"""Loads a register file: checks all of it, then writes what it adds and changes, or nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.documents.commitment import Document, day
from commitments.models import Commitment, LoadedEntry, ReferenceCounter, Register
from commitments.services.references import lock_serials
from core.batches import BATCH, batches
from core.locks import NamedLock, hold
from interchange.register_file.assign import fill
from interchange.register_file.checking import check_file
from interchange.register_file.commitment_loading import CommitmentLoading
from interchange.register_file.errors import Fault, Faults, FaultyRegister
from interchange.register_file.index import Ledger
from interchange.register_file.lookups import Lookups
from interchange.register_file.merge import changed_keys
from interchange.register_file.reference_loading import RelationLoading
from interchange.register_file.result import Outcome
from interchange.register_file.rules import complete
from interchange.register_file.sections import HEAD, SECTIONS
from interchange.register_file.structure import FileEntry, Structure
from interchange.register_file.yaml_reading import read

Progress = Callable[[float], None]
"""Is told which part of the work is done, from 0 to 1."""

_CHECKED, _WRITTEN = 0.3, 0.95
_SMALL_BATCHES = {"sources": 50}


def holds_commitments() -> bool:
    """Whether there is anything in the register yet."""
    return Commitment.objects.exists()


def load_register(path: Path, *, dry_run: bool = False, progress: Progress = lambda done: None) -> Outcome:
    """Bring what the file at ``path`` says into the register, all of it or nothing.

    Adds what is missing and changes what nobody edited here since the last load; what was edited stays and
    is named as a conflict; what the file no longer holds is left. A status is never taken back. With
    ``dry_run`` nothing is kept.

    Raises ``FaultyRegister`` with every fault, and ``OSError`` where the file cannot be read.
    """
    before = path.stat()
    size = max(before.st_size, 1)
    ledger, head = check_file(path, lambda position: progress(position / size * _CHECKED))
    with transaction.atomic():
        hold(NamedLock.REGISTER_LOAD)
        outcome = _Load(path, ledger, head, size, progress).run()
        after = path.stat()
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            raise FaultyRegister([Fault(1, "", _("the file was changed while it was loaded"))])
        if dry_run:
            transaction.set_rollback(True)
    progress(1)
    return outcome


class _Load:
    """The second pass over a file that has no faults."""

    def __init__(self, path: Path, ledger: Ledger, head: FileEntry, size: int, progress: Progress) -> None:
        self.path, self.ledger, self.head = path, ledger, head
        self.size, self.progress = size, progress
        self.lookups = Lookups()
        self.outcome = Outcome(warnings=ledger.faults.warnings)
        self.relations = RelationLoading(self.lookups, self.outcome)
        self.commitments = CommitmentLoading(self.lookups, self.outcome, ledger)

    def run(self) -> Outcome:
        self.outcome.accounts = self.lookups.find_accounts(self.ledger.accounts)
        self._register()
        _raise_counters(self.ledger.serials)
        runs = _runs(self.ledger.order)
        for number, sections in enumerate(runs):
            for section, entries in self._batches(sections, number / len(runs), 1 / len(runs)):
                self._load(section, entries)
        self.relations.finish()
        self.commitments.finish()
        return self.outcome

    def _load(self, section: str, entries: list[FileEntry]) -> None:
        kind, identity = SECTIONS[section].entry, SECTIONS[section].identity
        for entry in entries:
            complete(section, entry)
        if section == "commitments":
            self.relations.finish()
            for entry in entries:
                self.commitments.relate(entry)
        before = _loaded(kind, (entry[identity] for entry in entries))
        if section == "commitments":
            self.commitments.load(entries, before)
        else:
            self.relations.load(section, entries, before)
        _keep(kind, {entry[identity]: entry for entry in entries}, before)

    def _batches(
        self, sections: frozenset[str], done: float, share: float
    ) -> Iterator[tuple[str, list[FileEntry]]]:
        """The entries of ``sections``, in pieces that fit into memory."""
        faults = Faults()
        structure, count = Structure(faults), Counter[str]()
        section, batch = "", list[FileEntry]()
        with self.path.open("rb") as stream:
            for found in read(stream, faults):
                if found.section not in sections:
                    continue
                if batch and (found.section != section or len(batch) >= _SMALL_BATCHES.get(section, BATCH)):
                    yield section, batch
                    batch = []
                    part = done + share * stream.tell() / self.size
                    self.progress(_CHECKED + (_WRITTEN - _CHECKED) * part)
                section = found.section
                count[section] += 1
                entry = structure.entry(SECTIONS[section], found.node, count[section])
                if entry is not None:
                    batch.append(entry)
        if faults.found:
            raise FaultyRegister(faults.found)
        if batch:
            yield section, batch

    def _register(self) -> None:
        """Title and day of the record as a whole."""
        held = Register.objects.first()
        entry = FileEntry(self.head.line, self.head.where)
        entry.update({key: value for key, value in self.head.items() if key != "register"})
        entry.lines = self.head.lines
        before = _loaded("register", ["1"])
        if held is None:
            changed = ["title", "as_of"]
        else:
            document = {"title": held.title, "as_of": day(held.as_of)}
            changed = changed_keys(entry, document, before.get("1"), HEAD, self.outcome.conflicts)
        if changed:
            held = held or Register(pk=1)
            fill(held, entry, HEAD, self.lookups, only=changed)
            held.save()
        _keep("register", {"1": entry}, before)


def _runs(order: Iterable[str]) -> list[frozenset[str]]:
    """Which sections to load in which reading of the file, so that each comes after those it points at.

    In the usual order that is one reading.
    """
    order = list(order)
    left = [section for section in SECTIONS if section in order]
    runs = []
    while left:
        run = set()
        for section in order:
            if left and section == left[0]:
                run.add(left.pop(0))
        runs.append(frozenset(run))
    return runs


def _raise_counters(serials: dict[tuple[str, int], int]) -> None:
    """No serial of the file is given out again; the counters stay locked until the load is done."""
    if len(serials) > 1:
        lock_serials()
    for (prefix, year), last in sorted(serials.items()):
        ReferenceCounter.objects.get_or_create(prefix=prefix, year=year)
        counter = ReferenceCounter.objects.select_for_update().get(prefix=prefix, year=year)
        if counter.last < last:
            counter.last = last
            counter.save(update_fields=["last"])


def _loaded(kind: str, keys: Iterable[str]) -> dict[str, Document]:
    """What the file said of each key when it was last loaded."""
    found: dict[str, Document] = {}
    for some in batches(keys):
        rows = LoadedEntry.objects.filter(kind=kind, key__in=some)
        found.update(rows.values_list("key", "content"))
    return found


def _keep(kind: str, entries: dict[str, FileEntry], before: dict[str, Document]) -> None:
    """Remember what the file says of each entry, for the next load."""
    LoadedEntry.objects.bulk_create(
        (
            LoadedEntry(kind=kind, key=key, content=entry)
            for key, entry in entries.items()
            if before.get(key) != entry
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["content"],
    )
