"""Documents that are expensive or dangerous to read are refused, and no request is held up by one."""

import logging
import os
import runpy
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from lxml.etree import ErrorTypes, XMLSyntaxError

from core.documents import child, pdf, reading, word, word_package
from core.documents.kinds import Kind, text_of
from core.documents.problems import Problem, Unreadable
from core.documents.reading import ReadersBusy, check_document, read_document
from tests.core.documents import attacks
from tests.core.documents.misbehaving import PDF
from tests.relations.services import documents


def problem_of(name: str, content: bytes) -> str:
    """Why the document was refused. The message names the file."""
    with pytest.raises(ValidationError) as refused:
        read_document(name, content)
    (message,) = refused.value.messages
    assert f"“{name}”" in message
    return str(refused.value.code)


@pytest.mark.parametrize("attack", attacks.REFUSED)
def test_an_attack_is_refused_with_its_reason(attack: str) -> None:
    name, make, problem = attacks.REFUSED[attack]
    assert problem_of(name, make()) == problem


@pytest.mark.parametrize("nested", [attacks.nested_text_boxes, attacks.nested_tables])
def test_what_is_nested_is_read_once(nested: Callable[[int], bytes]) -> None:
    assert read_document("a.docx", nested(80)).parts == ("Inside.",)


def test_no_file_of_the_server_gets_into_a_document(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    assert read_document("a.docx", attacks.external_entity(str(secret))).parts == ("They agreed.",)


def test_xml_that_needs_too_much_memory_is_not_called_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(content: bytes, parser: object) -> None:
        raise XMLSyntaxError("", ErrorTypes.ERR_NO_MEMORY, 0, 0)

    content = documents.word("They agreed.")
    monkeypatch.setattr(word_package.etree, "fromstring", parse)
    with pytest.raises(MemoryError):
        word.paragraphs(content)


def test_pages_that_share_a_long_text_are_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 10_000)
    line = b"BT /F1 9 Tf 20 800 Td 10 TL (They agreed to meet again.) Tj ET"
    with pytest.raises(Unreadable) as refused:
        pdf.pages(attacks.pages_of_one_stream(400, line * 10))
    assert refused.value.problem == Problem.TOO_LONG


def test_a_document_that_draws_for_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WALL_SECONDS", 1)
    assert problem_of("a.pdf", attacks.pages_of_one_stream(400, b"q Q\n" * 1_000_000)) == "too_slow"


# -- the process -----------------------------------------------------------------------------------------


