"""The page of a commitment in the admin: its fields, its rows and their rules, timeline and history."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commitments.models import Assignment, Commitment, Evidence, Mention, Reading, Target
from commitments.services.assignments import assign
from commitments.services.deadline_proposals import decide_deadline
from commitments.services.editing import edit_commitment
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.transitions import apply_transition
from relations.models import MeetingSource
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db


def change(pledge: Commitment) -> str:
    return f"/admin/commitments/commitment/{pledge.pk}/change/"


def save(client: Client, pledge: Commitment, **typed: Any) -> Any:
    """Open the form, enter what is ``typed``, save."""
    data = form_of(client.get(change(pledge)), "commitment_form")
    for name, value in typed.items():
        data[name.replace("__", "-")] = value if isinstance(value, list) else [str(value)]
    return client.post(change(pledge), data)


def place(day: dt.date = make.LONG_AGO) -> make.FirstMention:
    meeting, source = make.meeting(day), make.source()
    MeetingSource.objects.create(meeting=meeting, source=source)
    return make.FirstMention(meeting, source.paragraphs.get(number=1))


def row(prefix: str, number: int, **values: Any) -> dict[str, Any]:
    """A row added to a formset."""
    return {f"{prefix}__TOTAL_FORMS": number + 1} | {
        f"{prefix}__{number}__{name}": value for name, value in values.items()
    }


def test_a_save_writes_the_fields_and_the_search_text() -> None:
    pledge = make.commitment(title="Old", mention=place())
    response = save(client_as("officer"), pledge, title="Xây cầu", remarks="The desk’s reading.")
    assert response.status_code == 302
    pledge.refresh_from_db()
    assert (pledge.title, pledge.remarks) == ("Xây cầu", "The desk’s reading.")
    assert "xay cau" in pledge.search_text
    assert pledge.version == 2


def test_a_save_that_changes_nothing_writes_nothing() -> None:
    pledge = make.commitment(mention=place())
    history = pledge.history.count()
    assert save(client_as("officer"), pledge).status_code == 302
    pledge.refresh_from_db()
    assert pledge.version == 1
    assert pledge.history.count() == history


def test_a_change_of_a_row_alone_counts_as_a_change_of_the_record() -> None:
    pledge = make.commitment(mention=place())
    assert save(client_as("officer"), pledge, mentions__0__summary="In passing.").status_code == 302
    pledge.refresh_from_db()
    assert pledge.version == 2
    assert Mention.objects.get(commitment=pledge).summary == "In passing."


def test_status_reference_deadline_and_parties_cannot_be_typed() -> None:
    pledge = make.commitment(mention=place(), deadline_wording="soon")
    response = save(
        client_as("officer"),
        pledge,
        status="fulfilled",
        reference="KHVN-1999-001",
        deadline_wording="never",
        deadline_latest="2030-01-01",
        parties=["1"],
        title="New",
    )
    assert response.status_code == 302
    after = Commitment.objects.get(pk=pledge.pk)
    assert (after.title, after.status, after.reference) == ("New", "agreed", pledge.reference)
    assert (after.deadline_wording, after.deadline_latest) == ("soon", None)
    assert sorted(after.parties.filter(role="party").values_list("country__code", flat=True)) == ["KH", "VN"]


def test_the_responsible_countries_are_chosen_among_the_parties() -> None:
    pledge = make.commitment(mention=place())
    officer, laos = client_as("officer"), make.country("LA")
    vietnam, cambodia = make.country("VN"), make.country("KH")
    assert save(officer, pledge, obligated=[str(vietnam.pk)], beneficiaries=[str(laos.pk)]).status_code == 302
    roles = set(pledge.parties.values_list("country__code", "role"))
    assert roles == {("KH", "party"), ("VN", "party"), ("VN", "obligated"), ("LA", "beneficiary")}

    none = save(officer, pledge, obligated=[], title="Kept in the form")
    assert "Choose at least one responsible country." in text_of(none)
    assert form_of(none, "commitment_form")["title"] == ["Kept in the form"]
    stranger = save(officer, pledge, obligated=[str(laos.pk)])
    assert stranger.context["adminform"].form.errors["obligated"]
    assert save(officer, pledge, obligated=[str(cambodia.pk)]).status_code == 302
    assert pledge.parties.get(role="obligated").country == cambodia


@pytest.mark.parametrize(
    ("status", "nature", "wanted", "refused"),
    [
        ("standing", "principle", "event", True),
        ("standing", "principle", "cooperation", False),
        ("agreed", "event", "principle", False),
    ],
)
def test_a_nature_that_the_status_does_not_allow_is_an_error_of_its_field(
    status: str, nature: str, wanted: str, refused: bool
) -> None:
    pledge = make.commitment(status, nature=nature, mention=place())
    response = save(client_as("officer"), pledge, nature=wanted)
    pledge.refresh_from_db()
    if refused:
        assert "nature" in response.context["adminform"].form.errors
        assert pledge.nature == nature
    else:
        assert pledge.nature == wanted


def test_related_commitments_that_the_editor_may_not_see_are_hidden_and_stay_related() -> None:
    secret = make.commitment(title="Hidden pledge", classification=3)
    plain, new = make.commitment(title="Plain pledge"), make.commitment(title="New pledge")
    pledge = make.commitment(mention=place())
    pledge.related.set([secret, plain])
    officer = client_as("officer")
    page = officer.get(change(pledge))
    assert "Plain pledge" in page.content.decode()
    assert "Hidden pledge" not in page.content.decode()
    assert save(officer, pledge, related=[str(new.pk)]).status_code == 302
    assert set(pledge.related.all()) == {secret, new}
    assert save(officer, pledge, related=[str(secret.pk)]).context["adminform"].form.errors["related"]


def test_nobody_can_classify_a_record_above_their_own_clearance() -> None:
    pledge = make.commitment(mention=place())
    officer = client_as("officer", clearance=1)
    assert save(officer, pledge, classification=1).status_code == 302
    assert save(officer, pledge, classification=2).context["adminform"].form.errors["classification"]


# -- mentions ----------------------------------------------


def test_a_mention_is_added_with_a_paragraph_of_a_source_of_its_meeting() -> None:
    pledge, again = make.commitment(mention=place()), place(dt.date(2025, 3, 1))
    values = {"meeting": again.meeting.pk, "paragraph": again.paragraph.pk, "kind": "reaffirmed"}
    assert save(client_as("officer"), pledge, **row("mentions", 1, **values)).status_code == 302
    assert pledge.mentions.get(kind="reaffirmed").meeting == again.meeting


def test_a_paragraph_of_another_meeting_is_an_error_of_its_field_and_the_input_is_kept() -> None:
    pledge, again, other = make.commitment(mention=place()), place(), place()
    values = {
        "meeting": again.meeting.pk,
        "paragraph": other.paragraph.pk,
        "kind": "progress",
        "summary": "Typed with care.",
    }
    response = save(client_as("officer"), pledge, **row("mentions", 1, **values))
    formset = response.context["inline_admin_formsets"][0].formset
    assert "is not among the sources of this meeting" in str(formset.forms[1].errors["paragraph"])
    data = form_of(response, "commitment_form")
    assert data["mentions-1-summary"] == ["Typed with care."]
    assert data["mentions-1-paragraph"] == [str(other.paragraph.pk)]
    assert pledge.mentions.count() == 1


def test_an_unchanged_mention_whose_source_is_not_linked_does_not_prevent_saving() -> None:
    pledge = make.commitment()
    MeetingSource.objects.all().delete()
    assert save(client_as("officer"), pledge, title="Still editable").status_code == 302
    assert Commitment.objects.get(pk=pledge.pk).title == "Still editable"


def test_the_last_mention_and_one_with_a_status_based_on_it_cannot_be_removed() -> None:
    pledge, again = make.commitment(mention=place()), place(dt.date(2025, 3, 1))
    officer = client_as("officer")
    kept = save(officer, pledge, mentions__0__DELETE="on")
    assert "so it cannot be removed" in text_of(kept)
    Mention.objects.create(
        commitment=pledge, meeting=again.meeting, paragraph=again.paragraph, kind="reaffirmed"
    )
    assert save(officer, pledge, mentions__1__DELETE="on").status_code == 302
    assert [mention.kind for mention in pledge.mentions.all()] == ["made"]


# -- assignments, targets, evidence ----------------------------------------------


def test_a_focal_point_of_another_agency_is_an_error_of_the_field() -> None:
    mofa, moit = make.agency("vn-mofa"), make.agency("vn-moit")
    theirs, ours = make.user("focal_point", agency=moit), make.user("focal_point", agency=mofa)
    pledge, officer = make.commitment(mention=place()), client_as("officer")
    values = {"agency": mofa.pk, "role": "lead"}
    response = save(officer, pledge, **row("assignments", 0, focal_point=theirs.pk, **values))
    formset = response.context["inline_admin_formsets"][1].formset
    assert "is no focal point of" in str(formset.forms[0].errors["focal_point"])
    assert save(officer, pledge, **row("assignments", 0, focal_point=ours.pk, **values)).status_code == 302
    assert Assignment.objects.get(commitment=pledge).focal_point == ours


def test_readings_need_a_target_and_keep_their_values() -> None:
    pledge, officer = make.commitment(nature="target", mention=place()), client_as("officer")
    reading = row("readings", 0, as_of="2025-06-30", value="1500000.5")
    assert "Add the target first" in text_of(save(officer, pledge, **reading))
    target = row("target", 0, indicator="Trade", unit="USD", value="20000000000")
    assert save(officer, pledge, **target, **reading).status_code == 302
    assert Target.objects.get(commitment=pledge).value == 20_000_000_000
    page = officer.get(change(pledge))
    assert form_of(page, "commitment_form")["readings-0-value"] == ["1500000.5"]
    again = row("readings", 1, as_of="2025-06-30", value="7")
    assert "This date already has a reading: 1500000.5, as of 30 Jun 2025." in text_of(
        save(officer, pledge, **again)
    )
    assert save(officer, pledge, target__0__DELETE="on").status_code == 200
    assert Reading.objects.filter(commitment=pledge).exists()
    assert Target.objects.filter(commitment=pledge).exists()


def test_evidence_can_be_added_but_not_edited_and_withdrawn_evidence_shows_its_reason(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    actor = make.user("officer")
    pledge, officer = make.commitment(mention=place()), client_as(actor)
    old = add_evidence(commitment=pledge, actor=actor, title="First draft", url="https://example.org/1")
    withdraw_evidence(evidence=old, actor=actor, reason="Wrong paper.")
    file = SimpleUploadedFile("minutes.pdf", b"%PDF-1.4 minutes")
    scan = add_evidence(commitment=pledge, actor=actor, title="Signed minutes", file=file)
    page = officer.get(change(pledge))
    assert page_of(page).links()["minutes.pdf"] == f"/commitments/{pledge.reference}/evidence/{scan.pk}/"
    assert "withdrawn: Wrong paper." in text_of(page)
    assert "evidence-0-title" not in form_of(page, "commitment_form")
    given = row("evidence", 2, title="Minutes", url="https://example.org/2", type="minutes")
    assert save(officer, pledge, **given, evidence__0__title="Forged").status_code == 302
    assert list(Evidence.objects.filter(commitment=pledge).values_list("title", "actor", "kind")) == [
        ("First draft", actor.pk, "link"),
        ("Signed minutes", actor.pk, "file"),
        ("Minutes", actor.pk, "link"),
    ]
    invalid = save(officer, pledge, **row("evidence", 3, title="No address"))
    assert invalid.status_code == 200
    assert Evidence.objects.count() == 3


def test_evidence_is_withdrawn_on_a_page_of_its_own() -> None:
    actor = make.user("officer")
    pledge = make.commitment()
    piece = add_evidence(commitment=pledge, actor=actor, title="Minutes", url="https://example.org/1")
    url = f"/admin/commitments/commitment/{pledge.pk}/evidence/{piece.pk}/withdraw/"
    assert client_as(actor).post(url, {"reason": " "}, follow=True).status_code == 400
    assert client_as("reviewer").post(url, {"reason": "x"}, follow=True).status_code == 403
    assert client_as(actor).post(url, {"reason": "Wrong paper."}, follow=True).status_code == 200
    assert Evidence.objects.get().withdrawal.reason == "Wrong paper."
    elsewhere = make.commitment()
    assert (
        client_as(actor).get(url.replace(f"/{pledge.pk}/", f"/{elsewhere.pk}/", 1), follow=True).status_code
        == 404
    )


# -- permissions ----------------------------------------------


def test_a_reviewer_sees_the_record_and_the_actions_but_cannot_edit() -> None:
    pledge = make.commitment(title="To read", mention=place())
    apply_transition(
        commitment=pledge, name="submit", actor=make.user("officer"), note="x", outcome="dropped"
    )
    reviewer = client_as("reviewer")
    page = reviewer.get(change(pledge))
    assert page.status_code == 200
    words = text_of(page)
    for shown in ("Confirm", "Return", "Cambodia and Viet Nam", "To read"):
        assert shown in words
    assert 'name="title"' not in page.content.decode()
    assert reviewer.post(change(pledge), {"title": "x"}).status_code == 403
    administrator = client_as("administrator")
    assert "No actions are available to you now." in text_of(administrator.get(change(pledge)))
    assert administrator.post(change(pledge), {"title": "x"}).status_code == 403


@pytest.mark.parametrize("role", ["officer", "reviewer", "administrator"])
def test_a_commitment_is_never_deleted(role: str) -> None:
    pledge = make.commitment()
    url = f"/admin/commitments/commitment/{pledge.pk}/delete/"
    client = client_as(role)
    assert client.get(url).status_code == 403
    assert client.post(url, {"post": "yes"}).status_code == 403
    selected = {"action": "delete_selected", "_selected_action": [pledge.pk], "post": "yes"}
    client.post("/admin/commitments/commitment/", selected)
    assert Commitment.objects.filter(pk=pledge.pk).exists()


@pytest.mark.parametrize(
    "model", ["statuschange", "progressupdate", "deadlinechange", "evidence", "evidencewithdrawal", "mention"]
)
def test_append_only_records_have_no_page(model: str) -> None:
    superuser = make.user("officer", "reviewer", "administrator", is_superuser=True)
    assert client_as(superuser).get(f"/admin/commitments/{model}/").status_code == 404


# -- timeline and history ----------------------------------------------


def test_the_timeline_shows_all_events_latest_first() -> None:
    actor = make.user("officer", first_name="Lan")
    pledge = make.commitment(
        nature="target", mention=place(), deadline_wording="soon", occurred_on=dt.date(2024, 7, 13)
    )
    record_progress(
        commitment=pledge, actor=actor, achieved="Half is built.", occurred_on=dt.date(2025, 2, 1)
    )
    apply_transition(
        commitment=pledge, name="stall", actor=actor, note="No money.", occurred_on=dt.date(2025, 3, 1)
    )
    officer = client_as(actor)
    typed = {
        "wording": "in 2030",
        "latest": "2030-12-31",
        "reason": "Renegotiated.",
        "occurred_on": "2025-04-01",
    }
    assert officer.post(f"/commitments/{pledge.reference}/deadline/", typed).status_code == 302
    decide_deadline(
        proposal=pledge.deadline_proposals.get(), actor=make.user("reviewer"), decision="accepted"
    )
    Target.objects.create(commitment=pledge, indicator="Length", unit="km", value=10)
    Reading.objects.create(commitment=pledge, as_of=dt.date(2025, 5, 1), value=4)
    proposed, *timeline = officer.get(change(pledge)).context["timeline"]
    assert proposed.kind == "Deadline proposed"  # today, when it was recorded
    assert [(event.occurred_on.isoformat(), event.kind) for event in timeline] == [
        ("2025-05-01", "Reading"),
        ("2025-04-01", "Deadline changed"),
        ("2025-03-01", "Report stalled"),
        ("2025-02-01", "Progress reported"),
        ("2024-07-13", "Register"),
        ("2024-07-13", "Made"),
    ]
    words = text_of(officer.get(change(pledge)))
    for told in ("4 km", "Renegotiated.", "No money.", "Half is built.", "Registered.", "in 2030", "Lan"):
        assert told in words


def test_the_timeline_names_a_successor_only_to_people_who_can_see_it() -> None:
    next_one = make.commitment(title="Next", classification=2)
    pledge = make.commitment(mention=place())
    make.record(pledge, "superseded", successor=next_one)
    for clearance, said in ((3, (("Successor", next_one.reference),)), (0, ())):
        timeline = client_as("officer", clearance=clearance).get(change(pledge)).context["timeline"]
        assert (timeline[0].kind, timeline[0].parts) == ("Record", said)
        assert timeline[-1].parts == (("Meeting", str(pledge.mentions.get().meeting)),)


def test_the_history_shows_who_changed_which_field_rows_included() -> None:
    editor = make.user("officer", first_name="Lan", last_name="Pham")
    secret = make.commitment(title="Hidden pledge", classification=3)
    pledge = make.commitment(title="Old title", mention=place())
    pledge.related.add(secret)
    save(client_as(editor), pledge, title="New title", mentions__0__summary="In passing.")
    words = text_of(client_as("reviewer").get(f"/admin/commitments/commitment/{pledge.pk}/history/"))
    for told in ("Lan Pham", "Old title", "New title", "Mention changed", "In passing."):
        assert told in words
    assert "Hidden pledge" not in words


def test_the_history_and_the_read_only_page_leave_out_related_commitments_that_are_hidden() -> None:
    cleared = make.user("officer", clearance=3)
    pledge, seen, hidden = (make.commitment(title=title) for title in ("Road", "Bridge", "Closely held"))
    for related in ([seen], [seen, hidden], [hidden]):
        edit_commitment(commitment=pledge, actor=cleared, fields={}, related=related)
    Commitment.objects.filter(pk=hidden.pk).update(classification=3)
    url = f"/admin/commitments/commitment/{pledge.pk}/"
    words = text_of(client_as("reviewer").get(f"{url}history/"))
    assert words.count("Related commitments") == 2  # added, and removed
    assert words.count(f"{seen.reference} Bridge") == 2
    assert "Closely held" not in words
    assert "(not available)" not in words
    edit_commitment(commitment=pledge, actor=cleared, fields={}, related=[seen, hidden])
    page = client_as("reviewer").get(f"{url}change/")
    assert f"Related commitments: {seen.reference} Bridge" in text_of(page)
    assert "Closely held" not in text_of(page)
    assert "Closely held" in text_of(client_as("reviewer", clearance=3).get(f"{url}change/"))


def test_the_history_shows_reasons_even_of_edits_that_changed_nothing() -> None:
    officer, mofa, pledge = make.user("officer"), make.agency("vn-mofa"), make.commitment(title="Bridge")
    for note in ("By <decree> 12.", "", "តាមការសម្រេច"):
        assign(commitment=pledge, actor=officer, agency=mofa, note=note)
    edit_commitment(commitment=pledge, actor=officer, fields={"title": "Long bridge"}, reason="Read again.")
    page = client_as("reviewer").get(f"/admin/commitments/commitment/{pledge.pk}/history/")
    entries = [(entry.summary, bool(entry.changes), entry.reason) for entry in page.context["page"]]
    assert entries[:3] == [
        ("Changed", True, "Read again."),
        ("Assignment unchanged", False, "តាមការសម្រេច"),
        ("Assignment added", True, "By <decree> 12."),
    ]
    reasons = page_of(page).select(".changes > dt + dd")
    by_text = {reason.text: reason for reason in reasons}
    assert "lang" not in by_text["By <decree> 12."].tree.attrib
    assert by_text["តាមការសម្រេច"]["lang"] == "km"
    assert page_of(page).texts(".changes > dt").count("Reason") == 3


def test_an_old_state_cannot_be_restored() -> None:
    pledge = make.commitment()
    number = pledge.history.first().history_id
    url = f"/admin/commitments/commitment/{pledge.pk}/history/{number}/"
    assert client_as("officer").post(url, {"title": "x"}).status_code in (302, 404)
    assert Commitment.objects.get(pk=pledge.pk).title == pledge.title
