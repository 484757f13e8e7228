"""Uploaded files: their text, their warnings, and the refusal of files that do not match their names."""

import io
import time
import unicodedata
import zipfile

import pytest
from django.core.exceptions import ValidationError
from docx import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from core.documents.kinds import Kind
from core.documents.limits import MAX_BYTES
from core.documents.reading import Document
from relations.services.text_extraction import ExtractedText, extract_text
from tests.relations.services.documents import locked_pdf, pdf, saved, word

KHMER = "ភាគីទាំងពីរបានឯកភាពគ្នា។"
VIETNAMESE = "Hai bên nhất trí đẩy mạnh hợp tác."


def refused(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        extract_text(name, content)
    return " ".join(error.value.messages)


def test_plain_text_in_every_script() -> None:
    text = f"{VIETNAMESE}\n\n{KHMER}\n"
    assert extract_text("Biên bản.TXT", text.encode()).text == text
    assert extract_text("a.txt", text.encode("utf-8-sig")).text == text
    assert extract_text("a.txt", text.encode("utf-16")).text == text


def test_plain_text_in_a_code_page_is_read_in_the_one_that_was_chosen() -> None:
    text = "Hai bên sẽ mở cửa khẩu."
    content = "Hai bên se\u0303 mơ\u0309 cư\u0309a khâ\u0309u.".encode("cp1258")
    extracted = extract_text("a.txt", content, code_page="cp1258")
    assert unicodedata.normalize("NFC", extracted.text) == text
    assert extracted.cautions == (
        "The text was read as Vietnamese (Windows-1258). Check the letters with diacritics.",
    )
    assert extract_text("a.txt", text.encode(), code_page="cp1258") == ExtractedText(text)
    with pytest.raises(ValidationError, match="cannot be read in this encoding"):
        extract_text("a.txt", b"They agreed. \x81\xff", code_page="cp1252")


def test_plain_text_in_another_charset_is_not_guessed() -> None:
    assert "not in UTF-8" in refused("a.txt", "Hai bên nhất trí".encode("cp1258", "replace") + b"\xe3\xff")


def test_a_word_document_with_its_table_in_order() -> None:
    content = word(VIETNAMESE, KHMER, rows=(("Trade", "USD 20 billion"), ("Border", "84 per cent")))
    assert extract_text("a.docx", content).text == (
        f"{VIETNAMESE}\n\n{KHMER}\n\nTrade | USD 20 billion\n\nBorder | 84 per cent"
    )


def test_a_word_document_reads_as_if_every_change_were_accepted() -> None:
    document = WordDocument()
    paragraph = document.add_paragraph("They agreed ")
    inserted, deleted = OxmlElement("w:ins"), OxmlElement("w:del")
    inserted.append(paragraph.add_run("to open the gate")._r)
    gone = paragraph.add_run(" next year")._r
    gone.find(qn("w:t")).tag = qn("w:delText")
    deleted.append(gone)
    paragraph._p.append(inserted)
    paragraph._p.append(deleted)
    assert extract_text("a.docx", saved(document)).text == "They agreed to open the gate"


def test_text_in_a_content_control_is_not_lost() -> None:
    document = WordDocument()
    inside = document.add_paragraph("Inside a control.")._p
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    inside.addprevious(control)
    control.append(content)
    content.append(inside)
    document.add_paragraph("After it.")
    assert extract_text("a.docx", saved(document)).text == "Inside a control.\n\nAfter it."


def test_a_pdf_with_text_keeps_its_paragraphs_apart() -> None:
    content = pdf(("They agreed to open the gate.", "", "They agreed to meet again", "in Hanoi.", "", "3"))
    assert extract_text("a.pdf", content).text == (
        "They agreed to open the gate.\n\nThey agreed to meet again in Hanoi."
    )


def test_a_sentence_that_continues_on_the_next_page_stays_whole() -> None:
    content = pdf(("They agreed to meet",), ("again in Hanoi.", "", "Page 2 of 2"))
    assert extract_text("a.pdf", content).text == "They agreed to meet again in Hanoi."


def test_a_page_without_text_among_others_gives_a_warning() -> None:
    extracted = extract_text("a.pdf", pdf(("They agreed.",), ()))
    assert extracted.text == "They agreed."
    assert extracted.cautions == ("No text was found on page 2.",)


def test_a_pdf_of_pictures_is_refused() -> None:
    assert "no text" in refused("a.pdf", pdf(()))
    assert "no text" in refused("a.pdf", pdf(("- 1 -",), ("- 2 -",)))


def test_a_pdf_with_bytes_in_front_is_read() -> None:
    assert extract_text("a.pdf", b"\r\n" * 500 + pdf(("They agreed.",))).text == "They agreed."


@pytest.mark.parametrize("line", [" " * 20_000 + "x", "-" * 20_000 + "x", "1" + " " * 20_000 + "x"])
def test_a_line_that_is_nearly_a_page_number_costs_no_time(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Document(Kind.PDF, (f"They agreed.\n{line}",) * 20)
    monkeypatch.setattr("relations.services.text_extraction.read_document", lambda *_a, **_k: pages)
    began = time.process_time()
    extract_text("a.pdf", b"")
    assert time.process_time() - began < 1


def test_a_pdf_behind_a_password_is_refused_and_one_that_only_forbids_printing_is_read() -> None:
    content = pdf(("They agreed.",))
    assert "password" in refused("a.pdf", locked_pdf(content, "secret"))
    assert extract_text("a.pdf", locked_pdf(content, "")).text == "They agreed."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.odt", b"x", "“a.odt” is not one"),
        ("a", b"x", "“a” is not one"),
        ("a.txt", b"  \n", "is empty"),
        ("a.txt", b"...\n\n---", "contains no text"),
        ("a.txt", pdf(("Text.",)), "is not plain text"),
        ("a.txt", word("Text."), "is not plain text"),
        ("a.txt", b"They\x00agreed", "is not plain text"),
        ("a.docx", pdf(("Text.",)), "is not a Word document"),
        ("a.docx", b"plain", "is not a Word document"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old Office format"),
        ("a.docx", word("Text.")[:-900], "damaged"),
        ("a.docx", b"PK\x03\x04 nothing else", "damaged"),
        ("a.pdf", word("Text."), "is not a PDF"),
        ("a.pdf", b"%PDF-1.7\nnothing else", "damaged"),
        ("a.pdf", pdf(("Text.",))[:120], "damaged"),
        ("a.txt", b"x" * (MAX_BYTES + 1), "The limit is 20 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(name: str, content: bytes, message: str) -> None:
    assert message in refused(name, content)


def zipped(**parts: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return into.getvalue()


def test_a_zip_that_is_no_word_document_and_one_that_is_too_large() -> None:
    assert "is not a Word document" in refused("a.docx", zipped(readme=b"hello"))
    assert "too large when unpacked" in refused("a.docx", zipped(bomb=b"0" * 70_000_000))


def test_khmer_in_a_pdf_gives_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "relations.services.text_extraction.read_document",
        lambda *_args, **_kwargs: Document(Kind.PDF, (KHMER,), pages=1),
    )
    assert "Khmer" in extract_text("a.pdf", b"").cautions[0]
