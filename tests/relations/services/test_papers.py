"""Papers of each kind are read as a person reads them: Word documents and PDFs, made here."""

import pytest

from relations.choices import ParagraphRole
from relations.services.paper_structure import read_paper
from relations.services.text_extraction import extract_text
from tests.relations.services.documents import Placed, placed_pdf
from tests.relations.services.office import STRICT, docx, in_list, level, numbering, p

DECIMAL = numbering(level(0, "decimal", "%1."))


def read(name: str, content: bytes) -> list[tuple[str, str]]:
    """The paragraphs of a file as (label, text). A heading or a note has its role before its label."""
    return [
        (
            each.label if each.role == ParagraphRole.PARAGRAPH else f"{each.role} {each.label}".strip(),
            each.text,
        )
        for each in read_paper(extract_text(name, content).text)
    ]


def word(body: str, **parts: str) -> list[tuple[str, str]]:
    return read("paper.docx", docx(body, **parts))


def labels(body: str, **parts: str) -> list[str]:
    return [label for label, _text in word(body, **parts)]


# -- Word ------------------------------------------------------------------------------------------------


def test_automatic_numbers_are_labels() -> None:
    body = p("Minutes of the Session") + in_list("They met.") + in_list("They spoke.") + in_list("They left.")
    assert labels(body, numbering=DECIMAL) == ["heading", "1", "2", "3"]


@pytest.mark.parametrize(
    ("shape", "text", "expected"),
    [
        ("lowerLetter", "(%1)", ["(a)", "(b)"]),
        ("lowerRoman", "%1)", ["i", "ii"]),
        ("upperLetter", "%1)", ["A", "B"]),
        ("decimal", "§ %1", ["1", "2"]),
        ("decimal", "Article %1.", ["Article 1", "Article 2"]),
        ("khmerNumbers", "%1.", ["១", "២"]),
        ("decimalZero", "%1)", ["01", "02"]),
    ],
)
def test_automatic_numbers_are_written_as_word_writes_them(
    shape: str, text: str, expected: list[str]
) -> None:
    body = in_list("They met in spring.") + in_list("They spoke of trade.")
    assert labels(body, numbering=numbering(level(0, shape, text))) == expected


def test_levels_of_a_list_restart_below_each_item() -> None:
    lists = numbering(level(0, "decimal", "%1."), level(1, "lowerLetter", "(%2)"))
    body = (
        in_list("They will:")
        + in_list("open a gate;", level=1)
        + in_list("build a road.", level=1)
        + in_list("They agreed:")
        + in_list("to meet.", level=1)
    )
    assert labels(body, numbering=lists) == ["1", "1 (a)", "1 (b)", "2", "2 (a)"]


