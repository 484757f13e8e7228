"""Makes small real files for tests: Word documents and PDFs with exactly the given text."""

import io
from collections.abc import Iterable

from docx import Document
from pypdf import PdfReader, PdfWriter


def word(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A Word document with these paragraphs, and a table after them."""
    document = Document()
    for each in paragraphs:
        document.add_paragraph(each)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, value in zip(table.add_row().cells, row, strict=True):
                cell.text = value
    return saved(document)


def saved(document: Document) -> bytes:  # type: ignore[valid-type]
    """The bytes of a document that was built by hand."""
    into = io.BytesIO()
    document.save(into)  # type: ignore[attr-defined]
    return into.getvalue()


Placed = tuple[float, float, float, str]
"""A piece of text on a page of A4: its left end, its baseline, its size, and its words."""


def pdf(*pages: tuple[str, ...]) -> bytes:
    """A PDF with a text layer. Each page is a tuple of lines; an empty line leaves a gap."""
    contents = []
    for lines in pages:
        moves = "".join(f"({line}) Tj 0 -14 Td\n" if line else "0 -14 Td\n" for line in lines)
        contents.append(f"BT /F1 11 Tf 60 780 Td\n{moves}ET")
    return _pdf(contents)


def placed_pdf(*pages: list[Placed]) -> bytes:
    """A PDF whose pages have each piece of text where it says."""
    return _pdf(
        "\n".join(f"BT 0 Ts /F1 {size} Tf {left} {low} Td ({text}) Tj ET" for left, low, size, text in page)
        for page in pages
    )


def _pdf(contents: Iterable[str]) -> bytes:
    """A PDF with a page for each of ``contents``."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for content in contents:
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")


def locked_pdf(content: bytes, password: str) -> bytes:
    """The same PDF, protected by a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(user_password=password, algorithm="AES-256")
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()
