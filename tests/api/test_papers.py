"""The files of a source over HTTP: uploaded, read, withdrawn, and what is refused of them."""

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import uploads
from relations.models import Paper, Source
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 the minutes"


@pytest.fixture(autouse=True)
def _kept_apart(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer() -> Client:
    return client_as("officer")


@pytest.fixture
def source() -> Source:
    return make.source(slug="minutes")


def send(client: Client, *content: bytes, name: str = "minutes.pdf", **fields: Any) -> Any:
    sent = [SimpleUploadedFile(name, each) for each in content]
    return client.post("/api/v1/sources/minutes/papers/", {"file": sent, **fields})


def test_a_file_is_uploaded_listed_downloaded_and_withdrawn(officer: Client, source: Source) -> None:
    made = send(officer, PDF, name="Biên bản.pdf", language="vi")
    assert made.status_code == 201
    told = made.json()
    digest = hashlib.sha256(PDF).hexdigest()
    assert {
        "file": f"papers/{digest[:2]}/{digest}.pdf",
        "file_name": "Biên bản.pdf",
        "sha256": digest,
        "size": len(PDF),
        "language": "vi",
    }.items() <= told.items()
    assert officer.get("/api/v1/sources/minutes/papers/").json()["results"] == [told]
    assert officer.get(made["Location"]).json() == told
    file = client_as("reader").get(f"{made['Location']}file/")
    assert b"".join(file) == PDF
    assert "attachment" in file["Content-Disposition"]
    kept = officer.get(f"{made['Location']}file/", headers={"If-None-Match": file["ETag"]})
    assert kept.status_code == 304
    withdrawn = officer.post(
        f"{made['Location']}withdrawal/", {"reason": "Another paper."}, content_type="application/json"
    )
    assert withdrawn.status_code == 201
    assert withdrawn.json()["withdrawn"]["reason"] == "Another paper."
    again = officer.post(f"{made['Location']}withdrawal/", {"reason": "x"}, content_type="application/json")
    assert again.json()["errors"] == {"reason": ["It has already been withdrawn."]}
    assert send(officer, PDF).status_code == 201  # a withdrawn file can be attached again


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.pdf", "“a.pdf” is empty."),
        (b"MZ program", "a.pdf", "“a.pdf” is not a PDF."),
        (b"MZ program", "a.exe", "“a.exe” is not one."),
    ],
)
def test_what_is_no_document_is_refused_and_nothing_is_kept(
    officer: Client, source: Source, content: bytes, name: str, message: str
) -> None:
    answer = send(officer, content, name=name)
    assert answer.status_code == 400
    assert not Paper.objects.exists()
    assert message in answer.json()["errors"]["file"][0]


def test_refusals(officer: Client, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    assert send(officer, PDF).status_code == 201
    assert send(officer, PDF).json()["errors"] == {"file": ["This file is attached already."]}
    assert send(officer, PDF, PDF).json()["errors"] == {"file": ["Enter one value only."]}
    assert send(officer).status_code == 400
    assert send(officer, PDF, language="x" * 13).status_code == 400
    assert send(officer, PDF, nature="x").status_code == 400
    assert send(client_as("reader"), PDF + b"2").status_code == 403
    assert officer.post("/api/v1/sources/other/papers/", {}).status_code == 404
    assert officer.get("/api/v1/sources/other/papers/").status_code == 404
    other = make.source(slug="other")
    paper = Paper.objects.get()
    assert officer.get(f"/api/v1/sources/{other.slug}/papers/{paper.pk}/").status_code == 404
    assert officer.get(f"/api/v1/sources/{other.slug}/papers/{paper.pk}/file/").status_code == 404
    monkeypatch.setattr("core.api.files.MAX_BYTES", 3)
    assert send(officer, PDF + b"3").status_code == 413
    assert uploads.MAX_BYTES == 20 * 1024 * 1024


def test_the_list_takes_the_same_queries_for_many_files(
    officer: Client, source: Source, django_assert_max_num_queries
) -> None:
    for number in range(12):
        send(officer, PDF + bytes([48 + number]))
    with django_assert_max_num_queries(8):
        assert officer.get("/api/v1/sources/minutes/papers/").json()["count"] == 12


def test_a_kept_answer_is_not_repeated_to_whom_the_source_is_hidden_since(
    officer: Client, source: Source
) -> None:
    file, key = SimpleUploadedFile("minutes.pdf", PDF), {"Idempotency-Key": "one"}
    address = "/api/v1/sources/minutes/papers/"
    assert officer.post(address, {"file": file}, headers=key).status_code == 201
    file.seek(0)
    assert officer.post(address, {"file": file}, headers=key).status_code == 201
    Source.objects.update(classification=2)
    file.seek(0)
    assert officer.post(address, {"file": file}, headers=key).status_code == 404
