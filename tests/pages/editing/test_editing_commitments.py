"""Editing a commitment on its pages: in place, whole, at once with somebody else, and under review."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from commitments.models import Assignment, Commitment
from commitments.services.assignments import assign
from commitments.services.downgrades import decide_downgrade, propose_downgrade
from commitments.services.editing import edit_commitment
from commitments.services.transitions import apply_transition
from relations.models import Agency, Source
from relations.services.sources import ParagraphLabel, record_text
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge() -> Commitment:
    return make.commitment(title="Open the brigde", text="To open it.", remarks="Ask in May.")


@pytest.fixture
def lan() -> User:
    return make.user("officer", first_name="Lan")


def edit_url(pledge: Commitment, part: str = "") -> str:
    return f"/commitments/{pledge.reference}/edit/{part}"


def now(pledge: Commitment) -> Commitment:
    return Commitment.objects.get(pk=pledge.pk)


def sent(browser: Client, url: str, **changed: Any) -> Any:
    """Fill in the form at ``url``, change some fields, and send it."""
    fields = {name: values for name, values in form_of(browser.get(url)).items()}
    return browser.post(url, fields | changed)


def history(browser: Client, pledge: Commitment) -> str:
    return " ".join(page_of(browser.get(f"/commitments/{pledge.reference}/")).texts(".history"))


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("title", "Open the bridge", "Title: Open the brigde → Open the bridge"),
        ("text", "To open it\r\nin 2026.", "Text: To open it. → To open it in 2026."),
        ("remarks", "", "Remarks: Ask in May. → –"),
    ],
)
def test_a_field_is_mended_in_place_and_the_history_says_so(
    part: str, value: str, words: str, pledge: Commitment, lan: User
) -> None:
    browser = client_as(lan)
    links = page_of(browser.get(f"/commitments/{pledge.reference}/")).select("a.quick")
    assert edit_url(pledge, f"{part}/") in [each["href"] for each in links]
    answer = sent(browser, edit_url(pledge, f"{part}/"), **{part: value, "reason": "A slip of the pen."})
    assert (answer.status_code, answer.url) == (302, f"/commitments/{pledge.reference}/")
    assert getattr(now(pledge), part) == value.replace("\r\n", "\n")
    told = history(client_as("reader"), pledge)
    for part_of_history in (words, "Edited", "Lan", "A slip of the pen."):
        assert part_of_history in told


def test_the_theme_and_the_officer_are_chosen_in_place(pledge: Commitment, lan: User) -> None:
    theme, browser = make.theme("trade"), client_as(lan)
    sent(browser, edit_url(pledge, "theme/"), theme=theme.pk)
    sent(browser, edit_url(pledge, "officer/"), officer=lan.pk)
    assert (now(pledge).theme, now(pledge).officer) == (theme, lan)
    told = history(browser, pledge)
    assert "Theme: Border → Trade" in told
    assert "Officer in charge: – → Lan" in told


def test_saving_a_field_untouched_writes_nothing(pledge: Commitment, lan: User) -> None:
    answer = sent(client_as(lan), edit_url(pledge, "title/"))
    assert (answer.status_code, now(pledge).version, pledge.edits.count()) == (302, pledge.version, 1)


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("title", "", "Title: This field is required."),
        ("title", "x" * 301, "Title: Ensure this value has at most 300 characters (it has 301)."),
        ("theme", "99999", "Theme: Select a valid choice."),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(
    part: str, value: str, message: str, pledge: Commitment, lan: User
) -> None:
    answer = sent(client_as(lan), edit_url(pledge, f"{part}/"), **{part: value, "reason": "Kept."})
    assert answer.status_code == 400
    page = page_of(answer)
    assert message in page.one("[role=alert]").text
    assert form_of(answer)["reason"] == ["Kept."]
    assert now(pledge).title == "Open the brigde"


def test_two_who_edit_one_field_see_both_versions(pledge: Commitment, lan: User) -> None:
    browser, url = client_as(lan), edit_url(pledge, "title/")
    opened = form_of(browser.get(url))
    other = make.user("officer", first_name="Minh")
    sent(client_as(other), url, title="Open the bridges")
    answer = browser.post(url, opened | {"title": "Open the bridge", "reason": "Typo."})
    assert (answer.status_code, now(pledge).title) == (409, "Open the bridges")
    page = page_of(answer)
    assert "Minh changed this record while you were editing it" in page.one("[role=alert]").text
    assert page.texts("[role=alert] td") == ["Open the bridges", "Open the bridge", "yours"]
    again = form_of(answer)
    assert (again["title"], again["reason"]) == (["Open the bridge"], ["Typo."])
    assert browser.post(url, again).status_code == 302
    assert now(pledge).title == "Open the bridge"


def test_the_whole_form_keeps_what_somebody_else_changed_elsewhere(pledge: Commitment, lan: User) -> None:
    browser, url = client_as(lan), edit_url(pledge)
    opened = form_of(browser.get(url))
    edit_commitment(commitment=pledge, actor=make.user("officer"), fields={"remarks": "Ask in June."})
    answer = browser.post(url, opened | {"title": "Open the bridge"})
    assert answer.status_code == 409
    again = form_of(answer)
    assert (again["title"], again["remarks"]) == (["Open the bridge"], ["Ask in June."])
    assert browser.post(url, again).status_code == 302
    assert (now(pledge).title, now(pledge).remarks) == ("Open the bridge", "Ask in June.")


def test_the_whole_form_covers_what_the_admin_covers(pledge: Commitment, lan: User) -> None:
    browser, url = client_as(lan), edit_url(pledge)
    assert page_of(browser.get(f"/commitments/{pledge.reference}/")).links(".moves")["Edit"] == url
    other, meeting = make.commitment(), make.meeting()
    answer = sent(
        browser,
        url,
        nature="event",
        obligated=[make.country("KH").pk],
        beneficiaries=[make.country("VN").pk],
        outcome_meeting=meeting.pk,
        related=f" {other.reference.lower()}, ",
        reason="As agreed.",
    )
    assert answer.status_code == 302
    found = now(pledge)
    assert (found.nature, found.outcome_meeting, list(found.related.all())) == ("event", meeting, [other])
    roles = {(each.country.code, each.role) for each in found.parties.all()}
    assert roles == {("KH", "party"), ("VN", "party"), ("KH", "obligated"), ("VN", "beneficiary")}
    assert "Responsible" not in form_of(browser.get(url))
    told = history(browser, pledge)
    assert f"Related commitments: – → {other.reference}" in told
    assert "Country in a role removed" in told


def test_the_form_offers_what_the_editor_may_choose(pledge: Commitment, lan: User) -> None:
    make.user("reader", username="rose")
    page = page_of(client_as(lan).get(edit_url(pledge)))
    assert not page.select("[name=classification]")
    assert "optional" not in page.one("#id_obligated legend").text
    assert len(page.select("#id_beneficiaries input[type=checkbox]")) == 2
    assert "Lan" in page.texts("select[name=officer] option")
    assert "rose" not in page.texts("select[name=officer] option")
    assert page.texts("form .field > label")[-1] != "Reason"
    assert "It is shown in the history." in page.text
    cleared = client_as(make.user("officer", clearance=2))
    levels = page_of(cleared.get(edit_url(pledge))).texts("select[name=classification] option")
    assert levels == ["unclassified", "restricted", "confidential"]


@pytest.mark.parametrize("related", ["KHVN-1999-001", "SECRET"])
def test_a_related_commitment_that_is_not_there_or_not_visible_is_not_found(
    related: str, pledge: Commitment, lan: User
) -> None:
    secret = make.commitment(classification=3)
    typed = secret.reference if related == "SECRET" else related
    answer = sent(client_as(lan), edit_url(pledge), related=typed)
    assert answer.status_code == 400
    assert f"There is no commitment {typed}." in text_of(answer)


def test_a_hidden_related_commitment_stays_related_and_unnamed(pledge: Commitment, lan: User) -> None:
    secret, browser = make.commitment(classification=3), client_as(lan)
    pledge.related.add(secret)
    assert form_of(browser.get(edit_url(pledge)))["related"] == [""]
    sent(browser, edit_url(pledge), title="Open the bridge")
    assert list(pledge.related.all()) == [secret]
    assert secret.reference not in history(browser, pledge)


def test_the_target_is_added_and_changed(pledge: Commitment, lan: User) -> None:
    browser, url = client_as(lan), edit_url(pledge)
    target = {"target-0-indicator": "Trade", "target-0-unit": "USD billion", "target-0-value": "20"}
    assert sent(browser, url, **target).status_code == 302
    assert (now(pledge).target.indicator, now(pledge).target.value) == ("Trade", 20)
    assert sent(browser, url, **{"target-0-value": "25.5"}).status_code == 302
    assert float(now(pledge).target.value) == 25.5
    assert "Value to reach: 20 → 25.5" in history(browser, pledge)
    refused = sent(browser, url, title="New", **{"target-0-value": "many"})
    assert (refused.status_code, now(pledge).title) == (400, "Open the brigde")
    assert "Enter a number in digits." in text_of(refused)
    assert sent(browser, url).status_code == 302
    assert now(pledge).target.history.count() == 2


def test_a_mention_is_named_by_its_citation(lan: User) -> None:
    source = record_text(
        source=Source(slug="note", title="Note", kind="note_for_file", published_on=dt.date(2025, 12, 10)),
        text="1. They open the gate.",
        labels={1: ParagraphLabel("II.1")},
    )
    mention = make.FirstMention(make.meeting(title="Talks"), source.paragraphs.get())
    pledge = make.commitment(mention=mention, actor=lan)
    browser = client_as(lan)
    assert "Talks: Note for file of 10 Dec 2025, § II.1" in text_of(browser.get(edit_url(pledge)))
    url = f"/commitments/{pledge.reference}/entered-in-error/"
    chosen = text_of(client_as("reviewer").get(url))
    assert "Mention: made, Talks, § II.1" in chosen


def test_a_mention_is_corrected_and_removed_but_not_the_last(pledge: Commitment, lan: User) -> None:
    browser, url = client_as(lan), edit_url(pledge)
    assert sent(browser, url, **{"mentions-0-summary": "As asked.", "reason": "Left out."}).status_code == 302
    assert pledge.mentions.get().summary == "As asked."
    told = history(browser, pledge)
    assert "Summary: – → As asked." in told
    assert "Left out." in told
    answer = sent(browser, url, title="New", **{"mentions-0-DELETE": "on"})
    assert (answer.status_code, now(pledge).title, pledge.mentions.count()) == (400, "Open the brigde", 1)
    assert "cannot be undone" in text_of(answer)
    meeting, source = make.meeting(), make.source()
    pledge.mentions.create(meeting=meeting, paragraph=source.paragraphs.get(number=1), kind="reaffirmed")
    assert sent(browser, url, **{"mentions-1-DELETE": "on"}).status_code == 302
    assert pledge.mentions.get().kind == "made"
    assert "Mention removed" in history(browser, pledge)


# -- under review and closed -----------------------------------------------------------------------------


def submitted(pledge: Commitment) -> None:
    apply_transition(
        commitment=pledge, name="submit", actor=make.user("officer"), note="Done.", outcome="dropped"
    )


@pytest.mark.parametrize("part", ["title/", "text/"])
def test_under_review_the_pledge_is_not_edited(part: str, pledge: Commitment, lan: User) -> None:
    browser = client_as(lan)
    opened = form_of(browser.get(edit_url(pledge, part)))
    submitted(pledge)
    for answer in (
        browser.get(edit_url(pledge, part)),
        browser.post(edit_url(pledge, part), opened | {part[:-1]: "New words"}),
    ):
        assert answer.status_code == 409
        assert "“return”" in text_of(answer)
        assert "“withdraw”" in text_of(answer)
    assert "New words" in answer.content.decode()
    assert (now(pledge).title, now(pledge).text) == ("Open the brigde", "To open it.")
    links = page_of(browser.get(f"/commitments/{pledge.reference}/")).select("a.quick")
    assert edit_url(pledge, part) not in [each["href"] for each in links]
    fields = form_of(browser.get(edit_url(pledge)))
    assert "title" not in fields
    assert "remarks" in fields


def test_a_reviewer_corrects_a_closed_title_with_a_reason(lan: User) -> None:
    closed, browser = make.commitment("fulfilled", title="Brigde"), client_as("reviewer")
    url = edit_url(closed, "title/")
    answer = sent(browser, url, title="Bridge")
    assert (answer.status_code, now(closed).title) == (400, "Brigde")
    assert "Say why the title or the text is corrected." in text_of(answer)
    assert sent(browser, url, title="Bridge", reason="Typo.").status_code == 302
    assert now(closed).title == "Bridge"
    assert client_as(lan).get(url).status_code == 403
    assert browser.get(edit_url(closed, "theme/")).status_code == 403


# -- agencies --------------------------------------------------------------------------------------------


@pytest.fixture
def mofa() -> Agency:
    return make.agency("vn-mofa", acronym="MOFA")


def test_an_agency_is_assigned_in_place_and_changed_and_removed(
    pledge: Commitment, mofa: Agency, lan: User
) -> None:
    browser, url = client_as(lan), edit_url(pledge, "agencies/")
    assert sent(browser, url, agency=mofa.pk, reason="It leads the talks.").status_code == 302
    made = Assignment.objects.get()
    assert (made.agency, made.role, made.focal_point) == (mofa, "lead", None)
    mai = make.user("focal_point", agency=mofa, first_name="Mai")
    stranger = make.user("focal_point", agency=make.agency("vn-mot"))
    own = edit_url(pledge, "agencies/vn-mofa/")
    assert own in [
        each["href"] for each in page_of(browser.get(f"/commitments/{pledge.reference}/")).select("a.quick")
    ]
    assert sent(browser, own, focal_point=stranger.pk).status_code == 400
    assert sent(browser, own, focal_point=mai.pk, reason="She knows it.").status_code == 302
    assert Assignment.objects.get().focal_point == mai
    again = sent(browser, url, agency=mofa.pk)
    assert "This agency is assigned already." in text_of(again)
    assert sent(browser, own, remove="on", reason="Moved.").status_code == 302
    assert not Assignment.objects.exists()
    told = history(client_as("reader"), pledge)
    for words in (
        "Assignment added",
        "It leads the talks.",
        "Focal point: – → Mai",
        "She knows it.",
        "Assignment removed",
        "Moved.",
    ):
        assert words in told
    assert browser.get(own).status_code == 404


def test_two_who_edit_one_assignment_see_both_versions(pledge: Commitment, mofa: Agency, lan: User) -> None:
    assign(commitment=pledge, actor=lan, agency=mofa)
    browser, url = client_as(lan), edit_url(pledge, "agencies/vn-mofa/")
    opened = form_of(browser.get(url))
    mai, other = (make.user("focal_point", agency=mofa, first_name=name) for name in ("Mai", "Tom"))
    assign(commitment=pledge, actor=make.user("officer"), agency=mofa, focal_point=mai)
    answer = browser.post(url, opened | {"focal_point": other.pk})
    assert answer.status_code == 409
    assert page_of(answer).texts("[role=alert] td") == ["Mai", "Tom", "yours"]
    assert Assignment.objects.get().focal_point == mai


# -- who may see what ------------------------------------------------------------------------------------


def test_what_was_edited_above_the_clearance_is_not_told(pledge: Commitment) -> None:
    cleared = make.user("officer", clearance=3)
    browser = client_as(cleared)
    sent(browser, edit_url(pledge, "remarks/"), remarks="Open remark.")
    sent(browser, edit_url(pledge), classification=2)
    sent(browser, edit_url(pledge, "remarks/"), remarks="The secret plan.", reason="Unspeakable.")
    sent(browser, edit_url(pledge, "remarks/"), remarks="Nothing here.")
    lower = propose_downgrade(record=pledge, actor=cleared, level=0, reason="Published.")
    decide_downgrade(proposal=lower, actor=make.user("reviewer", clearance=2), decision="accepted")
    sent(browser, edit_url(pledge, "remarks/"), remarks="Public again.")
    assert "The secret plan." in history(browser, pledge)
    told = history(client_as("reader"), pledge)
    assert "Open remark." in told
    assert "Nothing here. → Public again." in told
    for words in ("secret plan", "Unspeakable", "confidential"):
        assert words not in told
    assert "The secret plan." in history(client_as("reader", clearance=3), pledge)


@pytest.mark.parametrize("part", ["", "title/", "agencies/"])
def test_who_may_not_see_or_edit_it_gets_no_form(part: str, pledge: Commitment) -> None:
    secret = make.commitment(classification=3)
    assert client_as("officer").get(edit_url(secret, part)).status_code == 404
    assert client_as("reader").get(edit_url(pledge, part)).status_code == 403
    assert client_as("officer").get(edit_url(pledge, "status/")).status_code == 404
    assert not page_of(client_as("reader").get(f"/commitments/{pledge.reference}/")).select("a.quick")


def test_on_a_past_day_nothing_is_edited_and_later_edits_are_not_told(pledge: Commitment, lan: User) -> None:
    browser = client_as(lan)
    sent(browser, edit_url(pledge, "title/"), title="Open the bridge")
    page = page_of(browser.get(f"/commitments/{pledge.reference}/?as_of=2025-01-01"))
    assert not page.select("a.quick")
    assert "brigde →" not in page.text


def test_the_number_of_queries_does_not_grow_with_the_edits(
    pledge: Commitment, lan: User, queries: Any
) -> None:
    browser, url = client_as(lan), f"/commitments/{pledge.reference}/"
    sent(browser, edit_url(pledge, "title/"), title="Title 0")
    few = queries(browser, url)
    for n in range(1, 12):
        sent(browser, edit_url(pledge, "title/"), title=f"Title {n}")
    assert queries(browser, url) == few


def test_related_commitments_are_found_by_words_and_ticked(pledge: Commitment, lan: User) -> None:
    known = make.commitment(title="Dredge the river")
    bridge, road = (
        make.commitment(title="Build the long bridge"),
        make.commitment(title="Build the long road"),
    )
    browser = client_as(lan)
    asked = page_of(
        browser.get("/commitments/find/", {"related": f"{known.reference}, long", "several": "1"})
    )
    assert {each["value"] for each in asked.select("[type=checkbox]")} == {bridge.reference, road.reference}
    typed = f"{known.reference}, long b"
    refused = sent(browser, edit_url(pledge), related=typed)
    assert "Choose one of the commitments below." in text_of(refused)
    assert bridge.reference in [each["value"] for each in page_of(refused).select(".found [type=checkbox]")]
    assert "No commitment that you can see matches" in text_of(sent(browser, edit_url(pledge), related="zzz"))
    sent(browser, edit_url(pledge), related=[typed, bridge.reference, road.reference])
    assert set(pledge.related.all()) == {known, bridge, road}
