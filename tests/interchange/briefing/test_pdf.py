"""PDF by LibreOffice, where it is installed, and what is said where it is not."""

import sys
import time
from pathlib import Path
from unittest import mock

import pytest
from django.test import Client
from pypdf import PdfReader

from interchange.briefing import pdf
from tests import factories as make

needs_libreoffice = pytest.mark.skipif(not pdf.is_available(), reason="LibreOffice is not installed")
pytestmark = pytest.mark.django_db


@needs_libreoffice
def test_a_briefing_as_pdf_has_its_classification_and_page_number_on_every_page(
    officer: Client, tmp_path: Path
) -> None:
    make.commitment(title="Nâng cấp đường bộ", text="ព្រំដែនគោក")
    answer = officer.get("/countries/KH/pack.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="kh-2026-01-16.pdf"'
    written = tmp_path / "briefing.pdf"
    written.write_bytes(answer.content)
    pages = PdfReader(written).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert text.count("UNCLASSIFIED") == 2
        assert f"Page {number} of {len(pages)}" in text
    assert "Nâng cấp đường bộ" in "".join(page.extract_text() for page in pages)


def test_without_libreoffice_the_answer_says_so(officer: Client) -> None:
    make.country("KH")
    with mock.patch("interchange.briefing.pdf.shutil.which", return_value=None):
        answer = officer.get("/countries/KH/pack.pdf")
    assert answer.status_code == 501
    assert "it has no LibreOffice" in answer.content.decode()


def test_without_libreoffice_no_link_to_a_pdf_is_shown(officer: Client) -> None:
    make.country("KH")
    for installed in (True, False):
        with mock.patch("interchange.briefing.pdf.is_available", return_value=installed):
            shown = officer.get("/countries/KH/").content.decode()
        assert ("/countries/KH/pack.pdf" in shown) is installed
        assert "/countries/KH/pack.docx" in shown


def test_a_libreoffice_that_hangs_is_ended_with_all_that_it_started(
    officer: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make.country("KH")
    program, noted = tmp_path / "soffice", tmp_path / "child"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {noted}\nwait\n")
    program.chmod(0o755)
    monkeypatch.setattr(pdf, "WALL_SECONDS", 1)
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: str(program))
    answer = officer.get("/countries/KH/pack.pdf")
    assert answer.status_code == 503
    assert "takes too long" in answer.content.decode()
    time.sleep(0.1)
    state = Path(f"/proc/{noted.read_text().strip()}/status")
    assert not state.exists() or "zombie" in state.read_text()


def test_a_libreoffice_that_takes_too_much_memory_fails(
    officer: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make.country("KH")
    program, noted = tmp_path / "soffice", tmp_path / "noted"
    worker = tmp_path / "soffice.bin"
    worker.write_text(
        f"#!{sys.executable}\ntry:\n    bytearray({pdf.MEMORY_BYTES})\n"
        f"except MemoryError:\n    open({str(noted)!r}, 'w').write('refused')\n"
    )
    program.write_text(f"#!/bin/sh\n{worker}\n")
    for each in (program, worker):
        each.chmod(0o755)
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: str(program))
    answer = officer.get("/countries/KH/pack.pdf")
    assert answer.status_code == 503
    assert noted.read_text() == "refused"


def test_a_libreoffice_that_fails_is_told(
    officer: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make.country("KH")
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: str(program))
    assert officer.get("/countries/KH/pack.pdf").status_code == 503


def test_a_second_pdf_waits_for_its_turn_and_is_told_when_it_does_not_come(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.country("KH")
    monkeypatch.setattr(pdf, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: name)
    with pdf._turns:
        answer = officer.get("/countries/KH/pack.pdf")
    assert answer.status_code == 503
    assert "Try again in a minute" in answer.content.decode()
