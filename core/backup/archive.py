"""The archive of a backup: a ZIP file that any program can list, with a checksum for each file in it.

Nothing in an archive is trusted before it is checked: neither names nor sizes nor kinds of files.
"""

import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Self

from core.backup.problems import BackupProblem

ABOUT = "about.json"
CHECKSUMS = "SHA256SUMS"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
"""The name of the database in the archive, by the vendor of the database."""

FILES = "files/"
"""The folder of the uploaded files in the archive."""

_FORMAT, _FORMAT_VERSION = "Aide-mémoire backup", 1
_SMALL = 64 * 1024 * 1024
"""More bytes than this have neither ``about.json`` nor ``SHA256SUMS``, which are read into memory."""

_CHUNK = 1024 * 1024
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]|^/|^[A-Za-z]:|//|(^|/)\.{1,2}(/|$)|/$")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What ``zipfile`` raises where a file in an archive cannot be read."""

_CHECKSUM_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself.

    ``rows`` counts the rows of every table, ``missing`` names uploaded files that the site had lost
    already, and ``key`` tells whether two sites have the same ``SECRET_KEY`` without telling the key.
    """

    made_at: str
    program: str
    vendor: str
    server: str
    key: str
    migrations: list[list[str]]
    rows: dict[str, int]
    missing: list[str] = field(default_factory=list)

    @property
    def database(self) -> str:
        """The name of the database in the archive."""
        return DATABASES[self.vendor]

    def as_bytes(self) -> bytes:
        """The text of ``about.json``."""
        document = {"format": _FORMAT, "version": _FORMAT_VERSION} | asdict(self)
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def from_bytes(cls, text: bytes) -> "About":
        """Read ``about.json``. Raises ``BackupProblem``."""
        try:
            document = json.loads(text)
            if document.pop("format") != _FORMAT:
                raise ValueError
            if document.pop("version") != _FORMAT_VERSION:
                raise BackupProblem(
                    "The backup was made by a newer version of the program. Install that one."
                )
            about = cls(**document)
            _check_types(about)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise BackupProblem(
                "This is no backup of Aide-mémoire: its about.json says something else."
            ) from None
        return about


def _check_types(about: About) -> None:
    texts = (about.made_at, about.program, about.vendor, about.server, about.key, *about.missing)
    pairs = [tuple(each) for each in about.migrations]
    names = [*texts, *about.rows, *(name for pair in pairs for name in pair)]
    counts = about.rows.values()
    fits = all(isinstance(name, str) for name in names) and all(isinstance(count, int) for count in counts)
    if not fits or about.vendor not in DATABASES or any(len(pair) != 2 for pair in pairs):
        raise ValueError


def is_safe(name: str) -> bool:
    """Whether ``name`` is a plain relative path that stays in its folder, on any system."""
    return bool(name) and len(name) <= 500 and not _UNSAFE.search(name)


class ArchiveWriter:
    """Writes a backup, front to back, so that it can be encrypted on its way to the disk."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(stream, "w", allowZip64=True)
        self._sums: dict[str, str] = {}

    def add(self, name: str, content: Iterable[bytes], *, compress: bool = False) -> int:
        """Add a file with the bytes of ``content``; return its size."""
        if not is_safe(name) or name in self._sums:
            raise BackupProblem(f"A file cannot be in a backup under this name: {name!r}.")
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        entry.external_attr = (stat.S_IFREG | 0o600) << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w", force_zip64=True) as file:
            for chunk in content:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        self._sums[name] = digest.hexdigest()
        return size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._finish()
        else:
            # What was written so far is of no use, and whoever takes it may have gone.
            with suppress(OSError, ValueError):
                self._zip.close()

    def _finish(self) -> None:
        """Write the checksums, in the format of the command ``sha256sum``, and the list of files."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in self._sums.items())
        self.add(CHECKSUMS, [lines.encode()])
        self._zip.close()


class Archive:
    """A backup that is read. Opening it checks all names, kinds and sizes; ``copy`` checks the bytes."""

    def __init__(self, zip_file: zipfile.ZipFile) -> None:
        self._zip = zip_file
        self._entries = {entry.filename: entry for entry in zip_file.infolist()}
        self._check_entries()
        self.about = About.from_bytes(self._small(ABOUT))
        self._sums = _checksums(self._small(CHECKSUMS))
        expected = {*self._sums, CHECKSUMS}
        if self._entries.keys() != expected or self.about.database not in expected:
            odd = sorted(self._entries.keys() ^ (expected | {self.about.database}))
            raise BackupProblem(f"The list of files and the checksums do not agree: {_some(odd)}.")

    @property
    def files(self) -> list[str]:
        """The names of the uploaded files, as the site knows them."""
        return [name.removeprefix(FILES) for name in self._entries if name.startswith(FILES)]

    @property
    def size(self) -> int:
        """The bytes of everything in the archive when it is unpacked."""
        return sum(entry.file_size for entry in self._entries.values())

    def copy(self, name: str, target: IO[bytes] | None = None) -> None:
        """Read the file ``name`` to its end, into ``target`` if there is one.

        Raises ``BackupProblem`` if it is not what was written when the backup was made.
        """
        digest = hashlib.sha256()
        for chunk in self._chunks(name):
            digest.update(chunk)
            if target is not None:
                target.write(chunk)
        if digest.hexdigest() != self._sums[name]:
            raise BackupProblem(f"The backup is damaged: {name} is not what was backed up. Take another one.")

    def sha256(self, name: str) -> str:
        """The checksum of the file ``name``."""
        return self._sums[name]

    def check_all(self) -> None:
        """Read everything and compare it with its checksum. Raises ``BackupProblem``."""
        for name in self._sums:
            self.copy(name)

    def _chunks(self, name: str) -> Iterator[bytes]:
        # zipfile stops at the size in the list of files, so that no file unpacks to more than was checked.
        try:
            with self._zip.open(self._entries[name]) as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except _DAMAGE as error:
            raise BackupProblem(
                f"The backup is damaged: {name} cannot be read ({error}). Take another one."
            ) from None

    def _small(self, name: str) -> bytes:
        entry = self._entries.get(name)
        if entry is None or entry.file_size > _SMALL:
            raise BackupProblem(f"This is no backup of Aide-mémoire: it has no {name}.")
        return b"".join(self._chunks(name))

    def _check_entries(self) -> None:
        if len(self._entries) != len(self._zip.infolist()):
            raise BackupProblem("The backup is refused: it has two files of one name.")
        for name, entry in self._entries.items():
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind not in (0, stat.S_IFREG) or not is_safe(name):
                raise BackupProblem(f"The backup is refused: {name!r} is a link, or leads out of its folder.")
            if not name.startswith(FILES) and name not in (ABOUT, CHECKSUMS, *DATABASES.values()):
                raise BackupProblem(f"The backup is refused: {name!r} does not belong into a backup.")
            if entry.flag_bits & 0x1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise BackupProblem(f"The backup is refused: {name!r} is not packed as this program does.")


@contextmanager
def opened(stream: IO[bytes]) -> Iterator[Archive]:
    """The archive in ``stream``. Raises ``BackupProblem`` if it is none, or is not whole."""
    try:
        with zipfile.ZipFile(stream) as zip_file:
            yield Archive(zip_file)
    except (zipfile.BadZipFile, EOFError):
        raise BackupProblem("This is no backup, or only a part of one. Take another one.") from None


def chunks_of(file: Any) -> Iterator[bytes]:
    """The bytes of an open file, a megabyte at a time."""
    while chunk := file.read(_CHUNK):
        yield chunk


def chunks_of_path(path: Path) -> Iterator[bytes]:
    """The bytes of the file at ``path``, a megabyte at a time."""
    with path.open("rb") as file:
        yield from chunks_of(file)


def _checksums(text: bytes) -> dict[str, str]:
    sums = {}
    for line in text.decode(errors="replace").splitlines():
        found = _CHECKSUM_LINE.fullmatch(line)
        if found is None:
            raise BackupProblem("The backup is damaged: its checksums cannot be read. Take another one.")
        sums[found[2]] = found[1]
    return sums


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
