"""Editing in place in a real browser: with a script, without one, and on a narrow screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from commitments.models import Commitment
from relations.models import Agency
from tests import factories as make

pytestmark = pytest.mark.usefixtures("people")
URL = "/commitments/KHVN-2025-023/"


@pytest.fixture
def people(register: None, transactional_db: None) -> None:
    """The shipped register and an officer."""
    make.user("officer", username="officer")


def test_a_title_is_mended_in_two_clicks(
    page: Page, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "officer")
    page.goto(URL)
    page.get_by_role("link", name="Edit the title").click()
    title = page.get_by_role("textbox", name="Title")
    expect(title).to_be_focused()
    assert page.url.endswith(URL)
    axe(page)
    title.fill("Hold the 22nd session")
    page.locator("#quick-title").get_by_label("Reason").fill("Shorter.")
    page.locator("#quick-title").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hold the 22nd session")
    expect(page.locator(".history")).to_contain_text("Shorter.")


def test_an_agency_is_assigned_in_two_clicks_and_a_choice(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, "officer")
    agency = Agency.objects.exclude(assignments__commitment__reference="KHVN-2025-023").first()
    page.goto(URL)
    page.get_by_role("link", name="Assign agency").click()
    page.get_by_role("combobox", name="Agency").select_option(str(agency.pk))
    page.locator("#quick-agencies").get_by_role("button", name="Save").click()
    expect(page.locator(".facts")).to_contain_text(agency.name)


def test_two_fields_can_be_open_at_once(
    new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    sign_in(page, "officer")
    page.goto(URL)
    page.get_by_role("link", name="Edit the text").click()
    page.get_by_role("link", name="Edit the theme").click()
    expect(page.locator("#quick-text form")).to_be_visible()
    expect(page.locator("#quick-theme form")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_a_script_the_link_leads_to_the_same_form(
    new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900}, java_script_enabled=False)
    sign_in(page, "officer")
    page.goto(URL)
    page.get_by_role("link", name="Edit the title").click()
    page.get_by_role("textbox", name="Title").fill("Hold it")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hold it")
    assert Commitment.objects.get(reference="KHVN-2025-023").title == "Hold it"


@pytest.mark.parametrize("url", ["/meetings/jc-21/edit/", f"{URL}edit/", "/people/hun-manet/"])
@pytest.mark.parametrize("width", [1440, 390])
def test_edit_pages_and_people_are_accessible(
    url: str,
    width: int,
    new_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    sign_in(page, "officer")
    page.goto(url)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
