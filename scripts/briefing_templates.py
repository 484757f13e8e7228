"""Makes the Word templates that are shipped: ``python -m scripts.briefing_templates``.

It writes ``interchange/briefing/templates/en/``. The files are stored, so that nobody needs this script to
run the program. A template in another language goes into a folder beside ``en``.
"""

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor

FOLDER = Path(__file__).parents[1] / "interchange" / "briefing" / "templates" / "en"
FONT = "Arial"
KHMER_FONT = "Leelawadee UI"
"""On every Windows. Other systems take fonts with the same letters: Noto Sans, Noto Sans Khmer."""
INK, QUIET, ACCENT = RGBColor(0x1B, 0x1F, 0x24), RGBColor(0x5A, 0x62, 0x6B), RGBColor(0x1C, 0x3D, 0x70)
_MADE_ON = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
_ZIPPED_ON = (2026, 11, 30, 0, 0, 0)


def documents() -> dict[str, bytes]:
    """The templates by the names of their files. The same on every run."""
    return {"pack.docx": _bytes(_pack()), "note.docx": _bytes(_note()), "reply.docx": _bytes(_reply())}


# -- the kinds ---------------------------------------------------------------------------------------------


def _pack() -> Any:
    document = _new()
    _head(document)
    _facts(document)
    _leaders(document)
    _standing(document)
    _agencies(document)
    listed = ("No.", "Commitment", "Who must act", "Lead agency", "Deadline")
    usual = ("{{ c.number }}", _TITLE, "{{ c.obligated }}", "{{ c.lead_agency }}", "{{ c.timeline }}")
    _section(
        document,
        "Delivered {{ since }}",
        "delivered",
        (*listed[:4], "What was done"),
        (*usual[:4], "{{ c.done }}"),
    )
    _section(document, "Overdue", "overdue", listed, (*usual[:4], "{{ c.timeline }}\n{{ c.overdue }}"))
    _section(document, "Stalled", "stalled", (*listed[:4], "Obstacle"), (*usual[:4], "{{ c.obstacle }}"))
    _section(
        document,
        "Awaiting decision",
        "awaiting",
        (*listed[:4], "Proposed"),
        (*usual[:4], "{{ c.proposed_outcome }}"),
    )
    _section(document, "No progress reported", "no_report", listed, usual)
    for heading, name in (
        ("Requested of us, not answered", "requested_of_us"),
        ("Requested of the other side, not answered", "requested_of_them"),
        ("Requested of both sides, not answered", "requested_of_both"),
    ):
        _section(document, heading, name, (*listed[:4], "Since"), (*usual[:4], "{{ c.made_on }}"))
    _section(
        document,
        "Not mentioned again",
        "silent",
        (*listed[:4], "Last mentioned"),
        (*usual[:4], "{{ c.last_mention_at }}"),
        note="{{ silence }}",
    )
    _points(document, "To raise", "points")
    _points(document, "What the other side may raise", "expected")
    _section(
        document,
        "To reaffirm",
        "reaffirm",
        (*listed[:4], "Last mentioned"),
        (*usual[:4], "{{ c.last_mention_at }}"),
    )
    _matrix(document)
    return document


_TITLE = "{{ c.title }}\n{{ c.reference }}"


def _reply() -> Any:
    document = _new()
    _head(document)
    _facts(document)
    _paragraph(document, "{%p for c in matrix %}")
    _paragraph(document, "{{ c.number }}. {{ c.title }}", "Heading 2")
    table = _table(document, (3.6, 12.9))
    for label, value in (
        ("Reference", "{{ c.reference }}"),
        ("Undertaking", "{{ c.content }}"),
        ("Who must act", "{{ c.obligated }}"),
        ("Lead agency", "{{ c.lead_agency }}"),
        ("Deadline", "{{ c.timeline }}"),
        ("Status", "{{ c.status }}{% if c.overdue %}, {{ c.overdue }}{% endif %}"),
        ("What was done", "{{ c.done }}"),
    ):
        _row_if_told(table, label, value)
    _paragraph(document, "{%p endfor %}")
    return document


