"""The document itself: classification, page numbers, repeated heads, scripts, and texts that stay texts."""

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from commitments.models import Commitment, Theme
from interchange.briefing.placeholders import sample
from interchange.briefing.rendering import check_template, filled
from interchange.briefing.templates import shipped
from scripts.briefing_templates import FOLDER, documents
from tests import factories as make
from tests.clients import client_as
from tests.interchange.briefing.conftest import word, words_of

pytestmark = pytest.mark.django_db
HOSTILE = "Road {{ 7*7 }} {% for x in y %} {_{ 1 }_} {{ ''.__class__ }} <w:p/> & \" ' ]]> {%tr endfor %} #}"
OF_LISTS = ("/commitments/pack.docx", "/commitments/reply.docx")
KHMER, VIETNAMESE = "ព្រំដែនគោករវាងប្រទេសទាំងពីរ", "Nâng cấp đường bộ biên giới"


@pytest.fixture(scope="module")
def hostile(kept_for_module: None) -> Commitment:
    """A commitment whose texts look like a template, XML and code, and are in several scripts."""
    paper = make.source(f"{HOSTILE}\n\nSecond.")
    said = make.FirstMention(make.meeting(slug="talks", title=HOSTILE), paper.paragraphs.get(number=1))
    pledge = make.commitment(
        title=HOSTILE,
        text=f"{KHMER} 2026 {VIETNAMESE}\nשלום עולם",
        mention=said,
        classification=2,
        agencies=(make.agency(),),
    )
    # What no form lets through, and a file might.
    Commitment.objects.filter(pk=pledge.pk).update(remarks="a\x07b\x0cc", deadline_wording="soon\x0b\ufffe")
    Theme.objects.update(name=f"{KHMER} {{{{ title }}}}")
    return Commitment.objects.get(pk=pledge.pk)


@pytest.fixture
def cleared(hostile: Commitment) -> Client:
    return client_as("officer", clearance=3)


@pytest.mark.parametrize(
    "address",
    [
        "/commitments/pack.docx",
        "/commitments/reply.docx",
        "/commitments/{}/note.docx",
        "/meetings/talks/pack.docx",
    ],
)
def test_what_somebody_typed_is_never_run_and_stays_as_typed(
    address: str, cleared: Client, hostile: Commitment
) -> None:
    text = words_of(word(cleared, address.format(hostile.reference)).element.body)
    assert HOSTILE in text
    assert "49" not in text


def test_control_characters_are_left_out(cleared: Client) -> None:
    text = words_of(word(cleared, "/commitments/reply.docx").element.body)
    assert "“soon”" in text


@pytest.mark.parametrize(
    "address",
    [
        "/commitments/pack.docx",
        "/commitments/reply.docx",
        "/commitments/{}/note.docx",
        "/countries/KH/pack.docx",
    ],
)
def test_every_page_says_its_classification_its_day_its_maker_and_its_number(
    address: str, cleared: Client, hostile: Commitment
) -> None:
    document = word(cleared, address.format(hostile.reference))
    for section in document.sections:
        assert words_of(section.header._element) == "CONFIDENTIAL"
        foot = words_of(section.footer._element)
        assert foot.startswith("CONFIDENTIAL\nAs of 16 January 2026. Made by ")
        fields = [each.get(qn("w:instr")) for each in section.footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_the_matrix_is_landscape_and_repeats_its_head(cleared: Client) -> None:
    document = word(cleared, "/countries/KH/pack.docx")
    assert [section.orientation for section in document.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    head, row = document.tables[-1].rows
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    assert row._tr.trPr.find(qn("w:cantSplit")) is not None
    assert [cell.text for cell in head.cells][:3] == ["Reference", "Status", "Lead agency"]


def runs(document: Any) -> list[tuple[str, set[str], dict[str, str]]]:
    """Text, properties and languages of each run."""
    found = []
    for run in document.element.body.iter(qn("w:r")):
        text = "".join(each.text or "" for each in run.iter(qn("w:t")))
        properties = run.find(qn("w:rPr"))
        names = {each.tag for each in properties} if properties is not None else set()
        language = properties.find(qn("w:lang")) if properties is not None else None
        found.append((text, names, dict(language.attrib) if language is not None else {}))
    return found


def test_khmer_is_set_as_a_complex_script_and_vietnamese_as_latin(cleared: Client) -> None:
    found = {
        text: (names, language) for text, names, language in runs(word(cleared, "/commitments/reply.docx"))
    }
    names, language = found[KHMER]
    assert qn("w:cs") in names
    assert language == {qn("w:bidi"): "km-KH"}
    names, language = found[f" 2026 {VIETNAMESE}"]
    assert qn("w:cs") not in names
    assert language == {qn("w:val"): "vi-VN"}
    names, language = found["שלום עולם"]
    assert {qn("w:cs"), qn("w:rtl")} <= names


def test_the_styles_name_a_font_for_complex_scripts() -> None:
    with zipfile.ZipFile(io.BytesIO(shipped("pack"))) as archive:
        styles = archive.read("word/styles.xml").decode()
    assert 'w:cs="Leelawadee UI"' in styles
    assert 'w:bidi="km-KH"' in styles


@pytest.mark.parametrize("kind", ["pack", "note", "reply"])
def test_a_shipped_template_passes_the_check_of_an_upload(kind: str) -> None:
    check_template(shipped(kind), kind)


@pytest.mark.parametrize("kind", ["pack", "note", "reply"])
def test_the_shipped_files_are_those_that_the_script_makes(kind: str) -> None:
    def members(content: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert members((FOLDER / f"{kind}.docx").read_bytes()) == members(documents()[f"{kind}.docx"])


def test_a_text_of_many_lines_and_any_length_stays_whole() -> None:
    long = "\n".join(f"Line {n} of a long text." for n in range(2000))
    found = sample("note") | {"title": long}
    found["commitment"] |= {"content": "x" * 200_000}
    with zipfile.ZipFile(io.BytesIO(filled(shipped("note"), found))) as archive:
        text = archive.read("word/document.xml").decode()
    assert "Line 1999 of a long text." in text
    assert "x" * 200_000 in text


def test_a_paragraph_of_a_source_is_quoted_to_the_letter(cleared: Client) -> None:
    quoted = [each.text for each in word(cleared, "/countries/KH/pack.docx").paragraphs]
    assert f"“{HOSTILE}”" in quoted
