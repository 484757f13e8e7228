"""The mention chain: the order of meetings, meetings without a mention, and gaps."""

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


def test_meetings_are_in_order_of_date_with_their_quotes() -> None:
    first, later = mention(1, 7, dt.date(2025, 12, 9)), mention(2, 8, dt.date(2026, 1, 15), "reaffirmed")
    same = mention(3, 7, dt.date(2025, 12, 9), "progress")
    chain = chain_of([later, same, first], Scale(), HERE, TODAY)
    spoken = [link for link in chain.links if link.kind == "mentioned"]
    assert [(link.meeting_title, [mention.quote for mention in link.mentions]) for link in spoken] == [
        ("Talks 7", ["Words 1.", "Words 3."]),
        ("Talks 8", ["Words 2."]),
    ]
    assert spoken[0].shapes == ("m-made", "m-progress")
    assert spoken[0].mentions[0].source_title == "Note for file of 8 Dec 2025, §\u00a01"
    assert (chain.mentions, chain.meetings) == (3, 2)


def test_a_gap_needs_more_than_thirty_days() -> None:
    start = dt.date(2025, 1, 1)
    assert kinds(mention(1, 1, start), mention(2, 2, start + dt.timedelta(days=30))) == [
        "mentioned",
        "mentioned",
        "text",
    ]
    assert kinds(mention(1, 1, start), mention(2, 2, start + dt.timedelta(days=31))) == [
        "mentioned",
        "gap",
        "mentioned",
        "text",
    ]


def test_a_meeting_without_a_mention_between_two_mentions_is_named() -> None:
    chain = chain_of(
        [mention(1, 1, dt.date(2024, 7, 13)), mention(2, 3, dt.date(2025, 12, 8))],
        scale((2, dt.date(2025, 9, 11)), (9, dt.date(2024, 1, 1))),
        HERE,
        TODAY,
    )
    assert [link.kind for link in chain.links] == ["mentioned", "not_mentioned", "gap", "mentioned", "text"]
    assert chain.links[1].meeting_title == "Talks 2"
    assert chain.links[2].days == 513
    assert chain.links[4].text == "39 days since the last mention"


def test_a_long_row_of_meetings_without_a_mention_is_one_line() -> None:
    silent = scale(*((n, dt.date(2025, 1, n)) for n in range(2, 7)))
    chain = chain_of([mention(1, 1, dt.date(2025, 1, 1))], silent, HERE, TODAY)
    assert [link.text for link in chain.links[1:]] == [
        "5 meetings did not mention it",
        "380 days since the last mention",
    ]


def test_a_promised_meeting_that_was_held_is_not_a_meeting_without_a_mention() -> None:
    held = scale(*((n, dt.date(2025, 1, n)) for n in range(2, 7)))
    chain = chain_of([mention(1, 1, dt.date(2025, 1, 1))], held, HERE, TODAY, promised=4)
    assert [(link.kind, link.meeting_title) for link in chain.links[1:]] == [
        ("not_mentioned", "Talks 2"),
        ("not_mentioned", "Talks 3"),
        ("promised", "Talks 4"),
        ("not_mentioned", "Talks 5"),
        ("not_mentioned", "Talks 6"),
        ("text", ""),
    ]
    assert chain.links[3].meeting_url == "/m4/"


def test_no_mentions_give_an_empty_chain() -> None:
    assert kinds() == []
