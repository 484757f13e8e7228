"""What stands on the first screen: the rows of the list, and what somebody must do."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def people(register: None, transactional_db: None) -> None:
    """The shipped register, and one account for each role that reads the list."""
    for role in ("officer", "reviewer", "reader"):
        make.user(role, username=role)


SCROLLED = """() => new Promise(done => {
    const look = () => scrollY >= 300 ? done() : requestAnimationFrame(look);
    look();
})"""
"""Waits until the page has scrolled. Its policy lets no script evaluate a text, as waiting for one would."""


def edges(page: Page, selector: str) -> list[dict[str, float]]:
    """The top and bottom of every element, in px from the top of the page."""
    found: list[dict[str, float]] = page.eval_on_selector_all(
        selector,
        "all => all.map(each => each.getBoundingClientRect()).map(({top, bottom}) => ({top, bottom}))",
    )
    return found


@pytest.mark.parametrize("who", ["officer", "reviewer", "reader"])
def test_eleven_rows_of_the_list_stand_on_the_first_screen(
    who: str, new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page(viewport=WIDE)
    sign_in(page, who)
    page.goto("/commitments/")
    rows = edges(page, "#results table.reg tbody tr")
    assert len([row for row in rows if row["bottom"] <= WIDE["height"]]) >= 11


@pytest.mark.parametrize("who", ["officer", "reviewer", "reader"])
def test_on_a_narrow_screen_the_first_row_begins_in_the_upper_half(
    who: str, new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page(viewport=NARROW)
    sign_in(page, who)
    page.goto("/commitments/")
    assert edges(page, "#results table.reg tbody tr")[0]["top"] < NARROW["height"] / 2
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_filters_scroll_with_the_page(page: Page, sign_in: Callable[..., None]) -> None:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    sign_in(page, "reader")
    page.goto("/commitments/")
    for facet in page.locator("#panel .facet > summary").all():
        if not facet.locator("..").get_attribute("open") and facet.is_visible():
            facet.click()
    scrolled = "all => all.filter(each => each.scrollHeight > each.clientHeight + 1).length"
    assert page.eval_on_selector_all("#panel, #panel .facet, #panel fieldset", scrolled) == 0
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(720, 450)
    before = edges(page, "#panel")[0]["top"]
    page.mouse.wheel(0, 300)
    page.evaluate(SCROLLED)
    assert edges(page, "#panel")[0]["top"] == before - 300


@pytest.mark.parametrize("script", [True, False])
def test_a_past_date_is_two_clicks_away(
    script: bool, new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = new_page(java_script_enabled=script, viewport=NARROW)
    sign_in(page, "reader")
    page.goto("/commitments/?theme=border")
    page.get_by_text("Dates", exact=True).click()
    page.get_by_label("Compared with", exact=True).fill("2025-12-01")
    if script:
        axe(page)
    page.locator(".menu--dates button").click()
    expect(page.locator("#results")).to_contain_text("Not mentioned")
    assert "compare=2025-12-01" in page.url
    assert "theme=border" in page.url


def test_the_overview_begins_with_what_to_do_and_what_is_due_next(
    new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page(viewport=WIDE)
    sign_in(page, "officer")
    page.goto("/")
    to_do, due = edges(page, ".trio")[0], edges(page, "#due-h")[0]
    assert to_do["bottom"] < due["top"]
    assert edges(page, "#due-h ~ ol > li")[0]["bottom"] <= WIDE["height"]
    assert due["top"] < edges(page, "svg.chart")[0]["top"]
