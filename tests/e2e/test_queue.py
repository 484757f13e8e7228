"""The reviewer's queue without the mouse, in a real browser."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from commitments.models import Commitment
from commitments.services.progress import add_evidence
from commitments.services.transitions import apply_transition
from tests import factories as make
from tests.relations.services.documents import pdf


@pytest.fixture
def waiting(transactional_db: None) -> list[Commitment]:
    """Four submissions, the first with a PDF; a reviewer who decides on them."""
    officer = make.user("officer")
    make.user("reviewer", username="reviewer")
    pledges = [make.commitment(title=f"Gate {n}") for n in range(4)]
    paper = SimpleUploadedFile("minutes.pdf", pdf(("Handed over.",)))
    add_evidence(commitment=pledges[0], actor=officer, title="Minutes", file=paper)
    for pledge in pledges:
        apply_transition(commitment=pledge, name="submit", actor=officer, note="Done.", outcome="dropped")
    return pledges


def status_of(pledge: Commitment) -> str:
    return Commitment.objects.get(pk=pledge.pk).status


def stands_at(page: Page, title: str) -> None:
    """Wait until the page of that commitment is there with its script, so that the next key is heard."""
    expect(page.locator("h1")).to_have_text(title)
    page.wait_for_load_state()


def test_a_reviewer_skips_confirms_and_returns_by_keys(
    page: Page, waiting: list[Commitment], sign_in: Callable[[Page, str], None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "reviewer")
    page.goto("/queue/")
    heading = page.locator("h1")
    stands_at(page, "Gate 0")
    picture = page.locator(".picture img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1000)
    axe(page)
    page.keyboard.press("s")
    stands_at(page, "Gate 1")
    page.keyboard.press("b")
    stands_at(page, "Gate 0")
    page.keyboard.press("c")
    stands_at(page, "Gate 1")
    assert status_of(waiting[0]) == "dropped"

    page.keyboard.press("r")  # a return needs a note: the key leads into the field
    expect(page.get_by_label("Note")).to_be_focused()
    expect(page.locator(".queue__decision")).to_contain_text("Say in the note what is missing")
    expect(page.get_by_role("link", name="Search")).to_be_visible()
    page.keyboard.type("c: say who signed.")  # keys are letters here
    assert status_of(waiting[1]) == "under_review"
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    stands_at(page, "Gate 2")
    assert status_of(waiting[1]) == "agreed"
    assert waiting[1].status_changes.latest("number").note == "c: say who signed."

    page.keyboard.press("Control+c")  # copying is no decision
    assert status_of(waiting[2]) == "under_review"
    page.keyboard.press("c")
    stands_at(page, "Gate 3")
    page.wait_for_load_state()
    page.keyboard.press("c")
    expect(heading).to_have_text("Nothing awaits your decision")
    assert [status_of(pledge) for pledge in waiting] == ["dropped", "agreed", "dropped", "dropped"]


def test_the_queue_works_without_scripts(
    new_page: Callable[..., Page], waiting: list[Commitment], sign_in: Callable[[Page, str], None]
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    sign_in(page, "reviewer")
    page.goto("/queue/")
    assert page.locator("body").evaluate("element => element.scrollWidth") <= 390
    page.get_by_role("link", name="Skip s").click()
    expect(page.locator("h1")).to_have_text("Gate 1")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("h1")).to_have_text("Gate 2")
    assert status_of(waiting[1]) == "dropped"
