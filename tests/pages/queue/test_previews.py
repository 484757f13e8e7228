"""Pictures of evidence: drawn from what was uploaded, for those who may see it, and harmless."""

import struct
import zlib
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commitments.models import Commitment, Evidence
from commitments.services.progress import add_evidence
from core.documents import reading
from tests import factories as make
from tests.clients import client_as
from tests.relations.services.documents import locked_pdf, pdf

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"rest"


@pytest.fixture
def reader() -> Client:
    return client_as("reader")


def attached(name: str, content: bytes, **fields: Any) -> tuple[Evidence, str]:
    pledge = make.commitment(**fields)
    file = SimpleUploadedFile(name, content)
    piece = add_evidence(commitment=pledge, actor=make.user("officer", clearance=3), title="Paper", file=file)
    return piece, f"/commitments/{pledge.reference}/evidence/{piece.pk}/preview/"


def pixels_of(png: bytes) -> list[bytes]:
    """The rows of a picture in greys."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = {}, 8
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        data = png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(name + data)
        found[name], at = data, at + 12 + size
    width, height, depth, colours = struct.unpack(">IIBB", found[b"IHDR"][:10])
    assert (depth, colours) == (8, 0)
    rows = zlib.decompress(found[b"IDAT"])
    assert len(rows) == (width + 1) * height
    return [rows[start + 1 : start + 1 + width] for start in range(0, len(rows), width + 1)]


def test_the_first_pages_of_a_pdf_are_drawn_below_each_other(reader: Client) -> None:
    page = ("Handed over at Svay Rieng.",)
    heights = []
    for count in (1, 2, 3, 9):
        _piece, url = attached("a.pdf", pdf(*[page] * count))
        answer = reader.get(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        rows = pixels_of(answer.content)
        assert {len(row) for row in rows} == {1000}
        assert any(min(row) < 100 for row in rows)  # there is ink on the paper
        heights.append(len(rows))
    one = heights[0]
    assert 1400 < one < 1430  # the shape of A4
    assert heights == [one, 2 * one + 8, 3 * one + 16, 3 * one + 16]


def test_a_picture_is_shown_as_it_is(reader: Client) -> None:
    _piece, url = attached("a.png", PNG)
    answer = reader.get(url)
    assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
    _piece, url = attached("a.jpg", b"\xff\xd8\xffrest")
    assert reader.get(url)["Content-Type"] == "image/jpeg"


def test_a_picture_that_is_opened_by_itself_runs_nothing_and_is_in_no_frame(reader: Client) -> None:
    _piece, url = attached("a.png", PNG)
    answer = reader.get(url)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert {"default-src 'none'", "sandbox"} <= set(answer["Content-Security-Policy"].split("; "))
    assert answer["Content-Disposition"] == "inline"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"words"),
        ("a.pdf", b"%PDF-1.4\nnothing of a PDF"),
        ("a.pdf", locked_pdf(pdf(("x",)), "secret")),
    ],
    ids=["no picture", "damaged", "locked"],
)
def test_what_cannot_be_drawn_has_no_picture(name: str, content: bytes, reader: Client) -> None:
    _piece, url = attached(name, content)
    assert reader.get(url).status_code == 404


def test_a_lost_or_altered_file_has_no_picture(reader: Client) -> None:
    piece, url = attached("a.png", PNG + b"other")
    with default_storage.open(piece.file.name, "wb") as file:
        file.write(PNG)
    assert reader.get(url).status_code == 404
    default_storage.delete(piece.file.name)
    assert reader.get(url).status_code == 404


def test_no_picture_of_what_an_account_may_not_see(reader: Client) -> None:
    piece, url = attached("a.png", PNG, classification=3)
    other = make.commitment()
    assert reader.get(url).status_code == 404
    assert reader.get(f"/commitments/{other.reference}/evidence/{piece.pk}/preview/").status_code == 404
    assert Client().get(url).status_code == 302
    cleared = client_as("reader", clearance=3).get(url)
    assert (cleared.status_code, cleared["Cache-Control"]) == (200, "private, no-store")


def test_a_busy_server_says_so(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _piece, url = attached("a.pdf", pdf(("x",)))

    def busy(*_: object) -> None:
        raise reading.ReadersBusy

    monkeypatch.setattr(reading, "_run", busy)
    answer = reader.get(url)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def test_a_link_has_no_picture(reader: Client) -> None:
    pledge: Commitment = make.commitment()
    link = add_evidence(commitment=pledge, actor=make.user("officer"), title="x", url="https://example.org/")
    assert reader.get(f"/commitments/{pledge.reference}/evidence/{link.pk}/preview/").status_code == 404