@pytest.fixture
def misbehaving(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF is read by a process that does what it says."""
    monkeypatch.setitem(reading._MODULES, Kind.PDF, "tests.core.documents.misbehaving")


@pytest.mark.parametrize(
    ("deed", "problem"),
    [
        ("spin", "too_slow"),
        ("eat", "too_much_memory"),
        ("crash", "crashed"),
        ("flood", "crashed"),
        ("fail", "crashed"),
    ],
)
def test_a_process_beyond_its_limits_is_ended(misbehaving: None, deed: str, problem: str) -> None:
    assert problem_of("a.pdf", PDF + deed.encode()) == problem
    assert read_document("a.pdf", PDF + b"read").parts == ("They agreed.",)


def test_a_process_has_the_limits_of_time_memory_and_output(misbehaving: None) -> None:
    assert read_document("a.pdf", PDF + b"limits").parts == ("1", str(512 * 1024 * 1024), "1000", "0")


def is_running(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_process_that_hangs_is_ended_with_all_that_it_started(
    misbehaving: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reading, "WALL_SECONDS", 3)
    note = tmp_path / "pid"
    assert problem_of("a.pdf", PDF + f"hang {note}".encode()) == "too_slow"
    began = time.monotonic()
    while is_running(note.read_text()):  # until the system has ended it
        assert time.monotonic() - began < 10


def test_a_fault_of_the_reader_is_in_the_log(misbehaving: None, caplog: pytest.LogCaptureFixture) -> None:
    problem_of("a.pdf", PDF + b"fail")
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "This is a fault." in record.getMessage()


def test_the_process_has_no_secret(misbehaving: None) -> None:
    assert "SECRET_KEY" in os.environ
    assert "SECRET_KEY" not in read_document("a.pdf", PDF + b"environment").parts


def test_what_runs_in_the_process_loads_no_django() -> None:
    program = (
        "import sys, core.documents.photographs, core.documents.word, core.documents.packages;"
        "sys.exit('django' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, cwd=settings.BASE_DIR).returncode == 0  # noqa: S603


def test_a_request_waits_for_a_process_and_then_gives_up(
    misbehaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = BoundedSemaphore(1)
    monkeypatch.setattr(reading, "_processes", one)
    monkeypatch.setattr(reading, "WAIT_SECONDS", 0.01)
    one.acquire()
    with pytest.raises(ReadersBusy, match="Try again"):
        read_document("a.pdf", PDF + b"read")
    one.release()
    problem_of("a.pdf", PDF + b"crash")
    assert read_document("a.pdf", PDF + b"read").parts == ("They agreed.",)


# -- kinds -----------------------------------------------------------------------------------------------


TEXTS = ("Hai bên nhất trí.\n", "ភាគីទាំងពីរ បានឯកភាពគ្នា។\n", "They agreed.")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_in_unicode_is_read_with_and_without_its_mark(text: str, encoding: str) -> None:
    assert text_of(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"They\x00agreed", "wrong_kind"),
        (b"They\x00agreed!", "wrong_kind"),
        (b"\xff\xfe\x00\x00", "wrong_kind"),
        (b"\x00\x01\x02\x03" * 20, "wrong_kind"),
        ("Hai bên nhất trí".encode("cp1258", "replace") + b"\xea ", "unknown_encoding"),
    ],
)
def test_what_is_not_unicode_is_not_guessed(content: bytes, problem: str) -> None:
    with pytest.raises(Unreadable) as refused:
        text_of(content)
    assert refused.value.problem == problem


def open_document(mimetype: str) -> bytes:
    """The least of an OpenDocument file."""
    return attacks.with_part(
        attacks.with_part(EMPTY_ZIP, "mimetype", mimetype.encode()), "content.xml", b"<x/>"
    )


EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
KINDS = {
    "a.pdf": b"%PDF-1.7",
    "b.pdf": b"\r\n" * 400 + b"%PDF-1.7",
    "a.png": b"\x89PNG\r\n\x1a\n...",
    "a.JPG": b"\xff\xd8\xff\xe0",
    "a.jpeg": b"\xff\xd8\xff\xe0",
    "a.docx": documents.word("They agreed."),
    "a.xlsx": attacks.with_part(
        EMPTY_ZIP, "[Content_Types].xml", f'<Override ContentType="{SHEET}"/>'.encode()
    ),
    "a.odt": open_document("application/vnd.oasis.opendocument.text"),
    "a.ods": open_document("application/vnd.oasis.opendocument.spreadsheet"),
    "a.txt": TEXTS[0].encode("utf-16-le"),
    "a.csv": b"Hai b\xean; 20",
}


@pytest.mark.parametrize("name", KINDS)
def test_content_must_be_of_the_kind_that_the_name_says(name: str) -> None:
    def check(name: str) -> None:
        check_document(name, KINDS[given], kinds=tuple(Kind), max_bytes=100_000)

    given = name
    check(name)
    for suffix in {".pdf", ".docx", ".xlsx", ".odt", ".png", ".txt"} - {Path(name).suffix}:
        if (given, suffix) != ("a.csv", ".txt"):
            with pytest.raises(ValidationError):
                check(f"a{suffix}")


def test_looking_into_an_archive_has_a_smaller_limit_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[int] = []
    monkeypatch.setattr(child, "answer", lambda _read, *, cpu_seconds: limits.append(cpu_seconds))
    monkeypatch.delitem(sys.modules, reading._PACKAGES)
    runpy.run_module(reading._PACKAGES, run_name="__main__")
    assert limits == [2]


def test_an_archive_of_evidence_is_looked_into_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_PACKAGES", "tests.core.documents.misbehaving")
    with pytest.raises(ValidationError) as refused:
        check_document("a.docx", b"PK\x03\x04", kinds=tuple(Kind), max_bytes=1000)
    assert refused.value.code == "wrong_kind"
