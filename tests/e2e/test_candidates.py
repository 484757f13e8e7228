"""The reader of texts in a real browser: a text is read and decided on with keys alone."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from commitments.models import Candidate, Commitment, SetAside
from relations.models import MeetingSource
from tests import factories as make

HERE = "/meetings/jc-21/record/minutes/"
TEXT = (
    "The ministers met in Siem Reap.",
    "Both sides agreed to open a new border gate by 2030.",
    "Both sides agreed to train fifty border officers, and to hold a fair of the border provinces.",
    "Both sides agreed to improve the road to the gate.",
)


@pytest.fixture
def known(transactional_db: None) -> Commitment:
    """The text of a meeting, and one commitment that it repeats."""
    make.user("officer", username="officer")
    for slug in ("border", "transport", "trade", "security", "education", "culture", "economy"):
        make.theme(slug)
    source = make.source("\n\n".join(TEXT), slug="minutes", title="Minutes")
    meeting = make.meeting(dt.date(2025, 12, 9), slug="jc-21", mechanism=make.mechanism(), session=21)
    MeetingSource.objects.create(meeting=meeting, source=source)
    return make.commitment(title="Improve the road to the border gate", text="Improve the road to the gate.")


def test_a_text_is_read_and_decided_on_with_keys(
    page: Page, known: Commitment, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "officer")
    page.goto(HERE)
    page.keyboard.press("R")
    expect(page.locator("[data-proposes]").first).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#p2.rec--active [data-current]")).to_be_visible()
    axe(page)
    page.keyboard.press("e")
    form = page.locator("#p2 .rec__new")
    expect(form.locator("[name=deadline_wording]")).to_have_value("by 2030")
    form.locator("[name=theme]").select_option("border")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#p2 .rec__mentions")).to_contain_text("made")
    page.keyboard.press("c")
    expect(page.locator("#p3.rec--active [data-current]")).to_be_visible()
    for left in range(page.locator("#p3 [data-candidate]").count(), 0, -1):
        expect(page.locator("#p3 [data-candidate]")).to_have_count(left)
        page.keyboard.press("d")
    expect(page.locator("#p3 [data-candidate]")).to_have_count(0)
    expect(page.locator("#progress")).to_contain_text("1 of 4 paragraphs decided")
    expect(page.locator("#p4.rec--active [data-current]")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("#p4 .rec__mentions")).to_contain_text(known.reference)
    page.keyboard.press("X")
    expect(page.locator("#progress")).to_contain_text("4 of 4 paragraphs decided")
    assert Commitment.objects.count() == 2
    assert known.mentions.latest("pk").reader_quote
    assert Candidate.objects.filter(number=3).exclude(refused_at=None).exists()
    assert SetAside.objects.count() == 2


def test_nobody_accepts_what_was_not_on_the_page_yet(
    page: Page, known: Commitment, sign_in: Callable[..., None]
) -> None:
    sign_in(page, "officer")
    page.goto(HERE)
    page.keyboard.press("R")
    page.locator("[data-proposes]").first.wait_for()
    page.keyboard.press("c")
    expect(page.locator("#p2.rec--active [data-current]")).to_be_visible()
    for _n in range(6):  # the first is sent; the others come before another proposal is shown
        page.keyboard.press("d")
    expect(page.locator("#p3.rec--active [data-current]")).to_be_visible()
    assert Candidate.objects.exclude(refused_at=None).count() == 1
