"""The overview in a browser: a large register loads its figures afterwards, without a script by a link."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from commitments.reports import attention
from core import large_tables
from pages.overview import views as overview
from tests import factories as make


@pytest.fixture
def loaded(register: None, transactional_db: None) -> None:
    """The shipped register."""
    make.user("reviewer", username="reviewer")


@pytest.fixture
def large(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped register, made larger than what is counted at once."""
    for module in (attention, overview, large_tables):
        monkeypatch.setattr(module, "ENOUGH", 60)


@pytest.mark.usefixtures("large")
def test_the_figures_are_loaded_after_the_page(
    page: Page, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "reviewer")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Viet Nam and Cambodia")
    expect(page.locator("#stand")).to_contain_text("77 recorded")
    expect(page.get_by_role("heading", name="By status")).to_be_visible()
    expect(page.get_by_role("heading", name="Longest without news")).to_be_visible()
    expect(page.get_by_text("Show the figures")).to_have_count(0)
    expect(page.get_by_role("heading", level=2)).to_have_text(
        [
            "For you",
            "Due next",
            "Longest without news",
            "By status",
            "Now with",
            "Outcomes",
            "Mentions at each meeting, by theme",
            "Next meetings",
            "Last meetings",
            "Latest changes",
        ]
    )
    expect(page).to_have_url("/")
    axe(page)


@pytest.mark.usefixtures("large")
def test_the_link_stays_if_the_figures_do_not_load(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, "reviewer")
    page.route("**/figures/", lambda route: route.abort())
    page.goto("/")
    expect(page.locator("#stand")).to_contain_text("More than 60 recorded")
    expect(page.get_by_role("heading", name="Latest changes")).to_be_visible()
    expect(page.get_by_role("link", name="Show the figures")).to_be_visible()


@pytest.mark.usefixtures("large")
def test_without_a_script_a_link_shows_the_figures(
    new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    sign_in(page, "reviewer")
    page.goto("/")
    expect(page.locator("#stand")).to_contain_text("More than 60 recorded")
    expect(page.get_by_role("heading", name="By status")).to_have_count(0)
    page.get_by_role("link", name="Show the figures").click()
    expect(page).to_have_url("/figures/")
    expect(page.locator("#stand")).to_contain_text("77 recorded")
    expect(page.get_by_role("heading", name="By status")).to_be_visible()
    expect(page.get_by_role("heading", name="Latest changes")).to_be_visible()


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("width", [390, 1000])
def test_in_a_narrow_window_a_whole_entry_is_a_link_and_its_surroundings_are_not(
    new_page: Callable[..., Page], sign_in: Callable[..., None], width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    sign_in(page, "reviewer")
    page.goto("/")
    first = page.locator(".trio .reg__title").first
    there = first.evaluate("link => link.closest('p').getBoundingClientRect().toJSON()")
    hit = "([x, y]) => document.elementFromPoint(x, y).closest('a')?.getAttribute('href') ?? null"
    inside = [there["x"] + there["width"] / 2, there["y"] + there["height"] / 2]
    assert page.evaluate(hit, inside) == first.get_attribute("href")
    assert page.evaluate(hit, [there["x"] + 5, there["y"] - 80]) is None
    page.get_by_label("As of", exact=True).fill("2025-12-09")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url("/?as_of=2025-12-09")
