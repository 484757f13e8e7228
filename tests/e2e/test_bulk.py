"""Bulk actions in a browser: rows ticked by keys and on several pages, jobs run by script or by button."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from commitments.models import BulkJob, Commitment, SavedView
from pages.bulk import views as pages
from tests import factories as make

BOXES = "#bulk tbody .box"
TITLES = "#results table.reg tbody .reg__title"
pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def desk(register: None, transactional_db: None) -> None:
    """The shipped register and an officer."""
    make.user("officer", username="officer")


def test_rows_are_ticked_by_keys_and_changed_and_the_refusal_is_shown(
    page: Page, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "officer")
    page.goto("/commitments/?theme=political&ordering=status")
    closed = Commitment.objects.get(reference="KHVN-2025-001")
    page.keyboard.press("j")
    expect(page.locator(TITLES).nth(0)).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("x")
    expect(page.locator(f"{BOXES}:checked")).to_have_count(1)
    page.keyboard.press("x")
    expect(page.locator(TITLES).nth(1)).to_be_focused()
    expect(page.locator(".bulk__n")).to_have_text("2 selected")
    page.get_by_label(f"Select {closed.reference}").check()
    expect(page.locator(".bulk__n")).to_have_text("3 selected")
    axe(page)
    page.get_by_role("button", name="Bulk actions").press("Enter")
    expect(page.locator("h1")).to_have_text("3 commitments selected")
    axe(page)
    page.get_by_role("link", name="Submit for review").click()
    expect(page.locator(".head__fact")).to_have_text("Possible for 2 of 3")
    axe(page)
    expect(page.get_by_label("Successor")).not_to_be_visible()
    page.get_by_label("Superseded").check()
    expect(page.get_by_label("Successor")).to_be_visible()
    page.get_by_label("Dropped").check()
    expect(page.get_by_label("Successor")).not_to_be_visible()
    page.get_by_label("Note").fill("Both sides let go of it.")
    page.get_by_role("button", name="Submit for review: 2 commitments").click()
    expect(page.locator(".head__fact")).to_have_text("2 updated, 1 refused.")
    refusals = page.locator(".refusals tbody tr")
    expect(refusals).to_have_count(1)
    expect(refusals).to_contain_text(closed.reference)
    expect(refusals).to_contain_text("The commitment is fulfilled now")
    axe(page)
    assert Commitment.objects.filter(status="under_review").count() == 2
    page.goto("/commitments/")
    expect(page.locator(f"{BOXES}:checked")).to_have_count(0)
    page.goto("/commitments/bulk/")
    axe(page)
    expect(page.locator("tbody tr")).to_contain_text("1 refused")


def test_a_selection_stays_from_page_to_page_until_the_filters_change(
    page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, "officer")
    page.goto("/commitments/")
    page.locator(BOXES).nth(1).check()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page).to_have_url(re.compile(r"page=2$"))
    expect(page.locator(".bulk__n")).to_have_text("1 selected · 1 on other pages")
    page.get_by_label("Select every row on this page").check()
    expect(page.locator(f"{BOXES}:checked")).to_have_count(27)
    expect(page.locator(".bulk__n")).to_have_text("28 selected · 1 on other pages")
    page.get_by_role("link", name="Previous", exact=True).click()
    expect(page.locator(f"{BOXES}:checked")).to_have_count(1)
    expect(page.locator(".bulk__n")).to_have_text("28 selected · 27 on other pages")
    page.get_by_role("link", name="Status", exact=True).first.click()
    expect(page).to_have_url(re.compile("ordering=status"))
    expect(page.locator(".bulk__n")).to_contain_text("28 selected")
    page.get_by_role("button", name="Bulk actions").click()
    expect(page.locator("h1")).to_have_text("28 commitments selected")
    page.go_back()
    expect(page.locator(".bulk__n")).to_contain_text("28 selected")
    page.goto("/commitments/?state=open")
    expect(page.locator(f"{BOXES}:checked")).to_have_count(0)
    expect(page.locator(".bulk")).not_to_be_visible()
    page.locator(BOXES).nth(0).check()
    page.get_by_label("in progress").check()
    expect(page).to_have_url(re.compile("status=in_progress"))
    expect(page.locator(f"{BOXES}:checked")).to_have_count(0)
    page.locator(BOXES).nth(0).check()
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator(".bulk")).not_to_be_visible()


def test_a_long_job_runs_by_script_and_can_be_continued(
    page: Page, sign_in: Callable[..., None], axe: Callable[[Page], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "STEP_SIZE", 10)
    sign_in(page, "officer")
    page.goto("/commitments/?status=agreed")
    page.locator(BOXES).nth(0).check()
    page.get_by_role("button", name=re.compile("^Select all .* matches$")).click()
    page.get_by_role("link", name="Report stalled").click()
    page.get_by_label("Note").fill("No money.")
    # The third step fails: the page says so, and keeps the results of the first two.
    steps: list[Any] = []

    def third_fails(route: Any) -> None:
        steps.append(route)
        if len(steps) == 3:
            route.abort()
        else:
            route.continue_()

    page.route("**/run/", third_fails)
    page.get_by_role("button", name="Report stalled:").click()
    expect(page.locator("#failed")).to_be_visible()
    expect(page.locator(".run__n")).to_contain_text("20 of 58 processed · Updated: 20 · Refused: 0")
    axe(page)
    assert Commitment.objects.filter(status="stalled").count() == 20
    page.goto("/commitments/")
    page.locator(".bulk-waits a").click()
    expect(page.locator("tbody")).to_contain_text("20 of 58 processed")
    page.get_by_role("link", name="Report stalled").click()
    expect(page.locator("#run")).to_have_attribute("value", "20")
    expect(page.locator("#next")).to_be_hidden()  # the script has taken over from the button without script
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".head__fact")).to_contain_text("58 updated")
    assert Commitment.objects.filter(status="stalled").count() == 58


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_everything_above_and_below_the_list_fits_the_window(
    width: int, new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    name = "Các cam kết về phân giới cắm mốc biên giới trên đất liền còn chờ báo cáo"
    SavedView.objects.create(owner=User.objects.get(username="officer"), name=name, query="state=open")
    page = new_page(viewport={"width": width, "height": 900})
    sign_in(page, "officer")
    page.goto("/commitments/")
    page.locator(BOXES).nth(0).check()
    page.locator(".tabs__saved summary").click()
    for place in (".bulk > *:visible", ".tabs__saved .menu__sheet", ".tabs__saved .menu__sheet a > span"):
        for each in page.locator(place).all():
            box = each.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
    assert page.locator(".tabs__saved a > span").first.evaluate("it => it.scrollWidth <= it.clientWidth + 1")
    if width > 640:
        assert page.locator(".tabs ul").evaluate("it => it.scrollWidth <= it.clientWidth")


def test_all_of_it_without_a_script(
    new_page: Callable[..., Page], sign_in: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "STEP_SIZE", 30)
    page = new_page(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    sign_in(page, "officer")
    page.goto("/commitments/?status=agreed&page_size=5")
    expect(page.locator(".bulk")).not_to_be_visible()
    page.locator(BOXES).nth(0).check()
    page.locator(BOXES).nth(3).check()
    expect(page.locator(".bulk")).to_be_visible()
    for needs_script in ("[data-pick-all]", "[data-clear-selection]"):
        expect(page.locator(needs_script)).not_to_be_visible()
    page.get_by_role("button", name="Bulk actions").click()
    expect(page.locator("h1")).to_have_text("2 commitments selected")
    page.get_by_role("button", name="Cancel").click()
    assert not BulkJob.objects.exists()
    page.goto("/commitments/?status=agreed&page_size=5")
    page.locator(BOXES).nth(0).check()
    page.get_by_role("button", name="Select all 5 on this page").click()
    expect(page.locator("h1")).to_have_text("5 commitments selected")
    page.goto("/commitments/?status=agreed&page_size=5")
    page.locator(BOXES).nth(0).check()
    page.get_by_role("button", name="Select all 58 matches").click()
    page.get_by_role("link", name="Report work begun").click()
    page.get_by_label("Note").fill("Begun everywhere.")
    page.get_by_role("button", name="Report work begun: 58 commitments").click()
    expect(page.locator("#pause")).not_to_be_visible()
    page.get_by_role("button", name="Start with the first 30").click()
    expect(page.locator(".run__n")).to_contain_text("30 of 58 processed")
    page.get_by_role("button", name="Continue with the next 28").click()
    expect(page.locator(".head__fact")).to_contain_text("58 updated")
    assert Commitment.objects.filter(status="agreed").count() == 0
