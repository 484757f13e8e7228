"""The pages of sources: numbered paragraphs, and beside each the commitments it mentions."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from commitments.models import Mention
from commitments.services.registration import FirstMention
from relations.models import Source
from tests import factories as make
from tests.html import page_of

pytestmark = pytest.mark.django_db


def based_on(source: Source, number: int = 1, **fields: object) -> object:
    mention = FirstMention(make.meeting(), source.paragraphs.get(number=number))
    return make.commitment(mention=mention, **fields)


def test_paragraphs_are_numbered_and_show_their_commitments(officer: Client) -> None:
    source = make.source(slug="note-a", published_on=dt.date(2025, 12, 8))
    pledge = based_on(source, 2, title="Build the bridge")
    page = page_of(officer.get("/sources/note-a/"))
    assert [found["id"] for found in page.select("li.para")] == ["p1", "p2", "p3"]
    assert [found["id"] for found in page.select("li.para--cited")] == ["p2"]
    assert page.links("#p2 .margin") == {pledge.reference: f"/commitments/{pledge.reference}/"}
    assert page.one(".head__fact").text == (
        "1 commitment is based on 1 of its 3 paragraphs. Mentions: made: 1."
    )
    assert page.texts(".para:not(.para--cited) .margin") == ["No commitments that you can see."] * 2


def test_one_paragraph_may_carry_several_and_each_kind_is_counted(officer: Client) -> None:
    source = make.source(slug="note-a")
    first = based_on(source)
    based_on(source)
    for number in (1, 3):
        Mention.objects.create(
            commitment=first,
            meeting=make.meeting(),
            paragraph=source.paragraphs.get(number=number),
            kind="reaffirmed",
        )
    text = officer.get("/sources/note-a/").context["text"]
    assert [len(each.mentions) for each in text.paragraphs] == [3, 0, 1]
    assert text.kinds == ("made: 2", "reaffirmed: 2")
    assert (text.commitments, text.cited) == (2, 2)


def test_a_commitment_that_the_reader_may_not_see_leaves_no_mark(reader: Client) -> None:
    source = make.source(slug="note-a")
    based_on(source, title="A secret pledge", classification=3)
    page = reader.get("/sources/note-a/").content.decode()
    assert "A secret pledge" not in page
    assert "0 commitments are based on 0 of its 3 paragraphs." in page
    assert "0 commitments" in page_of(reader.get("/sources/")).text


def test_text_says_whether_it_is_the_one_recorded(officer: Client) -> None:
    source = make.source(slug="note-a")
    assert "Unaltered since it was recorded" in officer.get("/sources/note-a/").content.decode()
    Source.objects.filter(pk=source.pk).update(text="1. They refused.")
    page = officer.get("/sources/note-a/").content.decode()
    assert "The text was altered after it was recorded" in page


def test_press_report_is_cited_not_copied_and_names_its_notes(officer: Client) -> None:
    press = Source.objects.create(
        slug="press-a",
        title="Ministers meet",
        kind="press_report",
        url="https://example.org/a",
        publisher="VNA",
    )
    make.source(slug="note-a", title="Note on the meeting").based_on.add(press)
    page = page_of(officer.get("/sources/press-a/"))
    assert "Not stored here: this source is cited, not copied" in page.text
    assert page.links(".facts")["Note on the meeting"] == "/sources/note-a/"
    assert page.one('a[href="https://example.org/a"]')["rel"] == "noreferrer"
    note = page_of(officer.get("/sources/note-a/"))
    assert note.links(".facts")["Ministers meet"] == "/sources/press-a/"


def test_list_is_strict_and_filters_by_kind(officer: Client) -> None:
    make.source(title="Note on the meeting")
    Source.objects.create(slug="press-a", title="Ministers meet", kind="press_report")
    page = officer.get("/sources/?kind=press_report").content.decode()
    assert "Ministers meet" in page
    assert "Note on the meeting" not in page
    assert officer.get("/sources/?kind=poem").status_code == 400
    assert officer.get("/sources/?knd=press_report").status_code == 400
    assert officer.get("/sources/?page=2").status_code == 404
    assert "No sources match." in officer.get("/sources/?q=nothing").content.decode()


@pytest.mark.slow
def test_three_rows_cost_what_three_hundred_cost(
    officer: Client, queries: Callable[[Client, str], int]
) -> None:
    text = "\n\n".join(f"They agreed on matter {n}." for n in range(300))
    source = make.source(text, slug="note-a")
    addresses = [f"/sources/{page}{day}" for page in ("", "note-a/") for day in ("", "?as_of=2025-12-01")]
    for n in range(3):
        based_on(source, n + 1)
    few = [queries(officer, address) for address in addresses]
    one, meeting = based_on(source, 4), make.meeting()
    Mention.objects.bulk_create(
        Mention(commitment=one, meeting=meeting, paragraph=paragraph, kind="reaffirmed")
        for paragraph in source.paragraphs.filter(number__gt=4)
    )
    make.many(10, one)
    Source.objects.bulk_create(
        Source(slug=f"paper-{n}", title=f"Paper {n}", kind="press_report") for n in range(300)
    )
    assert officer.get("/sources/note-a/").context["text"].cited == 300
    assert [queries(officer, address) for address in addresses] == few


def test_a_source_as_of_another_date(officer: Client) -> None:
    source = make.source(slug="note-a")
    first = make.meeting(dt.date(2025, 3, 1), title="First talks")
    pledge = make.commitment(
        title="Build the bridge",
        occurred_on=first.starts_on,
        mention=FirstMention(first, source.paragraphs.get(number=1)),
    )
    Mention.objects.create(
        commitment=pledge,
        meeting=make.meeting(dt.date(2025, 6, 1)),
        paragraph=source.paragraphs.get(number=3),
        kind="reaffirmed",
    )

    def cited(query: str) -> list[int]:
        text = officer.get(f"/sources/note-a/{query}").context["text"]
        return [each.paragraph.number for each in text.paragraphs if each.mentions]

    assert (cited("?as_of=2025-02-28"), cited("?as_of=2025-03-01"), cited("?as_of=2025-06-01")) == (
        [],
        [1],
        [1, 3],
    )
    assert cited("") == [1, 3]

    def counts(query: str) -> list[int]:
        return [each.commitments for each in officer.get(f"/sources/{query}").context["page"].object_list]

    assert (counts("?as_of=2025-02-28"), counts("?as_of=2025-03-01")) == ([0], [1])
    then = officer.get("/sources/note-a/?as_of=2025-03-01").content.decode()
    assert "As of 1 March 2025" in then
    assert f'href="{pledge.get_absolute_url()}?as_of=2025-03-01"' in then
    for path in ("/sources/", "/sources/note-a/"):
        assert officer.get(f"{path}?as_of=soon").status_code == 400
        assert officer.get(f"{path}?asof=2025-01-01").status_code == 400
