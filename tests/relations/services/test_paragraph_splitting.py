"""Splitting a text without labels into paragraphs."""

import pytest

from relations.services.paper_structure import read_paper
from relations.services.paragraph_splitting import tidy


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\r\n\r\n\r\n  Two.  ", ["One.", "Two."]),
        (
            "They agreed.\nThey met.",
            ["They agreed.", "They met."],
        ),  # too short to be wrapped
        (
            "The two sides agreed to complete the demarcation of\nthe land border before the year is out.\n"
            "They agreed to meet again.",
            [
                "The two sides agreed to complete the demarcation of the land border before the year is out.",
                "They agreed to meet again.",
            ],
        ),
        (
            "Economy\nThe two sides agreed to complete the demarcation of\nthe land border in 2026.",
            ["Economy", "The two sides agreed to complete the demarcation of the land border in 2026."],
        ),
        (
            "The two sides agreed on the following steps, in this order:\n- to open the gate;\n"
            "- to build the road\nand the bridge.",
            [
                "The two sides agreed on the following steps, in this order:\n- to open the gate;\n"
                "- to build the road and the bridge.",
            ],
        ),
        (
            "They spoke of cross-border trade and of long-\nterm cooperation in many fields of the economy.",
            ["They spoke of cross-border trade and of long-term cooperation in many fields of the economy."],
        ),
        (
            "ភាគីទាំងពីរបានឯកភាពគ្នាពង្រឹងកិច្ចសហប្រតិបត្តិការ\nលើវិស័យពាណិជ្ជកម្ម។",
            ["ភាគីទាំងពីរបានឯកភាពគ្នាពង្រឹងកិច្ចសហប្រតិបត្តិការលើវិស័យពាណិជ្ជកម្ម។"],
        ),
    ],
)
def test_the_paragraphs_of_a_text(text: str, paragraphs: list[str]) -> None:
    assert [each.text for each in read_paper(text)] == paragraphs


def test_control_characters_are_removed_and_accents_are_composed() -> None:
    assert tidy("\ufeffVie\u0323\u0302t Nam\x00 \u00ad\t agreed\x07.\f2026") == "Việt Nam agreed.\n\n2026"
