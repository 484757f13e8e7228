"""A paper in two languages side by side is offered as two texts, never as one that goes to and fro."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.documents.kinds import Kind
from core.documents.reading import Document
from relations.models import Paper, Source
from relations.services.paper_structure import read_paper
from relations.services.side_by_side import side_by_side
from relations.services.text_extraction import extract_text
from tests.clients import client_as
from tests.html import form_of, text_of
from tests.pages.recording.test_meeting import NEW, filled
from tests.relations.services.documents import placed_pdf, word

ENGLISH = (
    "Article 1. The sides agree to open a gate before the end of the year and to report on it.",
    "Article 2. The sides agree to hold a fair in the capital in March and to invite those of both.",
    "Article 3. The sides exchange information on crime across the border under the law of each of them.",
)
FRENCH = (
    "Article 1. Les parties conviennent de construire un poste avant la fin du mois et de faire rapport.",
    "Article 2. Les parties conviennent de tenir une foire dans la capitale en mars avec les deux pays.",
    "Article 3. Les parties se donnent des informations sur les crimes dans le respect de leurs lois.",
)


def two_columns(left: tuple[str, ...], right: tuple[str, ...]) -> bytes:
    """A page with ``left`` beside ``right``, each wrapped into lines of a column."""
    placed = [(60, 800, 11, "TREATY")]
    for x, texts in ((60, left), (320, right)):
        low = 770
        for text in texts:
            words, line = text.split(), ""
            for each in [*words, ""]:
                if not each or len(f"{line} {each}") > 38:
                    placed.append((x, low, 11, line.strip()))
                    low, line = low - 14, ""
                line += f" {each}"
            low -= 14
    return placed_pdf(placed)


def word_table(left: tuple[str, ...], right: tuple[str, ...]) -> bytes:
    return word(rows=tuple(zip(left, right, strict=True)))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", two_columns(ENGLISH, FRENCH)), ("a.docx", word_table(ENGLISH, FRENCH))],
)
def test_each_language_is_a_text_of_its_own(name: str, content: bytes) -> None:
    first = extract_text(name, content)
    assert (first.languages, first.language) == (("en", "fr"), "en")
    second = extract_text(name, content, language="fr")
    assert second.language == "fr"
    for found, texts in ((first, ENGLISH), (second, FRENCH)):
        paper = [each for each in read_paper(found.text) if each.label]
        assert [each.label for each in paper] == ["Article 1", "Article 2", "Article 3"]
        assert [f"{each.mark} {each.text}" for each in paper] == list(texts)
    assert extract_text(name, content, language="km").language == "en"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", two_columns(ENGLISH, ENGLISH)), ("a.docx", word_table(ENGLISH, ENGLISH))],
)
def test_columns_of_one_language_are_one_text(name: str, content: bytes) -> None:
    assert extract_text(name, content).languages == ()


def test_a_few_words_of_another_language_make_no_second_text() -> None:
    short = Document(
        Kind.DOCX, ("The sides agreed. " * 30, "a | b"), beside=((1, 2, (ENGLISH[0], FRENCH[0])),)
    )
    long = Document(Kind.DOCX, ("The sides met.", "a | b"), beside=((1, 2, (ENGLISH[0], FRENCH[0])),))
    assert side_by_side(short) is None
    assert side_by_side(long) is not None


@pytest.mark.django_db
def test_a_person_chooses_which_text_is_recorded_and_the_file_keeps_the_other(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    officer: Client = client_as("officer")
    file = SimpleUploadedFile("treaty.docx", word_table(ENGLISH, FRENCH))
    shown = officer.post(NEW, filled(**{"document-text": "", "document-file": file, "read": ""}))
    assert "This paper has its text in several languages side by side." in text_of(shown)
    fields = {name: values[0] for name, values in form_of(shown).items() if name.startswith("document-")}
    assert fields["document-language"] == "en"
    chosen = officer.post(NEW, filled(**fields, **{"in-language": "fr"}))
    fields = {name: values[0] for name, values in form_of(chosen).items() if name.startswith("document-")}
    assert fields["document-language"] == "fr"
    assert officer.post(NEW, filled(**fields)).status_code == 302
    source = Source.objects.get()
    assert "Les parties conviennent" in source.text
    assert "The sides" not in source.text
    assert source.note == "The file has the text in English too, beside the one in French."
    assert Paper.objects.get().source == source
