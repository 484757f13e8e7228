"""Deciding on the paragraphs of a text with keys, as fast as somebody presses, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from commitments.models import Mention, SetAside
from core import clock
from relations.models import MeetingSource, Source
from tests import factories as make

HERE = "/meetings/talks/record/minutes/"
WORDING = "The sides noted the work on marker"
Open = Callable[[list[str]], Page]


@pytest.fixture
def open_text(transactional_db: None, page: Page, sign_in: Callable[..., None]) -> Open:
    """Opens the page on which a text of the given paragraphs is recorded, as an officer."""

    def open_text(paragraphs: list[str]) -> Page:
        make.user("officer", username="officer")
        meeting = make.meeting(clock.today(), slug="talks", country=make.country("KH"))
        source = make.source("\n\n".join(paragraphs), slug="minutes", title="Minutes")
        MeetingSource.objects.create(meeting=meeting, source=source)
        sign_in(page, "officer")
        page.goto(HERE)
        return page

    return open_text


def numbers() -> set[int]:
    rows = SetAside.objects.filter(paragraph__source__slug="minutes")
    return set(rows.values_list("paragraph__number", flat=True))


def decided(page: Page, n: int, total: int) -> None:
    # A busy machine takes long over many requests.
    expect(page.locator("#progress")).to_contain_text(f"{n} of {total} paragraphs decided", timeout=30_000)


def test_thirty_presses_without_waiting_decide_thirty_paragraphs(open_text: Open) -> None:
    page = open_text([f"{WORDING} {n}." for n in range(60)])
    expect(page.locator("#p1")).to_be_focused()
    for _press in range(30):
        page.keyboard.press("x")
    decided(page, 30, 60)
    expect(page.locator("#p31")).to_be_focused()
    assert numbers() == set(range(1, 31))


def test_mixed_presses_are_done_in_order(open_text: Open) -> None:
    first = make.commitment(title="Open the gate of Moc Bai", text="Open the gate of Moc Bai.")
    second = make.commitment(title="Build the bridge of Long Binh", text="Build the bridge of Long Binh.")
    page = open_text(["They met.", "They agreed to open the gate of Moc Bai.", "They thanked.",
                      "They agreed to build the bridge of Long Binh.", "They left."])  # fmt: skip
    for key in ("x", "p", "1", "g", "x", "1", "g", "x", "ArrowUp", "ArrowUp", "u"):
        page.keyboard.press(key)
    expect(page.locator("#p5")).to_contain_text("Marked “nothing”", timeout=30_000)
    decided(page, 4, 5)
    mentions = Mention.objects.filter(paragraph__source__slug="minutes").order_by("paragraph__number")
    assert [(each.paragraph.number, each.commitment, each.kind) for each in mentions] == [
        (2, first, "progress"),
        (4, second, "reaffirmed"),
    ]
    assert numbers() == {1, 5}


def test_a_number_means_what_stood_beside_it_when_it_was_pressed(open_text: Open) -> None:
    text = "They agreed to open the gate of Moc Bai and to build the bridge of Long Binh."
    make.commitment(title="Open the gate of Moc Bai", text="Open the gate of Moc Bai.")
    make.commitment(title="Build the bridge of Long Binh", text="Build the bridge of Long Binh.")
    page = open_text([text, "They left."])
    shown = page.locator("#p1 [data-options] button .ref").all_inner_texts()
    assert len(shown) == 2
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("#p1 .rec__mentions li")).to_have_count(2)
    mentions = Mention.objects.filter(paragraph__source__slug="minutes").order_by("pk")
    assert [each.commitment.reference for each in mentions] == shown


def test_nothing_in_many_with_one_undo(open_text: Open, axe: Callable[[Page], None]) -> None:
    page = open_text(["TRADE", *(f"{WORDING} {n}." for n in range(120)), "Border"])
    page.keyboard.press("h")
    decided(page, 2, 122)
    assert numbers() == {1, 122}
    expect(page.locator("#p2")).to_be_focused()
    for key in ("ArrowDown", "Space", "ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="the selected ones")).to_be_visible()
    axe(page)
    page.keyboard.press("x")
    decided(page, 5, 122)
    assert numbers() == {1, 122, 3, 4, 5}
    page.keyboard.press("Shift+X")
    decided(page, 122, 122)
    page.keyboard.press("z")
    decided(page, 5, 122)
    expect(page.locator("#p2")).to_contain_text("Decide")
    page.get_by_role("button", name="all 117 still undecided").click()
    decided(page, 122, 122)
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Marked “nothing”")).to_be_visible()


def test_a_long_text_goes_on_below_and_a_wording_is_found_on_a_later_page(open_text: Open) -> None:
    page = open_text([*(f"Item {n} of the programme." for n in range(130)), "They agreed to meet again."])
    page.keyboard.press("w")
    expect(page.locator("#p131")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("g")
    expect(page.locator("#p1")).to_be_focused()
    page.goto(f"{HERE}?page=3")
    expect(page.locator("#p101")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#p100")).to_be_focused()


def test_the_help_names_every_key_and_a_key_does_nothing_under_it_or_in_a_field(open_text: Open) -> None:
    page = open_text([f"{WORDING} {n}." for n in range(3)])
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Next undecided paragraph")
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.type("xxx")
    expect(page.locator("#p1 [data-search]")).to_have_value("xxx")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    decided(page, 1, 3)
    expect(page.locator("#p2")).to_be_focused()


def test_what_is_pressed_after_a_refusal_is_not_done(open_text: Open) -> None:
    page = open_text([f"{WORDING} {n}." for n in range(3)])
    pledge = make.commitment()
    source = Source.objects.get(slug="minutes")
    Mention.objects.create(
        commitment=pledge,
        meeting=source.meetings.get(),
        paragraph=source.paragraphs.get(number=1),
        kind="made",
    )
    for _press in range(3):
        page.keyboard.press("x")
    expect(page.locator("#p1 [data-refused]")).to_contain_text("This paragraph now mentions")
    assert numbers() == set()


def test_a_text_that_records_nothing_is_deleted(open_text: Open) -> None:
    page = open_text([f"{WORDING} {n}." for n in range(3)])
    page.keyboard.press("x")
    decided(page, 1, 3)
    page.get_by_role("link", name="Delete this text").click()
    expect(page.locator("main")).to_contain_text("1 paragraph is marked “nothing”")
    page.get_by_role("button", name="Delete this text").click()
    expect(page.locator("main")).to_contain_text("“Minutes” was deleted.")
    assert not Source.objects.filter(slug="minutes").exists()
