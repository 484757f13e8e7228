"""The search in everything by keys alone, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from commitments.models import Commitment
from tests import factories as make


@pytest.fixture
def pledges(transactional_db: None) -> list[Commitment]:
    make.user("officer", username="officer")
    make.meeting(title="Talks about gates", slug="talks")
    return [make.commitment(title=f"Open gate {n}") for n in range(3)]


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Reference, title, name or command")


def test_a_known_reference_is_opened_from_anywhere_by_keys_alone(
    page: Page, pledges: list[Commitment], sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "officer")
    for start, key in (("/meetings/", "/"), ("/commitments/", "Control+k"), ("/admin/", "/")):
        page.goto(start)
        page.keyboard.press(key)
        page.keyboard.type(pledges[1].reference.lower())
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/commitments/{pledges[1].reference}/")


def test_results_are_chosen_by_arrows_and_opened_by_enter(
    page: Page,
    pledges: list[Commitment],
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
) -> None:
    sign_in(page, "officer")
    page.goto("/sources/")
    page.keyboard.press("/")
    field = box(page)
    expect(field).to_be_focused()
    options = page.locator(".search-box [role=option]")
    expect(options.first).to_have_text("Record a meeting")  # commands, before anything is typed
    page.keyboard.type("gate")
    expect(page.get_by_role("listbox", name="Results")).to_contain_text("Talks about gates")
    expect(options).to_have_count(4)
    expect(options.first).to_have_attribute("aria-selected", "true")
    axe(page)
    page.keyboard.press("ArrowUp")  # from the first to the last
    active = page.locator("[role=option][aria-selected=true]")
    expect(active).to_contain_text("Talks about gates")
    expect(field).to_have_attribute("aria-activedescendant", str(active.get_attribute("id")))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(active).to_contain_text("Open gate 1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/commitments/{pledges[1].reference}/")


def test_escape_closes_it_and_the_keys_of_fields_stay_letters(
    page: Page, pledges: list[Commitment], sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "officer")
    page.goto(f"/commitments/{pledges[0].reference}/progress/")
    page.get_by_label("Achieved").fill("a")
    page.keyboard.press("/")
    expect(page.get_by_label("Achieved")).to_have_value("a/")
    page.keyboard.press("Control+k")
    expect(box(page)).to_be_focused()
    page.keyboard.type("record a")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_label("Achieved")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("record a")  # typed over the old words
    expect(page.locator(".search-box [role=option]").first).to_have_text("Record a meeting")
    page.keyboard.press("Enter")
    page.wait_for_url("**/meetings/record/")


def test_the_list_keeps_its_own_search_under_the_same_key(
    page: Page, pledges: list[Commitment], sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "officer")
    page.goto("/commitments/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_it_works_without_scripts_and_on_a_telephone(
    new_page: Callable[..., Page], pledges: list[Commitment], sign_in: Callable[[Page, str], None]
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    sign_in(page, "officer")
    page.goto("/")
    page.get_by_role("link", name="Search", exact=False).first.click()
    page.get_by_label("Reference, title, name or command").fill("gate 2")
    page.keyboard.press("Enter")
    expect(page.locator(".found a").first).to_contain_text("Open gate 2")
    assert page.locator("body").evaluate("element => element.scrollWidth") <= 390
