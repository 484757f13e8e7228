"""The list in a real browser: filters, keyboard shortcuts and saved views, also without a script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make

ROWS = "#results table.reg tbody tr"
pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def people(register: None, transactional_db: None) -> None:
    """The shipped register and two reviewers."""
    make.user("reviewer", username="reviewer")
    make.user("reviewer", username="second")


def test_a_filter_works_at_once_and_changes_the_address(
    page: Page, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "reviewer")
    page.goto("/commitments/")
    page.evaluate("window.here = true")
    page.get_by_label("in progress").check()
    expect(page.locator(ROWS)).to_have_count(13)
    expect(page).to_have_url(re.compile(r"/commitments/\?status=in_progress$"))
    expect(page.locator("#o-status-in_progress")).to_be_focused()
    expect(page.locator("#announcement")).to_have_text("13 commitments")
    page.locator("#q").press_sequentially("border gate", delay=20)
    expect(page).to_have_url(re.compile(r"/commitments/\?status=in_progress&q=border(\+|%20)gate$"))
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("border gate")
    few = page.locator(ROWS).count()
    assert 0 < few < 13
    axe(page)
    page.locator(".chip", has_text="Search").click()
    expect(page.locator(ROWS)).to_have_count(13)
    expect(page.locator("#q")).to_have_value("")
    assert page.evaluate("window.here") is True
    page.go_back()
    expect(page).to_have_url(re.compile(r"q=border(\+|%20)gate$"))
    expect(page.locator(ROWS)).to_have_count(few)
    expect(page.locator("#q")).to_have_value("border gate")
    page.get_by_role("link", name="Clear all").first.click()
    expect(page.locator(ROWS)).to_have_count(50)


def test_an_error_is_shown_on_the_list_and_an_exact_reference_opens_its_page(
    page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, "reviewer")
    page.goto("/commitments/")
    page.locator("summary", has_text="More filters").click()
    expect(page.get_by_label("Due within (days)")).to_be_visible()
    page.evaluate("document.getElementById('id_due_within').removeAttribute('max')")
    page.get_by_label("Due within (days)").fill("99999999")
    page.get_by_label("Due within (days)").press("Tab")
    expect(page.locator("#results")).to_contain_text("not valid")
    expect(page.locator(ROWS)).to_have_count(0)
    page.goto("/commitments/")
    page.locator("#q").fill("KHVN-2025-023")
    expect(page.locator("h1")).to_contain_text("Hold the 22nd session")


def test_shortcuts_move_between_rows_and_do_nothing_in_fields(
    page: Page, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "reviewer")
    page.goto("/commitments/")
    titles = page.locator(f"{ROWS} .reg__title")
    page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("j/?k")
    expect(page.locator("#q")).to_have_value("j/?k")
    expect(page.locator("#keys")).not_to_be_visible()
    page.goto("/commitments/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    axe(page)
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()
    title = titles.nth(0).inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


def test_long_texts_have_room_in_a_table_of_many_columns(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, "reviewer")
    page.goto(
        "/commitments/?columns=reference,title,status,theme,partner,content,timeline,challenges,lead_agency"
    )
    assert page.locator("th.p-content").evaluate("each => each.offsetWidth") >= 240
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_compact_rows_are_lower_and_the_focused_row_is_outlined(
    page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, "reviewer")
    page.goto("/commitments/")
    heights = "rows => rows.reduce((sum, row) => sum + row.offsetHeight, 0)"
    regular = page.locator(ROWS).evaluate_all(heights)
    page.locator(".menu--cols summary").click()
    page.get_by_role("button", name="compact").click()
    expect(page.locator("table.reg--compact")).to_have_count(1)
    assert page.locator(ROWS).evaluate_all(heights) < regular * 2 / 3
    page.keyboard.press("j")
    expect(page.locator(ROWS).nth(0)).to_have_css("outline-style", "solid")
    expect(page.locator(ROWS).nth(1)).to_have_css("outline-style", "none")


def test_one_menu_is_open_at_a_time_and_closes_by_escape_or_a_click_elsewhere(
    page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, "reviewer")
    page.goto("/commitments/")
    columns, export = (page.locator("summary", has_text=word) for word in ("Columns", "Export"))
    sheets = page.locator(".menu__sheet:visible")
    columns.click()
    export.click()
    expect(sheets).to_have_count(1)
    expect(sheets).to_contain_text("Follow-up matrix")
    page.keyboard.press("Escape")
    expect(sheets).to_have_count(0)
    expect(export).to_be_focused()
    columns.click()
    page.locator("h1").click()
    expect(sheets).to_have_count(0)


def test_escape_leaves_the_search_and_enter_goes_to_the_first_row(
    page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, "reviewer")
    page.clock.install()
    page.goto("/commitments/?q=border")
    titles = page.locator(f"{ROWS} .reg__title")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).not_to_be_focused()
    expect(page.locator("#q")).to_have_value("border")
    page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("trade")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=trade"))
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(titles.nth(1)).to_be_focused()
    page.clock.run_for(600)  # past the delay of the input events
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("nothing of the kind")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("No commitments that you can see match")
    expect(page.locator("#q")).to_be_focused()


def test_a_view_is_saved_shared_and_opened_by_another(
    new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page, other = new_page(viewport={"width": 1440, "height": 900}), new_page()
    sign_in(page, "reviewer")
    page.goto("/commitments/?theme=border&ordering=-title")
    page.locator(".menu--cols summary").click()
    page.locator(".cols").get_by_label("Content", exact=True).check()
    page.get_by_role("button", name="Show these").click()
    expect(page.locator("thead")).to_contain_text("Content")
    page.locator(".tabs__saved summary").click()
    page.get_by_role("link", name="More choices").click()
    page.get_by_label("Name", exact=True).fill("The border")
    page.get_by_label("everyone in a role").check()
    page.get_by_label("Role", exact=False).last.select_option("reviewer")
    page.get_by_label("Make this my default view").check()
    axe(page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(ROWS)).to_have_count(12)
    expect(page.locator("thead")).to_contain_text("Content")
    page.goto("/")
    page.get_by_role("link", name="Commitments", exact=True).click()
    expect(page).to_have_url(re.compile(r"theme=border&ordering=-title&columns=reference,title,"))
    page.get_by_role("link", name="All 77").click()
    expect(page.locator(".pages")).to_contain_text("of 77")

    sign_in(other, "second")
    other.goto("/commitments/views/")
    axe(other)
    expect(other.get_by_role("link", name="Edit")).to_have_count(0)
    other.get_by_role("link", name="The border").click()
    expect(other.locator(ROWS)).to_have_count(12)
    axe(other)


def open_columns(page: Page) -> None:
    """Open the menu of columns without a script: by its link."""
    page.locator(".menu--cols summary").click()
    page.locator(".menu--cols").get_by_role("link", name="Show the choices").click()


def test_everything_works_without_a_script(
    new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    sign_in(page, "reviewer")
    page.goto("/commitments/")
    page.get_by_label("in progress").check()
    page.locator("#f").get_by_role("button", name="Show").click()
    expect(page.locator(ROWS)).to_have_count(13)
    open_columns(page)
    page.locator(".cols").get_by_label("Theme", exact=True).check()
    page.get_by_role("button", name="Show these").click()
    for _ in range(8):
        open_columns(page)
        page.get_by_role("button", name="Move Theme up").click()
    expect(page.locator("thead th:not(.w-check)").nth(1)).to_have_text("Theme")
    expect(page.locator(ROWS)).to_have_count(13)
    open_columns(page)
    page.get_by_role("button", name="compact").click()
    expect(page.locator("table.reg--compact")).to_have_count(1)
    page.locator(".tabs__saved summary").click()
    page.get_by_role("link", name="More choices").click()
    page.get_by_label("Name", exact=True).fill("Work begun")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(ROWS)).to_have_count(13)
    page.locator(".tabs__saved summary").click()
    expect(page.locator(".tabs__saved summary")).to_have_text("Work begun")
    expect(page.locator(".tabs__saved a[aria-current]")).to_have_text("Work begun")
    expect(page.locator(".keys__open")).not_to_be_visible()
