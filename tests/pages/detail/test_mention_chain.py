"""The mention chain: order, silence and gaps."""

import datetime as dt

from commitments.models import Mention
from commitments.reports.presence_strip import Scale, StripMeeting
from pages.detail.mention_chain import chain_of
from relations.models import Meeting, Paragraph, Source

HERE = frozenset({"KH", "VN"})
TODAY = dt.date(2026, 1, 16)
NOTE = Source(slug="note", kind="note_for_file", title="Note", published_on=dt.date(2025, 12, 8))


def mention(pk: int, meeting: int, day: dt.date, kind: str = "made") -> Mention:
    where = Meeting(pk=meeting, slug=f"m{meeting}", title=f"Talks {meeting}", starts_on=day)
    where.day = day
    paragraph = Paragraph(source=NOTE, number=pk, text=f"Words {pk}.")
    return Mention(pk=pk, meeting=where, paragraph=paragraph, kind=kind, modality="agreed")


def scale(*silent: tuple[int, dt.date]) -> Scale:
    return Scale(tuple(StripMeeting(0, 0, pk, f"Talks {pk}", f"/m{pk}/", day, HERE) for pk, day in silent))


def kinds(*mentions: Mention, silent: Scale = Scale()) -> list[str]:  # noqa: B008  (frozen)
    return [link.kind for link in chain_of(mentions, silent, HERE, TODAY).links]


def test_meetings_stand_in_the_order_of_their_days_with_the_words_of_each() -> None:
    first, later = mention(1, 7, dt.date(2025, 12, 9)), mention(2, 8, dt.date(2026, 1, 15), "reaffirmed")
    same = mention(3, 7, dt.date(2025, 12, 9), "progress")
    chain = chain_of([later, same, first], Scale(), HERE, TODAY)
    spoken = [link for link in chain.links if link.kind == "spoken"]
    assert [(link.meeting_title, [saying.quote for saying in link.sayings]) for link in spoken] == [
        ("Talks 7", ["Words 1.", "Words 3."]),
        ("Talks 8", ["Words 2."]),
    ]
    assert spoken[0].shapes == ("m-made", "m-progress")
    assert spoken[0].sayings[0].source_title == "Note for file of 8 Dec 2025, §\u00a01"
    assert (chain.mentions, chain.meetings) == (3, 2)


def test_thirty_days_are_no_gap_and_thirty_one_are() -> None:
    start = dt.date(2025, 1, 1)
    assert kinds(mention(1, 1, start), mention(2, 2, start + dt.timedelta(days=30))) == [
        "spoken",
        "spoken",
        "end",
    ]
    assert kinds(mention(1, 1, start), mention(2, 2, start + dt.timedelta(days=31))) == [
        "spoken",
        "gap",
        "spoken",
        "end",
    ]


def test_meeting_between_two_mentions_that_passed_it_over_is_named() -> None:
    chain = chain_of(
        [mention(1, 1, dt.date(2024, 7, 13)), mention(2, 3, dt.date(2025, 12, 8))],
        scale((2, dt.date(2025, 9, 11)), (9, dt.date(2024, 1, 1))),
        HERE,
        TODAY,
    )
    assert [link.kind for link in chain.links] == ["spoken", "silent", "gap", "spoken", "end"]
    assert chain.links[1].meeting_title == "Talks 2"
    assert chain.links[2].days == 513
    assert chain.links[4].text == "39 days since it was last spoken of"


def test_a_long_row_of_silent_meetings_is_told_in_one_line() -> None:
    silent = scale(*((n, dt.date(2025, 1, n)) for n in range(2, 7)))
    chain = chain_of([mention(1, 1, dt.date(2025, 1, 1))], silent, HERE, TODAY)
    assert [link.text for link in chain.links[1:]] == [
        "5 meetings passed it over",
        "380 days since it was last spoken of",
    ]


def test_the_meeting_that_was_promised_did_not_pass_it_over_by_being_held() -> None:
    held = scale(*((n, dt.date(2025, 1, n)) for n in range(2, 7)))
    chain = chain_of([mention(1, 1, dt.date(2025, 1, 1))], held, HERE, TODAY, promised=4)
    assert [(link.kind, link.meeting_title) for link in chain.links[1:]] == [
        ("silent", "Talks 2"),
        ("silent", "Talks 3"),
        ("promised", "Talks 4"),
        ("silent", "Talks 5"),
        ("silent", "Talks 6"),
        ("end", ""),
    ]
    assert chain.links[3].meeting_url == "/m4/"


def test_never_spoken_of_is_an_empty_chain() -> None:
    assert kinds() == []
