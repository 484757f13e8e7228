"""The list of a desk in a browser: a view is saved, shared and updated in the menu, and columns are moved."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make

WIDE = {"width": 1440, "height": 900}
pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def people(register: None, transactional_db: None) -> None:
    """The shipped register, an officer and a reader."""
    make.user("officer", username="officer")
    make.user("reader", username="reader")


@pytest.mark.parametrize("script", [True, False])
def test_three_clicks_save_and_share_a_view_and_two_export_the_matrix(
    script: bool, new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = new_page(java_script_enabled=script, viewport=WIDE)
    sign_in(page, "officer")
    page.goto("/commitments/?theme=border")
    page.locator(".tabs__saved summary").click()
    page.get_by_label("Save as").fill("The border")
    page.get_by_label("everyone", exact=True).check()
    if script:
        axe(page)
    page.locator(".view-actions").get_by_role("button", name="Save").click()
    expect(page.locator(".tabs__saved summary")).to_have_text("The border")

    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Follow-up matrix, XLSX").click()
    assert download.value.suggested_filename.startswith("commitments-border-")

    other = new_page(viewport=WIDE)
    sign_in(other, "reader")
    other.goto("/commitments/")
    other.locator(".tabs__saved summary").click()
    other.locator(".tabs__saved").get_by_role("link", name="The border").click()
    expect(other.locator("#results tbody tr")).to_have_count(12)


@pytest.mark.parametrize("script", [True, False])
def test_a_changed_view_is_updated_with_one_button(
    script: bool, new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page(java_script_enabled=script, viewport=WIDE)
    sign_in(page, "officer")
    page.goto("/commitments/?theme=border")
    page.locator(".tabs__saved summary").click()
    page.get_by_label("Save as").fill("The border")
    page.locator(".view-actions").get_by_role("button", name="Save").click()
    page.locator("#panel").get_by_label("standing").check()
    if not script:
        page.locator("#f").get_by_role("button", name="Show").click()
    expect(page.locator(".tabs__saved summary")).to_contain_text("changed")
    page.locator(".tabs__saved summary").click()
    page.get_by_role("button", name="Update “The border”").click()
    expect(page.locator(".messages")).to_contain_text("The view “The border” was changed.")
    expect(page.locator(".tabs__saved summary")).to_have_text("The border")
    assert "status=standing" in page.url


def test_columns_are_moved_by_buttons_and_keys(
    page: Page, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    sign_in(page, "reader")
    page.goto("/commitments/?columns=title,status,theme")
    page.locator(".menu--cols summary").click()
    page.get_by_role("button", name="Move Theme up").click()
    expect(page.get_by_role("button", name="Move Theme up")).to_be_focused()
    expect(page.locator("#announcement")).to_have_text("Theme: 3")
    page.get_by_role("checkbox", name="Status", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")  # it cannot pass the reference
    expect(page.get_by_role("checkbox", name="Status", exact=True)).to_be_focused()
    axe(page)
    page.get_by_role("button", name="Show these columns").click()
    heads = page.locator("thead th:not(.w-check)")
    expect(heads).to_have_text(["Reference", "Status", "Commitment", "Theme"])
