"""The versions of corrected paragraphs in the register file."""

from collections.abc import Callable

import pytest

from commitments.models import StatusChange
from commitments.services.paragraph_corrections import correct_paragraph
from commitments.services.registration import FirstMention
from interchange.register_file.errors import InvalidRegisterFile
from interchange.register_file.result import LoadResult
from relations.models import Paragraph
from tests import factories as make

Dump = Callable[[], str]
Load = Callable[..., LoadResult]


def correct(number: int, text: str, **values: object) -> None:
    paragraph = Paragraph.objects.select_related("source").get(source__slug="minutes", number=number)
    correct_paragraph(
        paragraph=paragraph,
        actor=make.user("officer"),
        text=text,
        reason="A slip.",
        version=paragraph.version,
        **({"label": None} | values),  # type: ignore[arg-type]
    )


def corrected() -> None:
    """One paragraph that is cited by a commitment of before and one of after its corrections."""
    source = make.source("They met.\n\nThey agreed on teh gate.\n\nThey left.", slug="minutes")
    meeting = make.meeting(country=make.country("KH"))
    make.commitment(title="Open the gate", mention=FirstMention(meeting, source.paragraphs.get(number=2)))
    correct(2, "They agreed on the gate.", label="")
    correct(2, "They agreed on the gate.", label="II.2")
    make.commitment(title="Build a road", mention=FirstMention(meeting, source.paragraphs.get(number=2)))


@pytest.mark.django_db(transaction=True)
def test_versions_are_the_same_after_a_dump_and_a_load(
    dump: Dump, load: Load, emptied: Callable[[], None]
) -> None:
    corrected()
    before = dump()
    assert before.count("        version: 1\n") == 2  # of the paragraph, and of the first status change
    emptied()
    assert load(before).conflicts == []
    assert dump() == before
    found = Paragraph.objects.get(source__slug="minutes", number=2)
    assert (found.text, found.citation, found.version) == ("They agreed on the gate.", "II.2", 3)
    assert (found.first_text, found.first_citation) == ("They agreed on teh gate.", "2")
    changes = StatusChange.objects.order_by("commitment", "number")
    assert list(changes.values_list("paragraph_version", flat=True)) == [1, 3]
    assert load(before).conflicts == []


@pytest.mark.django_db(transaction=True)
def test_a_file_of_before_a_correction_does_not_undo_it(
    dump: Dump, load: Load, emptied: Callable[[], None]
) -> None:
    source = make.source("They met.\n\nThey agreed on teh gate.", slug="minutes")
    make.commitment(mention=FirstMention(make.meeting(), source.paragraphs.get(number=2)))
    before = dump()
    emptied()
    load(before)
    correct(2, "They agreed on the gate.")
    after = dump()
    assert [each.location for each in load(before).conflicts] == ["sources.minutes.text"]
    assert dump() == after
    emptied()
    load(before)
    assert {each.location.rpartition(".")[2] for each in load(after).conflicts} == {"text", "versions"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: 2", "version: 4", "are numbered 1, 2, 3"),
        ("        reason: A slip.\n", "", "only the first version has none"),
        ("- paragraph: 2\n        version: 1", "- paragraph: 9\n        version: 1", "has no paragraph 9"),
        ("on the gate.\n        label: II.2", "on gates.\n        label: II.2", "is not what the text"),
    ],
)  # fmt: skip
def test_versions_that_cannot_be_are_errors(old: str, new: str, said: str, dump: Dump, load: Load) -> None:
    corrected()
    text = dump()
    assert old in text, text
    with pytest.raises(InvalidRegisterFile) as refused:
        load(text.replace(old, new, 1))
    assert any(said in str(each.message) for each in refused.value.errors)
