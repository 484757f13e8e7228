"""Evidence on disk compared with the register: what is altered, empty, missing, or belongs to nothing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.core.files.storage import Storage, default_storage

from commitments.choices import EvidenceKind
from commitments.models import Evidence
from core.storage import sha256_of_file

FOLDER = "evidence"


class Problem(StrEnum):
    """What can be wrong with a stored file."""

    MISSING = "missing"
    EMPTY = "empty"
    ALTERED = "altered"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, the stored file, and the references of the commitments whose evidence it is."""

    problem: Problem
    file: str
    references: tuple[str, ...]


def check_evidence(storage: Storage = default_storage) -> Iterator[Finding]:
    """Read every stored file once; an orphan is a file that no evidence names. Nothing is changed."""
    hashes: dict[str, str] = {}
    references: defaultdict[str, list[str]] = defaultdict(list)
    rows = Evidence.objects.filter(kind=EvidenceKind.FILE).order_by("file", "pk")
    for name, sha256, reference in rows.values_list("file", "sha256", "commitment__reference").iterator():
        hashes[name] = sha256
        references[name].append(reference)
    for name, sha256 in hashes.items():
        if problem := _problem(storage, name, sha256):
            yield Finding(problem, name, tuple(references[name]))
    for name in stored_evidence(storage):
        if name not in hashes:
            yield Finding(Problem.ORPHAN, name, ())


def stored_evidence(storage: Storage = default_storage) -> list[str]:
    """The name of every complete file in the folder of evidence."""
    return sorted(name for name in _stored(storage, FOLDER) if not name.rpartition("/")[2].startswith("."))


def _problem(storage: Storage, name: str, sha256: str) -> Problem | None:
    try:
        with storage.open(name, "rb") as file:
            if not file.size:
                return Problem.EMPTY
            return None if sha256_of_file(file) == sha256 else Problem.ALTERED
    except FileNotFoundError:
        return Problem.MISSING


def _stored(storage: Storage, folder: str) -> Iterator[str]:
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _stored(storage, f"{folder}/{name}")
