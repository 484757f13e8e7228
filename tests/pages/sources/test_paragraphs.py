"""The page of a paragraph: its versions, and its clerical correction."""

import pytest
from django.test import Client

from commitments.models import Commitment
from commitments.services.registration import FirstMention
from pages.sources.versions import Piece, difference
from relations.models import Paragraph
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db
HERE = "/sources/minutes/paragraphs/2/"


@pytest.fixture(autouse=True)
def pledge(db: None) -> Commitment:
    source = make.source(
        "They met.\n\nThey agreed on teh gate.\n\nThey left.", slug="minutes", title="Minutes"
    )
    mention = FirstMention(make.meeting(), source.paragraphs.get(number=2))
    return make.commitment(title="Open the gate", mention=mention)


def typed(client: Client, **values: str) -> dict[str, object]:
    return form_of(client.get(HERE)) | {"reason": ["A slip of typing."]} | {k: [v] for k, v in values.items()}


def test_the_way_leads_from_the_source_to_the_correction_and_back_to_the_quote(
    officer: Client, pledge: Commitment
) -> None:
    assert page_of(officer.get("/sources/minutes/")).links("#p2 .para__versions") == {"Correct": HERE}
    answer = officer.post(HERE, typed(officer, text="They agreed on the gate.", label="II.2"), follow=True)
    assert "The paragraph has been corrected." in text_of(answer)
    page = page_of(answer)
    assert page.one("h1").text == "Paragraph II.2"
    assert page.texts(".versions__text del") == ["teh"]
    assert page.texts(".versions__text ins") == ["the"]
    assert "A slip of typing." in text_of(answer)
    shown = officer.get(f"/commitments/{pledge.reference}/")
    assert "They agreed on the gate." in text_of(shown)
    assert "version 1, corrected since" in text_of(shown)
    assert "Paragraph corrected" in text_of(shown)
    assert page_of(officer.get("/sources/minutes/")).links("#p2 .para__versions") == {"Corrected": HERE}


@pytest.mark.parametrize("role", ["reviewer", "reader"])
def test_others_read_the_versions_and_correct_nothing(role: str) -> None:
    client = client_as(role)
    assert page_of(client.get(HERE)).select("form textarea") == []
    assert client.post(HERE, {"text": "x", "reason": "x", "version": "1"}).status_code == 403
    assert page_of(client.get("/sources/minutes/")).links("#p2 .para__versions") == {}
    assert Paragraph.objects.get(source__slug="minutes", number=2).version == 1


def test_an_error_is_named_and_what_was_typed_stays(officer: Client) -> None:
    refused = officer.post(HERE, typed(officer, text="They agreed.", reason=""))
    assert refused.status_code == 400
    assert "Enter what was wrong, and how it is known." in text_of(refused)
    assert form_of(refused)["text"] == ["They agreed."]
    assert officer.post(HERE, typed(officer)).status_code == 400
    assert "Nothing was changed." in text_of(officer.post(HERE, typed(officer)))


def test_a_correction_of_what_was_corrected_meanwhile_is_shown_both(officer: Client) -> None:
    late = typed(officer, text="They agreed on a gate.")
    officer.post(HERE, typed(officer, text="They agreed on the gate."))
    refused = officer.post(HERE, late)
    assert refused.status_code == 409
    assert "This paragraph was corrected meanwhile." in text_of(refused)
    assert page_of(refused).texts(".versions__text ins") == ["the"]
    assert form_of(refused)["text"] == ["They agreed on a gate."]
    again = form_of(refused) | {"reason": ["It is another gate."]}
    assert officer.post(HERE, again).status_code == 302


def test_what_is_not_there_is_404(officer: Client) -> None:
    for url in (
        "/sources/minutes/paragraphs/4/",
        "/sources/minutes/paragraphs/0/",
        "/sources/x/paragraphs/1/",
    ):
        assert officer.get(url).status_code == 404


def test_as_many_queries_for_many_corrections_as_for_one(
    officer: Client, queries, pledge: Commitment
) -> None:
    pages = (HERE, "/sources/minutes/", f"/commitments/{pledge.reference}/")
    officer.post(HERE, typed(officer, text="They agreed on gate 0."))
    few = [queries(officer, page) for page in pages]
    for n in range(1, 5):
        officer.post(HERE, typed(officer, text=f"They agreed on gate {n}."))
    assert [queries(officer, page) for page in pages] == few


def test_a_difference_is_told_word_by_word() -> None:
    assert list(difference("on teh gate", "on the big gate")) == [
        Piece("same", "on "),
        Piece("removed", "teh"),
        Piece("added", "the big"),
        Piece("same", " gate"),
    ]
