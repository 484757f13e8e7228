"""What an archive is, and what is refused in one that somebody else has made."""

import hashlib
import io
import json
import stat
import struct
import zipfile
from typing import Any

import pytest

from core.backup.archive import About, ArchiveWriter, is_safe, opened
from core.backup.problems import BackupProblem

ABOUT = About(
    "2026-11-30T01:00:00+00:00", "0.1.0", "sqlite", "3.40", "0123", [["core", "0001_backup"]], {"t": 1}
)


def archive(files: dict[str, bytes] | None = None) -> bytes:
    stream = io.BytesIO()
    with ArchiveWriter(stream) as writer:
        writer.add("about.json", [ABOUT.as_bytes()])
        writer.add("database.sqlite3", [b"rows"], compress=True)
        for name, content in (files or {}).items():
            writer.add(name, [content])
    return stream.getvalue()


def by_hand(*, about: bytes | None = None, sums: dict[str, bytes] | None = None, **extra: Any) -> bytes:
    """An archive whose checksums agree, with whatever entries somebody may put into it."""
    stream = io.BytesIO()
    contents = {"about.json": about or ABOUT.as_bytes(), "database.sqlite3": b"rows"} | (sums or {})
    with zipfile.ZipFile(stream, "w") as zip_file:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = extra.get("modes", {}).get(name, stat.S_IFREG | 0o600) << 16
            zip_file.writestr(entry, content)
        lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items()]
        zip_file.writestr("SHA256SUMS", "".join(lines))
    return stream.getvalue()


def read(content: bytes) -> None:
    with opened(io.BytesIO(content)) as found:
        found.check_all()


def test_an_archive_has_what_was_written_and_any_program_can_check_it() -> None:
    content = archive({"files/evidence/a.pdf": b"%PDF"})
    with opened(io.BytesIO(content)) as found:
        found.check_all()
        assert found.about == ABOUT
        assert found.files == ["evidence/a.pdf"]
        target = io.BytesIO()
        found.copy("files/evidence/a.pdf", target)
        assert target.getvalue() == b"%PDF"
    sums = zipfile.ZipFile(io.BytesIO(content)).read("SHA256SUMS").decode().splitlines()
    assert sums[2] == f"{hashlib.sha256(b'%PDF').hexdigest()}  files/evidence/a.pdf"


@pytest.mark.parametrize("name", ["files/evidence/a b.pdf", "files/ជា.pdf", "a", "files/..a", "files/a..b"])
def test_plain_names_are_safe(name: str) -> None:
    assert is_safe(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../a",
        "files/../../a",
        "files/..",
        "./a",
        "a//b",
        "a\\b",
        "C:/a",
        "a\nb",
        "a\0b",
        "a/",
    ],
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    assert not is_safe(name)
    with pytest.raises(BackupProblem):
        ArchiveWriter(io.BytesIO()).add(name, [b""])


@pytest.mark.parametrize("name", ["files/../../evil", "/evil", "files\\..\\evil", "files/./evil"])
def test_an_archive_with_such_a_name_is_refused_whole(name: str) -> None:
    with pytest.raises(BackupProblem, match="leads out of its folder"):
        read(by_hand(sums={name: b"x"}))


def test_a_link_or_a_device_in_an_archive_is_refused() -> None:
    for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFDIR):
        with pytest.raises(BackupProblem, match="is a link"):
            read(by_hand(sums={"files/a": b"/etc/passwd"}, modes={"files/a": kind | 0o777}))


def test_a_file_that_does_not_belong_into_a_backup_is_refused() -> None:
    with pytest.raises(BackupProblem, match="does not belong"):
        read(by_hand(sums={"run.sh": b"rm"}))


def test_a_file_without_a_checksum_and_a_checksum_without_a_file_are_refused() -> None:
    whole = archive({"files/a": b"x"})
    stream = io.BytesIO(whole)
    with zipfile.ZipFile(stream, "a") as zip_file:
        zip_file.writestr("files/b", b"added")
    with pytest.raises(BackupProblem, match="do not agree: files/b"):
        read(stream.getvalue())


def test_two_files_of_one_name_are_refused() -> None:
    stream = io.BytesIO(archive())
    with zipfile.ZipFile(stream, "a") as zip_file, pytest.warns(UserWarning, match="Duplicate"):
        zip_file.writestr("about.json", ABOUT.as_bytes())
    with pytest.raises(BackupProblem, match="two files of one name"):
        read(stream.getvalue())


def test_a_file_unpacks_to_no_more_than_the_list_says() -> None:
    """The size in the list of files is made smaller; what comes beyond it is never written."""
    stream = io.BytesIO()
    with ArchiveWriter(stream) as writer:
        writer.add("about.json", [ABOUT.as_bytes()])
        writer.add("database.sqlite3", [b"0" * 5_000_000], compress=True)
    content = bytearray(stream.getvalue())
    at = content.rindex(struct.pack("<I", 5_000_000), 0, content.rindex(b"PK\x05\x06"))
    content[at : at + 4] = struct.pack("<I", 1000)
    with pytest.raises(BackupProblem, match="damaged"):
        read(bytes(content))


def test_one_altered_byte_is_found() -> None:
    content = archive({"files/a": b"evidence of delivery"})
    altered = content.replace(b"evidence of delivery", b"evidence of deliverY")
    with pytest.raises(BackupProblem, match="damaged"):
        read(altered)


def test_damaged_compression_is_found() -> None:
    stream = io.BytesIO()
    with ArchiveWriter(stream) as writer:
        writer.add("about.json", [ABOUT.as_bytes()])
        writer.add("database.sqlite3", [b"rows of a table " * 500], compress=True)
    content = bytearray(stream.getvalue())
    at = content.index(b"database.sqlite3") + len(b"database.sqlite3")
    for place in range(at, at + 60):
        content[place] = 0xFF
    with pytest.raises(BackupProblem, match="damaged"):
        read(bytes(content))


def test_part_of_an_archive_is_refused() -> None:
    content = archive({"files/a": b"x" * 1000})
    for part in (content[:-1], content[: len(content) // 2], content[:10], b""):
        with pytest.raises(BackupProblem):
            read(part)


@pytest.mark.parametrize(
    "about",
    [
        b"{}",
        b"[]",
        b"not json",
        b"[" * 200_000,
        json.dumps({"format": "another program", "version": 1}).encode(),
        ABOUT.as_bytes().replace(b'"sqlite"', b'"oracle"'),
        ABOUT.as_bytes().replace(b'"0001_backup"', b"7"),
        ABOUT.as_bytes().replace(b'"made_at"', b'"made"'),
    ],
)
def test_a_file_of_another_program_is_no_backup(about: bytes) -> None:
    with pytest.raises(BackupProblem, match="no backup of Aide-mémoire"):
        read(by_hand(about=about))


def test_a_format_of_the_future_is_told() -> None:
    with pytest.raises(BackupProblem, match="newer version"):
        read(by_hand(about=ABOUT.as_bytes().replace(b'"version": 1', b'"version": 2')))
