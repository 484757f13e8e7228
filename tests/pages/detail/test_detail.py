"""The page of one commitment: its content, who can see it, and the actions on it."""

import datetime as dt
import hashlib
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from commitments.models import Commitment, Evidence, Mention, Reading, Register, Target
from commitments.services.deadlines import Window
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.proof import EvidenceGiven
from commitments.services.registration import FirstMention
from commitments.services.transitions import apply_transition
from core import clock
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 1, 16))


def mention(pledge: object, day: dt.date, kind: str = "reaffirmed", **fields: object) -> Mention:
    source = make.source(text="They said it again.", published_on=day)
    return Mention.objects.create(
        commitment=pledge,
        meeting=make.meeting(day, **fields),
        paragraph=source.paragraphs.get(number=1),
        kind=kind,
        modality="agreed",
    )


def transition_labels(client: Client, pledge: object) -> list[str]:
    return [action.label for action in client.get(f"/commitments/{pledge.reference}/").context["transitions"]]


def test_an_invisible_commitment_is_not_found(db: None) -> None:
    pledge = make.commitment(classification=2)
    stranger = make.user("focal_point", agency=make.agency("vn-mnd"), clearance=3)
    assert client_as("reader").get(f"/commitments/{pledge.reference}/").status_code == 404
    assert client_as(stranger).get(f"/commitments/{pledge.reference}/").status_code == 404
    assert client_as("reader", clearance=2).get(f"/commitments/{pledge.reference}/").status_code == 200


def test_transitions_are_those_of_the_role(officer: Client, reader: Client) -> None:
    agreed, done = make.commitment("agreed"), make.commitment("fulfilled")
    reviewer = client_as("reviewer")
    assert transition_labels(officer, agreed) == ["Submit for review", "Report work begun", "Report stalled"]
    assert transition_labels(reviewer, agreed) == ["Keep as a standing duty"]
    assert transition_labels(reviewer, done) == ["Reopen"]
    assert transition_labels(reader, agreed) == []
    assert transition_labels(officer, done) == []


def test_mention_is_quoted_with_its_paragraph_meeting_and_wording(officer: Client) -> None:
    source = make.source(text="They agreed to build the bridge.", published_on=dt.date(2024, 7, 13))
    meeting = make.meeting(dt.date(2024, 7, 13), title="Talks in Phnom Penh", place="Phnom Penh")
    pledge = make.commitment(mention=FirstMention(meeting, source.paragraphs.get(number=1)))
    page = page_of(officer.get(f"/commitments/{pledge.reference}/"))
    assert "They agreed to build the bridge." in page.texts("blockquote")
    assert page.links()["Talks in Phnom Penh"] == f"/meetings/{meeting.slug}/"
    assert page.links()["Note for file of 13 Jul 2024, § 1"] == f"/sources/{source.slug}/#p1"


def test_text_in_khmer_has_a_lang_attribute_and_other_text_has_none(officer: Client) -> None:
    khmer, wording = "រៀបចំ​កិច្ចប្រជុំ", "ក្នុង​ឆ្នាំ​២០២៦"
    pledge = make.commitment(title=khmer, deadline_wording=wording)
    page = page_of(officer.get(f"/commitments/{pledge.reference}/"))
    assert page.texts("h1[lang=km]") == [khmer]
    assert page.texts("dd[lang=km]") == [f"“{wording}”"]
    rows = page_of(officer.get("/commitments/"))
    assert [link["href"] for link in rows.select("tbody a[lang=km]")] == [f"/commitments/{pledge.reference}/"]
    assert rows.texts("tbody a[lang=km]") == [khmer]
    assert rows.texts("tbody span[lang=km]") == [wording]
    other = make.commitment(title="Tổ chức kỳ họp", deadline_wording="trong năm 2026")
    assert 'lang="km"' not in officer.get(f"/commitments/{other.reference}/").content.decode()


def test_mentions_and_meetings_are_counted(officer: Client) -> None:
    pledge = make.commitment()
    for labels in (["1 mention", "1 meeting"], ["2 mentions", "2 meetings"]):
        page = page_of(officer.get(f"/commitments/{pledge.reference}/"))
        assert page.texts("section[aria-labelledby=mentions-h] > div:first-child .label") == labels
        mention(pledge, dt.date(2025, 12, 8))


