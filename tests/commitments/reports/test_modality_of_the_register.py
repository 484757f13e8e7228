"""How well the guesses about a paragraph agree with the shipped register."""

import pytest

from commitments.models import Commitment, Mention
from commitments.reports.modality import wording_of
from commitments.reports.suggestions import suggestion_index
from commitments.services.search import refresh_search_text
from relations.models import Meeting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def test_the_modality_is_seldom_wrong() -> None:
    pairs = [
        (wording_of(mention.paragraph.text).modality, mention.modality)
        for mention in Mention.objects.select_related("paragraph")
    ]
    guessed = [(guess, recorded) for guess, recorded in pairs if guess]
    right = sum(guess == recorded for guess, recorded in guessed)
    assert len(guessed) > 0.8 * len(pairs)
    assert right > 0.95 * len(guessed)


def test_the_kind_of_a_mention_is_mostly_right() -> None:
    later = Mention.objects.exclude(kind__in=("made", "fulfilled")).select_related("paragraph")
    right = [wording_of(mention.paragraph.text).kind == mention.kind for mention in later]
    assert sum(right) > 0.85 * len(right)


def test_a_session_finds_its_commitments_from_the_words_of_the_ones_before() -> None:
    session = Meeting.objects.get(slug="jc-21")
    mentions = list(Mention.objects.filter(meeting=session).select_related("paragraph"))
    Mention.objects.filter(meeting=session).exclude(kind__in=("made", "fulfilled")).delete()
    refresh_search_text(Commitment.objects.values_list("pk", flat=True))
    index = suggestion_index(Commitment.objects.all(), ("KH", "VN"))
    mentioned = [mention for mention in mentions if mention.kind not in ("made", "fulfilled")]
    found = [
        mention.commitment_id in {each.pk for each in index.for_paragraph(mention.paragraph.text)}
        for mention in mentioned
    ]
    assert len(found) == 19
    assert sum(found) >= 18
