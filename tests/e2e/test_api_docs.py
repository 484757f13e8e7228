"""The API's pages in a real browser: under the strict policy, with nothing from outside, and usable."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make


@pytest.mark.django_db(transaction=True)
def test_an_officer_tries_a_move_from_the_pages_of_the_api(
    page: Page, sign_in: Callable[..., None], live_server: object
) -> None:
    make.user("officer", username="officer")
    pledge = make.commitment()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, "officer")
    page.goto("/api/v1/docs/")
    move = page.locator("#operations-commitments-transitions_make")
    expect(move).to_be_visible()
    move.locator(".opblock-summary-control").click()
    move.get_by_role("button", name="Try it out").click()
    move.locator("input[placeholder=reference]").fill(pledge.reference)
    move.locator("textarea").first.fill('{"transition": "start", "note": "Tried from the pages."}')
    move.get_by_role("button", name="Execute").click()
    expect(move.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("201")
    assert pledge.status_changes.count() == 2
    here = urlsplit(page.url).netloc
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {here}


@pytest.mark.django_db(transaction=True)
def test_who_is_not_signed_in_is_led_to_the_sign_in(page: Page, live_server: object) -> None:
    page.goto("/api/v1/docs/")
    expect(page).to_have_url("/accounts/login/?next=/api/v1/docs/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_the_api_have_no_barriers_by_day_and_by_night(
    theme: str, new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    make.user("officer", username="officer")
    page = new_page(viewport={"width": 1280, "height": 900}, color_scheme=theme)
    sign_in(page, "officer")
    page.goto("/api/v1/docs/")
    expect(page.locator(".opblock").first).to_be_visible()
    expect(page.locator("main")).to_have_count(1)
    axe(page)
    introduction = page.locator(".information-container .renderedMarkdown").bounding_box()
    first = page.locator(".opblock-tag").first.bounding_box()
    assert introduction is not None
    assert first is not None
    assert first["y"] - introduction["y"] - introduction["height"] < 100
    move = page.locator("#operations-commitments-transitions_make")
    move.locator(".opblock-summary-control").click()
    expect(page).to_have_url("/api/v1/docs/#/commitments/transitions_make")
    move.get_by_role("button", name="Try it out").click()
    expect(move.get_by_label("Request body")).to_be_visible()
    axe(page)
    page.locator(".btn.authorize").click()
    expect(page.get_by_role("dialog", name="Sign in with a token")).to_be_visible()
    axe(page)
    paper = "getComputedStyle(document.querySelector('.api-docs .swagger-ui')).backgroundColor"
    assert page.evaluate(paper) == ("rgb(16, 22, 31)" if theme == "dark" else "rgba(0, 0, 0, 0)")
