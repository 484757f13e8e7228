"""The guesses from the verb of a paragraph."""

import pytest

from commitments.reports.modality import kind_of, modality_of, title_of


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("They agreed to open the gate and hoped for more.", "agreed"),
        ("They hoped that it would be agreed.", "hoped"),
        ("Viet Nam stands ready to help.", "stands_ready"),
        ("He called on Cambodia to act.", "called_on"),
        ("They disagreed.", ""),
        ("Trade grew.", ""),
        ("Hai bên nhất trí đẩy mạnh hợp tác.", "agreed"),
        ("Thủ tướng đề nghị phía Campuchia quan tâm.", "suggested"),
        ("Việt Nam sẵn sàng hỗ trợ.", "stands_ready"),
        ("ភាគីទាំងពីរបានឯកភាពគ្នា", "agreed"),
    ],
)
def test_the_first_verb_decides_the_modality(text: str, modality: str) -> None:
    assert modality_of(text) == modality


@pytest.mark.parametrize(
    ("modality", "kind"),
    [("agreed", "reaffirmed"), ("", "reaffirmed"), ("hoped", "requested"), ("welcomed", "progress")],
)
def test_the_kind_of_mention_of_a_modality(modality: str, kind: str) -> None:
    assert kind_of(modality) == kind


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("They agreed to prevent smuggling. They met.", "Prevent smuggling"),
        ("The two sides hoped that trade reaches USD 10.4 billion.", "Trade reaches USD 10.4 billion"),
        ("They committed themselves to better roads.", "Better roads"),
        (
            "They agreed to open a second\nrail link before June 2027.",
            "Open a second rail link before June 2027",
        ),
        ("They agreed to open\r\na post\n \nIn Moc Bai", "Open a post"),
        ("Hai bên nhất trí mở cửa khẩu.", "Hai bên nhất trí mở cửa khẩu"),
        ("ភាគីទាំងពីរបានឯកភាពគ្នា។", "ភាគីទាំងពីរបានឯកភាពគ្នា"),
    ],
)
def test_the_first_title(text: str, title: str) -> None:
    assert title_of(text) == title


def test_a_long_title_is_cut() -> None:
    assert len(title_of("They agreed to " + "build and " * 60)) <= 120