def _note() -> Any:
    document = _new()
    _head(document)
    _paragraph(document, "{{ commitment.content }}")
    _paragraph(document, "{%p if commitment.wording %}")
    _quote(document, "commitment")
    _paragraph(document, "{%p endif %}")
    table = _table(document, (4.2, 12.3))
    for label, name in (
        ("Status", "{{ commitment.status }}{% if commitment.overdue %}, {{ commitment.overdue }}{% endif %}"),
        ("Deadline", "{{ commitment.timeline }}"),
        ("Who must act", "{{ commitment.obligated }}"),
        ("Parties", "{{ commitment.parties }}"),
        ("Lead agency", "{{ commitment.lead_agency }}"),
        ("Supporting agencies", "{{ commitment.support_agencies }}"),
        (
            "First mentioned",
            "{{ commitment.made_at }}{% if commitment.made_on %}, {{ commitment.made_on }}{% endif %}",
        ),
        ("Mentioned", "{{ commitment.presence }}"),
        ("What was done", "{{ commitment.done }}"),
        ("Challenges", "{{ commitment.challenges }}"),
        ("Recommendations", "{{ commitment.recommendations }}"),
        ("Evidence", "{{ commitment.evidence_titles }}"),
    ):
        _row_if_told(table, label, name)
    _paragraph(document, "{%p if history %}")
    _paragraph(document, "History", "Heading 1")
    table = _table(document, (3.2, 4.6, 8.7), ("Day", "Change", "Note"))
    _loop(table, "history", "h", ("{{ h.day }}", "{{ h.change }}", "{{ h.note }}"))
    _paragraph(document, "{%p endif %}")
    return document


# -- parts of a document -----------------------------------------------------------------------------------


def _new() -> Any:
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "{{ title }}", "{{ made_by }}", ""
    properties.created = properties.modified = _MADE_ON
    _styles(document)
    section = document.sections[0]
    _page(section, landscape=False)
    _marked(section)
    return document


def _page(section: Any, *, landscape: bool) -> None:
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


def _paragraph(document: Any, text: str, style: str = "Normal") -> Any:
    return document.add_paragraph(text, style=style)


def _head(document: Any) -> None:
    _paragraph(document, "{%p if register %}")
    _paragraph(document, "{{ register }}", "Small")
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{{ title }}", "Title")
    _paragraph(document, "{%p if subtitle %}")
    _paragraph(document, "{{ subtitle }}")
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "As of {{ as_of }}. {{ as_of_note }} {{ scope }} {{ left_out }}", "Small")


def _facts(document: Any) -> None:
    _paragraph(document, "{%p if facts %}")
    table = _table(document, (4.2, 12.3))
    _loop(table, "facts", "f", ("{{ f.label }}", "{{ f.value }}"), first_is_label=True)
    _paragraph(document, "{%p endif %}")


def _leaders(document: Any) -> None:
    _paragraph(document, "{%p if leaders %}")
    _paragraph(document, "Who leads", "Heading 1")
    table = _table(document, (3.6, 5.0, 7.9), ("Country", "Name", "Office at that meeting"))
    _loop(table, "leaders", "p", ("{{ p.country }}", "{{ p.person }}", "{{ p.office }}"))
    _paragraph(document, "{%p endif %}")


def _agencies(document: Any) -> None:
    _paragraph(document, "{%p if agencies %}")
    _paragraph(document, "Lead agencies", "Heading 1")
    table = _table(document, (13.5, 3.0), ("Agency", "Open"))
    _loop(table, "agencies", "a", ("{{ a.name }}", "{{ a.open }}"))
    _paragraph(document, "{%p endif %}")


def _standing(document: Any) -> None:
    _paragraph(document, "What stands between the sides", "Heading 1")
    heads = ("Status", "{{ home }} alone", "Others alone", "Both", "All")
    table = _table(document, (5.3, 3.2, 2.8, 2.6, 2.6), heads)
    cells = tuple(f"{{{{ s.{name} }}}}" for name in ("label", "ours", "theirs", "joint", "all"))
    for instruction, style in (
        ("{%tr for s in standing %}", ""),
        ("{%tr if s.is_group %}", ""),
        ("", "Cell sum"),
        ("{%tr else %}", ""),
        ("", "Cell of sums"),
        ("{%tr endif %}", ""),
        ("{%tr endfor %}", ""),
    ):
        if instruction:
            table.add_row().cells[0].text = instruction
        else:
            _row(table, cells, style=style)


def _section(
    document: Any, heading: str, name: str, heads: tuple[str, ...], cells: tuple[str, ...], *, note: str = ""
) -> None:
    """A list of commitments. A session says so where there are none; elsewhere the section is left out."""
    _paragraph(document, f"{{%p if {name} or is_session %}}")
    _paragraph(document, heading, "Heading 1")
    if note:
        _paragraph(document, note, "Small").paragraph_format.keep_with_next = True
    _paragraph(document, f"{{%p if {name} %}}")
    table = _table(document, (1.0, 6.4, 2.6, 3.3, 3.2), heads)
    _loop(table, name, "c", cells)
    _paragraph(document, "{%p else %}")
    _paragraph(document, "None.", "Small")
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{%p endif %}")


