"""The main job in a real browser: an officer works on a commitment in the admin and a reviewer decides."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from commitments.models import Commitment
from commitments.services.transitions import replay
from tests import factories as make

REFERENCE = "KHVN-2025-023"
JC21 = dt.date(2025, 12, 9)


@pytest.fixture
def desk(register: None, transactional_db: None) -> dict[str, User]:
    """The shipped register, an officer and a reviewer."""
    return {role: make.user(role, username=role) for role in ("officer", "reviewer")}


def pledge() -> Commitment:
    return Commitment.objects.get(reference=REFERENCE)


def open_pledge(page: Page) -> None:
    """Find it in the admin as a person does: by searching the list."""
    page.goto("/admin/commitments/commitment/")
    page.locator("#searchbar").fill("22nd joint committee")
    page.locator("#searchbar").press("Enter")
    page.get_by_role("link", name=REFERENCE).click()
    expect(page.locator("#content")).to_contain_text("Hold the 22nd session of the Joint Committee")


def move(page: Page, label: str, *, note: str = "", outcome: str = "", link: str = "") -> None:
    open_pledge(page)
    page.get_by_role("link", name=label, exact=True).click()
    if outcome:
        page.locator(f"input[name=outcome][value={outcome}]").check()
    if note:
        page.get_by_label("Note").fill(note)
    if link:
        page.get_by_label("Title", exact=True).first.fill("Agreed minutes of the 22nd session")
        page.get_by_label("Address", exact=True).first.fill(link)
    page.locator("main form, #content form").get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()


@pytest.mark.usefixtures("desk")
def test_from_agreed_to_fulfilled_with_one_return(
    new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    officer, reviewer = new_page(), new_page()
    sign_in(officer, "officer")
    sign_in(reviewer, "reviewer")

    move(officer, "Report work begun", note="Invitations went out.")
    assert pledge().status == "in_progress"

    move(officer, "Submit for review", note="The session was held.", outcome="fulfilled")
    expect(officer.locator("#content")).to_contain_text("needs evidence")
    expect(officer.get_by_label("Note")).to_have_value("The session was held.")
    assert pledge().status == "in_progress"
    move(
        officer,
        "Submit for review",
        note="The session was held.",
        outcome="fulfilled",
        link="https://example.org/minutes-22",
    )
    assert pledge().status == "under_review"

    open_pledge(officer)
    expect(officer.get_by_role("link", name="Withdraw the submission")).to_be_visible()
    expect(officer.get_by_role("link", name="Confirm", exact=True)).to_have_count(0)
    refused = officer.goto(f"/admin/commitments/commitment/{pledge().pk}/transition/confirm/")
    assert refused is not None
    assert refused.status == 403

    move(reviewer, "Return", note="The minutes are not signed yet.")
    assert pledge().status == "in_progress"
    move(officer, "Submit for review", note="Signed now.", outcome="fulfilled")
    move(reviewer, "Confirm")
    assert pledge().status == "fulfilled"

    reviewer.goto(f"/commitments/{REFERENCE}/")
    story = reviewer.locator("main")
    for told in (
        "Invitations went out.",
        "The session was held.",
        "The minutes are not signed yet.",
        "Signed now.",
        "Agreed minutes of the 22nd session",
    ):
        expect(story).to_contain_text(told)
    open_pledge(reviewer)
    expect(reviewer.locator("#content")).to_contain_text("The minutes are not signed yet.")

    changes = list(pledge().status_changes.all())
    assert [change.transition for change in changes] == [
        *("record", "start", "submit", "return", "submit", "confirm"),
    ]
    assert replay(changes) == pledge().status == "fulfilled"
    assert changes[0].occurred_on == JC21


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "options", [{}, {"viewport": {"width": 390, "height": 844}}, {"color_scheme": "dark"}]
)
def test_the_pages_are_accessible(
    options: dict, new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = new_page(**options)
    sign_in(page, "officer")
    for url in (
        "/",
        "/commitments/?state=open",
        "/commitments/?stat=open",
        "/commitments/?status=stalled",
        "/commitments/KHVN-2024-018/",
        "/commitments/KHVN-2025-023/transitions/submit/",
        "/commitments/KHVN-2025-023/progress/",
        "/meetings/",
        "/meetings/jc-21/",
        "/meetings/jc-22/",
        "/sources/",
        "/sources/note-2025-12-08-pm/",
        "/accounts/tokens/",
        "/accounts/sessions/",
    ):
        page.goto(url)
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{url} scrolls sideways"


@pytest.mark.usefixtures("desk")
def test_the_list_works_without_javascript(
    new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, "reviewer")
    page.goto("/commitments/")
    page.locator("main input[name=q]").fill("Francophonie")
    page.locator("main input[name=q]").press("Enter")
    expect(page.locator("table.reg tbody tr")).to_have_count(1)
    expect(page.locator("main input[name=q]")).to_have_value("Francophonie")
    page.goto("/commitments/?state=open&theme=border")
    expect(page.locator("table.reg tbody tr")).to_have_count(12)
    page.get_by_role("link", name="Conclude the Agreement on Border Gate Management").click()
    expect(page.locator("h1")).to_have_text("Conclude the Agreement on Border Gate Management")
