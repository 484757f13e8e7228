"""Clerical corrections of paragraphs: mentions follow, status changes keep what they were written on."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from commitments.models import Commitment, StatusChange
from commitments.querysets import AsOf
from commitments.reports.history import changes_of, history_of, with_detail_relations
from commitments.services.dossier import stamp_for
from commitments.services.paragraph_corrections import correct_paragraph
from commitments.services.registration import FirstMention
from relations.models import Paragraph, ParagraphVersion, Source
from relations.models.source import sha256_of, with_wording
from tests import factories as make

pytestmark = pytest.mark.django_db
TEXT = "1. They met.\n\n2. They agreed to open teh gate.\n\n3. They left.\n"


@pytest.fixture
def pledge(db: None) -> Commitment:
    source = make.source(TEXT, slug="minutes")
    mention = FirstMention(make.meeting(), source.paragraphs.get(number=2))
    return make.commitment(title="Open the gate", mention=mention)


def second() -> Paragraph:
    return Paragraph.objects.select_related("source").get(source__slug="minutes", number=2)


def correct(**values: object) -> ParagraphVersion:
    typed: dict[str, object] = {
        "text": "They agreed to open the gate.",
        "label": None,
        "reason": "A slip of typing.",
        "version": 1,
    }
    actor = values.pop("actor", None) or make.user("officer")
    return correct_paragraph(paragraph=second(), actor=actor, **typed | values)  # type: ignore[arg-type]


def test_a_mention_quotes_the_new_version_and_the_first_one_stays(pledge: Commitment) -> None:
    made = correct(label="II.2")
    paragraph = second()
    assert pledge.mentions.get().paragraph.text == "They agreed to open the gate."
    assert (paragraph.version, paragraph.citation, made.version) == (2, "II.2", 2)
    assert (paragraph.first_text, paragraph.first_citation) == ("They agreed to open teh gate.", "2")
    source = Source.objects.get(slug="minutes")
    assert source.text == TEXT.replace("teh", "the")
    assert source.is_unaltered
    assert source.sha256 == sha256_of(source.text)
    assert source.history.latest().history_change_reason == "A slip of typing."


def test_a_status_change_keeps_its_version_and_says_that_it_was_corrected_since(pledge: Commitment) -> None:
    correct()
    first = pledge.status_changes.get()
    assert (first.paragraph, first.paragraph_version) == (second(), 1)
    commitment = with_detail_relations(Commitment.objects.filter(pk=pledge.pk), AsOf.now()).get()
    changes = changes_of(commitment, AsOf.now())
    citation = changes[0].citations[0]
    assert citation.title.endswith("§\u00a02, version 1, corrected since")
    assert citation.url == "/sources/minutes/paragraphs/2/"
    events = [each.kind for each in history_of(commitment, changes, (), AsOf.now())]
    assert "Paragraph corrected" in events
    later = make.commitment(mention=FirstMention(pledge.mentions.get().meeting, second()))
    assert StatusChange.objects.get(commitment=later).paragraph_version == 2


def test_the_corrected_words_are_found_and_the_stamp_of_the_dossier_changes(pledge: Commitment) -> None:
    reviewer = make.user("reviewer")
    before = stamp_for(reviewer, pledge.reference)
    correct(text="They agreed to open the ferry.")
    assert "ferry" in Commitment.objects.get(pk=pledge.pk).search_text
    assert stamp_for(reviewer, pledge.reference) != before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " "}, "text"),
        ({"reason": ""}, "reason"),
        ({"version": 2}, None),
        ({"text": "They agreed to open teh gate."}, None),
        ({"text": "They agreed.\n3. They left."}, "text"),
    ],
)
def test_what_is_no_correction_changes_nothing(
    values: dict[str, object], field: str | None, pledge: Commitment
) -> None:
    with pytest.raises(ValidationError) as refused:
        correct(**values)
    assert (field in refused.value.message_dict) if field else not hasattr(refused.value, "error_dict")
    assert (second().version, ParagraphVersion.objects.count()) == (1, 0)
    assert Source.objects.get(slug="minutes").text == TEXT


def test_a_second_correction_is_of_the_first_and_a_late_one_is_refused(pledge: Commitment) -> None:
    correct()
    with pytest.raises(ValidationError, match="corrected meanwhile"):
        correct(text="They agreed on the gate.")
    correct(text="They agreed on the gate.", version=2)
    assert [row.version for row in second().versions.all()] == [2, 3]


def test_an_altered_text_is_checked_before_it_is_corrected(pledge: Commitment) -> None:
    Source.objects.filter(slug="minutes").update(text=TEXT.replace("left", "stayed"))
    with pytest.raises(ValidationError, match="was altered"):
        correct()


@pytest.mark.parametrize("role", ["reviewer", "focal_point", "reader", "administrator"])
def test_only_an_officer_corrects(role: str, pledge: Commitment) -> None:
    with pytest.raises(PermissionDenied):
        correct(actor=make.user(role))


def test_the_database_keeps_the_first_wording_and_every_version(pledge: Commitment) -> None:
    correct()
    rows = Paragraph.objects.filter(pk=second().pk)
    versions = ParagraphVersion.objects.all()
    for change in (
        lambda: rows.update(first_text="x"),
        lambda: versions.update(text="x"),
        lambda: versions.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_only_the_wording_of_one_paragraph_is_replaced_in_a_text() -> None:
    assert with_wording(TEXT, 3, "They stayed.") == TEXT.replace("left", "stayed")
    assert with_wording(TEXT, 1, "They met.\n2. They dined.") == TEXT.replace(
        "met.", "met. 2. They dined.", 1
    )
