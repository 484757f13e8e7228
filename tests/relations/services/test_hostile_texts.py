"""A text that is made to keep the server busy, or to overflow a column, is read like any other."""

from time import process_time

import pytest

from relations.models import Paragraph
from relations.services.paper_structure import read_paper

LENGTH = 100_000
SECONDS = 6.0
"""Far more than such a text needs, and far less than with time that grows with the square of its length."""
LONGEST_LABEL = Paragraph._meta.get_field("label").max_length

BESIDE = ("1.", "(a)", "I)", "1-", "a.", "i.", "(1)", "A-", "a)", "i)", "II)", "2-", "3-", "4-")
"""A label of every style."""

TEXTS = {
    "letters without a space, in wrapped lines": "\n".join(["中" * 100] * (LENGTH // 101)),
    "one letter on each line of a wrapped text": f"{'x' * 60}\n" + "a\n" * (LENGTH // 2),
    "lists that all begin again": "1. a\n\n" * (LENGTH // 6),
    "lists that begin again with another number after each": "\n\n".join(
        f"1. a\n\n{number % 900 + 2}. b" for number in range(LENGTH // 14)
    ),
    "nested numbers that all begin a list": "1. a\n\n2. b\n\n"
    + "\n\n".join(f"{n % 999}.{n // 999}.1 text" for n in range(1, LENGTH // 12)),
    "one paragraph with everything below": "1. a\n\n" + "b.\n\n" * (LENGTH // 4),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_long_text_is_read_in_time(text: str) -> None:
    begun = process_time()
    read_paper(text)
    assert process_time() - begun < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "1. a\n\n" * 100,
        f"1. First.\n\n2. Second.\n\nArt. 1 ({'1' * 200}) Third.\n\nArt. 2 Fourth.",
        f"1. First.\n\n# Annex{chr(0x2003) * 80}1",
        "1. text\n\n2. text\n\nXXXVIII. Security\n\n" + "\n\n".join(f"{label} text:" for label in BESIDE),
    ],
    ids=["nested", "digits of an article", "spaces of an annex", "every style below another"],
)
def test_a_label_fits_into_its_column(text: str) -> None:
    found = read_paper(text)
    assert any(each.label for each in found)
    assert max(len(each.label) for each in found) <= LONGEST_LABEL


def test_no_list_stands_deeper_than_nine_levels() -> None:
    assert max(each.label.count(".") for each in read_paper("1. a\n\n" * 100)) == 8
