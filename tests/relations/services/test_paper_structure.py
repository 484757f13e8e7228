"""A paper is read into paragraphs with the labels that they bear on it."""

import time

import pytest

from relations.choices import ParagraphRole
from relations.services.paper_edits import as_text
from relations.services.paper_structure import Doubt, PaperParagraph, read_paper

H = "heading"


def read(text: str) -> list[tuple[str, str]]:
    """The paragraphs of ``text`` as (label, text). A heading or a note has its role before its label."""
    return [
        (
            each.label if each.role == ParagraphRole.PARAGRAPH else f"{each.role} {each.label}".strip(),
            each.text,
        )
        for each in read_paper(text)
    ]


def labels(text: str) -> list[str]:
    return [label for label, _text in read(text)]


def test_title_and_date_before_the_first_number_are_headings() -> None:
    text = (
        "Minutes of the Second Session\n\nTbilisi, 3 March 2026\n\n1. They agreed on trade.\n\n2. They met."
    )
    assert labels(text) == [H, H, "1", "2"]


def test_words_before_the_first_number_that_are_a_sentence_are_a_paragraph() -> None:
    assert read("The sides met and agreed as follows:\n\n1. They open a gate.\n\n2. They build a road.") == [
        ("", "The sides met and agreed as follows:"),
        ("1", "They open a gate."),
        ("2", "They build a road."),
    ]


@pytest.mark.parametrize(
    "mark",
    ["1-", "1 -", "1 –", "1.", "1)", "(1)", "§1", "§ 1"],
)
def test_a_number_may_be_written_in_many_ways(mark: str) -> None:
    text = "\n\n".join(f"{mark.replace('1', str(n))} They agreed on point {n}." for n in (1, 2, 3))
    assert read(text)[2] == ("3", "They agreed on point 3.")
    assert labels(text) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["1.They met.", "2.They spoke."], ["1", "2"]),
        (["1 WE, the ministers, met.", "2 WE agreed."], ["1", "2"]),
        (["១- ភាគីទាំងពីរបានឯកភាព។", "២- ភាគីទាំងពីរបានជួបគ្នា។"], ["១", "២"]),
        (["Article 1. They met.", "Article 2. They spoke."], ["Article 1", "Article 2"]),
        (["Art. 4 (1) They met.", "Art. 5 (2) They spoke."], ["Art. 4 (1)", "Art. 5 (2)"]),
        (["Điều 1. Hai bên gặp nhau.", "Điều 2. Hai bên trao đổi."], ["Điều 1", "Điều 2"]),
        (["(a) They met.", "(b) They spoke."], ["(a)", "(b)"]),
        (["c) They met.", "d) They spoke."], ["c", "d"]),
        (
            ["a) Hai bên.", "b) Hai bên.", "c) Hai bên.", "d) Hai bên.", "đ) Hai bên."],
            ["a", "b", "c", "d", "đ"],
        ),
        (["i. They met.", "ii. They spoke.", "iii. They left."], ["i", "ii", "iii"]),
        (["II.1 They met.", "II.2 They spoke."], ["II.1", "II.2"]),
        (["36. They met.", "37. They spoke."], ["36", "37"]),
    ],
)
def test_labels_are_those_of_the_paper(lines: list[str], expected: list[str]) -> None:
    assert labels("\n\n".join(lines)) == expected


def test_numbers_that_begin_again_stand_under_their_heading() -> None:
    text = "I. Trade\n\n1. They met.\n\n2. They spoke.\n\nII. Visas\n\n1. They agreed.\n\n2. They left."
    assert labels(text) == ["heading I", "I.1", "I.2", "heading II", "II.1", "II.2"]
    text = "1. They met.\n\n2. They spoke.\n\nAnnex A\n\n1. They agreed.\n\n2. They left."
    assert labels(text) == ["1", "2", "heading Annex A", "Annex A.1", "Annex A.2"]


def test_a_list_begins_below_its_heading_without_a_blank_line_too() -> None:
    text = (
        "I. GENERAL\n1. The two sides met and spoke about the gate for a long time.\n2. They agreed.\n\n"
        "II. TRADE\n1. They trade more.\n2. They build a road that leads from one gate to the other one."
    )
    assert labels(text) == ["heading I", "I.1", "I.2", "heading II", "II.1", "II.2"]


def test_numbers_that_go_on_after_a_numbered_heading_stand_under_none() -> None:
    text = "I. Trade\n\n1. They met.\n\n2. They spoke.\n\nII. Visas\n\n3. They agreed.\n\n4. They left."
    assert labels(text) == ["heading I", "1", "2", "heading II", "3", "4"]


