"""Loads a register file: checks all of it, then writes its additions and changes, or nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.documents.commitment import Document, day
from commitments.models import Commitment, LoadedEntry, Register
from commitments.services.references import give_back_serials, lock_serials, raise_serial
from core.batches import BATCH, batches
from core.locks import NamedLock, hold
from interchange.register_file.assign import fill
from interchange.register_file.checking import check_file
from interchange.register_file.commitment_loading import CommitmentLoader
from interchange.register_file.errors import ErrorLog, FileError, InvalidRegisterFile
from interchange.register_file.index import FileIndex
from interchange.register_file.lookups import Lookups
from interchange.register_file.merge import changed_keys
from interchange.register_file.reference_loading import ReferenceLoader
from interchange.register_file.result import LoadResult
from interchange.register_file.rules import complete
from interchange.register_file.sections import HEAD, SECTIONS
from interchange.register_file.structure import FileEntry, Structure
from interchange.register_file.yaml_reading import read

Progress = Callable[[float], None]
"""Is called with the share of the work that is done, from 0 to 1."""

_CHECKED, _WRITTEN = 0.3, 0.95
_SMALL_BATCHES = {"sources": 50}


def holds_commitments() -> bool:
    """Whether the register has any commitments."""
    return Commitment.objects.exists()


def load_register(path: Path, *, dry_run: bool = False, progress: Progress = lambda done: None) -> LoadResult:
    """Load the file at ``path`` into the register, all of it or nothing.

    Missing entries are added. Values that nobody edited since the last load are changed. Edited values stay
    and are reported as conflicts. Entries that are not in the file stay. A load never undoes a status change.
    With ``dry_run`` everything is rolled back.

    Raises ``InvalidRegisterFile`` with all errors, and ``OSError`` if the file cannot be read.
    """
    before = path.stat()
    size = max(before.st_size, 1)
    index, head = check_file(path, lambda position: progress(position / size * _CHECKED))
    with nullcontext() if dry_run else _serials_reserved(index.serials), transaction.atomic():
        hold(NamedLock.REGISTER_LOAD)
        result = _Load(path, index, head, size, progress).run()
        after = path.stat()
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            raise InvalidRegisterFile([FileError(1, "", _("the file was changed during the load"))])
        if dry_run:
            transaction.set_rollback(True)
    progress(1)
    return result


class _Load:
    """The second pass over a file, once it has no errors."""

    def __init__(self, path: Path, index: FileIndex, head: FileEntry, size: int, progress: Progress) -> None:
        self.path, self.index, self.head = path, index, head
        self.size, self.progress = size, progress
        self.lookups = Lookups()
        self.result = LoadResult(warnings=index.errors.warnings)
        self.reference_loader = ReferenceLoader(self.lookups, self.result)
        self.commitment_loader = CommitmentLoader(self.lookups, self.result, index)

    def run(self) -> LoadResult:
        self.result.accounts = self.lookups.create_missing_accounts(self.index.accounts)
        self._register()
        passes = _passes(self.index.order)
        for number, sections in enumerate(passes):
            for section, entries in self._batches(sections, number / len(passes), 1 / len(passes)):
                self._load(section, entries)
        self.reference_loader.finish()
        self.commitment_loader.finish()
        return self.result

    def _load(self, section: str, entries: list[FileEntry]) -> None:
        kind, identity = SECTIONS[section].entry, SECTIONS[section].identity
        for entry in entries:
            complete(section, entry)
        if section == "commitments":
            self.reference_loader.finish()
            for entry in entries:
                self.commitment_loader.relate(entry)
        before = _last_loaded(kind, (entry[identity] for entry in entries))
        if section == "commitments":
            self.commitment_loader.load(entries, before)
        else:
            self.reference_loader.load(section, entries, before)
        _store_loaded(kind, {entry[identity]: entry for entry in entries}, before)

    def _batches(
        self, sections: frozenset[str], done: float, share: float
    ) -> Iterator[tuple[str, list[FileEntry]]]:
        """Yield the entries of ``sections`` in batches that fit into memory."""
        errors = ErrorLog()
        structure, count = Structure(errors), Counter[str]()
        section, batch = "", list[FileEntry]()
        with self.path.open("rb") as stream:
            for found in read(stream, errors):
                if found.section not in sections:
                    continue
                if batch and (found.section != section or len(batch) >= _SMALL_BATCHES.get(section, BATCH)):
                    yield section, batch
                    batch = []
                    total = done + share * stream.tell() / self.size
                    self.progress(_CHECKED + (_WRITTEN - _CHECKED) * total)
                section = found.section
                count[section] += 1
                entry = structure.entry(SECTIONS[section], found.node, count[section])
                if entry is not None:
                    batch.append(entry)
        if errors.found:
            raise InvalidRegisterFile(errors.found)
        if batch:
            yield section, batch

    def _register(self) -> None:
        """Write the title and the date of the register."""
        register = Register.objects.first()
        entry = FileEntry(self.head.line, self.head.location)
        entry.update({key: value for key, value in self.head.items() if key != "register"})
        entry.lines = self.head.lines
        before = _last_loaded("register", ["1"])
        if register is None:
            changed = ["title", "as_of"]
        else:
            document = {"title": register.title, "as_of": day(register.as_of)}
            changed = changed_keys(entry, document, before.get("1"), HEAD, self.result.conflicts)
        if changed:
            register = register or Register(pk=1)
            fill(register, entry, HEAD, self.lookups, only=changed)
            register.save()
        _store_loaded("register", {"1": entry}, before)


def _passes(order: Iterable[str]) -> list[frozenset[str]]:
    """Return the sections to load in each pass, so that each section comes after those it refers to.

    A file in the usual order needs one pass.
    """
    order = list(order)
    remaining = [section for section in SECTIONS if section in order]
    passes = []
    while remaining:
        sections = set()
        for section in order:
            if remaining and section == remaining[0]:
                sections.add(remaining.pop(0))
        passes.append(frozenset(sections))
    return passes


@contextmanager
def _serials_reserved(serials: dict[tuple[str, int], int]) -> Iterator[None]:
    """Let nobody take a serial of the file, and let everybody take later ones while it is loaded.

    A transaction of its own: a counter that stayed locked until the load ends would make all who register
    wait. If the load fails, the serials that nobody uses are given back, so that no gap remains.
    """
    with transaction.atomic():
        lock_serials()
        for (prefix, year), last in sorted(serials.items()):
            raise_serial(prefix=prefix, year=year, last=last)
    try:
        yield
    except BaseException:
        with transaction.atomic():
            lock_serials()
            for prefix, year in sorted(serials):
                give_back_serials(prefix=prefix, year=year)
        raise


def _last_loaded(kind: str, keys: Iterable[str]) -> dict[str, Document]:
    """Return the entries with ``keys`` as they were last loaded."""
    found: dict[str, Document] = {}
    for batch in batches(keys):
        rows = LoadedEntry.objects.filter(kind=kind, key__in=batch)
        found.update(rows.values_list("key", "content"))
    return found


def _store_loaded(kind: str, entries: dict[str, FileEntry], before: dict[str, Document]) -> None:
    """Store the entries as loaded, for the next load."""
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