def test_a_legal_list_writes_the_numbers_above_as_decimals() -> None:
    lists = numbering(level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    body = in_list("Trade") + in_list("They met.", level=1) + in_list("They spoke.", level=1)
    assert labels(body, numbering=lists) == ["heading I", "1.1", "1.2"]


def test_a_list_that_begins_again_begins_where_it_says() -> None:
    lists = numbering(
        level(0, "decimal", "%1."),
        lists='<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>',
    )
    body = (
        in_list("They met.") + in_list("They spoke.") + in_list("They left.", 2) + in_list("They wrote.", 2)
    )
    found = read_paper(extract_text("paper.docx", docx(body, numbering=lists)).text)
    assert [(each.label, bool(each.doubt)) for each in found] == [
        ("1", False),
        ("2", False),
        ("7", True),
        ("8", False),
    ]


def test_a_style_may_number_and_hide() -> None:
    styles = (
        '<w:style w:styleId="Point"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Below"><w:basedOn w:val="Point"/></w:style>'
        '<w:style w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="Top"><w:name w:val="heading 1"/></w:style>'
    )
    body = (
        p("Trade", '<w:pStyle w:val="Top"/>')
        + p("They met.", '<w:pStyle w:val="Point"/>')
        + p("Not to be read.", '<w:pStyle w:val="Secret"/>')
        + p("They spoke.", '<w:pStyle w:val="Below"/>')
        + p("Nor this.", run="<w:vanish/>")
    )
    assert word(body, numbering=DECIMAL, styles=styles) == [
        ("heading", "Trade"),
        ("1", "They met."),
        ("2", "They spoke."),
    ]


def test_symbols_hyphens_and_breaks_are_characters() -> None:
    body = (
        '<w:p><w:r><w:t>Trade </w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t> 20 billion, well</w:t>'
        "<w:noBreakHyphen/><w:t>known.</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>1. They met.</w:t><w:br/><w:t>2. They spoke.</w:t></w:r></w:p>"
    )
    assert word(body) == [
        ("", "Trade ≥ 20 billion, well-known."),
        ("1", "They met."),
        ("2", "They spoke."),
    ]


def test_footnotes_hang_on_their_paragraph_and_are_not_digits_of_it() -> None:
    body = (
        '<w:p><w:r><w:t>1. The treaty of 2019</w:t><w:footnoteReference w:id="2"/><w:t> stands.</w:t></w:r>'
        "</w:p>" + p("2. They met.")
    )
    notes = f'<w:footnote w:id="2">{p("Not in force.")}</w:footnote>'
    assert word(body, footnotes=notes) == [
        ("1", "The treaty of 2019 stands."),
        ("note", "Not in force."),
        ("2", "They met."),
    ]


def test_a_table_is_read_row_by_row_with_its_heads() -> None:
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in (("Project", "Office"), ("Bridge", "Ministry 1"), ("Road", "Ministry 2"))
    )
    assert [
        text for _label, text in word(p("1. They build:") + f"<w:tbl>{rows}</w:tbl>" + p("2. They met."))
    ] == [
        "They build:",
        "Project | Office",
        "Project: Bridge | Office: Ministry 1",
        "Project: Road | Office: Ministry 2",
        "They met.",
    ]


def test_a_text_box_is_read_and_a_header_is_named() -> None:
    box = (
        f"<w:p><w:r><w:t>They met.</w:t><w:pict><w:txbxContent>{p('In the box.')}</w:txbxContent></w:pict>"
        "</w:r></w:p>"
    )
    content = docx(box, header=p("For official use"))
    extracted = extract_text("paper.docx", content)
    assert read("paper.docx", content) == [("", "They met."), ("", "In the box.")]
    assert "“For official use”" in extracted.cautions[0]


def test_a_deleted_mark_joins_and_deleted_text_is_not_read() -> None:
    body = (
        p("They agreed", "<w:rPr><w:del/></w:rPr>")
        + p("to meet.")
        + "<w:p><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>New.</w:t></w:r></w:ins></w:p>"
    )
    assert [text for _label, text in word(body)] == ["They agreed to meet.", "New."]


def test_a_strict_document_and_one_with_a_missing_part_open() -> None:
    body = p("1. They met.") + p("2. They spoke.")
    expected = [("1", "They met."), ("2", "They spoke.")]
    assert read("paper.docx", docx(body, namespace=STRICT)) == expected
    assert read("paper.docx", docx(body, dangling=True)) == expected


# -- PDF -------------------------------------------------------------------------------------------------


def column(left: int, first: int, last: int, *, top: int = 760) -> list[Placed]:
    """The points from ``first`` to ``last`` below each other, each on two lines of a column."""
    lines = []
    for place, n in enumerate(range(first, last + 1)):
        lines.append((left, top - 36 * place, 9, f"{n}. They agreed on point"))
        lines.append((left, top - 36 * place - 12, 9, "and report on it soon."))
    return lines


@pytest.mark.parametrize("lefts", [(60, 320), (40, 220, 400)])
def test_columns_are_read_one_after_the_other(lefts: tuple[int, ...]) -> None:
    page = [each for n, left in enumerate(lefts) for each in column(left, 8 * n + 1, 8 * n + 8)]
    found = read("paper.pdf", placed_pdf(sorted(page, key=lambda each: -each[1])))
    assert [label for label, _text in found] == [str(n) for n in range(1, 8 * len(lefts) + 1)]
    assert {text for _label, text in found} == {"They agreed on point and report on it soon."}


