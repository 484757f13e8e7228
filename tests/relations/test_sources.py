"""The text of a source: numbered paragraphs, of which the cited ones never change."""

import pytest
from django.core.exceptions import ValidationError

from relations.models import Source
from relations.models.source import split_paragraphs
from relations.services.sources import number_paragraphs, record_text
from tests import factories as make


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("", []),
        ("1. One.\n\n2. Two.\n", [(1, "One."), (2, "Two.")]),
        (
            "1. In 2024:\n2024. is no paragraph\n\n2. Two.",
            [(1, "In 2024:\n2024. is no paragraph"), (2, "Two.")],
        ),
        ("1. កិច្ចព្រមព្រៀង\n\n2. Hiệp định", [(1, "កិច្ចព្រមព្រៀង"), (2, "Hiệp định")]),
    ],
)
def test_numbered_paragraphs(text: str, paragraphs: list) -> None:
    assert list(split_paragraphs(text)) == paragraphs


@pytest.mark.parametrize("text", ["No number.", "2. Begins with two.", "Preface.\n1. One."])
def test_a_text_without_numbers_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        list(split_paragraphs(text))


def test_unnumbered_blocks_are_numbered() -> None:
    assert number_paragraphs("First.\r\n\r\n\r\nSecond\r\n") == "1. First.\n\n2. Second\n"
    assert number_paragraphs("1. First.\n\n2. Second.") == "1. First.\n\n2. Second.\n"
    assert number_paragraphs(" \r\n") == ""


def test_a_numbered_line_in_an_unnumbered_text_is_not_the_next_paragraph() -> None:
    text = "They agreed:\n2. to open the gate;\n3. to build the road.\n\nThey met."
    assert dict(split_paragraphs(number_paragraphs(text))) == {
        1: "They agreed:",
        2: "2. to open the gate;",
        3: "3. to build the road.",
        4: "They met.",
    }


def test_a_numbered_text_keeps_its_words_spaces_and_numbers() -> None:
    assert number_paragraphs("1. Two  spaces.\r\nA line.\r\n\r\n\r\n2. Ha\u0300 No\u0302\u0323i.") == (
        "1. Two  spaces.\nA line.\n\n\n2. Hà Nội.\n"
    )


@pytest.mark.django_db
def test_a_cited_paragraph_is_never_edited_and_the_others_may_be() -> None:
    source = make.source("One.\n\nTwo.\n\nThree.")
    make.commitment(mention=make.FirstMention(make.meeting(), source.paragraphs.get(number=2)))
    record_text(source=source, text="1. One, corrected.\n\n2. Two.\n\n3. Three.\n\n4. Four.\n")
    assert [p.text for p in source.paragraphs.all()] == ["One, corrected.", "Two.", "Three.", "Four."]
    for text in ("1. One.\n\n2. Two, corrected.\n", "1. One.\n"):
        with pytest.raises(ValidationError, match="Paragraph 2 cannot be changed"):
            record_text(source=source, text=text)
    stored = Source.objects.get(pk=source.pk)
    assert stored.text == "1. One, corrected.\n\n2. Two.\n\n3. Three.\n\n4. Four.\n"
    assert stored.is_unaltered
    assert stored.paragraphs.count() == 4


@pytest.mark.django_db
def test_the_checksum_shows_that_a_text_was_altered() -> None:
    source = make.source("One.")
    Source.objects.filter(pk=source.pk).update(text="1. Another.\n")
    assert not Source.objects.get(pk=source.pk).is_unaltered


def test_a_number_of_five_thousand_digits_is_no_paragraph_number() -> None:
    text = "1. One.\n\n" + "9" * 5_000 + ". Nine."
    assert [number for number, _wording in split_paragraphs(text)] == [1]
