"""The labels of paragraphs in the register file."""

from collections.abc import Callable

import pytest

from interchange.register_file.result import LoadResult
from relations.models import Paragraph
from relations.models.source import numbered_text
from relations.services.paper_structure import read_paper
from relations.services.sources import labels_of, record_text
from tests import factories as make

Dump = Callable[[], str]
Load = Callable[..., LoadResult]

FILE = """\
register: 1
title: Register
sources:
  - key: minutes
    kind: agreed_minutes
    title: Minutes
    text: |
      1. They met.

      2. They spoke.
    paragraphs:
"""


def rows() -> list[tuple[int, str, str]]:
    return [(each.number, each.citation, each.role) for each in Paragraph.objects.order_by("number")]


@pytest.mark.django_db(transaction=True)
def test_labels_and_roles_are_dumped_where_they_differ_and_loaded_again(
    dump: Dump, load: Load, emptied: Callable[[], None]
) -> None:
    paper = read_paper("Minutes\n\n1. They met.\n\n2. They spoke.")
    text = numbered_text(each.text for each in paper)
    record_text(source=make.source("", slug="minutes"), text=text, labels=labels_of(paper))
    expected = [(1, "[1]", "heading"), (2, "1", "paragraph"), (3, "2", "paragraph")]
    assert rows() == expected
    first = dump()
    assert "role: heading" in first
    assert first.count("They met.") == 2  # in the text, and in the history of the source
    emptied()
    load(first)
    assert rows() == expected
    assert dump() == first
    assert not load(first).conflicts


@pytest.mark.django_db
def test_a_plain_text_has_no_paragraphs_in_the_file(dump: Dump) -> None:
    make.source("1. They met.\n\n2. They spoke.")
    assert "paragraphs:" not in dump()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("paragraphs", "error"),
    [
        ("      - number: 3\n        label: II.1\n", "The text has no paragraph 3."),
        (
            "      - number: 1\n        text: They met.\n      - number: 2\n",
            "Either all paragraphs have a text",
        ),
        ("      - number: 2\n        role: title\n", "role"),
    ],
)
def test_a_label_without_its_paragraph_is_an_error(
    errors: Callable[[str], list[str]], paragraphs: str, error: str
) -> None:
    assert any(error in each for each in errors(FILE + paragraphs))


@pytest.mark.django_db
def test_a_label_may_be_empty(load: Load) -> None:
    load(FILE + '      - number: 1\n        label: ""\n      - number: 2\n        label: "1"\n')
    assert rows() == [(1, "[1]", "paragraph"), (2, "1", "paragraph")]
