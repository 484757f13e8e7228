"""Presence strips: the drawing and its description."""

import datetime as dt

import pytest

from commitments.models import Commitment, Mention
from commitments.querysets import AsOf
from commitments.reports import presence_strip
from commitments.reports.presence_strip import (
    Scale,
    StripMeeting,
    countries_near,
    countries_of,
    scale_for,
    shapes_of,
    strip_of,
)
from relations.models import Meeting
from tests import factories as make

HERE = frozenset({"KH", "VN"})


def scale(*days: dt.date, countries: frozenset[str] = HERE) -> Scale:
    places = tuple(
        StripMeeting(0, 0, pk, f"Talks {pk}", f"/meetings/m{pk}/", day, countries)
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


def test_meetings_months_apart_have_wider_steps() -> None:
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
def test_the_base_is_what_was_said_and_the_top_what_was_reported(
    kinds: set[str], shapes: tuple[str, ...]
) -> None:
    assert shapes_of(kinds) == shapes


def test_the_strip_begins_at_the_first_mention_and_has_dots_for_meetings_without() -> None:
    strip = strip_of(scale(*SIX), mentions((2, "made"), (5, "fulfilled")), HERE)
    assert strip.line_from == 30.5
    assert [mark.x for mark in strip.marks] == [24.0, 70.0]
    assert strip.dots == (48.5, 62.5, 94.5)
    assert strip.label == "Mentioned at 2 of 6 meetings: made on 11 Sep 2025, fulfilled on 9 Dec 2025"


def test_a_meeting_of_other_countries_has_no_dot() -> None:
    elsewhere = scale(*SIX, countries=frozenset({"LA", "TH"}))
    assert strip_of(elsewhere, mentions((1, "made")), HERE).dots == ()
    between_two = strip_of(scale(*SIX), mentions((1, "made")), frozenset({"KH", "LA", "VN"}))
    assert len(between_two.dots) == 5


def test_a_mention_before_the_scale_starts_the_line_at_the_edge() -> None:
    strip = strip_of(scale(*SIX), mentions((99, "made")), HERE)
    assert strip.line_from == 0.0
    assert len(strip.dots) == 6
    assert strip.label == "Mentioned at 1 of 7 meetings"


def test_an_empty_strip_has_no_marks() -> None:
    strip = strip_of(Scale(), [], HERE)
    assert (strip.marks, strip.dots, strip.line_from) == ((), (), None)


def test_the_promised_meeting_has_no_dot() -> None:
    strip = strip_of(scale(*SIX), mentions((2, "made")), HERE, promised=6)
    assert strip.dots == (48.5, 62.5, 76.5)
    assert strip.label == "Mentioned at 1 of 5 meetings: made on 11 Sep 2025"


def test_a_strip_alone_begins_at_the_first_mention() -> None:
    strip = strip_of(scale(*SIX), mentions((5, "made")), HERE).from_first_mention()
    assert (strip.width, strip.line_from, strip.line_to) == (33, 7.5, 31.0)
    assert ([mark.x for mark in strip.marks], strip.dots) == ([1.0], (25.5,))
    began_before = strip_of(scale(*SIX), mentions((99, "made")), HERE)
    assert began_before.from_first_mention() == began_before


def test_one_meeting_is_singular() -> None:
    strip = strip_of(scale(SIX[0]), mentions((1, "made")), HERE)
    assert strip.label == "Mentioned at 1 of 1 meeting: made on 13 Jul 2024"


def joint_committee(*came: str, host: str, body: bool = True) -> Meeting:
    mechanism = make.mechanism(codes=("KH", "LA", "VN")) if body else None
    meeting = make.meeting(dt.date(2025, 12, 9), mechanism=mechanism, country=make.country(host))
    for code in came:
        person = make.country(code).people.create(slug=code.lower(), name=code)
        meeting.participations.create(person=person, office="Minister", country=person.country)
    return meeting


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("came", "host", "body", "met"),
    [
        ((), "TH", True, {"KH", "LA", "VN"}),
        (("VN",), "TH", True, {"KH", "LA", "VN"}),
        (("KH", "VN"), "TH", True, {"KH", "VN"}),
        (("VN",), "KH", False, {"KH", "VN"}),
        ((), "KH", False, {"KH"}),
    ],
)
def test_at_least_two_countries_met_where_two_are_known(
    came: tuple[str, ...], host: str, body: bool, met: set[str]
) -> None:
    meeting = joint_committee(*came, host=host, body=body)
    assert countries_of(meeting) == met
    place = make.FirstMention(meeting, make.source().paragraphs.get(number=1))
    make.commitment(codes=("KH", "VN"), mention=place)
    day = dt.date(2026, 1, 16)
    places = scale_for(Commitment.objects.all(), AsOf(day, day), [HERE]).places
    assert [place.countries for place in places] == [met]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("groups", "drawn"),
    [
        ([{"KH", "VN"}], [13]),
        ([{"LA", "VN"}], [14, 15]),
        ([{"KH", "VN"}, {"LA", "VN"}, {"TH", "VN"}], [15, 16]),
        ([{"KH", "VN"}, {"KH", "LA"}, {"KH", "TH"}], [13]),
    ],
)
def test_meetings_beyond_the_search_limit_are_found(
    groups: list[set[str]], drawn: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence_strip, "_READ_AHEAD", 2)
    for day, other in ((13, "KH"), (14, "LA"), (15, "LA"), (16, "TH")):
        meeting = make.meeting(dt.date(2025, 1, day), country=make.country(other))
        person = make.country("VN").people.create(slug=f"vn-{day}", name="Minister")
        meeting.participations.create(person=person, office="Minister", country=person.country)
        said = make.FirstMention(meeting, make.source().paragraphs.get(number=1))
        make.commitment(codes=(other, "VN"), mention=said, occurred_on=meeting.starts_on)
    day = dt.date(2026, 1, 16)
    places = scale_for(Commitment.objects.all(), AsOf(day, day), groups, most=2).places
    assert [place.day.day for place in places if place.day] == drawn


@pytest.mark.django_db
def test_countries_near_are_all_related_countries() -> None:
    assert countries_near(joint_committee("KH", "VN", host="TH")) == {"KH", "LA", "TH", "VN"}
