"""An uploaded file is whole under its name, or it is not there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

from core.storage import RepairedStaticFilesStorage, WholeFileStorage


@pytest.fixture
def storage(tmp_path: Path) -> WholeFileStorage:
    return WholeFileStorage(location=tmp_path)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_name(storage: WholeFileStorage, tmp_path: Path) -> None:
    assert storage.save("a/b.pdf", ContentFile(b"whole")) == "a/b.pdf"
    assert (tmp_path / "a/b.pdf").read_bytes() == b"whole"
    assert names(tmp_path) == ["a/b.pdf"]


def test_a_disk_that_is_full_leaves_nothing_under_the_name(storage: WholeFileStorage, tmp_path: Path) -> None:
    class Torn(File):
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"the first half"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        storage.save("a/b.pdf", Torn(ContentFile(b"")))
    assert names(tmp_path) == []


def test_nothing_bears_the_name_before_every_byte_is_on_the_disk(
    storage: WholeFileStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    fsync = os.fsync

    def note_it(descriptor: int) -> None:
        seen.append((tmp_path / "a/b.pdf").exists())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note_it)
    storage.save("a/b.pdf", ContentFile(b"whole"))
    # The file itself is written through before it is renamed, its folder after.
    assert seen == [False, True]


def test_the_same_name_again_takes_the_place_of_the_file(storage: WholeFileStorage, tmp_path: Path) -> None:
    storage.save("a/b.pdf", ContentFile(b"torn"))
    assert storage.save("a/b.pdf", ContentFile(b"whole")) == "a/b.pdf"
    assert (tmp_path / "a/b.pdf").read_bytes() == b"whole"


def test_what_an_interrupted_collectstatic_left_unfinished_is_replaced(tmp_path: Path) -> None:
    source = FileSystemStorage(location=tmp_path / "source")
    source.save("a.js", ContentFile(b"// words, words, words\n" * 100))
    source.save("b.bin", ContentFile(b"0123456789"))
    target = tmp_path / "static"

    def collect() -> None:
        storage = RepairedStaticFilesStorage(location=target, base_url="/static/")
        for name in ("a.js", "b.bin"):
            if not storage.exists(name):
                with source.open(name) as file:
                    storage.save(name, file)
        list(storage.post_process({name: (source, name) for name in ("a.js", "b.bin")}))

    def contents() -> dict[str, bytes]:
        return {name: (target / name).read_bytes() for name in names(target)}

    collect()
    whole = contents()
    assert len(whole) == 7
    for name in whole:
        os.truncate(target / name, 3)
    collect()
    assert contents() == whole
