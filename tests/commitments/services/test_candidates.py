"""A person accepts, refuses, splits and joins what the reader of texts proposes; the program never does."""

import datetime as dt
from typing import Any

import pytest

from commitments.models import Candidate, Commitment, Mention
from commitments.services.candidates import (
    accept_as_commitment,
    accept_as_mention,
    join_candidates,
    offer_again,
    refuse_candidate,
    split_candidate,
)
from commitments.services.errors import (
    CandidateDecided,
    CandidateMoved,
    LikelyTwins,
    NotYours,
    RequirementsNotMet,
)
from commitments.services.mentions import take_back_mention
from relations.models import MeetingSource
from tests import factories as make

pytestmark = pytest.mark.django_db
TEXT = "Both sides agreed to open a gate by 2030, and to train 50 officers."


@pytest.fixture
def officer() -> Any:
    return make.user("officer")


@pytest.fixture
def meeting() -> Any:
    return make.meeting(slug="talks")


@pytest.fixture
def candidate(meeting) -> Candidate:
    note = make.source(TEXT, slug="note")
    MeetingSource.objects.create(meeting=meeting, source=note)
    return make.candidate(
        note,
        TEXT.rstrip("."),
        deadline_wording="by 2030",
        deadline_latest=dt.date(2030, 12, 31),
        figure="50 officers",
    )


@pytest.fixture
def arguments(officer, meeting) -> dict[str, Any]:
    both = [make.country("KH"), make.country("VN")]
    fields = {"title": "Open a gate", "text": TEXT, "nature": "cooperation", "theme": make.theme()}
    return {
        "actor": officer,
        "meeting": meeting,
        "kind": "made",
        "fields": fields,
        "parties": both,
        "obligated": both,
        "note": "Agreed at the talks.",
    }


def test_an_accepted_passage_is_an_ordinary_commitment_whose_mention_keeps_it(
    candidate, arguments, officer
) -> None:
    made = accept_as_commitment(candidate=candidate, **arguments)
    mention = made.mentions.get()
    assert (mention.paragraph.number, mention.kind, mention.reader_quote) == (1, "made", candidate.quote)
    assert made.status_changes.get().actor == officer
    assert mention.history.get().reader_quote == candidate.quote
    with pytest.raises(CandidateDecided):
        accept_as_commitment(candidate=candidate, **arguments | {"kind": "reaffirmed"})
    with pytest.raises(CandidateDecided):
        refuse_candidate(candidate=candidate, actor=officer)


def test_an_accepted_passage_is_a_mention_of_a_known_commitment_until_it_is_undone(
    candidate, officer, meeting
) -> None:
    pledge = make.commitment()
    accept = {"actor": officer, "meeting": meeting, "commitment": pledge, "kind": "reaffirmed"}
    mention = accept_as_mention(candidate=candidate, **accept)
    assert mention.reader_quote == candidate.quote
    assert mention.history.get().history_user == officer
    take_back_mention(mention=mention, actor=officer)
    assert accept_as_mention(candidate=candidate, **accept).pk != mention.pk


def test_an_ordinary_mention_is_not_marked(meeting, officer) -> None:
    pledge = make.commitment()
    assert not Mention.objects.exclude(reader_quote="").exists()
    assert pledge.mentions.get().reader_quote == ""


def test_a_likely_twin_is_refused_and_nothing_is_written(candidate, arguments) -> None:
    twin = make.commitment(title="Open a gate", text=TEXT)
    with pytest.raises(LikelyTwins) as refused:
        accept_as_commitment(candidate=candidate, **arguments)
    assert refused.value.keys == [twin.reference]
    assert Commitment.objects.count() == 1
    accept_as_commitment(candidate=candidate, **arguments, despite=[twin.reference])


def test_what_was_accepted_for_a_commitment_out_of_sight_tells_nothing(candidate, arguments, meeting) -> None:
    hidden = make.commitment(classification=2)
    high = make.user("officer", clearance=3)
    accept_as_mention(candidate=candidate, actor=high, meeting=meeting, commitment=hidden, kind="made")
    assert accept_as_commitment(candidate=candidate, **arguments).mentions.count() == 1
    with pytest.raises(Commitment.DoesNotExist):
        accept_as_mention(
            candidate=make.candidate(candidate.source, "open a gate"),
            actor=arguments["actor"],
            meeting=meeting,
            commitment=hidden,
            kind="made",
        )


