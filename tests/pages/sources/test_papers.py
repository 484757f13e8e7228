"""The files of a source on its page: attached, shown, downloaded, withdrawn; kept with what was read."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from commitments.services.evidence_check import check_evidence
from core.housekeeping import tasks
from relations.models import Paper, Source
from relations.services.papers import attach_paper
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, text_of
from tests.pages.recording.test_meeting import NEW, TEXT, filled
from tests.relations.services.documents import pdf

pytestmark = pytest.mark.django_db
PDF = pdf(("They agreed.", "", "They met."))
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f"
    "0005fe02fe0def46b80000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def source() -> Source:
    return make.source(slug="minutes")


def upload(name: str = "minutes.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def content_of(paper: Paper) -> bytes:
    return Path(paper.file.path).read_bytes()


def test_an_officer_attaches_files_and_a_reader_sees_them(source: Source) -> None:
    officer, reader = client_as("officer"), client_as("reader")
    assert "The paper" not in text_of(reader.get("/sources/minutes/"))
    for name, content, language in (("Biên bản.pdf", PDF, "vi"), ("scan.png", PNG, "")):
        answer = officer.post(
            "/sources/minutes/papers/", {"file": upload(name, content), "language": language}
        )
        assert answer["Location"] == "/sources/minutes/#papers"
    shown = text_of(reader.get("/sources/minutes/"))
    assert "Biên bản.pdf" in shown
    assert "Language: vi" in shown
    assert "Withdraw" not in shown
    assert "Attach" not in shown
    first, second = Paper.objects.order_by("pk")
    download = reader.get(f"/sources/minutes/papers/{first.pk}/")
    assert b"".join(download) == PDF  # type: ignore[arg-type]
    assert "attachment" in download["Content-Disposition"]
    for paper in (first, second):
        picture = reader.get(f"/sources/minutes/papers/{paper.pk}/preview/")
        assert picture["Content-Type"] == "image/png"
        assert "sandbox" in picture["Content-Security-Policy"]
    make.source(slug="other")
    assert reader.get(f"/sources/other/papers/{first.pk}/").status_code == 404
    assert reader.get(f"/sources/other/papers/{first.pk}/preview/").status_code == 404


def test_a_file_that_is_no_document_is_refused_by_its_name(source: Source) -> None:
    officer = client_as("officer")
    for name, content, message in (
        ("a.pdf", b"MZ", "“a.pdf” is not a PDF"),
        ("a.exe", b"MZ", "Choose a"),
        ("a.txt", b"", "“a.txt” is empty"),
    ):
        answer = officer.post("/sources/minutes/papers/", {"file": upload(name, content)})
        assert answer.status_code == 400
        assert message in text_of(answer)
    assert officer.post("/sources/minutes/papers/", {}).status_code == 400
    assert not Paper.objects.exists()
    assert officer.post("/sources/minutes/papers/", {"file": upload()}).status_code == 302
    assert "attached already" in text_of(officer.post("/sources/minutes/papers/", {"file": upload()}))


def test_a_withdrawn_file_stays_with_its_reason_and_no_row_is_changed(source: Source) -> None:
    paper = attach_paper(source=source, actor=make.user("officer"), file=upload())
    officer = client_as("officer")
    address = f"/sources/minutes/papers/{paper.pk}/withdrawal/"
    assert officer.post(address, {"reason": " "}).status_code == 400
    assert officer.post(address, {"reason": "A bad scan."})["Location"] == "/sources/minutes/#papers"
    assert "withdrawn: A bad scan." in text_of(officer.get("/sources/minutes/"))
    assert "already" in text_of(officer.post(address, {"reason": "Again."}))
    for row in (Paper.objects.all(), type(paper.withdrawal).objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(recorded_at="2020-01-01T00:00Z")


def test_the_page_takes_the_same_queries_for_many_files(
    source: Source, reader: Client, queries: Callable[[Client, str], int]
) -> None:
    actor = make.user("officer")

    attach_paper(source=source, actor=actor, file=upload())
    before = queries(reader, "/sources/minutes/")
    for number in range(9):
        attach_paper(source=source, actor=actor, file=upload(f"{number}.txt", b"Text %d" % number))
    assert queries(reader, "/sources/minutes/") == before


def test_a_lost_file_is_named_with_its_source_and_a_kept_one_is_no_orphan(
    source: Source, media: Path
) -> None:
    paper = attach_paper(source=source, actor=make.user("officer"), file=upload())
    assert list(check_evidence()) == []
    path = media / paper.file.name
    os.utime(path, (0, 0))
    for task in tasks():
        task.carry_out()
    assert path.exists()
    path.write_bytes(b"altered")
    [finding] = check_evidence()
    assert (finding.problem, finding.owners) == ("altered", ("minutes",))
    assert client_as("reader").get(f"/sources/minutes/papers/{paper.pk}/").status_code == 404


def test_the_file_that_was_read_is_kept_with_the_source(officer: Client) -> None:
    answer = officer.post(NEW, filled(**{"document-text": "", "document-file": upload("Talks.pdf")}))
    assert answer.status_code == 302
    paper = Paper.objects.get()
    assert (paper.source, paper.file_name) == (Source.objects.get(), "Talks.pdf")
    assert content_of(paper) == PDF


@pytest.mark.parametrize("button", ["preview", "read", "more"])
def test_a_file_that_was_read_before_is_kept_when_the_form_is_saved(officer: Client, button: str) -> None:
    chosen = {"document-text": "", "document-file": upload("Talks.pdf"), button: ""}
    shown = officer.post(NEW, filled(**chosen))
    assert "Talks.pdf" in text_of(shown)
    fields = form_of(shown)
    assert fields["document-keeps"] == ["on"]
    again = {name: fields[name] for name in ("document-text", "document-kept", "document-keeps")}
    assert officer.post(NEW, filled(**again)).status_code == 302
    assert content_of(Paper.objects.get()) == PDF


def test_who_does_not_want_the_file_kept_unticks_it(officer: Client) -> None:
    fields = form_of(
        officer.post(NEW, filled(**{"document-text": "", "document-file": upload(), "read": ""}))
    )
    kept = {"document-text": fields["document-text"], "document-kept": fields["document-kept"]}
    assert officer.post(NEW, filled(**kept)).status_code == 302
    assert not Paper.objects.exists()


def test_the_name_of_a_kept_file_is_of_use_to_nobody_else(officer: Client) -> None:
    fields = form_of(
        officer.post(NEW, filled(**{"document-text": "", "document-file": upload(), "read": ""}))
    )
    named = {"document-text": TEXT, "document-kept": fields["document-kept"], "document-keeps": "on"}
    answer = client_as("officer").post(NEW, filled(**named), follow=True)
    assert "The file is no longer here." in text_of(answer)
    assert not Paper.objects.exists()
    forged = {**named, "document-kept": "x:y:z", "meeting-title": "Others"}
    assert "The file is no longer here." in text_of(officer.post(NEW, filled(**forged), follow=True))
    [stored] = {name for name in default_storage.listdir("papers")[0]}
    assert len(stored) == 2
