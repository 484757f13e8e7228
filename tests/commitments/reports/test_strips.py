"""Presence strips: what is drawn where, and the same in words."""

import datetime as dt

import pytest

from commitments.models import Mention
from commitments.reports.strips import Place, Scale, shapes_of, strip_of

HERE = frozenset({"KH", "VN"})


def scale(*days: dt.date, countries: frozenset[str] = HERE) -> Scale:
    places = tuple(
        Place(0, 0, pk, f"Talks {pk}", f"/meetings/m{pk}/", day, countries)
        for pk, day in enumerate(days, start=1)
    )
    return Scale(places).latest(12)


SIX = (
    dt.date(2024, 7, 13),
    dt.date(2025, 9, 11),
    dt.date(2025, 12, 8),
    dt.date(2025, 12, 8),
    dt.date(2025, 12, 9),
    dt.date(2026, 1, 15),
)


def mentions(*rows: tuple[int, str]) -> list[Mention]:
    return [Mention(meeting_id=meeting, kind=kind) for meeting, kind in rows]


def test_months_apart_are_drawn_apart() -> None:
    assert [place.x for place in scale(*SIX).places] == [7.5, 30.5, 48.5, 62.5, 76.5, 94.5]
    assert scale(*SIX).width == 102


@pytest.mark.parametrize(
    ("kinds", "shapes"),
    [
        ({"made"}, ("m-made",)),
        ({"reaffirmed", "progress"}, ("m-reaffirmed", "m-progress")),
        ({"progress"}, ("m-stem", "m-progress")),
        ({"fulfilled", "progress"}, ("m-stem", "m-fulfilled")),
        ({"made", "reaffirmed", "requested"}, ("m-made",)),
    ],
)
def test_foot_is_what_was_said_and_head_what_was_reported(kinds: set[str], shapes: tuple[str, ...]) -> None:
    assert shapes_of(kinds) == shapes


def test_strip_begins_at_the_first_mention_and_dots_the_silence_after_it() -> None:
    strip = strip_of(scale(*SIX), mentions((2, "made"), (5, "fulfilled")), HERE)
    assert strip.line_from == 30.5
    assert [mark.x for mark in strip.marks] == [24.0, 70.0]
    assert strip.dots == (48.5, 62.5, 94.5)
    assert strip.label == "Mentioned at 2 of 6 meetings: made 11 Sep 2025; fulfilled 9 Dec 2025"


def test_meeting_of_others_is_no_silence() -> None:
    elsewhere = scale(*SIX, countries=frozenset({"LA", "TH"}))
    assert strip_of(elsewhere, mentions((1, "made")), HERE).dots == ()
    between_two = strip_of(scale(*SIX), mentions((1, "made")), frozenset({"KH", "LA", "VN"}))
    assert len(between_two.dots) == 5


def test_mention_before_the_scale_lets_the_line_begin_at_the_edge() -> None:
    strip = strip_of(scale(*SIX), mentions((99, "made")), HERE)
    assert strip.line_from == 0.0
    assert len(strip.dots) == 6
    assert strip.label == "Mentioned at 1 of 7 meetings"


def test_nothing_to_draw_is_nothing_drawn() -> None:
    strip = strip_of(Scale(), [], HERE)
    assert (strip.marks, strip.dots, strip.line_from) == ((), (), None)
