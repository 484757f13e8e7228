"""Importing a spreadsheet in a real browser: each step by hand and by keys, on a wide and a narrow screen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from commitments.models import Commitment
from tests import factories as make
from tests.interchange.spreadsheet.conftest import MINISTRY, xlsx

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def desk(register: None, transactional_db: None) -> None:
    """The shipped register and an officer."""
    make.user("officer", username="officer")


@pytest.mark.parametrize("width", [390, 1440])
def test_spreadsheet_is_imported_and_taken_back(
    width: int,
    new_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    file = tmp_path / "Rows of the desk.xlsx"
    rows = [
        ("MFAIC", "Cambodia", "Open a consulate in Kampot 71.", "Q3/2027", "No house.", None),
        ("Min. of Foreign Affairs of Viet Nam", "Cambodia", "Train forty lifeguards.", "asap", None, None),
        ("MFAIC", "Cambodia", "Plant a thousand mangroves.", "3/4/2027", None, None),
    ]
    file.write_bytes(xlsx(MINISTRY, rows))
    before = Commitment.objects.count()
    page = new_page(viewport={"width": width, "height": 900})
    sign_in(page, "officer")
    page.goto("/")
    page.get_by_role("link", name="Imports", exact=True).first.click()
    axe(page)
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("h1")).to_have_text(file.name)
    axe(page)
    page.locator("#id_meeting").select_option(index=1)
    page.locator("#id_nature").select_option("cooperation")
    page.locator("#id_theme").select_option(index=1)
    page.get_by_role("button", name="Check the rows").click()
    expect(page.locator("#next-h")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("What “Min. of Foreign Affairs of Viet Nam” means").select_option("vn-mofa")
    page.get_by_role("button", name="Use these names").click()
    expect(page.locator("#row-4")).to_contain_text("D4: “3/4/2027” can be two days")
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.locator("#result-h")).to_be_visible()
    axe(page)
    assert Commitment.objects.count() == before + 2
    page.get_by_role("link", name="Take the import back…").click()
    axe(page)
    page.get_by_role("button", name="Take back 2 rows").click()
    expect(page.locator(".head__fact")).to_contain_text("2 rows taken back")
    assert Commitment.objects.filter(is_in_error=False).count() == before
