"""Files on disk: whole under their name, or replaced."""

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage, storages
from whitenoise.storage import CompressedManifestStaticFilesStorage

FREE_BYTES = 100 * 1024 * 1024
"""Less free space than this is too little: uploads of several people at a time may fill it."""


class WholeFileStorage(FileSystemStorage):
    """Files on disk that appear under their name only when every byte of them is on the disk.

    Django's own storage writes under the final name, so that a full disk or a kill leaves a torn file there.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_overwrite": True} | options)

    def _save(self, name: str, content: "File[Any]") -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        # In the same folder, so that renaming it never copies it to another disk.
        handle, draft = tempfile.mkstemp(prefix=".part-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(draft, self.file_permissions_mode or 0o640)
            os.replace(draft, path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        return name.replace("\\", "/")


class RepairedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Collected static files. ``collectstatic`` replaces what an interrupted one has left unfinished.

    Django's own keeps a file that is newer than its source, finished or not.
    """

    def load_manifest(self) -> tuple[dict[str, str], str]:
        """An unfinished manifest counts as none; ``collectstatic`` writes another."""
        try:
            loaded: tuple[dict[str, str], str] = super().load_manifest()
        except ValueError:
            return {}, ""
        return loaded

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Copy what has another size than its source once more, then process as usual."""
        if not dry_run:
            for name, (source, path) in paths.items():
                self._repair(name, source, path)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _repair(self, name: str, source: Storage, path: str) -> None:
        with source.open(path) as file:
            hashed = self.hashed_name(name, file)
            if self.exists(name) and self.size(name) != file.size:
                self.delete(name)
                self._save(name, file)
            if self.exists(hashed) and self.size(hashed) != file.size:
                self.delete(hashed)


def sha256_of_file(file: Any) -> str:
    """The SHA-256 of an open binary ``file``, which is left at its beginning."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def folder_of_uploads() -> Path | None:
    """The folder of uploaded files; ``None`` if they are in a store of another kind."""
    store = storages["default"]
    return Path(store.location) if isinstance(store, FileSystemStorage) else None


def mark_as_new(name: str) -> None:
    """Let an uploaded file count as written now, if it is there."""
    if folder_of_uploads():
        with suppress(FileNotFoundError):
            os.utime(default_storage.path(name))


def remove_if_older(name: str, moment: dt.datetime) -> bool:
    """Remove an uploaded file that was not written since ``moment``; return whether it was removed.

    It is put aside first and looked at again: who marks it as new at this moment keeps it.
    """
    path = Path(default_storage.path(name))
    if path.stat().st_mtime >= moment.timestamp():
        return False
    aside = path.with_name(f".part-removed-{path.name}")
    path.rename(aside)
    if aside.stat().st_mtime < moment.timestamp():
        aside.unlink()
        return True
    aside.rename(path)
    return False


def sync_folder(folder: Path) -> None:
    """Have the names in ``folder`` written to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
