"""A submission with a file, in a real browser: three clicks, one screen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from commitments.models import Commitment
from commitments.services.transitions import apply_transition
from tests import factories as make


@pytest.fixture
def returned(transactional_db: None) -> Commitment:
    """A commitment whose submission was returned, so that the form has the most to show."""
    officer = make.user("officer", username="officer")
    pledge = make.commitment(title="Open the gate between Bavet and Mộc Bài to lorries at night as well")
    apply_transition(commitment=pledge, name="submit", actor=officer, note="Done.", outcome="dropped")
    note = "The minutes of the last session are missing. Please attach them and say who signed."
    apply_transition(commitment=pledge, name="return", actor=make.user("reviewer"), note=note)
    return pledge


def test_fulfilled_is_submitted_with_a_file_in_three_clicks_on_one_screen(
    page: Page,
    returned: Commitment,
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    paper = tmp_path / "minutes.pdf"
    paper.write_bytes(b"%PDF-1.4\n")
    sign_in(page, "officer")
    page.goto(f"/commitments/{returned.reference}/")
    expect(page.locator(".returned")).to_contain_text("Please attach them and say who signed.")
    page.get_by_role("link", name="Submit for review").click()  # 1

    button = page.get_by_role("button", name="Submit for review")
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900
    for title in ("Note", "File", "Delivered on"):
        expect(page.get_by_label(title).first).to_be_in_viewport(ratio=1)
    axe(page)
    page.keyboard.type("Handed over on both sides.")  # the note has the focus
    with page.expect_file_chooser() as chooser:
        page.get_by_label("File").first.click()  # 2
    chooser.value.set_files(paper)
    button.click()  # 3
    expect(page.locator(".messages")).to_contain_text("is now under review")
    change = returned.status_changes.latest("number")
    assert (change.outcome, change.note) == ("fulfilled", "Handed over on both sides.")
    assert change.evidence.get().file_name == "minutes.pdf"