def test_numbers_that_go_on_in_an_annex_are_not_those_of_the_text() -> None:
    text = (
        "1. They met.\n\n2. They spoke.\n\n3. They ate.\n\nAnnex A\n\n1. A bridge.\n\nAnnex B\n\n2. A road."
    )
    assert labels(text)[3:] == ["heading Annex A", "Annex A.1", "heading Annex B", "Annex B.2"]


def test_a_heading_with_a_number_counts_like_a_paragraph() -> None:
    text = "1. FISHERIES\n\n1. They met.\n\n2. They spoke.\n\n2. TRADE\n\n2.1 They left.\n\n3. VISAS"
    expected = ["heading 1", "1.1", "1.2", "heading 2", "2.1", "heading 3"]
    assert labels(text) == expected
    assert labels(as_text(read_paper(text))) == expected
    assert labels("# 1. Trade\n\n1. They met.\n\n# 2. Visas\n\n1. They left.") == [
        "heading 1",
        "1.1",
        "heading 2",
        "2.1",
    ]


def test_numbers_after_a_preamble_with_letters_stand_under_none() -> None:
    text = "(a) recalling it;\n\n(b) noting it;\n\nagreed:\n\n1. The fee ends.\n\n2. They met."
    assert labels(text) == ["(a)", "(b)", "1", "2"]


def test_an_article_without_numbers_is_cited_by_itself() -> None:
    text = "Article 1\nPurpose\n\nThey cross the river.\n\nArticle 2\n\n1. A ferry.\n\n2. A bridge."
    assert read(text) == [
        ("heading Article 1", "Article 1"),
        (H, "Purpose"),
        ("Article 1", "They cross the river."),
        ("heading Article 2", "Article 2"),
        ("Article 2.1", "A ferry."),
        ("Article 2.2", "A bridge."),
    ]


def test_a_reference_to_an_article_is_no_label() -> None:
    text = "Article 1. They met.\n\nArticle 1 of the treaty stands.\n\nArticle 2. They left."
    assert labels(text) == ["Article 1", "Article 2"]


def test_a_label_alone_above_its_text_is_its_label() -> None:
    assert read("1.\nThey met.\n\n2.\n\nThey spoke.") == [("1", "They met."), ("2", "They spoke.")]
    assert labels("They spoke of article\n3.\n\nThey left.") != ["3"]


@pytest.mark.parametrize(
    "text",
    [
        "the sides agreed to do many things in the years to come and\n" * 8000,
        "\n\n".join(["1. They met:"] * 8000),
        "1. They will:\n" + "- open another gate of the long river;\n" * 8000,
        "\n\n".join(f"Annex\n\n1. They met.\n\n{n % 9}. They left." for n in range(4000)),
    ],
    ids=["wrapped", "nested", "bullets", "annexes"],
)
def test_the_time_grows_with_the_length_of_the_text(text: str) -> None:
    start = time.process_time()
    found = read_paper(text)
    assert time.process_time() - start < 5  # an hour, where each line is joined to the whole
    assert max(len(each.label) for each in found) <= 60


def test_numbers_that_go_on_after_a_heading_stand_under_none() -> None:
    assert labels("1. They met.\n\nTRADE AND TRAVEL\n\n2. They spoke.") == ["1", H, "2"]


def test_a_list_stands_under_the_paragraph_that_announces_it() -> None:
    text = "1. They will improve the gate:\n(a) by a lane;\n(b) by a counter.\n\n2. They will meet."
    assert read(text) == [
        ("1", "They will improve the gate:"),
        ("1 (a)", "by a lane;"),
        ("1 (b)", "by a counter."),
        ("2", "They will meet."),
    ]


def test_items_with_a_bullet_stay_in_their_paragraph() -> None:
    assert read("1. They will build:\n– a bridge;\n– a road.\n\n2. They will meet.") == [
        ("1", "They will build:\n– a bridge;\n– a road."),
        ("2", "They will meet."),
    ]


def test_a_paragraph_without_a_number_belongs_to_the_one_before() -> None:
    text = "1. They met in spring.\n\nThey thanked the hosts for all that was done.\n\n2. They left."
    assert read(text)[0] == ("1", "They met in spring.\n\nThey thanked the hosts for all that was done.")


def test_a_wrapped_line_that_begins_like_a_number_is_none() -> None:
    text = (
        "1. The works will begin as soon as those that are named in clause\n"
        "(2) of the first agreement were completed, and last for a time of\n"
        "2. June 2027 at the latest, as both of the governments agreed.\n\n2. They met."
    )
    assert labels(text) == ["1", "2"]


def test_a_number_that_is_passed_over_is_flagged_where_it_happens() -> None:
    first, second, third = read_paper("26. They met.\n\n27. They spoke. 28. They agreed.\n\n29. They left.")
    assert (first.doubt, second.doubt, third.doubt) == (None, Doubt.RUN_IN, Doubt.JUMP)
    assert (second.expected, third.expected) == ("28", "28")
    assert second.text[second.split_at :] == "28. They agreed."


