"""The numbers of sessions in a text."""

import pytest

from relations.services.sessions_in_text import sessions_in


@pytest.mark.parametrize(
    ("text", "sessions"),
    [
        ("the 21st session and the 22nd", [21]),
        ("the 13th conference; Session No. 4", [13, 4]),
        ("the 21st Joint Committee session", [21]),
        ("its twenty-second session", [22]),
        ("Phiên họp lần thứ 22 của Ủy ban", [22]),
        ("Kỳ họp Ủy ban hỗn hợp lần thứ 21", [21]),
        ("kỳ họp thứ 9", [9]),
        ("cuộc họp vào thứ 5", []),
        ("សម័យប្រជុំលើកទី២២", [22]),
        ("la 22e session", [22]),
        ("a 22.ª sessão", [22]),
        ("la XXI reunión", [21]),
        ("on 9 December a session", []),
        ("em 9 de maio e a reunião", []),
        ("the civil session", []),
        ("", []),
    ],
)
def test_sessions_are_numbered_in_words_digits_and_roman_numbers(text: str, sessions: list[int]) -> None:
    assert sessions_in(text) == sessions
