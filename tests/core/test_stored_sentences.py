"""Reasons that the program writes are stored in English and told in the language of the reader."""

import datetime as dt

import pytest
from django.utils import translation

from commitments.models import DeadlineChange
from commitments.services.handover import hand_over
from commitments.services.progress import record_progress
from core import stored_sentences
from core.stored_sentences import told
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

FRENCH = {
    "Handed over from %(person)s.": "Repris de %(person)s.",
    "Next review set with a progress update.": "Prochain examen fixé.",
}


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a writer and a reader of French are told."""
    for place in (stored_sentences, translation):
        monkeypatch.setattr(place, "gettext", lambda text: FRENCH.get(text, text))


@pytest.mark.django_db
@pytest.mark.usefixtures("french")
def test_reasons_are_stored_in_english_and_told_in_the_language_of_the_reader() -> None:
    pledge, officer = make.commitment(deadline_wording="soon"), make.user("officer")
    record_progress(commitment=pledge, actor=officer, achieved="Half.", review_on=dt.date(2999, 1, 1))
    assert DeadlineChange.objects.get().reason == "Next review set with a progress update."
    page = page_of(client_as(officer).get(f"/commitments/{pledge.reference}/"))
    assert page.text.count("Prochain examen fixé.") == 2
    assert "Next review set" not in page.text


@pytest.mark.django_db
@pytest.mark.usefixtures("french")
def test_a_sentence_with_a_name_is_told_with_the_name() -> None:
    agency, administrator = make.agency(), make.user("administrator")
    old, new = (make.user("focal_point", agency=agency, first_name=name) for name in ("Felix (2)", "Mai"))
    pledge = make.commitment(agencies=(agency,))
    pledge.assignments.update(focal_point=old)
    hand_over(account=old, successor=new, actor=administrator)
    stored = pledge.assignments.get().history.first().history_change_reason
    assert stored == "Handed over from Felix (2)."
    assert told(stored) == "Repris de Felix (2)."
    page = page_of(client_as("officer").get(f"/admin/commitments/commitment/{pledge.pk}/history/"))
    assert "Repris de Felix (2)." in page.text


def test_what_people_write_is_told_as_it_is() -> None:
    for text in ("", "By decree 12.", "Handed over", "It was handed over from Mai."):
        assert told(text) == text
