"""Reading the register as of a date in a real browser: from page to page, and back to today."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make

ROWS = "#results table.reg tbody tr"
ON_THE_DAY = re.compile(r"[?&]as_of=2025-12-01(&|#|$)")
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def people(register: None, transactional_db: None) -> None:
    """The shipped register, a reader and an officer."""
    make.user("reader", username="reader")
    make.user("officer", username="officer")


def is_on_the_day(page: Page) -> None:
    expect(page.locator(".as-of")).to_contain_text("As of 1 December 2025")
    expect(page).to_have_url(ON_THE_DAY)


@pytest.mark.parametrize("script", [True, False])
def test_links_keep_the_date_until_the_reader_goes_back_to_today(
    script: bool, new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = new_page(java_script_enabled=script, viewport=WIDE)
    sign_in(page, "reader")
    page.goto("/commitments/?theme=border")
    today = page.locator(ROWS).count()
    page.locator(".menu--dates > summary").click()
    page.get_by_label("As of", exact=True).fill("2025-12-01")
    page.locator(".menu--dates button").click()
    is_on_the_day(page)
    then = page.locator(ROWS).count()
    assert 0 < then < today
    page.locator(f"{ROWS} .reg__title").first.click()
    is_on_the_day(page)
    title = page.locator("h1").inner_text()
    # The documents of a commitment are about the day, too.
    expect(page.locator("main .moves a:not([href*='/note.'])")).to_have_count(0)
    page.locator(".chain__said a").first.click()
    is_on_the_day(page)
    expect(page.locator(".para--cited").first).to_be_visible()
    if script:
        axe(page)
    page.locator(".margin li", has_text=title).get_by_role("link").first.click()
    is_on_the_day(page)
    expect(page.locator("h1")).to_have_text(title)
    main = page.get_by_role("navigation", name="Main")
    for place, heading in (
        ("Countries & agencies", "Countries"),
        ("Meetings", "Meetings"),
        ("Sources", "Sources"),
    ):
        main.get_by_role("link", name=place).click()
        is_on_the_day(page)
        expect(page.locator("h1")).to_have_text(heading)
    main.get_by_role("link", name="Commitments").click()
    is_on_the_day(page)
    page.get_by_role("link", name="Back to today").click()
    expect(page.locator(".as-of")).to_have_count(0)
    expect(page).not_to_have_url(ON_THE_DAY)
    expect(page.locator("#summary")).to_contain_text("77 recorded")


@pytest.mark.parametrize("viewport", [WIDE, NARROW])
def test_every_section_is_visible_and_reachable_by_keyboard(
    viewport: dict, new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = new_page(viewport=viewport)
    sign_in(page, "officer")
    page.goto("/")
    main = page.get_by_role("navigation", name="Main")
    places = [
        *("Overview", "Commitments", "Meetings", "Calendar"),
        *("Countries & agencies", "Sources", "Imports", "Admin"),
    ]
    assert main.get_by_role("link").all_inner_texts() == places
    for link in main.get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=1)
    main.get_by_role("link", name="Calendar").focus()
    page.keyboard.press("Tab")
    expect(main.get_by_role("link", name="Countries & agencies")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Countries")
    for side in ("Agencies", "Mechanisms", "Countries"):
        page.get_by_role("navigation", name="Countries & agencies", exact=True).get_by_role(
            "link", name=side
        ).click()
        expect(page.locator("h1")).to_have_text(side)
        expect(main.locator("[aria-current]")).to_have_text("Countries & agencies")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
