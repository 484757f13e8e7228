"""Evidence over HTTP: links, files and what is refused of them, and the move that a file comes with."""

import hashlib
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import KeptAnswer
from commitments.models import Commitment, Evidence
from core.documents import reading
from tests import factories as make
from tests.api.conftest import address, post
from tests.clients import client_as
from tests.html import form_of, text_of
from tests.relations.services.documents import word

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 the minutes"
DAY = {"dated_on": "២០២៥-១២-០១"}
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _kept_apart(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer() -> Client:
    return client_as("officer")


def upload(
    client: Client, pledge: Commitment, *content: bytes, name: str = "minutes.pdf", **fields: Any
) -> Any:
    headers = fields.pop("headers", {})
    sent = [SimpleUploadedFile(name, each) for each in content]
    return client.post(
        address(pledge, "evidence/"), {"title": "Minutes", "file": sent, **fields}, headers=headers
    )


def test_a_link_is_attached(officer: Client) -> None:
    pledge = make.commitment()
    body = {"title": "Minutes", "url": "https://example.org/m", "type": "minutes", "dated_on": "2025-05-01"}
    made = post(officer, address(pledge, "evidence/"), body)
    assert made.status_code == 201
    told = made.json()
    assert {**body, "kind": "link", "id": told["id"]}.items() <= told.items()
    assert officer.get(f"{made['Location']}file/").status_code == 404
    for wrong in (
        {"url": "javascript:alert(1)"},
        {"url": ""},
        {"type": "x"},
        {"file": "x"},
        {"title": " "},
        DAY,
    ):
        answer = post(officer, address(pledge, "evidence/"), {**body, **wrong})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, list(wrong))
    assert pledge.evidence.count() == 1


def test_a_file_is_uploaded_and_downloaded_by_those_who_may_see_it(officer: Client) -> None:
    agency = make.agency()
    pledge = make.commitment(agencies=(agency,))
    made = upload(officer, pledge, PDF, name="Biên bản Đà Nẵng.pdf", type="minutes", dated_on="")
    assert made.status_code == 201
    told = made.json()
    assert (told["kind"], told["file_name"]) == ("file", "Biên bản Đà Nẵng.pdf")
    assert told["sha256"] == hashlib.sha256(PDF).hexdigest()
    where = f"{made['Location']}file/"
    got = officer.get(where, headers={"Accept": "application/pdf"})
    assert (got.status_code, b"".join(got.streaming_content)) == (200, PDF)
    assert got["Content-Disposition"] == (
        "attachment; filename*=utf-8''Bi%C3%AAn%20b%E1%BA%A3n%20%C4%90%C3%A0%20N%E1%BA%B5ng.pdf"
    )
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Cache-Control"] == "private, no-cache"
    assert officer.get(where, headers={"If-None-Match": got["ETag"]}).status_code == 304
    address = f"/commitments/{pledge.reference}/evidence/{told['id']}/"
    page = officer.get(address)
    assert b"".join(page.streaming_content) == PDF
    for name in ("Content-Disposition", "X-Content-Type-Options", "Cache-Control"):
        assert page[name] == got[name]
    stranger = client_as("focal_point", agency=make.agency("vn-mot"))
    assert stranger.get(where).status_code == 404
    assert Client().get(where).status_code == 401
    Commitment.objects.update(classification=2)
    cleared = client_as("officer", clearance=2)
    for url in (where, address):
        assert officer.get(url).status_code == officer.head(url).status_code == 404
        assert officer.get(url, headers={"Range": "bytes=0-3", "If-None-Match": "*"}).status_code == 404
        file = cleared.get(url)
        assert (b"".join(file.streaming_content), file["Cache-Control"]) == (PDF, "private, no-store")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "minutes.pdf"),
        (b"MZ\x90", "minutes.exe"),
        (b"<html>", "minutes.html"),
        (b"<html>", "minutes.pdf"),
        (PDF, "minutes"),
        (b"\x00\x01", "figures.csv"),
    ],
)
def test_a_file_that_is_not_taken_is_refused(officer: Client, content: bytes, name: str) -> None:
    pledge = make.commitment()
    answer = upload(officer, pledge, content, name=name)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])
    assert not pledge.evidence.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Hai bên nhất trí.".encode("utf-16-le"), "minutes.txt"),
        ("Hai bên nhất trí.".encode("utf-8-sig"), "minutes.txt"),
        ("Hai bên đón đoàn; 1".encode("cp1258"), "figures.csv"),
        (b"\r\n\r\n" + PDF, "minutes.pdf"),
        (word("They agreed."), "minutes.docx"),
    ],
)
def test_evidence_accepts_what_recording_accepts_and_keeps_its_bytes(
    officer: Client, content: bytes, name: str
) -> None:
    pledge = make.commitment()
    made = upload(officer, pledge, content, name=name)
    assert made.status_code == 201
    page = f"/commitments/{pledge.reference}/evidence/"
    shown = officer.post(page, {"title": "M", "type": "other", "file": SimpleUploadedFile(name, content)})
    assert shown.status_code == 302
    assert b"".join(officer.get(f"{made['Location']}file/").streaming_content) == content
    assert pledge.evidence.values("sha256").distinct().count() == 1


