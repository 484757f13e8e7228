"""What a form says of a long scan that is read in steps."""

import pytest

from core.uploads import StoredFile
from relations.file_reading import FileReadingForm


@pytest.mark.parametrize(
    ("next_page", "pages", "told"),
    [("12", "30", (12, 30)), ("0", "30", None), ("", "", None), ("x", "1", None), ("9" * 5000, "²", None)],
)
def test_how_far_a_scan_is_read_is_told_by_numbers_alone(
    next_page: str, pages: str, told: tuple[int, int] | None
) -> None:
    form = FileReadingForm({"next_page": next_page, "pages": pages})
    form.paper = StoredFile("scan.pdf", "0" * 64, "papers/scan.pdf")
    assert form.reading_to_go_on == told


def test_a_number_of_very_many_digits_is_no_error() -> None:
    form = FileReadingForm({"next_page": "9" * 5000, "pages": "9" * 5000})
    form.paper = StoredFile("scan.pdf", "0" * 64, "papers/scan.pdf")
    assert form.reading_to_go_on is not None