def test_a_promised_session_is_shown_as_held(officer: Client) -> None:
    pledge, other = make.commitment(), make.commitment()
    mention(pledge, dt.date(2025, 12, 8))
    session = make.meeting(dt.date(2026, 1, 10), title="22nd session", mechanism=make.mechanism())
    paragraph = make.source().paragraphs.get(number=1)
    Mention.objects.create(commitment=other, meeting=session, paragraph=paragraph, kind="made")
    url = f"/commitments/{pledge.reference}/"
    assert "22nd session: not mentioned" in text_of(officer.get(url))
    Commitment.objects.filter(pk=pledge.pk).update(outcome_meeting=session)
    page = page_of(officer.get(url))
    assert "22nd session: held, as promised" in page.text
    assert page.links(".chain")["22nd session"] == f"/meetings/{session.slug}/"
    assert "not mentioned" not in page.text


def test_the_footer_names_the_loaded_register_and_says_that_later_entries_are_included(
    officer: Client,
) -> None:
    Register.objects.create(pk=1, title="Viet Nam and Cambodia", as_of=dt.date(2026, 1, 16))
    foot = " ".join(text_of(officer.get("/sources/")).split("Loaded register:")[1].split())
    assert foot.startswith("Viet Nam and Cambodia, as of 16 January 2026 . Later entries are included.")


def test_days_without_a_mention_are_counted(officer: Client) -> None:
    pledge = make.commitment(occurred_on=dt.date(2024, 7, 13))
    mention(pledge, dt.date(2025, 12, 8))
    page = officer.get(f"/commitments/{pledge.reference}/").content.decode()
    assert "513 days without a mention" in page
    assert "39 days since the last mention" in page


def test_meeting_without_a_day_keeps_its_wording(officer: Client) -> None:
    pledge = make.commitment()
    mention(pledge, None, window_wording="over the past year", window_latest=dt.date(2025, 12, 8))
    page = page_of(officer.get(f"/commitments/{pledge.reference}/"))
    assert "over the past year" in page.texts(".chain .said")


def test_a_held_meeting_without_a_day_is_shown_with_its_window_everywhere(officer: Client) -> None:
    pledge, other = make.commitment(), make.commitment()
    dates = {"window_earliest": dt.date(2025, 12, 1), "window_latest": dt.date(2025, 12, 8)}
    for each, wording in ((pledge, "early that month"), (other, "")):
        mention(each, None, window_wording=wording, mechanism=make.mechanism(), **dates)
    first, second, listed, timeline = (
        officer.get(address)
        for address in (
            f"/commitments/{pledge.reference}/",
            f"/commitments/{other.reference}/",
            "/commitments/",
            f"/admin/commitments/commitment/{pledge.pk}/change/",
        )
    )
    assert "early that month" in page_of(first).texts(".chain .said")
    assert "1–8 Dec 2025" in page_of(second).texts(".chain .said")
    assert "reaffirmed (early that month)" in listed.content.decode()
    assert "on 1 Dec 2025" not in listed.content.decode()
    assert page_of(listed).texts(".key__meetings .said") == ["early that month", "1–8 Dec 2025"]
    assert "early that month" in page_of(timeline).texts(".timeline__day .said")
    columns = "columns=presence&columns=last_mention_at&columns=made_at"
    exported = b"".join(officer.get(f"/commitments/export.csv?{columns}").streaming_content).decode()
    assert "2 meetings, the last one: early that month" in exported
    assert "(early that month)" in exported
    assert "2 meetings, the last one: 1–8 Dec 2025" in exported


def test_history_shows_the_actor_the_date_of_occurrence_and_the_date_of_recording(officer: Client) -> None:
    pledge = make.commitment(occurred_on=dt.date(2024, 7, 13), actor=make.user("officer", first_name="Olive"))
    page = page_of(officer.get(f"/commitments/{pledge.reference}/")).one("table.history")
    assert page.texts("tbody th time[datetime='2024-07-13']") == ["13 Jul 2024"]
    assert "Olive" in page.text
    assert f"recorded on {date_format(timezone.localdate())}" in page.text


