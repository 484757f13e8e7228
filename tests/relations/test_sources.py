"""The text of a source: numbered paragraphs, of which the cited ones never change."""

import pytest
from django.core.exceptions import ValidationError

from relations.models import Source
from relations.models.source import split_paragraphs
from relations.services.sources import numbered_paper, record_text
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
    assert numbered_paper("First.\r\n\r\n\r\nSecond\r\n").text == "1. First.\n\n2. Second\n"
    assert numbered_paper("1. First.\n\n2. Second.").text == "1. First.\n\n2. Second.\n"
    assert numbered_paper(" \r\n").text == ""


def test_a_numbered_line_after_words_without_a_number_is_a_label_of_the_paper() -> None:
    text = "They agreed:\n2. to open the gate;\n3. to build the road.\n\nThey met."
    assert {number: each.label for number, each in numbered_paper(text).labels.items()} == {1: ""}
    assert dict(split_paragraphs(numbered_paper(text).text)) == {
        1: "They agreed:",
        2: "to open the gate;",
        3: "to build the road.\n\nThey met.",
    }


def test_a_numbered_text_keeps_its_words_spaces_and_numbers() -> None:
    assert numbered_paper("1. Two  spaces.\r\nA line.\r\n\r\n\r\n2. Ha\u0300 No\u0302\u0323i.").text == (
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
