"""What the reader proposes is kept beside what people decided, also when the text is read again."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from commitments.models import Candidate
from commitments.services import text_reading
from commitments.services.candidates import (
    accept_as_mention,
    join_candidates,
    refuse_candidate,
    split_candidate,
)
from commitments.services.errors import NotYours
from commitments.services.text_reading import Circumstances, read_source
from relations.models import MeetingSource, Source
from relations.services.sources import record_text
from tests import factories as make

pytestmark = pytest.mark.django_db
TEXT = (
    "They met.\n\nBoth sides agreed to open a gate by 2030.\n\nBoth sides agreed to train staff, and to meet."
)
GATE, STAFF = "Both sides agreed to open a gate by 2030.", "Both sides agreed to train staff, and to meet."


@pytest.fixture
def note() -> Source:
    return make.source(TEXT, slug="note")


@pytest.fixture
def officer() -> Any:
    return make.user("officer")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the reader of texts find just these quotes, each as often as it stands there."""

    def finds(*quotes: str, **values: Any) -> None:
        def read(text: str, **told: object) -> SimpleNamespace:
            found = [
                SimpleNamespace(**PROPOSED | values, start=start, end=start + len(quote), quote=quote)
                for quote in quotes
                for start in range(len(text))
                if text.startswith(quote, start)
            ]
            return SimpleNamespace(candidates=found, languages=("en",))

        monkeypatch.setattr(text_reading, "read", read)

    finds(GATE, STAFF)
    return finds


PROPOSED = {
    "cls": "commitment",
    "language": "en",
    "cue": "agreed … to",
    "kind": "made",
    "modality": "agreed",
    "obligated": ("KH", "VN"),
    "deadline": None,
    "nature": "cooperation",
    "theme": "unknown",
    "figure": None,
    "reasons": (),
}


def offered(source: Source) -> list[tuple[int, str]]:
    rows = source.candidates.filter(refused_at=None).order_by("number", "start")
    return list(rows.values_list("number", "quote"))


def read(source: Source, officer: Any) -> list[Candidate]:
    told = Circumstances(parties=("KH", "VN"))
    return list(read_source(source=source, actor=officer, told=told).candidates)


def test_what_is_proposed_is_kept_with_its_place_in_its_paragraph(note, officer, reader) -> None:
    border = make.theme("border")
    reader(GATE, theme="border")
    (found,) = read(note, officer)
    assert (found.number, found.start, found.end, found.quote) == (2, 0, len(GATE), GATE)
    assert (found.theme, found.cue, found.obligated) == (border, "agreed … to", ["KH", "VN"])


def test_what_crosses_paragraphs_is_no_candidate(note, officer, reader) -> None:
    reader("gate by 2030.\n\nBoth sides", GATE)
    assert [each.quote for each in read(note, officer)] == [GATE]


def test_reading_again_adds_and_removes_only_what_the_reader_proposes(note, officer, reader) -> None:
    first = read(note, officer)
    assert [each.pk for each in read(note, officer)] == [each.pk for each in first]
    reader(STAFF, "They met.")
    assert [each.quote for each in read(note, officer)] == ["They met.", STAFF]
    assert Candidate.objects.filter(pk=first[1].pk).exists()


def test_a_refused_passage_is_not_offered_again(note, officer, reader) -> None:
    refuse_candidate(candidate=read(note, officer)[0], actor=officer)
    assert offered(note) == [(3, STAFF)]
    read(note, officer)
    assert offered(note) == [(3, STAFF)]
    reader("agreed to open a gate by 2030", STAFF)  # the same passage with other ends
    read(note, officer)
    assert offered(note) == [(3, STAFF)]


def test_a_refusal_holds_where_spaces_and_paragraphs_shift(note, officer, reader) -> None:
    refuse_candidate(candidate=read(note, officer)[0], actor=officer)
    moved = "Both  sides agreed\nto open a gate, by 2030."
    record_text(source=note, text=f"1. They met.\n\n2. New.\n\n3. {moved}\n\n4. {STAFF}\n")
    reader(moved, STAFF)
    read(note, officer)
    assert offered(note) == [(4, STAFF)]
    refused = note.candidates.exclude(refused_at=None).get()
    assert (refused.number, refused.quote.rstrip(".")) == (3, moved.rstrip("."))


def test_what_was_split_and_joined_stays_so(note, officer, reader) -> None:
    _gate, staff = read(note, officer)
    left, right = split_candidate(candidate=staff, actor=officer, at=STAFF.index(","))
    read(note, officer)
    parts = [(3, "Both sides agreed to train staff"), (3, "and to meet")]
    assert offered(note) == [(2, GATE), *parts]
    join_candidates(candidate=right, other=left, actor=officer)
    read(note, officer)
    assert offered(note) == [(2, GATE), (3, "Both sides agreed to train staff, and to meet")]


def test_what_was_accepted_is_found_as_that_again(note, officer, reader) -> None:
    meeting = make.meeting()
    MeetingSource.objects.create(meeting=meeting, source=note)
    gate = read(note, officer)[0]
    pledge = make.commitment()
    accept_as_mention(candidate=gate, actor=officer, meeting=meeting, commitment=pledge, kind="reaffirmed")
    reader(STAFF)  # another version of the reader does not find it
    assert gate.pk in [each.pk for each in read(note, officer)]


def test_only_an_officer_has_a_text_read(note, reader) -> None:
    with pytest.raises(NotYours):
        read(note, make.user("reviewer"))
    assert not Candidate.objects.exists()


def test_reading_takes_as_many_queries_for_many_passages(
    note, officer, reader, django_assert_max_num_queries
) -> None:
    many = " ".join(f"Both sides agreed to build road {n}." for n in range(60))
    long = make.source(many)
    reader(*(f"Both sides agreed to build road {n}." for n in range(60)))
    read(long, officer)
    with django_assert_max_num_queries(12):
        read(long, officer)