def test_history_shows_status_changes_and_reports_in_order_of_date(officer: Client) -> None:
    actor = make.user("officer", first_name="Olive")
    pledge = make.commitment(nature="target", deadline_wording="soon", occurred_on=dt.date(2025, 1, 10))
    Target.objects.create(commitment=pledge, indicator="Trade in a year", unit="USD billion", value=20)
    Reading.objects.create(commitment=pledge, as_of=dt.date(2025, 11, 30), value="10.4", note="By customs.")
    days = {"occurred_on": dt.date(2025, 6, 1), "review_on": dt.date(2026, 6, 1)}
    record_progress(commitment=pledge, actor=actor, achieved="Half of it.", **days)
    make.record(pledge, "in_progress", occurred_on=dt.date(2025, 9, 1))
    window = Window("in 2026", None, dt.date(2026, 12, 31))
    make.new_deadline(commitment=pledge, actor=actor, window=window, reason="Agreed at the session.")
    paper = {"title": "Rumour", "url": "https://example.org/r", "dated_on": dt.date(2025, 12, 31)}
    gone = add_evidence(commitment=pledge, actor=actor, **paper)
    withdraw_evidence(evidence=gone, actor=actor, reason="Not confirmed.")
    history = officer.get(f"/commitments/{pledge.reference}/").context["history"]
    attached = [row for row in history if row.kind.startswith("Evidence")]
    assert [(row.kind, row.parts, row.note) for row in attached] == [
        ("Evidence attached", (("Date of the document", "31 Dec 2025"),), "Other"),
        ("Evidence withdrawn", (), "Rumour: Not confirmed."),
    ]
    (proposed,) = (row for row in history if row.kind == "Deadline proposed")
    assert (proposed.actor, proposed.note) == ("Olive", "Agreed at the session.")
    rest = [row for row in history if row not in (*attached, proposed)]
    assert [(row.kind, row.occurred_on.isoformat(), bool(row.change)) for row in rest] == [
        ("Register", "2025-01-10", True),
        ("Progress reported", "2025-06-01", False),
        ("Record", "2025-09-01", True),
        ("Reading", "2025-11-30", False),
        ("Deadline changed", "2026-01-16", False),
        ("Deadline changed", "2026-01-16", False),
    ]
    assert [row.parts for row in rest] == [
        (),
        (("Achieved", "Half of it."), ("Next review", "1 Jun 2026")),
        (),
        (("Figure", "USD 10.4 billion"),),
        (("Before", "“soon”"), ("After", "“soon”, review on 1 Jun 2026")),
        (
            ("Before", "“soon”, review on 1 Jun 2026"),
            ("After", "“in 2026”, by 31 Dec 2026"),
            ("Proposed by", "Olive"),
        ),
    ]
    assert rest[3].note == "By customs."
    then = officer.get(f"/commitments/{pledge.reference}/?as_of=2025-03-01").context["history"]
    assert [row.kind for row in then] == ["Register"]


def test_evidence_of_a_transition_is_listed_with_the_transition_only(officer: Client) -> None:
    pledge = make.commitment("in_progress")
    given = EvidenceGiven(title="Minutes", url="https://example.org/m")
    asked = {"outcome": "fulfilled", "note": "Done.", "evidence": (given,)}
    apply_transition(commitment=pledge, name="submit", actor=make.user("officer"), **asked)
    history = officer.get(f"/commitments/{pledge.reference}/").context["history"]
    assert "Evidence attached" not in [row.kind for row in history]
    assert [citation.title for citation in history[-1].citations] == ["Minutes"]


def test_withdrawn_evidence_is_shown_as_withdrawn_wherever_it_is_cited(officer: Client) -> None:
    pledge, submitter = make.commitment("in_progress"), make.user("officer")
    given = EvidenceGiven(title="Minutes", url="https://example.org/m")
    asked = {"outcome": "fulfilled", "note": "Done.", "evidence": (given,)}
    apply_transition(commitment=pledge, name="submit", actor=submitter, **asked)
    address = f"/commitments/{pledge.reference}/"
    pages = (
        (officer, address, "main"),
        (client_as("reviewer"), f"{address}transitions/confirm/", "main"),
        (officer, f"/admin/commitments/commitment/{pledge.pk}/change/", ".timeline"),
    )
    for client, url, part in pages:
        page = page_of(client.get(url)).one(part)
        assert set(page.texts("a[href='https://example.org/m']")) == {"Minutes"}, url
        assert page.texts("s") == []
    withdraw_evidence(evidence=Evidence.objects.get(), actor=submitter, reason="Not signed.")
    for client, url, part in pages:
        page = page_of(client.get(url)).one(part)
        assert page.select("a[href='https://example.org/m']") == [], url
        assert set(page.texts("s")) == {"Minutes"}, url
        assert "withdrawn: Not signed." in page.text, url
    [cited] = officer.get(f"/api/v1{address}transitions/").json()["results"][-1]["evidence"]
    assert cited["withdrawn"]["reason"] == "Not signed."


def test_target_has_a_chart_a_description_and_a_table_and_no_percentage(officer: Client) -> None:
    pledge = make.commitment(nature="target")
    Target.objects.create(commitment=pledge, indicator="Trade in a year", unit="USD billion", value=20)
    Reading.objects.create(
        commitment=pledge, as_of=dt.date(2025, 11, 30), value="10.4", period="2025-01/2025-11"
    )
    page = officer.get(f"/commitments/{pledge.reference}/").content.decode()
    assert "Goal: USD 20 billion, no date set" in page
    assert "Readings: 10.4 (Jan–Nov 2025). Goal: USD 20 billion." in page
    assert "10.4 of 20" in page
    assert "per cent" not in page


