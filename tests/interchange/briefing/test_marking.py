"""A document shows its classification on every page, or it is told why a reader may not see it."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor, Twips

from interchange.briefing.marking import marking_faults
from interchange.briefing.templates import languages, shipped
from tests import factories as make
from tests.interchange.briefing.conftest import word
from tests.interchange.briefing.test_templates import administrator, client, edited, errors, upload

__all__ = ["administrator", "client"]
MARKING = "SECRET"


def marked() -> Any:
    document = Document()
    for part in (document.sections[0].header, document.sections[0].footer):
        part.paragraphs[0].add_run(MARKING)
    return document


def header_run(document: Any) -> Any:
    return document.sections[0].header.paragraphs[0].runs[0]


def faults(document: Any) -> list[tuple[str, str, str]]:
    written = io.BytesIO()
    document.save(written)
    found = marking_faults(Document(io.BytesIO(written.getvalue())), MARKING)
    return [(each["fault"], each["detail"], each["why"]) for each in found]


def with_property(name: str, **attributes: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        element = OxmlElement(f"w:{name}", {qn(f"w:{key}"): each for key, each in attributes.items()})
        header_run(document)._r.get_or_add_rPr().append(element)

    return change


def in_block(name: str, **attributes: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        element = OxmlElement(f"w:{name}", {qn(f"w:{key}"): each for key, each in attributes.items()})
        document.sections[0].header.paragraphs[0]._p.get_or_add_pPr().append(element)

    return change


def by_style(document: Any) -> None:
    document.styles["Header"].font.color.rgb = RGBColor(0xFE, 0xFE, 0xFE)


def by_character_style(document: Any) -> None:
    style = document.styles.add_style("Quiet", 2)
    style.font.hidden = True
    header_run(document).style = style


def in_a_field(document: Any) -> None:
    paragraph = document.sections[0].header.paragraphs[0]
    for kind, add in (("begin", paragraph.runs[0]._r.addprevious), ("end", paragraph._p.append)):
        run = OxmlElement("w:r")
        run.append(OxmlElement("w:fldChar", {qn("w:fldCharType"): kind}))
        add(run)


def in_a_text_box(document: Any) -> None:
    run = header_run(document)
    run.text = ""
    box = f"<w:pict {nsdecls('w')}><w:txbxContent><w:p><w:r><w:t>{MARKING}</w:t></w:r></w:p></w:txbxContent>"
    run._r.append(parse_xml(f"{box}</w:pict>"))


def in_a_low_row(document: Any) -> None:
    header = document.sections[0].header
    header.paragraphs[0].clear()
    table = header.add_table(1, 1, Pt(400))
    table.cell(0, 0).text = MARKING
    table.rows[0].height, table.rows[0].height_rule = Twips(20), 2


def far_below(document: Any) -> None:
    document.sections[0].header_distance = Pt(5000)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (with_property("vanish"), "invisible"),
        (by_character_style, "invisible"),
        (with_property("rFonts", ascii="Wingdings"), "invisible"),
        (in_a_text_box, "invisible"),
        (with_property("color", val="FFFFFF"), "colour"),
        (with_property("color", val="000000", themeColor="background1"), "colour"),
        (by_style, "colour"),
        (with_property("highlight", val="black"), None),
        (with_property("sz", val="2"), "size"),
        (with_property("w", val="1"), "size"),
        (in_block("spacing", line="1", lineRule="exact"), "size"),
        (in_a_low_row, "size"),
        (with_property("position", val="3000"), "place"),
        (in_block("framePr", x="20000"), "place"),
        (in_block("ind", left="-9000"), "place"),
        (far_below, "place"),
        (in_a_field, "changing"),
        (with_property("color", val="C00000"), None),
        (with_property("vanish", val="0"), None),
    ],
)
def test_a_marking_that_nobody_sees_is_told(change: Callable[[Any], None], why: str | None) -> None:
    document = marked()
    change(document)
    assert faults(document) == ([] if why is None else [("hidden", "header", why)])


def test_a_white_marking_on_black_is_seen() -> None:
    document = marked()
    with_property("color", val="FFFFFF")(document)
    in_block("shd", val="clear", fill="000000")(document)
    assert faults(document) == []


def test_a_drawing_in_front_of_the_text_may_cover_the_marking() -> None:
    document = marked()
    drawing = (
        '<w:drawing {}><wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing" behindDoc="{}"><wp:wrapNone/></wp:anchor></w:drawing>'
    )
    run = document.add_paragraph().add_run()._r
    run.append(parse_xml(drawing.format(nsdecls("w"), "1")))
    assert faults(document) == []
    run.append(parse_xml(drawing.format(nsdecls("w"), "0")))
    assert faults(document) == [("covered", "", "")]


@pytest.mark.django_db
def test_an_upload_that_hides_the_classification_is_refused_and_told_why(client: Any) -> None:
    def white(document: Any) -> None:
        for run in document.sections[0].footer.paragraphs[0].runs:
            run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)

    found = errors(upload(client, edited(white)))
    assert found
    assert all(each.startswith("A footer contains the classification, but") for each in found)
    assert "too pale" in found[0]


@pytest.mark.django_db
def test_a_template_that_hides_the_classification_of_some_documents_makes_none_of_them(client: Any) -> None:
    def for_the_sample(document: Any) -> None:
        paragraph = document.sections[0].header.paragraphs[0]
        paragraph.clear()
        paragraph.add_run("{% if classification != 'UNCLASSIFIED' %}{{ classification }}{% endif %}")

    make.country("KH")
    assert upload(client, edited(for_the_sample)).status_code == 302
    answer = client.get("/countries/KH/pack.docx")
    assert answer.status_code == 503
    assert "A header lacks the placeholder" in answer.content.decode()


@pytest.mark.django_db
def test_the_shipped_templates_show_the_classification(client: Any) -> None:
    make.country("KH")
    assert languages()
    for language in languages():
        for kind in ("pack", "note", "reply"):
            content = shipped(kind, language)
            found = marking_faults(Document(io.BytesIO(content)), "{{ classification }}")
            assert list(found) == [], (language, kind)
    assert word(client, "/countries/KH/pack.docx")
