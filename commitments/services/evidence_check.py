"""Uploaded files compared with the register: what is altered, empty, missing, or belongs to nothing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.core.files.storage import Storage, default_storage

from commitments.choices import EvidenceKind
from commitments.models import Evidence
from commitments.services import files
from core.storage import sha256_of_file
from relations.models import Paper
from relations.services import papers

_FOLDERS = (files.FOLDER, papers.FOLDER)
"""The folders of the files of evidence and of sources."""


class Problem(StrEnum):
    """What can be wrong with a stored file."""

    MISSING = "missing"
    EMPTY = "empty"
    ALTERED = "altered"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, the stored file, and the commitments and sources that it belongs to, by their keys."""

    problem: Problem
    file: str
    owners: tuple[str, ...]


def check_evidence(storage: Storage = default_storage) -> Iterator[Finding]:
    """Read every stored file once; an orphan is a file that no row names. Nothing is changed."""
    hashes: dict[str, str] = {}
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for name, sha256, owner in _named():
        hashes[name] = sha256
        owners[name].append(owner)
    for name, sha256 in hashes.items():
        if problem := _problem(storage, name, sha256):
            yield Finding(problem, name, tuple(owners[name]))
    for name in stored_files(storage):
        if name not in hashes:
            yield Finding(Problem.ORPHAN, name, ())


def stored_files(storage: Storage = default_storage) -> list[str]:
    """The name of every complete file in the folders of evidence and of sources."""
    names = (name for folder in _FOLDERS for name in _stored(storage, folder))
    return sorted(name for name in names if not name.rpartition("/")[2].startswith("."))


def is_named(name: str) -> bool:
    """Whether a piece of evidence or a source has the stored file ``name``."""
    return Evidence.objects.filter(file=name).exists() or Paper.objects.filter(file=name).exists()


def _named() -> Iterator[tuple[str, str, str]]:
    """The stored files that the register names: the file, its hash, and the key of what it belongs to."""
    evidence = Evidence.objects.filter(kind=EvidenceKind.FILE).order_by("file", "pk")
    yield from evidence.values_list("file", "sha256", "commitment__reference").iterator()
    yield from Paper.objects.order_by("file", "pk").values_list("file", "sha256", "source__slug").iterator()


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
