"""Exports of the list in a real browser: the workbook and the printable page."""

import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument

from tests import factories as make


@pytest.fixture
def reader(register: None, transactional_db: None, page: Page, sign_in: Callable[..., None]) -> Page:
    """A reader of the shipped register, signed in."""
    make.user("reader", username="reader")
    sign_in(page, "reader")
    return page


def export(page: Page, what: str) -> None:
    page.locator("summary", has_text="Export").click()
    page.get_by_role("link", name=what).click()


def test_the_workbook_has_the_rows_of_the_list(reader: Page) -> None:
    reader.goto("/commitments/?state=open&theme=border&as_of=2026-01-16&ordering=-reference")
    shown = [cell.strip() for cell in reader.locator("#results td.ref").all_inner_texts()]
    assert len(shown) == 12
    with reader.expect_download() as download:
        export(reader, "Follow-up matrix")
    assert download.value.suggested_filename == "commitments-open-border-2026-01-16.xlsx"
    sheet, about, _versions = load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == shown
    assert (
        dict(about.iter_rows(max_col=2, values_only=True))["Theme"] == "Border, demarcation and border gates"
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_the_printable_page_prints_without_controls(
    width: int, reader: Page, axe: Callable[[Page], None]
) -> None:
    reader.set_viewport_size({"width": width, "height": 900})
    reader.goto("/commitments/?state=open&as_of=2026-01-16")
    export(reader, "Printable page")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Follow-up of commitments")
    expect(reader.locator(".reg__group").first).to_contain_text("Border, demarcation and border gates")
    assert reader.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    axe(reader)
    reader.emulate_media(media="print")
    expect(reader.locator(".btn").first).to_be_hidden()
    expect(reader.locator(".mast__nav")).to_be_hidden()
    expect(reader.locator(".reg--paper thead")).to_be_visible()


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("KHVN-2024-024", "Take an effective part in initiatives that link the region"),
        ("KHVN-2025-023", "Convene the Joint Committee for its 22nd session"),
    ],
)
def test_the_text_of_a_printed_commitment_follows_its_facts(reference: str, text: str, reader: Page) -> None:
    reader.goto(f"/commitments/{reference}/")
    first = PdfDocument(reader.pdf(prefer_css_page_size=True))[0]
    assert text in " ".join(first.get_textpage().get_text_range().split())
