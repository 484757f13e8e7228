"""A commitment that is registered already is noticed in other words, and others are not taken for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Mention
from commitments.services.errors import LikelyTwins
from commitments.services.twins import TwinIndexes, described, refuse_twins
from tests import factories as make

pytestmark = pytest.mark.django_db


def draft(title: str, text: str = "To do what was agreed.", prefix: str = "KHVN") -> Commitment:
    return Commitment(title=title, text=text, prefix=prefix)


def twins_of(new: Commitment, **options) -> list[str]:
    actor = options.pop("actor", None) or make.user("officer")
    try:
        refuse_twins(new, actor=actor, despite=options.pop("despite", ()), **options)
    except LikelyTwins as refused:
        return [each.reference for each in refused.twins]
    return []


def test_a_copy_in_other_words_is_found_and_another_undertaking_is_not() -> None:
    gate = make.commitment(
        title="Open the border gate at Le Thanh for goods",
        text="Open the gate of Le Thanh to goods by the end of the year.",
    )
    make.commitment(title="Train customs officers", text="Hold a course for officers of the customs.")
    assert twins_of(
        draft("Open the gate of Lệ Thanh to goods", "Open the gate by the end of this year.")
    ) == [gate.reference]
    assert twins_of(draft("Close the embassy annex", "Move the consulate.")) == []


@pytest.mark.parametrize(
    "title", ["Hold the 22nd session of the Joint Committee", "Hold session 22 of the Joint Committee"]
)
def test_titles_with_numbers_of_their_own_are_no_twins(title: str) -> None:
    make.commitment(title="Hold the 21st session of the Joint Committee")
    assert twins_of(draft(title)) == []
    assert twins_of(draft("Hold the 21st session of the Joint Committee in Hanoi")) != []


def test_other_parties_and_what_the_account_may_not_see_are_no_twins() -> None:
    title = "Build a bridge over the river"
    make.commitment(title=title, classification=3)
    make.commitment(title=title, codes=("LA", "VN"))
    assert twins_of(draft(title)) == []
    assert twins_of(draft(title), actor=make.user("officer", clearance=3)) == ["KHVN-2024-001"]


def test_whoever_knows_them_names_all_that_are_shown() -> None:
    title = "Build a bridge over the river"
    one = make.commitment(title=title)
    two = make.commitment(title=title)
    assert set(twins_of(draft(title), despite=[one.reference])) == {one.reference, two.reference}
    assert twins_of(draft(title), despite=[two.reference, one.reference]) == []


def test_many_at_once_are_compared_with_one_another() -> None:
    actor, title = make.user("officer"), "Build a bridge over the river"
    known = TwinIndexes(actor)
    assert twins_of(draft(title), actor=actor, known=known) == []
    first = draft(title)
    first.reference = "KHVN-2026-001"
    known.of("KHVN").add(first)
    assert twins_of(draft(title), actor=actor, known=known) == ["KHVN-2026-001"]


def test_what_twins_share_is_said() -> None:
    made = make.commitment(title="Build a bridge")
    place = made.mentions.get()
    elsewhere = Mention(meeting=make.meeting(), paragraph=make.source().paragraphs.get(number=1))
    (twin,) = described([made], title="Build the bridge", mention=place)
    assert twin.shared == ("the same title", "the same paragraph", "the same meeting")
    (twin,) = described([made], title="Build a new bridge", mention=elsewhere)
    assert twin.shared == ("similar wording",)


def test_it_takes_one_query_however_many_there_are() -> None:
    actor = make.user("officer")
    like = make.commitment(title="Build a bridge over the river")
    twins_of(draft("Sail"), actor=actor)  # reads the roles of the account
    counts = []
    for more in (3, 30):
        make.many(more, like)
        with CaptureQueriesContext(connection) as queries:
            shown = twins_of(draft("Build a bridge over the river"), actor=actor)
        counts.append((len(queries), len(shown)))
    assert counts == [(1, 4), (1, 5)]
