"""What the verb of a paragraph gives away."""

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
def test_the_first_verb_tells(text: str, modality: str) -> None:
    assert modality_of(text) == modality


@pytest.mark.parametrize(
    ("modality", "kind"),
    [("agreed", "reaffirmed"), ("", "reaffirmed"), ("hoped", "requested"), ("welcomed", "progress")],
)
def test_what_it_mostly_does(modality: str, kind: str) -> None:
    assert kind_of(modality) == kind


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("They agreed to prevent smuggling. They met.", "Prevent smuggling"),
        ("The two sides hoped that trade reaches USD 10.4 billion.", "Trade reaches USD 10.4 billion"),
        ("They committed themselves to better roads.", "Better roads"),
        ("Hai bên nhất trí mở cửa khẩu.", "Hai bên nhất trí mở cửa khẩu"),
        ("ភាគីទាំងពីរបានឯកភាពគ្នា។", "ភាគីទាំងពីរបានឯកភាពគ្នា"),
    ],
)
def test_how_a_title_could_begin(text: str, title: str) -> None:
    assert title_of(text) == title


def test_a_long_one_is_cut() -> None:
    assert len(title_of("They agreed to " + "build and " * 60)) <= 120
