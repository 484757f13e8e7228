"""How a text reads in each code page, for a person who chooses."""

import unicodedata

import pytest

from relations.choices import CodePage
from relations.services.code_pages import readings_of


def in_windows_1258(text: str) -> bytes:
    """``text`` as Windows writes Vietnamese: the marks of tones stand after their letter."""
    written = b""
    for letter in text:
        base, *marks = unicodedata.normalize("NFD", letter)
        tones = [each for each in marks if each in "\u0300\u0301\u0303\u0309\u0323"]
        others = "".join(each for each in marks if each not in tones)
        base = unicodedata.normalize("NFC", base + others)
        written += (base + "".join(tones)).encode("cp1258")
    return written


@pytest.mark.parametrize(
    ("content", "text", "code_page"),
    [
        (
            in_windows_1258("Biên bản.\nHai bên nhất trí đẩy nhanh việc cắm mốc."),
            "Hai bên nhất trí đẩy nhanh việc cắm mốc.",
            CodePage.CP1258,
        ),
        ("Réunis à Phnom Penh".encode("cp1252"), "Réunis à Phnom Penh", CodePage.CP1252),
        ("a cooperação será".encode("cp1252"), "a cooperação será", CodePage.CP1252),
        ("příští zasedání".encode("cp1250"), "příští zasedání", CodePage.CP1250),
        ("Стороны договорились".encode("cp1251"), "Стороны договорились", CodePage.CP1251),
        ("ทั้งสองฝ่ายตกลง".encode("cp874"), "ทั้งสองฝ่ายตกลง", CodePage.CP874),
    ],
)
def test_the_right_reading_is_among_the_first(content: bytes, text: str, code_page: CodePage) -> None:
    first = readings_of(content)[:4]
    right = [each for each in first if code_page in each.code_pages]
    assert [each.lines[-1] for each in right] == [text]


def test_code_pages_that_read_the_same_are_one_reading() -> None:
    (reading, *others) = readings_of("Réunis".encode("cp1252"))
    assert {CodePage.CP1252, CodePage.CP1258, CodePage.CP1250} <= set(reading.code_pages)
    assert all(set(each.code_pages).isdisjoint(reading.code_pages) for each in others)


def test_a_code_page_that_lacks_a_byte_is_not_offered() -> None:
    offered = [each for reading in readings_of(b"ab\x81") for each in reading.code_pages]
    assert CodePage.CP1252 not in offered


def test_a_large_file_is_looked_at_from_its_beginning() -> None:
    content = "Hai bên đón đoàn.\n".encode("cp1258") * 500_000
    assert len(readings_of(content)[0].lines) == 3
