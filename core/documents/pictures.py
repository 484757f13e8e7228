"""The first pages of a PDF as one picture. Run in a process of its own."""

import base64
import struct
import zlib
from collections.abc import Iterator

import pypdfium2

from core.documents.child import Extract, answer
from core.documents.limits import PICTURE_PAGES, PICTURE_WIDTH
from core.documents.pdf import opened

_TALLEST = 2
"""A page that is more times as tall as wide is drawn smaller, so that no picture is endless."""
_GAP = 8
_EDGE, _WHITE = b"\x99", b"\xff"


def picture(content: bytes) -> Extract:
    """The first pages below each other, in greys, as a PNG in base64. Raises ``Unreadable``."""
    document = opened(content)
    lines: list[bytes] = []
    for number in range(min(len(document), PICTURE_PAGES)):
        if lines:
            lines.extend([_EDGE * PICTURE_WIDTH] * _GAP)
        lines.extend(_lines(document[number]))
    return Extract((base64.b64encode(_png(lines)).decode(),))


def _lines(page: pypdfium2.PdfPage) -> Iterator[bytes]:
    """The rows of pixels of a page, one byte for each, with white at the side of a narrow one."""
    width, height = page.get_size()
    scale = min(PICTURE_WIDTH / (width or 1), PICTURE_WIDTH * _TALLEST / (height or 1))
    bitmap = page.render(scale=scale, grayscale=True)
    pixels = bytes(bitmap.buffer)
    for start in range(0, bitmap.height * bitmap.stride, bitmap.stride):
        row = pixels[start : start + min(bitmap.width, PICTURE_WIDTH)]
        yield row + _WHITE * (PICTURE_WIDTH - len(row))
    page.close()


def _png(lines: list[bytes]) -> bytes:
    """A picture in 256 greys. https://www.w3.org/TR/png-3/#11Chunks"""
    header = struct.pack(">IIBBBBB", PICTURE_WIDTH, len(lines), 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


if __name__ == "__main__":
    answer(picture, most_characters=None)