def test_an_archive_that_is_made_to_hold_up_the_server_is_refused(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledge, content = make.commitment(), word("They agreed.")
    monkeypatch.setattr(reading, "WALL_SECONDS", 0.001)
    answer = upload(officer, pledge, content, name="a.docx")
    assert answer.status_code == 400
    assert answer.json()["errors"]["file"][0].startswith("“a.docx” takes too long to read.")
    page = f"/commitments/{pledge.reference}/evidence/"
    file = SimpleUploadedFile("a.docx", content)
    shown = officer.post(page, {"title": "Minutes", "type": "other", "file": file})
    assert shown.status_code == 400
    assert "“a.docx” takes too long to read." in text_of(shown)
    assert not pledge.evidence.exists()


def test_evidence_that_cannot_be_checked_now_is_taken_later_with_the_same_key(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledge, key = make.commitment(), {"Idempotency-Key": "one"}
    content, page = word("They agreed."), f"/commitments/{pledge.reference}/evidence/"
    monkeypatch.setattr(reading, "_processes", BoundedSemaphore(1))
    monkeypatch.setattr(reading, "WAIT_SECONDS", 0.01)
    with reading._processes:
        busy = upload(officer, pledge, content, name="a.docx", headers=key)
        file = SimpleUploadedFile("a.docx", content)
        shown = officer.post(page, {"title": "Minutes", "type": "other", "file": file})
    assert (busy.status_code, busy["Content-Type"]) == (503, "application/problem+json")
    assert busy["Retry-After"] == "30"
    assert not KeptAnswer.objects.exists()
    assert shown.status_code == 400
    assert "Try again in a minute" in text_of(shown)
    assert form_of(shown)["title"] == ["Minutes"]
    assert upload(officer, pledge, content, name="a.docx", headers=key).status_code == 201
    assert pledge.evidence.count() == 1


def test_what_is_too_large_is_413(officer: Client) -> None:
    pledge = make.commitment()
    most = upload(officer, pledge, PDF + b"x" * (20 * MEGABYTE - len(PDF)))
    assert most.status_code == 201
    for size in (20 * MEGABYTE + 1, 21 * MEGABYTE):
        answer = upload(officer, pledge, PDF + b"x" * (size - len(PDF)))
        assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json"), size
    assert pledge.evidence.count() == 1


def test_no_file_two_files_and_both_a_file_and_a_link_are_refused(officer: Client) -> None:
    pledge = make.commitment()
    cases = [
        (upload(officer, pledge), "url"),
        (upload(officer, pledge, PDF, PDF), "file"),
        (upload(officer, pledge, PDF, url="https://example.org/m"), "file"),
        (upload(officer, pledge, PDF, title=["A", "B"]), "title"),
        (upload(officer, pledge, PDF, note="x"), "note"),
        (upload(officer, pledge, PDF, paper=SimpleUploadedFile("b.pdf", PDF)), "paper"),
        (upload(officer, pledge, PDF, title="x\x00y"), "title"),
    ]
    for answer, field in cases:
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not pledge.evidence.exists()


def test_a_broken_form_is_a_problem(officer: Client) -> None:
    pledge = make.commitment()
    kind = "multipart/form-data; boundary=x"
    bodies = (b"", b"nonsense", b"--x\r\nContent-Disposition: form-data; name=title\r\n\r\nA")
    for body in bodies:
        answer = officer.post(address(pledge, "evidence/"), body, content_type=kind)
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), body
    many = {f"f{n}": "x" for n in range(1200)}
    assert officer.post(address(pledge, "evidence/"), many).status_code == 400
    big = officer.post(address(pledge, "evidence/"), {"title": "x" * 3 * MEGABYTE})
    assert (big.status_code, big["Content-Type"]) == (400, "application/problem+json")
    assert officer.post(address(pledge, "evidence/"), PDF, content_type="application/pdf").status_code == 415
    assert officer.post(address(pledge, "progress/"), {"achieved": "x"}).status_code == 415


def test_the_same_upload_under_one_key_is_stored_once(officer: Client) -> None:
    pledge, key = make.commitment(), {"Idempotency-Key": "one"}
    first, again = (upload(officer, pledge, PDF, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again["Location"]) == (first.json(), first["Location"])
    assert again["Idempotent-Replayed"] == "true"
    assert upload(officer, pledge, PDF + b"!", headers=key).status_code == 422
    assert pledge.evidence.count() == 1


def test_evidence_is_withdrawn_once_and_stays_on_record(officer: Client) -> None:
    pledge = make.commitment()
    made = upload(officer, pledge, PDF)
    where = f"{made['Location']}withdrawal/"
    assert post(officer, where, {}).json()["errors"].keys() == {"reason"}
    answer = post(officer, where, {"reason": "Another's minutes."})
    assert answer.status_code == 201
    assert answer["Location"] == made["Location"]
    assert answer.json()["withdrawn"]["reason"] == "Another's minutes."
    assert officer.get(made["Location"]).json() == answer.json()
    again = post(officer, where, {"reason": "Again."})
    assert (again.status_code, list(again.json()["errors"])) == (400, ["reason"])
    got = client_as("reader").get(f"{made['Location']}file/")
    assert b"".join(got.streaming_content) == PDF
    assert post(client_as("reader"), where, {"reason": "x"}).status_code == 403


def test_a_lost_file_is_not_there(officer: Client, tmp_path) -> None:
    made = upload(officer, make.commitment(), PDF)
    (tmp_path / Evidence.objects.get().file.name).unlink()
    assert officer.get(f"{made['Location']}file/").status_code == 404


# -- with a move -----------------------------------------------------------------------------------------


def submit(client: Client, pledge: Commitment, **piece: Any) -> Any:
    body = {"transition": "submit", "note": "Held.", "outcome": "fulfilled"}
    return post(client, address(pledge, "transitions/"), {**body, "evidence": [{"kind": "file", **piece}]})


def test_an_uploaded_file_comes_with_a_move(officer: Client) -> None:
    pledge = make.commitment()
    uploaded = upload(officer, pledge, PDF, type="minutes").json()
    moved = submit(officer, pledge, id=uploaded["id"])
    assert moved.status_code == 201, moved.json()
    (given,) = moved.json()["evidence"]
    assert (given["kind"], given["title"], given["type"]) == ("file", "Minutes", "minutes")
    copy = officer.get(address(pledge, f"evidence/{given['id']}/")).json()
    assert (copy["sha256"], copy["status_change"]) == (uploaded["sha256"], 2)
    got = officer.get(address(pledge, f"evidence/{given['id']}/file/"))
    assert b"".join(got.streaming_content) == PDF
    reviewer = client_as("reviewer")
    assert post(reviewer, address(pledge, "transitions/"), {"transition": "confirm"}).status_code == 201


def test_a_file_of_elsewhere_does_not_come_with_a_move(officer: Client) -> None:
    pledge, other, secret = make.commitment(), make.commitment(), make.commitment(classification=3)
    cleared = client_as("officer", clearance=3)
    elsewhere, hidden = (upload(cleared, each, PDF).json()["id"] for each in (other, secret))
    link = post(officer, address(pledge, "evidence/"), {"title": "A", "url": "https://example.org/a"}).json()
    assert submit(officer, pledge, id=elsewhere).status_code == 400
    unseen = submit(officer, pledge, id=hidden)
    unknown = submit(officer, pledge, id=hidden + 1000)
    assert (unseen.status_code, unseen.json()) == (400, unknown.json())
    assert list(unseen.json()["errors"]) == ["evidence.0.id"]
    for wrong in (link["id"], 10**30, -1, "x", None):
        assert submit(officer, pledge, id=wrong).status_code == 400, wrong
    assert submit(officer, pledge).json()["errors"] == {
        "evidence.0.id": ["This field is required for this kind of evidence."]
    }
    withdrawn = upload(officer, pledge, PDF)
    post(officer, f"{withdrawn['Location']}withdrawal/", {"reason": "Not these."})
    assert submit(officer, pledge, id=withdrawn.json()["id"]).status_code == 400
    assert Commitment.objects.get(pk=pledge.pk).status == "agreed"
