"""The admin in a browser: autocompletes, rows, both themes, narrow screens, accessibility."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import Locator, Page, Response, expect

from accounts.models import AccountEvent, User
from commitments.models import Commitment
from relations.models import Meeting, Source
from tests import factories as make

LIST = "/admin/commitments/commitment/"


@pytest.fixture
def users(register: None, transactional_db: None) -> dict[str, User]:
    """The shipped register, and a user in each role of the admin."""
    TOTP.activate(make.user("reader", username="reader"), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    return {
        role: make.user(role, username=role, clearance=3) for role in ("officer", "reviewer", "administrator")
    }


def search(page: Page, select: Locator, words: str) -> None:
    """Open an autocomplete field, enter ``words`` and wait for their results."""

    def is_answer(response: Response) -> bool:
        query = parse_qs(urlsplit(response.url).query)
        return "/autocomplete/" in response.url and "".join(query.get("term", [])) == words

    with page.expect_response(is_answer):
        select.locator("+ .select2-container").click()
        page.keyboard.type(words)
    expect(page.locator(".select2-results .loading-results")).to_have_count(0)


def choose(page: Page, select: Locator, words: str, choice: str) -> None:
    """Search in an autocomplete field and choose the result that contains ``choice``."""
    search(page, select, words)
    page.locator(".select2-results__option", has_text=choice).first.click()


def results(page: Page, select: Locator) -> list[str]:
    """Return the results of an autocomplete field for an empty search."""
    search(page, select, "")
    option = page.locator(".select2-results__option:not(.select2-results__option--load-more)")
    expect(option.first).to_be_visible()
    texts = option.all_inner_texts()
    page.keyboard.press("Escape")
    return texts


@pytest.mark.usefixtures("users")
def test_autocompletes_have_one_width_and_no_column_is_cut_off(
    new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page(viewport={"width": 1280, "height": 900})
    sign_in(page, "officer")
    page.goto(f"{LIST}add/")
    widths = "boxes => boxes.map(box => box.offsetWidth)"
    assert len(set(page.locator("fieldset .select2-container").evaluate_all(widths))) == 1
    page.goto(LIST)
    cut = "table => table.offsetWidth - table.parentElement.clientWidth"
    assert page.locator("#result_list").evaluate(cut) <= 0
    page.set_viewport_size({"width": 390, "height": 900})
    box, form = page.locator("#searchbar").bounding_box(), page.locator("#content").bounding_box()
    assert box is not None
    assert form is not None
    assert box["x"] + box["width"] <= form["x"] + form["width"] - 16


@pytest.mark.usefixtures("users")
def test_a_commitment_is_registered_with_autocompletes(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, "officer")
    page.goto(f"{LIST}add/")
    page.locator("#id_title").fill("Build the bridge")
    page.locator("#id_text").fill("Build it together.")
    page.locator("#id_nature").select_option("cooperation")
    page.locator("#id_theme").select_option(index=1)
    for code in ("Cambodia", "Vietnam"):
        choose(page, page.locator("#id_parties"), code, code.replace("Vietnam", "Viet Nam"))
    choose(page, page.locator("#id_obligated"), "Cambodia", "Cambodia")
    choose(page, page.locator("#id_meeting"), "21st", "Joint Committee, 21st session")
    offered = results(page, page.locator("#id_paragraph"))
    assert offered
    assert {text.split(" §")[0] for text in offered} <= set(
        Source.objects.filter(meetings__slug="jc-21").values_list("slug", flat=True)
    )
    choose(page, page.locator("#id_paragraph"), "border", "§")
    page.locator("#id_note").fill("Agreed by the co-chairs.")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Build the bridge")
    made = Commitment.objects.get(title="Build the bridge")
    assert made.reference.startswith("KHVN-2025-")
    assert made.mentions.get().meeting.slug == "jc-21"


@pytest.mark.usefixtures("users")
def test_a_mention_is_added_in_a_new_row(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, "officer")
    pledge = Commitment.objects.get(reference="KHVN-2025-023")
    page.goto(f"{LIST}{pledge.pk}/change/")
    page.get_by_text("Add another Mention").click()
    choose(page, page.locator("#id_mentions-1-meeting"), "farewell", "Farewell")
    offered = results(page, page.locator("#id_mentions-1-paragraph"))
    assert {text.split(" §")[0] for text in offered} <= set(
        Source.objects.filter(meetings__slug="farewell-2026-01").values_list("slug", flat=True)
    )
    choose(page, page.locator("#id_mentions-1-paragraph"), "", "§ 4:")
    page.locator("#id_mentions-1-kind").select_option("reaffirmed")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("#id_mentions-TOTAL_FORMS")).to_have_value("2")
    assert pledge.mentions.get(kind="reaffirmed").meeting == Meeting.objects.get(slug="farewell-2026-01")


@pytest.mark.usefixtures("users")
def test_many_are_assigned_from_the_list(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, "officer")
    page.goto(f"{LIST}?group=no_agency")
    page.locator("#action-toggle").check()
    page.locator(".actions .question a").click()
    page.locator("select[name=action]").select_option("assign_selected")
    page.get_by_role("button", name="Go").click()
    page.locator("#id_agency").select_option(label="VN: Ministry of Foreign Affairs of Viet Nam")
    page.locator("main .btn--first").click()
    expect(page.locator(".head__fact")).to_contain_text("none refused")
    page.goto(f"{LIST}?group=no_agency")
    expect(page.locator("#changelist")).to_contain_text("0 commitments")


@pytest.mark.usefixtures("users")
def test_pages_with_refused_rows_and_edit_conflicts_are_accessible(
    new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = new_page(bypass_csp=True)
    sign_in(page, "officer")
    page.goto(f"{LIST}?q=KHVN-2025-00")
    for reference in ("KHVN-2025-001", "KHVN-2025-002", "KHVN-2025-003"):
        page.locator("tr", has_text=reference).locator(".action-select").check()
    page.locator("select[name=action]").select_option("move_selected")
    page.get_by_role("button", name="Go").click()
    axe(page)
    page.get_by_role("link", name="Report stalled").click()
    page.locator("#id_note").fill("Nothing moves.")
    page.locator("main .btn--first").click()
    expect(page.locator(".head__fact")).to_contain_text("1 refused")
    axe(page)
    url = f"/admin/relations/meeting/{Meeting.objects.get(slug='jc-21').pk}/change/"
    page.goto(url)
    Meeting.objects.filter(slug="jc-21").update(place="Phnom Penh", version=99)
    page.locator("#id_place").fill("Siem Reap city")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".conflict")).to_contain_text("Phnom Penh")
    axe(page)


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize("width", [1280, 1440])
def test_every_column_of_the_rows_of_a_commitment_is_visible(
    width: int, new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    sign_in(page, "officer")
    page.goto(f"{LIST}{Commitment.objects.get(reference='KHVN-2025-023').pk}/change/")
    expect(page.locator("#mentions-0 .select2-container").first).to_be_visible()
    overflow = "tables => tables.map(table => table.scrollWidth - table.clientWidth)"
    assert set(page.locator(".tabular").evaluate_all(overflow)) == {0}


@pytest.mark.usefixtures("users")
def test_the_successor_field_is_shown_only_for_its_outcome(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, "officer")
    page.goto(f"{LIST}{Commitment.objects.get(reference='KHVN-2025-023').pk}/transition/submit/")
    expect(page.get_by_text("Successor", exact=True)).not_to_be_visible()
    page.get_by_label("Superseded").check()
    choose(page, page.locator("#id_successor"), "border", "KHVN")
    expect(page.locator("#id_successor + .select2-container")).to_contain_text("KHVN")


def pages_of(role: str) -> list[str]:
    """Return addresses of every kind of page for a user in ``role``."""
    pledge = f"{LIST}{Commitment.objects.get(reference='KHVN-2025-023').pk}/"
    pages = [
        "/admin/",
        LIST,
        f"{LIST}?group=overdue",
        f"{LIST}?group=unknown",
        f"{pledge}change/",
        f"{pledge}history/",
        f"/admin/relations/meeting/{Meeting.objects.get(slug='jc-21').pk}/change/",
        f"/admin/relations/source/{Source.objects.get(slug='note-2026-01-15').pk}/change/",
    ]
    more = {
        "officer": [
            f"{LIST}add/",
            f"{pledge}transition/submit/",
            f"{pledge}deadline/",
            f"{pledge}progress/",
            "/admin/relations/meeting/add/",
        ],
        "administrator": [
            "/admin/accounts/user/",
            "/admin/accounts/user/add/",
            f"/admin/accounts/user/{User.objects.get(username='reader').pk}/change/",
            f"/admin/accounts/user/{User.objects.get(username='reader').pk}/second-step/",
            f"/admin/accounts/user/{User.objects.get(username='reader').pk}/duties/",
            "/admin/accounts/accountsession/",
            "/admin/accounts/accountevent/",
            f"/admin/accounts/accountevent/{AccountEvent.objects.latest('pk').pk}/change/",
            "/admin/relations/country/add/",
        ],
    }
    return pages + more.get(role, [])


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize("role", ["officer", "reviewer", "administrator"])
def test_the_pages_are_accessible(
    role: str, new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    # axe parses the pages again, with the inline styles of select2: the next test checks the policy.
    wide = new_page(bypass_csp=True)
    narrow = new_page(bypass_csp=True, viewport={"width": 390, "height": 844}, color_scheme="dark")
    for page in (wide, narrow):
        sign_in(page, role)
        for url in pages_of(role):
            page.goto(url)
            axe(page)
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{url} scrolls sideways"


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_no_page_violates_the_content_security_policy(
    role: str, new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = new_page()
    sign_in(page, role)
    for url in pages_of(role):
        page.goto(url)
        page.wait_for_load_state("networkidle")
    page.goto(f"{LIST}?q=border")
    if role == "officer":
        page.locator("#action-toggle").check()
    page.goto("/admin/relations/agency/add/")
    assert results(page, page.locator("#id_country"))
