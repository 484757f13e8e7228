"""The first page in a real browser: in a large register its figures follow; without a script, by a link."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from commitments.reports import attention, inbox
from pages.overview import views as overview
from tests import factories as make


@pytest.fixture
def loaded(register: None, transactional_db: None) -> None:
    """The shipped register."""
    make.user("reviewer", username="reviewer")


@pytest.fixture
def large(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, which counts as more than can be counted at once."""
    for module in (attention, overview, inbox):
        monkeypatch.setattr(module, "ENOUGH", 60)


@pytest.mark.usefixtures("large")
def test_the_figures_follow_what_is_for_the_reader(
    page: Page, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "reviewer")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Viet Nam and Cambodia")
    expect(page.locator("#stand")).to_contain_text("77 recorded")
    expect(page.get_by_role("heading", name="Where the 77 stand")).to_be_visible()
    expect(page.get_by_role("heading", name="Quiet longest")).to_be_visible()
    expect(page.get_by_text("Show the figures, too")).to_have_count(0)
    expect(page.get_by_role("heading", level=2)).to_have_text(
        [
            "For you",
            "Where the 77 stand",
            "What became of them",
            "Due next",
            "Quiet longest",
            "What each meeting spoke of, by theme",
            "Next meetings",
            "Last meetings",
            "Latest changes",
        ]
    )
    expect(page).to_have_url("/")
    axe(page)


@pytest.mark.usefixtures("large")
def test_where_they_do_not_come_the_link_stays(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, "reviewer")
    page.route("**/figures/", lambda route: route.abort())
    page.goto("/")
    expect(page.locator("#stand")).to_contain_text("More than 10,000 recorded")
    expect(page.get_by_role("heading", name="Latest changes")).to_be_visible()
    expect(page.get_by_role("link", name="Show the figures, too")).to_be_visible()


@pytest.mark.usefixtures("large")
def test_without_a_script_a_link_brings_them(
    new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    sign_in(page, "reviewer")
    page.goto("/")
    expect(page.locator("#stand")).to_contain_text("More than 10,000 recorded")
    expect(page.get_by_role("heading", name="Where the 77 stand")).to_have_count(0)
    page.get_by_role("link", name="Show the figures, too").click()
    expect(page).to_have_url("/figures/")
    expect(page.locator("#stand")).to_contain_text("77 recorded")
    expect(page.get_by_role("heading", name="Where the 77 stand")).to_be_visible()
    expect(page.get_by_role("heading", name="Latest changes")).to_be_visible()


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("width", [390, 1000])
def test_in_a_narrow_window_an_entry_answers_to_a_finger_and_nothing_beside_it_does(
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
    page.get_by_label("As of").fill("2025-12-09")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url("/?as_of=2025-12-09")
