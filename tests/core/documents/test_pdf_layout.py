"""The order in which the words of a page are read."""

from core.documents.pdf_layout import Word, lines_of


def words(*placed: tuple[str, float]) -> list[Word]:
    return [Word(text, left, left + 30, baseline=700, height=11) for text, left in placed]


def test_a_line_from_right_to_left_is_read_from_the_right() -> None:
    (line,) = lines_of(words(("שלישי", 60), ("שני", 100), ("ראשון", 140)))
    assert line.text == "ראשון שני שלישי"


def test_numbers_and_latin_words_keep_their_order_in_such_a_line() -> None:
    (line,) = lines_of(words(("סוף", 60), ("EU", 100), ("27", 140), ("התחלה", 180)))
    assert line.text == "התחלה EU 27 סוף"


def test_a_line_from_left_to_right_is_read_from_the_left() -> None:
    (line,) = lines_of(words(("met", 100), ("They", 60), ("שני", 140)))
    assert line.text == "They met שני"
