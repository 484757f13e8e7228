"""Makes the Word templates that are shipped: ``python -m scripts.briefing_templates``.

It writes ``interchange/briefing/templates/en/``. The files are stored, so that nobody needs this script to
run the program. A template in another language goes into a folder beside ``en``.
"""

from pathlib import Path
from typing import Any

from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm

from scripts.briefing_styles import document_bytes, new_document, set_page

FOLDER = Path(__file__).parents[1] / "interchange" / "briefing" / "templates" / "en"


def documents() -> dict[str, bytes]:
    """The templates by the names of their files. The same on every run."""
    made = {"pack.docx": _pack(), "note.docx": _note(), "reply.docx": _reply()}
    return {name: document_bytes(document) for name, document in made.items()}


# -- the kinds ---------------------------------------------------------------------------------------------


def _pack() -> Any:
    document = new_document()
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
    document = new_document()
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
    document = new_document()
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
    set_page(section, landscape=True)
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


if __name__ == "__main__":
    for name, content in documents().items():
        (FOLDER / name).write_bytes(content)
        print(f"{FOLDER / name}: {len(content):,} bytes")
