"""Pictures of pages are read by Tesseract, within the limits of the process, and marked as such."""

import shutil
from io import BytesIO

import pypdfium2
import pytest
from django.core.exceptions import ValidationError

from core.documents import reading, recognition
from core.documents.pdf import pages
from core.documents.problems import Problem
from core.documents.reading import read_document
from core.documents.recognition import picture_of, words_in
from relations.services.paper_structure import read_paper
from relations.services.text_extraction import extract_text, with_next_pages
from tests.relations.services.documents import pdf

needs_tesseract = pytest.mark.skipif(
    shutil.which(recognition.PROGRAM) is None, reason="Tesseract is not installed"
)
FIRST = ("1. The sides agreed to open a border gate in 2026.", "", "2. They agreed to hold a fair in March.")
SECOND = ("3. They took note of the proposal to hold a session.",)


def scanned(*texts: tuple[str, ...]) -> bytes:
    """A PDF whose pages are pictures of ``texts``."""
    made = pypdfium2.PdfDocument.new()
    given = pypdfium2.PdfDocument(pdf(*texts))
    for number in range(len(given)):
        page = made.new_page(595, 842)
        picture = pypdfium2.PdfImage.new(made)
        picture.set_bitmap(given[number].render(scale=200 / 72, grayscale=False))
        picture.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
        page.insert_obj(picture)
        page.gen_content()
    content = BytesIO()
    made.save(content)
    return content.getvalue()


@needs_tesseract
def test_a_scan_is_read_as_its_paper_is() -> None:
    found = extract_text("scan.pdf", scanned(FIRST, SECOND))
    paper = read_paper(found.text)
    assert [(each.label, each.recorded_text, each.is_scanned) for each in paper] == [
        ("1", "The sides agreed to open a border gate in 2026.", True),
        ("2", "They agreed to hold a fair in March.", True),
        ("3", "They took note of the proposal to hold a session.", True),
    ]
    assert found.cautions[0] == (
        "Pages 1, 2 are pictures, and were read by a program. Compare them with the paper."
    )


@needs_tesseract
def test_a_picture_of_a_page_is_read() -> None:
    page = pypdfium2.PdfDocument(pdf(FIRST))[0]
    picture = reading.first_pages("a.pdf", pdf(FIRST), max_bytes=10**7)
    document = read_document("page.png", picture)
    assert "border gate" in document.parts[0]
    assert document.scanned == (0,)
    assert [word.text for word in words_in(picture_of(page), seconds=10)][:3] == ["1.", "The", "sides"]
    with pytest.raises(ValidationError) as refused:
        read_document("page.png", picture[:60])
    assert refused.value.code == Problem.NO_TEXT


@needs_tesseract
def test_a_long_scan_is_read_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.documents.pdf.SCAN_SECONDS", 0)
    content = scanned(FIRST, SECOND)
    first = pages(content)
    assert (len(first.parts), first.pages, first.next_page) == (1, 2, 1)
    second = pages(content, first_page=first.next_page)
    assert (len(second.parts), second.pages, second.next_page) == (1, 2, 0)


def test_a_sentence_goes_on_from_one_step_to_the_next() -> None:
    assert with_next_pages("≈ 1. They agreed to", "≈ open a gate.\n\n≈ 2. x") == (
        "≈ 1. They agreed to open a gate.\n\n≈ 2. x"
    )
    assert with_next_pages("≈ 1. They agreed.", "≈ 2. They met.") == "≈ 1. They agreed.\n\n≈ 2. They met."
    assert with_next_pages("", "≈ 1. x") == "≈ 1. x"


def test_doubtful_words_are_shown_and_not_recorded() -> None:
    [paper] = read_paper("≈ The sides agreed(?) to open (?) gates")
    assert paper.pieces == [("The sides ", False), ("agreed", True), (" to open (?) gates", False)]
    assert paper.doubtful_words == 2
    assert paper.recorded_text == "The sides agreed to open  gates"
    [typed] = read_paper("The sides agreed(?)")
    assert (typed.recorded_text, typed.doubtful_words) == ("The sides agreed(?)", 0)


def test_without_tesseract_a_scan_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ValidationError, match="an administrator installs the program Tesseract"):
        extract_text("scan.pdf", scanned(SECOND))
