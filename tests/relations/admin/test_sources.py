"""The admin of sources: numbering, protection of cited paragraphs, and the mentions of each paragraph."""

from typing import Any

import pytest
from django.test import Client

from relations.models import MeetingSource, Paragraph, Source
from relations.services.sources import record_text
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, text_of

ADD = "/admin/relations/source/add/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Client:
    return client_as("officer")


def page(source: Source) -> str:
    return f"/admin/relations/source/{source.pk}/change/"


def save(client: Client, url: str, **typed: Any) -> Any:
    data = form_of(client.get(url), "source_form")
    data |= {name.replace("__", "-"): [str(value)] for name, value in typed.items()}
    return client.post(url, data)


def paragraphs(source: Source) -> list[tuple[int, str]]:
    return list(source.paragraphs.order_by("number").values_list("number", "text"))


def test_a_text_without_numbers_is_numbered_and_split_into_paragraphs(officer: Client) -> None:
    meeting = make.meeting()
    response = save(
        officer,
        ADD,
        title="Ghi nhớ cuộc gặp",
        kind="note_for_file",
        text="They met in the old citadel of Hue, on the river,\r\nin May.\r\n\r\n"
        "They agreed:\r\n2. to open the gate.\r\n\r\nThey left.",
        meeting_links__TOTAL_FORMS=1,
        meeting_links__0__meeting=meeting.pk,
    )
    assert response.status_code == 302
    source = Source.objects.get()
    assert source.slug == "ghi-nho-cuoc-gap"
    assert paragraphs(source) == [
        (1, "They met in the old citadel of Hue, on the river, in May."),
        (2, "They agreed:"),
        (3, "2. to open the gate."),
        (4, "They left."),
    ]
    assert source.text == "".join(f"{number}. {wording}\n\n" for number, wording in paragraphs(source))[:-1]
    assert source.is_unaltered
    assert list(source.meetings.all()) == [meeting]


def test_an_invalid_numbering_is_an_error_of_the_text_and_is_kept(officer: Client) -> None:
    response = save(officer, ADD, title="Note", kind="note_for_file", text="1. \r\n\r\n2. They agreed.")
    assert "Paragraph 1 has no text." in str(response.context["adminform"].form.errors["text"])
    assert form_of(response, "source_form")["text"] == ["1. \r\n\r\n2. They agreed."]
    assert not Source.objects.exists()
    assert not Paragraph.objects.exists()


@pytest.mark.parametrize("classification", [0, 3])
def test_a_cited_paragraph_cannot_be_changed_and_the_input_is_kept(
    officer: Client, classification: int
) -> None:
    source = make.source("They met.\n\nThey agreed.")
    said = make.FirstMention(make.meeting(), source.paragraphs.get(number=2))
    make.commitment(mention=said, classification=classification)
    typed = "1. They met in Hue.\r\n\r\n2. They promised."
    response = save(officer, page(source), text=typed, title="Other title")
    assert response.context["adminform"].form.errors["text"] == [
        "Paragraph 2 cannot be changed. Add the corrected text as a new source."
    ]
    kept = form_of(response, "source_form")
    assert (kept["text"], kept["title"]) == ([typed], ["Other title"])
    source.refresh_from_db()
    assert paragraphs(source) == [(1, "They met."), (2, "They agreed.")]
    assert source.title != "Other title"

    better = "1. They met in Hue.\r\n\r\n2. They agreed.\r\n\r\n3. They left."
    assert save(officer, page(source), text=better).status_code == 302
    source.refresh_from_db()
    assert paragraphs(source) == [(1, "They met in Hue."), (2, "They agreed."), (3, "They left.")]
    assert source.is_unaltered


@pytest.mark.parametrize("text", ["1. They met.\n\n2. They agreed.", "1. They met.\n\n\n2. They agreed.\n\n"])
def test_an_unchanged_text_is_stored_exactly_as_before(text: str, officer: Client) -> None:
    source = make.source("x")
    record_text(source=source, text=text)
    before = (source.sha256, source.version)
    assert save(officer, page(source)).status_code == 302
    source.refresh_from_db()
    assert (source.text, source.sha256, source.version) == (text, *before)
    assert save(officer, page(source), title="New title").status_code == 302
    source.refresh_from_db()
    assert (source.title, source.text, source.sha256) == ("New title", text, before[0])


def test_the_page_shows_the_visible_mentions_of_each_paragraph(officer: Client) -> None:
    source, meeting = make.source("They met.\n\nThey agreed."), make.meeting(title="Talks in Hue")
    place = make.FirstMention(meeting, source.paragraphs.get(number=2))
    pledge = make.commitment(title="Plain pledge", mention=place)
    make.commitment(title="Hidden pledge", mention=place, classification=3)
    shown = officer.get(page(source))
    words = text_of(shown)
    assert f"{pledge.reference} Plain pledge made, Talks in Hue" in words
    assert "Hidden pledge" not in words
    assert [p.number for p in shown.context["paragraphs"]] == [1, 2]


def test_a_paragraph_is_searched_within_the_sources_of_the_chosen_meeting(officer: Client) -> None:
    here, there, meeting = make.source("They agreed."), make.source("They agreed elsewhere."), make.meeting()
    MeetingSource.objects.create(meeting=meeting, source=here)
    url = "/admin/autocomplete/?app_label=commitments&model_name=mention&field_name=paragraph"

    def found(query: str) -> list[str]:
        return [each["text"] for each in officer.get(url + query).json()["results"]]

    assert found(f"&term=&meeting={meeting.pk}") == [f"{here.slug} § 1: They agreed."]
    assert set(found("&term=agreed")) == {
        f"{here.slug} § 1: They agreed.",
        f"{there.slug} § 1: They agreed elsewhere.",
    }
    assert found("&term=elsewhere") == [f"{there.slug} § 1: They agreed elsewhere."]
    assert found(f"&term={there.slug} § 1") == [f"{there.slug} § 1: They agreed elsewhere."]
    assert found("&term=§ 99999999999999999999") == []
    assert len(found("&term=agreed&meeting=²")) == 2
    assert found(f"&term=(Ágreed), § 1.&meeting={meeting.pk}") == [f"{here.slug} § 1: They agreed."]
    assert found(f"&term=elsewhere&meeting={meeting.pk}") == []


def test_a_cited_source_cannot_be_deleted(officer: Client) -> None:
    cited, free = make.source(), make.source()
    make.commitment(mention=make.FirstMention(make.meeting(), cited.paragraphs.get(number=1)))
    assert "other records depend on it" in text_of(officer.get(f"/admin/relations/source/{cited.pk}/delete/"))
    for source in (cited, free):
        officer.post(f"/admin/relations/source/{source.pk}/delete/", {"post": "yes"})
    assert Source.objects.filter(pk=cited.pk).exists()
    assert not Source.objects.filter(pk=free.pk).exists()
