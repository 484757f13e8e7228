"""The page and the styles of the shipped Word templates, which ``scripts.briefing_templates`` makes."""

import datetime as dt
import io
import zipfile
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor

FONT = "Arial"
KHMER_FONT = "Leelawadee UI"
"""On every Windows. Other systems take fonts with the same letters: Noto Sans, Noto Sans Khmer."""
INK, QUIET, ACCENT = RGBColor(0x1B, 0x1F, 0x24), RGBColor(0x5A, 0x62, 0x6B), RGBColor(0x1C, 0x3D, 0x70)
_MADE_ON = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
_ZIPPED_ON = (2026, 11, 30, 0, 0, 0)


def new_document() -> Any:
    """An empty document with our styles, its page, and the classification above and below."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "{{ title }}", "{{ made_by }}", ""
    properties.created = properties.modified = _MADE_ON
    _styles(document)
    section = document.sections[0]
    set_page(section, landscape=False)
    _marked(section)
    return document


def set_page(section: Any, *, landscape: bool) -> None:
    """Make the pages of ``section`` A4."""
    short, long = Cm(21.0), Cm(29.7)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.left_margin = section.right_margin = Cm(2.25)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1.0)


def _marked(section: Any) -> None:
    """Header and footer with the classification; the footer says when, by whom, and which page it is."""
    head = section.header.paragraphs[0]
    head.style, head.alignment = "Marking", WD_ALIGN_PARAGRAPH.CENTER
    head.add_run("{{ classification }}")
    foot = section.footer.paragraphs[0]
    foot.style, foot.alignment = "Marking", WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("{{ classification }}")
    line = section.footer.add_paragraph(style="Small")
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run("As of {{ as_of }}. Made by {{ made_by }}, {{ made_at }}. Page ")
    _field(line, "PAGE")
    line.add_run(" of ")
    _field(line, "NUMPAGES")


def _field(paragraph: Any, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _font(normal, 10, INK)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(4), 1.12
    for name, size, before, after in (
        ("Title", 20, 0, 2),
        ("Heading 1", 13, 16, 5),
        ("Heading 2", 10.5, 10, 2),
    ):
        style = document.styles[name]
        _font(style, size, ACCENT if name != "Heading 2" else INK, bold=True)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = True
        borders = style.element.pPr.find(qn("w:pBdr"))
        if borders is not None:
            style.element.pPr.remove(borders)
    for name, size, colour, bold in (
        ("Marking", 10, INK, True),
        ("Small", 8, QUIET, False),
        ("Cell", 9, INK, False),
        ("Cell head", 8.5, QUIET, True),
        ("Cell sum", 9, INK, True),
        ("Quotation", 10, INK, False),
        ("Source line", 8.5, QUIET, False),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, size, colour, bold=bold)
        style.paragraph_format.space_after = Pt(2)
    theme = document.styles.add_style("Theme", WD_STYLE_TYPE.PARAGRAPH)
    theme.base_style = normal
    _font(theme, 9.5, QUIET, bold=True)
    theme.paragraph_format.space_before, theme.paragraph_format.space_after = Pt(12), Pt(0)
    theme.paragraph_format.keep_with_next = True
    sums = document.styles.add_style("Cell of sums", WD_STYLE_TYPE.PARAGRAPH)
    sums.base_style = document.styles["Cell"]
    for style in (sums, document.styles["Cell sum"]):
        style.paragraph_format.keep_with_next = True
    quotation = document.styles["Quotation"].paragraph_format
    quotation.left_indent, quotation.keep_with_next = Cm(0.6), True
    source = document.styles["Source line"].paragraph_format
    source.left_indent = Cm(0.6)


def _font(style: Any, size: float, colour: RGBColor, *, bold: bool = False) -> None:
    """The font of ``style``, for Latin and for complex scripts alike."""
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = colour
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for kind, font in (("ascii", FONT), ("hAnsi", FONT), ("eastAsia", FONT), ("cs", KHMER_FONT)):
        fonts.set(qn(f"w:{kind}"), font)
    for tag, value in (("w:bCs", "1" if bold else "0"), ("w:szCs", str(int(size * 2)))):
        _set(properties, tag, {"w:val": value})
    _set(properties, "w:lang", {"w:val": "en-GB", "w:eastAsia": "en-GB", "w:bidi": "km-KH"})


_ORDER = [
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "caps",
    "smallCaps",
    "strike",
    "outline",
    "shadow",
    "noProof",
    "vanish",
    "color",
    "spacing",
    "w",
    "kern",
    "position",
    "sz",
    "szCs",
    "highlight",
    "u",
    "effect",
    "bdr",
    "shd",
    "vertAlign",
    "rtl",
    "cs",
    "em",
    "lang",
]


def _set(properties: Any, tag: str, values: dict[str, str]) -> None:
    """Set the property ``tag`` of a run at its place in the order of the schema."""
    old = properties.find(qn(tag))
    if old is not None:
        properties.remove(old)
    new = OxmlElement(tag)
    for name, value in values.items():
        new.set(qn(name), value)
    later = {qn(f"w:{each}") for each in _ORDER[_ORDER.index(tag.removeprefix("w:")) + 1 :]}
    place = next((n for n, child in enumerate(properties) if child.tag in later), len(properties))
    properties.insert(place, new)


def document_bytes(document: Any) -> bytes:
    """The file, with the same bytes on every run."""
    written, again = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as made, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in made.namelist():
            fixed.writestr(zipfile.ZipInfo(name, _ZIPPED_ON), made.read(name), zipfile.ZIP_DEFLATED)
    return again.getvalue()
