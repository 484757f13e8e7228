"""Recording a small meeting in a real browser: from end to end, with keys, and without scripts."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from commitments.models import Commitment, Mention, SetAside
from core import clock
from relations.choices import MeetingStatus
from relations.models import Mechanism, Meeting, MeetingSource, Person, Source
from tests import factories as make
from tests.relations.services.documents import word

PARAGRAPHS = (
    "On the day the Joint Committee met in Hà Nội.",
    "They agreed to build and improve the border gates.",
    "Hai bên nhất trí mở cửa khẩu Tân Nam.",
    "ភាគីទាំងពីរបានឯកភាពគ្នាពង្រឹងកិច្ចសហប្រតិបត្តិការពាណិជ្ជកម្ម។",
    "They agreed to run a joint school for young diplomats.",
)


@pytest.fixture
def desk(transactional_db: None) -> dict[str, Commitment]:
    """Two countries, a planned session, and three commitments that it can mention."""
    make.user("officer", username="officer")
    people = {"VN": ("le-hoai-trung", "Lê Hoài Trung"), "KH": ("prak-sokhonn", "Prak Sokhonn")}
    countries = [make.country(code) for code in people]
    before = make.meeting(dt.date(2025, 12, 9), title="Joint Committee, 21st session")
    for country in countries:
        slug, name = people[country.code]
        person = Person.objects.create(slug=slug, name=name, country=country)
        before.participations.create(person=person, office="Minister", country=country, role="co_chair")
    committee = Mechanism.objects.create(slug="joint-committee", name="Joint Committee")
    committee.countries.set(countries)
    make.meeting(
        None,
        slug="jc-22",
        title="Joint Committee, 22nd session",
        mechanism=committee,
        session=22,
        status=MeetingStatus.PLANNED,
        window_wording="in 2026",
    )
    return {
        "gates": make.commitment(
            title="Improve the border gates", text="Build and improve the border gates."
        ),
        "tan_nam": make.commitment(title="Mở cửa khẩu Tân Nam", text="Mở cửa khẩu Tân Nam."),
        "trade": make.commitment(title="ពង្រឹងកិច្ចសហប្រតិបត្តិការពាណិជ្ជកម្ម", text="ពាណិជ្ជកម្ម"),
    }


def begin(page: Page) -> None:
    """Choose the meeting, enter its date and participants, and upload the text as a Word file."""
    page.goto("/meetings/")
    page.get_by_role("link", name="Record a meeting").click()
    page.get_by_label("Search titles and places").press_sequentially("joint 22")
    page.get_by_role("link", name="Joint Committee, 22nd session").click()
    page.get_by_label("Starts on").fill(clock.today().isoformat())
    page.get_by_role("textbox", name="Place").fill("Hà Nội")
    for n, name in enumerate(("Lê Hoài Trung", "Prak Sokhonn"), start=1):
        participant = page.get_by_role("group", name=f"Participant {n}", exact=True)
        participant.get_by_label("Name").fill(name)
        participant.get_by_label("Position").fill("Minister")
    page.get_by_label("Title").fill("Agreed minutes of the 22nd session")
    page.get_by_label("Kind").select_option("agreed_minutes")
    page.locator("input[type=file]").set_input_files(
        {"name": "minutes.docx", "mimeType": "application/octet-stream", "buffer": word(*PARAGRAPHS)}
    )
    page.get_by_role("button", name="Record and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Agreed minutes of the 22nd session")


def paragraph(page: Page, n: int) -> Locator:
    return page.locator(f"#p{n}")


def decided(page: Page, n: int) -> None:
    expect(page.locator("#progress")).to_contain_text(f"{n} of 5 paragraphs decided")


@pytest.fixture
def text() -> Source:
    """The same text, already recorded."""
    meeting = Meeting.objects.get(slug="jc-22")
    meeting.status, meeting.starts_on = MeetingStatus.HELD, clock.today()
    meeting.save()
    source = make.source("\n\n".join(PARAGRAPHS), slug="minutes", title="Agreed minutes")
    MeetingSource.objects.create(meeting=meeting, source=source)
    return source


def test_a_small_meeting_from_end_to_end(
    page: Page, desk: dict[str, Commitment], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "officer")
    begin(page)
    meeting = Meeting.objects.get(slug="jc-22")
    assert (meeting.status, meeting.day) == ("held", clock.today())
    assert meeting.participations.count() == 2
    decided(page, 0)
    axe(page)

    paragraph(page, 1).get_by_role("button", name="Nothing").click()
    decided(page, 1)
    paragraph(page, 2).get_by_label("progress reported").check()
    paragraph(page, 2).get_by_role("button", name="Improve the border gates").click()
    decided(page, 2)
    paragraph(page, 3).get_by_role("link", name="Decide").click()
    paragraph(page, 3).get_by_placeholder("Search commitments").press_sequentially("tan nam")
    paragraph(page, 3).get_by_role("button", name="Mở cửa khẩu Tân Nam").click()
    decided(page, 3)
    paragraph(page, 4).get_by_role("link", name="Decide").click()
    paragraph(page, 4).get_by_role("button", name=desk["trade"].reference).click()
    decided(page, 4)

    paragraph(page, 5).get_by_role("link", name="Decide").click()
    paragraph(page, 5).get_by_role("link", name="New commitment").click()
    expect(paragraph(page, 5).get_by_label("Title")).to_have_value("Run a joint school for young diplomats")
    paragraph(page, 5).get_by_role("button", name="Register").click()
    expect(paragraph(page, 5).get_by_role("alert")).to_contain_text("Nature: This field is required.")
    axe(page)
    paragraph(page, 5).get_by_label("Nature").select_option("cooperation")
    paragraph(page, 5).get_by_label("Theme").select_option("border")
    paragraph(page, 5).get_by_role("button", name="Register").click()
    decided(page, 5)
    expect(paragraph(page, 5)).to_contain_text("Registered here; cannot be undone")
    axe(page)

    page.get_by_role("link", name="Finish and see the summary").click()
    expect(page.locator("main")).to_contain_text("Run a joint school for young diplomats")
    axe(page)
    mentions = Mention.objects.filter(meeting=meeting).order_by("paragraph__number")
    new = Commitment.objects.get(title="Run a joint school for young diplomats")
    assert [(m.paragraph.number, m.commitment, m.kind, m.modality) for m in mentions] == [
        (2, desk["gates"], "progress", "agreed"),
        (3, desk["tan_nam"], "reaffirmed", "agreed"),
        (4, desk["trade"], "reaffirmed", "agreed"),
        (5, new, "made", "agreed"),
    ]
    assert new.status_changes.get().occurred_on == clock.today()


def test_with_keys_alone_and_undo(
    page: Page, desk: dict[str, Commitment], sign_in: Callable[..., None], text: Source
) -> None:
    sign_in(page, "officer")
    page.goto("/meetings/jc-22/record/minutes/")
    expect(paragraph(page, 1)).to_be_focused()
    page.get_by_role("link", name="Next undecided").press("Enter")
    expect(paragraph(page, 2)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(paragraph(page, 1)).to_be_focused()
    page.keyboard.press("x")
    decided(page, 1)
    expect(paragraph(page, 2)).to_be_focused()
    page.keyboard.press("1")
    decided(page, 2)
    assert Mention.objects.get(paragraph__number=2, paragraph__source=text).commitment == desk["gates"]
    expect(paragraph(page, 2)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("m")
    page.keyboard.type("cua khau")
    page.keyboard.press("Enter")
    expect(paragraph(page, 3).get_by_role("button", name="Mở cửa khẩu Tân Nam")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(paragraph(page, 3).get_by_label("Title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(paragraph(page, 3)).to_be_focused()
    paragraph(page, 2).get_by_role("button", name="Undo").click()
    decided(page, 1)
    expect(paragraph(page, 2)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("u")
    decided(page, 0)
    assert not SetAside.objects.exists()


def test_two_officers_at_once(
    new_page: Callable[..., Page], desk: dict[str, Commitment], sign_in: Callable[..., None], text: Source
) -> None:
    make.user("officer", username="officer2")
    mine, hers = new_page(), new_page()
    for page, name in ((mine, "officer"), (hers, "officer2")):
        sign_in(page, name)
        page.goto("/meetings/jc-22/record/minutes/")
    for page in (mine, hers):
        page.keyboard.press("ArrowDown")
        paragraph(page, 2).get_by_role("button", name="Improve the border gates").click()
        decided(page, 1)
    expect(paragraph(hers, 2).get_by_role("alert")).to_contain_text("This mention is already recorded.")
    assert Mention.objects.filter(paragraph__source=text).count() == 1


def test_without_javascript(
    new_page: Callable[..., Page],
    desk: dict[str, Commitment],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    sign_in(page, "officer")
    page.goto("/meetings/record/?q=joint+22")
    page.get_by_role("link", name="Joint Committee, 22nd session").click()
    page.get_by_label("Starts on").fill(clock.today().isoformat())
    page.get_by_label("Title").fill("Minutes")
    page.get_by_label("Kind").select_option("agreed_minutes")
    page.get_by_role("textbox", name="Text").fill("\n\n".join(PARAGRAPHS))
    page.get_by_role("button", name="Preview paragraphs").click()
    expect(page.locator("main")).to_contain_text("Preview: 5 paragraphs")
    page.get_by_role("button", name="Record and continue").click()
    paragraph(page, 1).get_by_role("button", name="Nothing").click()
    expect(page).to_have_url("/meetings/jc-22/record/minutes/#p1")
    decided(page, 1)
    paragraph(page, 3).get_by_placeholder("Search commitments").fill("cua khau")
    paragraph(page, 3).get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Mở cửa khẩu Tân Nam").click()
    decided(page, 2)
    paragraph(page, 5).get_by_role("link", name="New commitment").click()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_contain_text("Please correct 2 fields.")
    page.get_by_label("Nature").select_option("cooperation")
    page.get_by_label("Theme").select_option("border")
    page.get_by_role("button", name="Register").click()
    decided(page, 3)
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert Commitment.objects.filter(title="Run a joint school for young diplomats").count() == 1
    assert page.url.endswith("#p5")
    seen = new_page(viewport={"width": 390, "height": 844})
    sign_in(seen, "officer")
    for url in ("/meetings/record/", "/meetings/jc-22/record/minutes/", "/meetings/record/?meeting=new"):
        seen.goto(url)
        axe(seen)
        assert seen.evaluate(width) == 0


@pytest.mark.parametrize("script", [True, False])
def test_a_recording_begins_with_the_text_and_the_rest_is_proposed(
    script: bool,
    new_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    desk: dict[str, Commitment],
) -> None:
    page = new_page(java_script_enabled=script)
    sign_in(page, "officer")
    page.goto("/meetings/record/?meeting=new")
    expect(page.locator("form h2").first).to_have_text("Text")
    page.get_by_role("textbox", name="Text", exact=True).fill(
        "Talks on the border markers\n\nThe sides met in Phnom Penh on 3 May 2025.\n\nThey agreed to go on."
    )
    page.get_by_role("button", name="Read the text").click()
    expect(page.locator("[role=status]", has_text="Proposed from the text")).to_be_visible()
    expect(page.locator("#id_meeting-title")).to_have_value("Talks on the border markers")
    expect(page.locator("#id_meeting-starts_on")).to_have_value("2025-05-03")
    expect(page.locator("#id_meeting-place")).to_have_value("Phnom Penh")
    expect(page.get_by_role("button", name="Record and continue")).to_be_visible()
    expect(page.locator(".preview li")).to_have_count(3)
    if script:
        axe(page)