def _points(document: Any, heading: str, name: str) -> None:
    """What to say: the point, the words, where they stand, who acts, until when."""
    _paragraph(document, f"{{%p if {name} %}}")
    _paragraph(document, heading, "Heading 1")
    _paragraph(document, f"{{%p for c in {name} %}}")
    _paragraph(document, "{%p if c.opens_theme %}")
    _paragraph(document, "{{ c.theme }}", "Theme")
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{{ c.number }}. {{ c.title }}", "Heading 2")
    _paragraph(document, "{{ c.reason }}.", "Normal").paragraph_format.keep_with_next = True
    _paragraph(document, "{%p if c.wording %}")
    _quote(document, "c")
    _paragraph(document, "{%p endif %}")
    _paragraph(
        document,
        "{{ c.reference }}. Who must act: {{ c.obligated }}.{% if c.lead_agency %} Lead agency: "
        "{{ c.lead_agency }}.{% endif %}{% if c.deadline %} Deadline: “{{ c.deadline }}”.{% endif %}",
        "Source line",
    )
    _paragraph(document, "{%p endfor %}")
    _paragraph(document, "{%p endif %}")


def _quote(document: Any, name: str) -> None:
    _paragraph(document, f"“{{{{ {name}.wording }}}}”", "Quotation")
    line = "{{ %s.source }}. {{ %s.said_at }}{%% if %s.said_on %%}, {{ %s.said_on }}{%% endif %%}" % (
        (name,) * 4
    )
    _paragraph(document, line, "Source line")


def _matrix(document: Any) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section, landscape=True)
    _paragraph(document, "Annex: follow-up matrix", "Heading 1")
    heads = (
        "Reference",
        "Status",
        "Lead agency",
        "Partner",
        "Content",
        "Timeline",
        "Challenges",
        "Recommendations",
    )
    names = (
        "reference",
        "status",
        "lead_agency",
        "partner",
        "content",
        "timeline",
        "challenges",
        "recommendations",
    )
    _paragraph(document, "{%p if matrix %}")
    table = _table(document, (3.1, 2.3, 3.3, 2.1, 5.4, 3.0, 2.7, 3.3), heads)
    _loop(table, "matrix", "c", tuple(f"{{{{ c.{name} }}}}" for name in names))
    _paragraph(document, "{%p else %}")
    _paragraph(document, "None.", "Small")
    _paragraph(document, "{%p endif %}")


# -- tables ------------------------------------------------------------------------------------------------


def _table(document: Any, widths: tuple[float, ...], heads: tuple[str, ...] = ()) -> Any:
    table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for edge, size, colour in (("top", "6", "5A626B"), ("bottom", "6", "5A626B"), ("insideH", "4", "D5D9DE")):
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    layout = properties.find(qn("w:tblLayout"))
    (layout.addprevious if layout is not None else properties.append)(borders)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    table._widths = widths
    if heads:
        row = _row(table, heads, style="Cell head")
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def _row(table: Any, texts: tuple[str, ...], *, style: str = "Cell", first_is_label: bool = False) -> Any:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for n, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        first, *others = text.split("\n")
        cell.paragraphs[0].text = first
        cell.paragraphs[0].style = "Cell head" if first_is_label and n == 0 else style
        for other in others:
            cell.add_paragraph(other, style="Source line").paragraph_format.left_indent = Cm(0)
    return row


def _row_if_told(table: Any, label: str, text: str) -> None:
    """A row of a label and a text, if its first placeholder is not empty."""
    first = text.partition("{{ ")[2].partition(" }}")[0]
    table.add_row().cells[0].text = f"{{%tr if {first} %}}"
    _row(table, (label, text), first_is_label=True)
    table.add_row().cells[0].text = "{%tr endif %}"


def _loop(table: Any, name: str, one: str, cells: tuple[str, ...], *, first_is_label: bool = False) -> None:
    table.add_row().cells[0].text = f"{{%tr for {one} in {name} %}}"
    _row(table, cells, first_is_label=first_is_label)
    table.add_row().cells[0].text = "{%tr endfor %}"


def _bytes(document: Any) -> bytes:
    """The file, with the same bytes on every run."""
    written, again = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as made, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in made.namelist():
            fixed.writestr(zipfile.ZipInfo(name, _ZIPPED_ON), made.read(name), zipfile.ZIP_DEFLATED)
    return again.getvalue()


if __name__ == "__main__":
    for name, content in documents().items():
        (FOLDER / name).write_bytes(content)
        print(f"{FOLDER / name}: {len(content):,} bytes")
