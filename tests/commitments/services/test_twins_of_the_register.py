"""Likely twins, measured on the 77 commitments of the shipped register."""

import pytest

from commitments.models import Commitment
from commitments.services.errors import LikelyTwins
from commitments.services.twins import refuse_twins
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

LOOK_ALIKES = (
    (
        "Conclude the Agreement on Border Gate Management",
        "Conclude the Agreement on Border Management Regulations",
    ),
    ("Coordinate closely in the management of the land border", "Manage the maritime border jointly"),
    (
        "Strengthen cooperation against drug smuggling across the border",
        "Strengthen cooperation against human trafficking across the border",
    ),
    (
        "Support Laos as Chair of ASEAN in 2024",
        "Support Laos as Chair of the ASEAN Inter-Parliamentary Assembly in 2024",
    ),
)
"""Each pair differs in one or two words that make it another undertaking: worth a question."""


def twins_of(title: str, text: str, prefix: str) -> set[str]:
    """The references of the twins of a new commitment."""
    new = Commitment(title=title, text=text, prefix=prefix)
    try:
        refuse_twins(new, actor=make.user("officer"), despite=())
    except LikelyTwins as refused:
        return {each.reference for each in refused.twins}
    return set()


def test_only_look_alikes_are_taken_for_twins() -> None:
    titles = dict(Commitment.objects.values_list("reference", "title"))
    asked = {}
    for row in Commitment.objects.all():
        twins = {titles[each] for each in twins_of(row.title, row.text, row.prefix)}
        assert row.title in twins
        asked[row.title] = twins - {row.title}
    asked = {title: others for title, others in asked.items() if others}
    assert asked == {one: {other} for pair in LOOK_ALIKES for one, other in (pair, pair[::-1])}


def test_each_is_found_when_it_is_registered_again_in_other_words() -> None:
    rows = list(Commitment.objects.all())
    assert len(rows) == 77
    assert [
        row.title
        for row in rows
        if row.reference not in twins_of(_reworded(row.title, 5), _reworded(row.text, 4), row.prefix)
    ] == []


def _reworded(text: str, every: int) -> str:
    """``text`` with another word in the place of its last one and of each ``every``-th one."""
    words = text.split()
    return " ".join("quite" if n % every == every - 1 else word for n, word in enumerate(words))