def test_a_refusal_is_kept_and_lifted_by_accepting(candidate, officer, arguments) -> None:
    refused = refuse_candidate(candidate=candidate, actor=officer)
    again = refuse_candidate(candidate=candidate, actor=make.user("officer"))
    assert (again.refused_by, again.refused_at) == (officer, refused.refused_at)
    assert not offer_again(candidate=candidate, actor=officer).is_refused
    refuse_candidate(candidate=candidate, actor=officer)
    accept_as_commitment(candidate=candidate, **arguments)
    assert not Candidate.objects.get().is_refused


def test_a_passage_is_split_and_each_part_keeps_what_is_worded_in_it(candidate, officer) -> None:
    left, right = split_candidate(candidate=candidate, actor=officer, at=TEXT.index(","))
    assert (left.pk, left.quote) == (candidate.pk, "Both sides agreed to open a gate by 2030")
    assert right.quote == "and to train 50 officers"
    assert right.quote == TEXT[right.start : right.end]
    assert (left.deadline_wording, left.figure) == ("by 2030", "")
    assert (right.deadline_wording, right.deadline_latest, right.figure) == ("", None, "50 officers")
    assert (right.cue, right.obligated) == (candidate.cue, candidate.obligated)
    joined = join_candidates(candidate=right, other=left, actor=officer)
    assert (joined.pk, joined.quote) == (left.pk, candidate.quote)
    assert (joined.deadline_wording, joined.figure) == ("by 2030", "50 officers")
    assert Candidate.objects.count() == 1


@pytest.mark.parametrize("at", [0, -5, 10_000, len(TEXT) - 1, 1_000_000_000_000])
def test_a_passage_is_split_only_inside(candidate, officer, at: int) -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        split_candidate(candidate=candidate, actor=officer, at=at)
    assert list(refused.value.errors) == ["at"]
    assert Candidate.objects.count() == 1


def test_passages_of_two_paragraphs_are_not_joined(candidate, officer) -> None:
    other = make.candidate(make.source(TEXT), "open a gate")
    for each in (other, candidate):
        with pytest.raises(RequirementsNotMet):
            join_candidates(candidate=candidate, other=each, actor=officer)
    assert Candidate.objects.count() == 2


def test_a_refused_passage_is_neither_split_nor_joined(candidate, officer) -> None:
    other = make.candidate(candidate.source, "train 50 officers")
    refuse_candidate(candidate=candidate, actor=officer)
    with pytest.raises(CandidateDecided):
        split_candidate(candidate=candidate, actor=officer, at=20)
    with pytest.raises(CandidateDecided):
        join_candidates(candidate=candidate, other=other, actor=officer)


def test_a_passage_that_does_not_stand_in_the_text_any_more_is_not_decided_on(
    candidate, arguments, officer
) -> None:
    Candidate.objects.update(quote="Something else", words="something else")
    for call in (
        lambda: accept_as_commitment(candidate=candidate, **arguments),
        lambda: refuse_candidate(candidate=candidate, actor=officer),
        lambda: split_candidate(candidate=candidate, actor=officer, at=20),
    ):
        with pytest.raises(CandidateMoved):
            call()
    assert not Commitment.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "reader", "focal_point", "administrator"])
def test_only_an_officer_decides(candidate, arguments, role: str) -> None:
    other = make.candidate(candidate.source, "train 50 officers")
    who, pledge = make.user(role), make.commitment()
    mention = {"meeting": arguments["meeting"], "commitment": pledge, "kind": "made"}
    for call in (
        lambda: accept_as_commitment(candidate=candidate, **arguments | {"actor": who}),
        lambda: accept_as_mention(candidate=candidate, actor=who, **mention),
        lambda: refuse_candidate(candidate=candidate, actor=who),
        lambda: offer_again(candidate=candidate, actor=who),
        lambda: split_candidate(candidate=candidate, actor=who, at=20),
        lambda: join_candidates(candidate=candidate, other=other, actor=who),
    ):
        with pytest.raises(NotYours):
            call()
