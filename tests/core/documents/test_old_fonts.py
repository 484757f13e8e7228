"""A document in a font from before Unicode is refused with the reason."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from docx import Document

from core.documents.old_fonts import is_old
from core.documents.reading import read_document
from tests.relations.services.documents import pdf, saved

TEXT = "PaKITaMgBIr)anÉkPaBKña"


def word_in(font: str, *, by_style: bool, text: str = TEXT) -> bytes:
    document: Any = Document()
    run = document.add_paragraph().add_run(text)
    (document.styles["Normal"] if by_style else run).font.name = font
    return saved(document)


@pytest.mark.parametrize("font", ["Limon S1", "limons1", "ABC-TEXT-05", ".VnTime", "VNI-Times"])
@pytest.mark.parametrize("by_style", [True, False])
def test_a_word_document_in_an_old_font_is_refused(font: str, by_style: bool) -> None:
    with pytest.raises(ValidationError, match="a font from before Unicode"):
        read_document("a.docx", word_in(font, by_style=by_style))


@pytest.mark.parametrize("font", ["Khmer OS", "Times New Roman", "ABC Diatype", "Limonette"])
def test_other_fonts_are_read(font: str) -> None:
    assert read_document("a.docx", word_in(font, by_style=True)).parts == (TEXT,)
    assert not is_old(font)


def test_a_sign_in_an_old_font_is_no_reason() -> None:
    assert read_document("a.docx", word_in("Limon S1", by_style=False, text="3>")).parts == ("3>",)


@pytest.mark.parametrize("font", [b"Limon-S1", b"ABCDEF+LimonS1", b".VnTime"])
def test_a_pdf_in_an_old_font_is_refused(font: bytes) -> None:
    content = pdf(("They agreed on many things here and there.",))
    assert read_document("a.pdf", content).parts
    old = io.BytesIO(content.replace(b"/BaseFont /Helvetica", b"/BaseFont /" + font)).getvalue()
    with pytest.raises(ValidationError, match="a font from before Unicode"):
        read_document("a.pdf", old)
