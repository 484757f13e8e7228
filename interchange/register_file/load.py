"""Loads a register file: checks all of it, then writes its additions and changes, or nothing."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.db import transaction

from commitments.documents.building import Document, day
from commitments.models import Commitment, LoadedEntry, Register
from commitments.services.levels import raise_all
from commitments.services.references import give_back_serials, lock_serials, raise_serial
from core.batches import BATCH, batches
from core.locks import NamedLock, hold
from interchange.register_file.assign import fill
from interchange.register_file.checking import CheckedFile, Progress, check_file, no_progress
from interchange.register_file.commitment_loading import CommitmentLoader
from interchange.register_file.edit_loading import EditLoader
from interchange.register_file.lookups import Lookups
from interchange.register_file.merge import changed_keys
from interchange.register_file.reference_loading import ReferenceLoader
from interchange.register_file.result import LoadResult
from interchange.register_file.sections import HEAD, SECTIONS
from interchange.register_file.structure import FileEntry

_CHECKED, _WRITTEN = 0.3, 0.95
_SMALL_BATCHES = {"sources": 50}


def holds_commitments() -> bool:
    """Whether the register has any commitments."""
    return Commitment.objects.exists()


def load_register(path: Path, *, dry_run: bool = False, progress: Progress = no_progress) -> LoadResult:
    """Load the file at ``path`` into the register, all of it or nothing.

    Missing entries are added. Values that nobody edited since the last load are changed. Edited values stay
    and are reported as conflicts. Entries that are not in the file stay. A load never undoes a status change.
    With ``dry_run`` everything is rolled back.

    Raises ``InvalidRegisterFile`` with all errors, and ``OSError`` if the file cannot be read.
    """
    checked = check_file(path, lambda done: progress(done * _CHECKED))
    with nullcontext() if dry_run else _serials_reserved(checked.index.serials), transaction.atomic():
        hold(NamedLock.REGISTER_LOAD)
        result = _Load(checked, progress).run()
        if dry_run:
            transaction.set_rollback(True)
    progress(1)
    return result


class _Load:
    """Writes the entries of a file without errors."""

    def __init__(self, checked: CheckedFile, progress: Progress) -> None:
        self.index, self.head, self.entries = checked.index, checked.head, checked.entries
        self.progress = progress
        self.lookups = Lookups()
        self.result = LoadResult(warnings=self.index.errors.warnings)
        self.edits = EditLoader(self.lookups)
        self.reference_loader = ReferenceLoader(self.lookups, self.result, self.edits)
        self.commitment_loader = CommitmentLoader(self.lookups, self.result, self.index, self.edits)

    def run(self) -> LoadResult:
        self.result.accounts = self.lookups.create_missing_accounts(self.index.accounts)
        self._register()
        total, done = sum(map(len, self.entries.values())) or 1, 0
        for section, entries in self.entries.items():
            if section == "commitments":
                self.reference_loader.finish()
            for batch in batches(entries, _SMALL_BATCHES.get(section, BATCH)):
                self._load(section, batch)
                done += len(batch)
                self.progress(_CHECKED + (_WRITTEN - _CHECKED) * done / total)
        self.commitment_loader.finish()
        raise_all()
        self.edits.finish()
        return self.result

    def _load(self, section: str, entries: Sequence[FileEntry]) -> None:
        kind, identity = SECTIONS[section].entry, SECTIONS[section].identity
        self.edits.take(section, entries)
        before = _last_loaded(kind, (entry[identity] for entry in entries))
        if section == "commitments":
            for entry in entries:
                self.commitment_loader.relate(entry)
            self.commitment_loader.load(entries, before)
        else:
            self.reference_loader.load(section, entries, before)
        _store_loaded(kind, {entry[identity]: entry for entry in entries}, before)

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