def test_progress_evidence_and_deadline_changes_are_shown(officer: Client) -> None:
    actor = make.user("officer")
    pledge = make.commitment(deadline_wording="soon")
    record_progress(commitment=pledge, actor=actor, achieved="Half of it.", challenges="The rain.")
    attached = add_evidence(commitment=pledge, actor=actor, title="Minutes", url="https://example.org/m")
    paper = {"title": "Rumour", "url": "https://example.org/r", "dated_on": dt.date(2025, 12, 31)}
    gone = add_evidence(commitment=pledge, actor=actor, **paper)
    withdraw_evidence(evidence=gone, actor=actor, reason="Not confirmed.")
    make.new_deadline(
        commitment=pledge,
        actor=actor,
        window=Window("in 2026", None, dt.date(2026, 12, 31)),
        reason="Agreed at the session.",
    )
    page = page_of(officer.get(f"/commitments/{pledge.reference}/"))
    assert "Half of it." in page.text
    assert "The rain." in page.text
    [link] = [each for each in page.select("section[aria-labelledby=evidence-h] a") if each.text == "Minutes"]
    assert (link["href"], link["rel"]) == (attached.url, "noreferrer")
    assert page.texts("section[aria-labelledby=evidence-h] .label") == ["1 attached", "1 withdrawn"]
    assert page.texts("s") == ["Rumour", "Rumour"]
    assert "withdrawn: Not confirmed." in page.text
    assert "Agreed at the session." in page.text


def test_empty_sections_say_what_can_be_done(officer: Client, reader: Client) -> None:
    pledge = make.commitment()
    address = f"/commitments/{pledge.reference}/"
    assert "No progress updates yet, and no meeting mentioned progress." in text_of(reader.get(address))
    assert "Record progress" not in reader.get(address).content.decode()
    assert "Record progress" in officer.get(address).content.decode()
    mention(pledge, dt.date(2025, 12, 8), kind="progress")
    assert "No progress updates yet. The mentions above report progress." in text_of(reader.get(address))


def test_an_invisible_related_commitment_is_not_named(reader: Client) -> None:
    pledge, open_one, secret = (
        make.commitment(),
        make.commitment(),
        make.commitment(classification=3, title="A secret pledge"),
    )
    pledge.related.set([open_one, secret])
    page = reader.get(f"/commitments/{pledge.reference}/").content.decode()
    assert open_one.title in page
    assert "A secret pledge" not in page


def test_successor_and_predecessor_name_each_other(officer: Client) -> None:
    successor, old = make.commitment(), make.commitment()
    make.record(old, "superseded", successor=successor)
    assert successor.title in officer.get(f"/commitments/{old.reference}/").content.decode()
    assert old.title in officer.get(f"/commitments/{successor.reference}/").content.decode()


def test_a_file_is_a_download_for_users_who_can_see_its_commitment(
    officer: Client, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    pledge, content = make.commitment(classification=0), b"<script>alert(1)</script>"
    evidence = Evidence.objects.create(
        commitment=pledge,
        kind="file",
        title="Minutes",
        file=ContentFile(content, name="minutes.html"),
        file_name="minutes.html",
        sha256=hashlib.sha256(content).hexdigest(),
    )
    address = f"/commitments/{pledge.reference}/evidence/{evidence.pk}/"
    answer = officer.get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="minutes.html"'
    for close in answer._resource_closers:
        close()
    stranger = client_as("focal_point", agency=make.agency("vn-mnd"))
    assert stranger.get(address).status_code == 404
    other = make.commitment()
    assert officer.get(f"/commitments/{other.reference}/evidence/{evidence.pk}/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_history(
    officer: Client, queries: Callable[[Client, str], int]
) -> None:
    actor, pledge = make.user("officer"), make.commitment()

    def live(times: int) -> None:
        for n in range(times):
            mention(pledge, dt.date(2025, 1, 1) + dt.timedelta(days=n))
            add_evidence(commitment=pledge, actor=actor, title=f"E{n}", url="https://example.org")
            record_progress(commitment=pledge, actor=actor, achieved=f"P{n}")
            make.record(pledge, "in_progress" if n % 2 else "stalled")
            pledge.related.add(make.commitment())

    live(3)
    few = queries(officer, f"/commitments/{pledge.reference}/")
    live(27)
    assert queries(officer, f"/commitments/{pledge.reference}/") == few