def test_a_number_that_stands_again_is_flagged() -> None:
    text = "1. They met.\n\n2. They spoke.\n\n2. They agreed.\n\n3. They left."
    assert [(each.label, each.doubt) for each in read_paper(text)] == [
        ("1", None),
        ("2", None),
        ("2", Doubt.AGAIN),
        ("3", None),
    ]


def test_footnotes_stand_after_their_paragraph() -> None:
    assert read("1. The treaty of 2019[^1] stands.\n\n2. They met.\n\n[^1] Not yet in force.") == [
        ("1", "The treaty of 2019 stands."),
        ("note", "Not yet in force."),
        ("2", "They met."),
    ]


def test_each_row_of_a_table_is_a_paragraph() -> None:
    text = "1. They will build as follows.\n\nBridge | 2026\n\nRoad | 2027\n\n2. They will meet."
    assert read(text)[1:] == [("", "Bridge | 2026"), ("", "Road | 2027"), ("2", "They will meet.")]


def test_a_parted_word_is_one_word_unless_the_text_writes_it_with_a_hyphen() -> None:
    text = (
        "They agreed to build on the good neigh-\nbourhood and the well-\nknown friendship of both, in the\n"
        "world and in all of its works, where a sub-\nregion is a sub-region wherever it is named."
    )
    ((_label, joined),) = read(text)
    assert "neighbourhood" in joined
    assert "well-known" in joined
    assert "sub-region is" in joined


def test_a_text_without_labels_has_a_heading_and_paragraphs() -> None:
    assert labels("Exchange of notes\n\nThe sides agreed to open a gate.\n\nThey met again.") == [H, "", ""]


PARTLY_QUOTED = """\
Dear colleague, please find my remarks between the paragraphs.

On 3 November 2026, the desk wrote:
> 1. The two sides agreed to complete the demarcation of the remaining
> sections of the land border before the end of
the year.
> 2. The Cambodian side proposed a joint survey of the river in the dry
> season.
I think that this was only mentioned. Their own note says:
> > 2. Cambodia mentioned a survey.
1. Please check it.
> 3. They agreed to meet again.

Best regards
"""


def test_replies_stay_apart_from_the_quoted_paper_and_its_numbers() -> None:
    found = [(each.label, each.text) for each in read_paper(PARTLY_QUOTED)]
    assert found == [
        ("", "Dear colleague, please find my remarks between the paragraphs."),
        ("", "On 3 November 2026, the desk wrote:"),
        (
            "1",
            "The two sides agreed to complete the demarcation of the remaining sections of the land border "
            "before the end of the year.",
        ),
        ("2", "The Cambodian side proposed a joint survey of the river in the dry season."),
        ("", "I think that this was only mentioned. Their own note says:"),
        ("", "2. Cambodia mentioned a survey."),
        ("", "1. Please check it."),
        ("3", "They agreed to meet again."),
        ("", "Best regards"),
    ]


@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_numbers_go_on_beyond_999_and_a_year_is_no_number(between: str) -> None:
    text = between.join(f"{n}. They agreed on point {n}." for n in range(1, 1102))
    found = read_paper(f"{text}\n\nThey met in\n\n2024. They left.")
    assert [each.label for each in found][:1101] == [str(n) for n in range(1, 1102)]
    assert found[1000].text == "They agreed on point 1001."
    assert "2024" not in [each.label for each in found]
    assert all(each.doubt is None for each in found)


def test_a_sign_for_more_than_is_no_quotation() -> None:
    text = "Trade grew:\n\n> 5 % in 2024.\n\nThey welcomed it."
    assert "> 5 % in 2024." in " ".join(each.text for each in read_paper(text))


def test_a_quoted_email_is_read_without_its_marks() -> None:
    assert read("> 1. They met.\n>\n> 2. They spoke.") == [("1", "They met."), ("2", "They spoke.")]


def test_without_labels_each_block_is_a_paragraph_with_its_number() -> None:
    assert [each.text for each in read_paper("1. Border\n\nThey agreed.", has_labels=False)] == [
        "1. Border",
        "They agreed.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Title\n\n1. They met.\n\n2. They spoke:\n(a) of trade;\n(b) of visas.\n\nII. TRADE\n\n1. They left.",
        "1. The treaty of 2019[^1] stands.\n\n[^1] Not yet in force.\n\n2. They met.",
        "They met.\n\nThey spoke.",
    ],
)
def test_the_text_of_a_paper_is_read_the_same_again(text: str) -> None:
    once = read_paper(text)
    assert read_paper(as_text(once)) == once


def test_an_empty_text_has_no_paragraphs() -> None:
    assert read_paper(" \n ") == []


def test_a_paragraph_is_plain_by_default() -> None:
    assert PaperParagraph("They met.").role == "paragraph"
