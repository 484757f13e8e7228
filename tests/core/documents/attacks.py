"""Makes small files that are expensive, endless or dangerous to read."""

import io
import zipfile
import zlib
from collections.abc import Callable

from docx import Document

from tests.relations.services.documents import locked_pdf, pdf, saved, word

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = "word/document.xml"


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The package ``content``, with ``part`` in place of its member ``name``, or beside the others."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, part)
    return into.getvalue()


def word_with_body(body: str, prologue: str = "") -> bytes:
    """A Word document with this XML in its body."""
    xml = f'<?xml version="1.0"?>{prologue}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return with_part(saved(Document()), DOCUMENT, xml.encode())


def nested_text_boxes(depth: int) -> bytes:
    """Each text box is in a paragraph of the one around it."""
    opened, closed = "<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>"
    return word_with_body(opened * depth + "<w:p><w:r><w:t>Inside.</w:t></w:r></w:p>" + closed * depth)


def nested_tables(depth: int) -> bytes:
    """Each table is in the only cell of the one around it."""
    opened, closed = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return word_with_body(opened * depth + "<w:p><w:r><w:t>Inside.</w:t></w:r></w:p>" + closed * depth)


def external_entity(path: str) -> bytes:
    """The document asks for the content of a file of the server."""
    prologue = f'<!DOCTYPE d [<!ENTITY secret SYSTEM "file://{path}">]>'
    return word_with_body("<w:p><w:r><w:t>They agreed. &secret;</w:t></w:r></w:p>", prologue)


def many_entities() -> bytes:
    """A billion laughs: each entity is ten times the one before."""
    entities = '<!ENTITY a0 "laugh">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    return word_with_body("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", f"<!DOCTYPE d [{entities}]>")


def torn_part() -> bytes:
    """A package whose main part ends too early."""
    content = word("They agreed. " * 500)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        part = package.getinfo(DOCUMENT)
    at = part.header_offset + 30 + len(DOCUMENT)
    return content[:at] + b"\x00" * part.compress_size + content[at + part.compress_size :]


def endless_part() -> bytes:
    """A package whose main part says that it goes on after the end of the file."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as package:
        package.writestr(DOCUMENT, b"<w/>")
        directory = package.start_dir
    content = bytearray(into.getvalue())
    for size_at in (20, 24):
        content[directory + size_at : directory + size_at + 4] = (100_000).to_bytes(4, "little")
    return bytes(content)


def locked_package() -> bytes:
    """A package with the mark of encryption at each part."""
    content = bytearray(word("They agreed."))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        offsets = [part.header_offset for part in package.infolist()]
        directory = package.start_dir
    for at in offsets:
        content[at + 6] |= 1
    at = directory
    while content[at : at + 4] == b"PK\x01\x02":
        content[at + 8] |= 1
        at += 46 + sum(int.from_bytes(content[at + n : at + n + 2], "little") for n in (28, 30, 32))
    return bytes(content)


def pdf_of(*objects: str | bytes) -> bytes:
    """A PDF of these objects, the first of which is the catalog. Readers rebuild the missing table."""
    body = b"%PDF-1.4\n"
    for number, each in enumerate(objects, start=1):
        body += f"{number} 0 obj\n".encode() + (each.encode() if isinstance(each, str) else each)
        body += b"\nendobj\n"
    return body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def stream(content: bytes) -> bytes:
    """A compressed stream."""
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def pages_of_one_stream(pages: int, content: bytes) -> bytes:
    """A PDF whose pages share one content stream."""
    kids = " ".join(f"{number} 0 R" for number in range(5, 5 + pages))
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
        "/Resources << /Font << /F1 3 0 R >> >> /Contents 4 0 R >>"
    )
    return pdf_of(
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(content),
        *[page] * pages,
    )


def loop_of_pages() -> bytes:
    """A PDF whose page tree contains itself."""
    return pdf_of(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 2 /Parent 3 0 R >>",
        "<< /Type /Pages /Kids [2 0 R] /Count 2 /Parent 2 0 R >>",
    )


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a million empty paragraphs": (
        "a.docx",
        lambda: word_with_body("<w:p/>" * 1_000_000),
        "too_large_unpacked",
    ),
    "empty XML in another part": (
        "a.docx",
        lambda: with_part(word("They agreed."), "word/styles.xml", b"<a>" + b"<b/>" * 1_000_000 + b"</a>"),
        "too_large_unpacked",
    ),
    "too many parts": (
        "a.docx",
        lambda: word_with_parts(2_000),
        "too_large_unpacked",
    ),
    "XML that is nested too deep": ("a.docx", lambda: nested_tables(2_000), "damaged"),
    "entities in entities": ("a.docx", many_entities, "damaged"),
    "a part that is torn": ("a.docx", torn_part, "damaged"),
    "a part that goes on after the end": ("a.docx", endless_part, "damaged"),
    "a package with a password": ("a.docx", locked_package, "encrypted"),
    "a page tree in a loop": ("a.pdf", loop_of_pages, "damaged"),
    "more pages than the limit": ("a.pdf", lambda: pdf(*[("Text.",)] * 401), "too_many_pages"),
    "a PDF with a password": ("a.pdf", lambda: locked_pdf(pdf(("Text.",)), "secret"), "encrypted"),
}


def word_with_parts(count: int) -> bytes:
    """A Word document with this many small parts beside its own."""
    into = io.BytesIO(word("They agreed."))
    with zipfile.ZipFile(into, "a", zipfile.ZIP_DEFLATED) as package:
        for number in range(count):
            package.writestr(f"word/media/{number}.txt", b"")
    return into.getvalue()