def body(*lines: str) -> list[Placed]:
    """The lines of a page."""
    return [(60, 740 - 14 * place, 11, line) for place, line in enumerate(lines) if line]


def test_heads_of_left_and_right_pages_and_page_numbers_are_left_out_and_named() -> None:
    heads = ("Joint Commission", "Agreed Minutes")
    pages = []
    for n in range(1, 8):
        pages.append(
            [
                (60, 800, 9, heads[n % 2]),
                *body(f"{n}. They agreed on the matter of the year {2000 + n}, which they had", "talked of."),
                (290, 30, 9, f"- {n} -"),
            ]
        )
    extracted = extract_text("paper.pdf", placed_pdf(*pages))
    assert "“Agreed Minutes”, “Joint Commission”" in extracted.cautions[0]
    found = read_paper(extracted.text)
    assert [each.label for each in found] == [str(n) for n in range(1, 8)]
    assert found[0].text == "They agreed on the matter of the year 2001, which they had talked of."


def test_a_head_of_two_pages_is_left_out() -> None:
    pages = [
        [(60, 800, 9, "For official use"), *body(f"{n}. They agreed on it, in the year {2020 + n} or so.")]
        for n in (1, 2)
    ]
    extracted = extract_text("paper.pdf", placed_pdf(*pages))
    assert [each.text for each in read_paper(extracted.text)] == [
        "They agreed on it, in the year 2021 or so.",
        "They agreed on it, in the year 2022 or so.",
    ]


def test_a_sentence_that_stands_on_every_page_is_kept() -> None:
    pages = [
        body(f"{n}. They agreed that the ministries shall report to the", "session in spring.")
        for n in (1, 2, 3)
    ]
    extracted = extract_text("paper.pdf", placed_pdf(*pages))
    assert extracted.cautions == ()
    assert [each.text for each in read_paper(extracted.text)] == [
        "They agreed that the ministries shall report to the session in spring."
    ] * 3


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("for the good of both and of the neigh-", "bourhood of the river.", "of the neighbourhood of"),
        ("at the invitation of the Government of the", "Republic on the river.", "of the Republic on"),
        ("that the first of the lanes shall be open in", "2027 at the latest.", "open in 2027 at"),
        (
            "that the first of the lanes shall be open on the",
            "2. July 2027 at the latest.",
            "on the 2. July 2027",
        ),
    ],
)
def test_a_sentence_over_a_page_turn_stays_one(before: str, after: str, joined: str) -> None:
    first = body("1. The two sides agreed, as they had done in many a year before this one,", before)
    found = read("paper.pdf", placed_pdf(first, body(after, "", "2. They met.")))
    assert [label for label, _text in found] == ["1", "2"]
    assert joined in found[0][1]
    assert "\n" not in found[0][1]


def test_a_raised_number_is_a_footnote_and_not_a_digit_of_the_year() -> None:
    page = [
        # The second piece is raised and smaller, on the same line.
        (60, 740, 11, "1. The two sides recalled the treaty of 2019) Tj /F1 6 Tf 5 Ts (1"),
        (60, 712, 11, "2. They met."),
        (60, 60, 7, "1 Not in force."),
    ]
    assert read("paper.pdf", placed_pdf(page)) == [
        ("1", "The two sides recalled the treaty of 2019"),
        ("note", "Not in force."),
        ("2", "They met."),
    ]


def test_a_table_of_a_pdf_is_read_row_by_row() -> None:
    page = [
        *body("1. They build what stands in this table, as both sides agreed."),
        *[
            (left, 700 - 16 * row, 10, cell)
            for row, cells in enumerate((("Project", "Office", "Year"), ("Bridge", "Ministry A", "2027")))
            for left, cell in zip((60, 220, 400), cells, strict=True)
        ],
        (60, 640, 11, "2. They met."),
    ]
    assert [text for _label, text in read("paper.pdf", placed_pdf(page))][1:] == [
        "Project | Office | Year",
        "Project: Bridge | Office: Ministry A | Year: 2027",
        "They met.",
    ]
