"""The figures of a large register in a real browser: after the rows, or by a link without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core import large_tables
from pages.listing import views as listing
from tests import factories as make

ROWS = "#results table.reg tbody tr"
COUNTS = "#counted .facet__n"
pytestmark = pytest.mark.usefixtures("large")


@pytest.fixture
def large(register: None, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped register, treated as too large to count at once."""
    for module in (large_tables, listing):
        monkeypatch.setattr(module, "ENOUGH", 60)
    make.user("reviewer", username="reviewer")


def test_the_figures_come_after_the_rows_and_after_every_filter(
    page: Page, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "reviewer")
    page.goto("/commitments/")
    expect(page.locator("#summary")).to_contain_text("77 recorded")
    expect(page.locator("#tabs li a").first).to_contain_text("77")
    expect(page.locator(COUNTS).first).to_have_text("77")
    expect(page.locator(ROWS)).to_have_count(50)
    axe(page)
    page.evaluate("window.here = true")
    page.get_by_label("in progress").check()
    expect(page.locator(ROWS)).to_have_count(13)
    expect(page.locator("#counted label", has_text="in progress")).to_contain_text("13")
    expect(page).to_have_url("/commitments/?status=in_progress")
    expect(page.locator("#o-status-in_progress")).to_be_checked()
    expect(page.locator("#o-status-in_progress")).to_be_focused()
    expect(page.get_by_text("Show the figures")).to_be_hidden()
    assert page.evaluate("window.here") is True


def test_without_a_script_a_link_shows_them(
    new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    sign_in(page, "reviewer")
    page.goto("/commitments/?status=in_progress")
    expect(page.locator("#summary")).to_contain_text("More than 60 recorded")
    expect(page.locator(COUNTS)).to_have_count(0)
    page.get_by_role("link", name="Show the figures").click()
    expect(page).to_have_url("/commitments/figures/?status=in_progress")
    expect(page.locator("#summary")).to_contain_text("77 recorded")
    expect(page.locator(ROWS)).to_have_count(13)
    expect(page.locator(COUNTS).first).to_be_visible()
    page.get_by_role("checkbox", name="in progress").uncheck()
    page.get_by_role("button", name="Show").first.click()
    expect(page.locator(ROWS)).to_have_count(50)
