"""Calendar feeds: read by two parsers, told once, revoked, and never more than their owner may see."""

import datetime as dt
import re
from typing import Any

import pytest
import vobject
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from accounts.models import AccountEvent, User
from commitments.models import Assignment, Commitment
from commitments.services.saved_views import delete_view, save_view
from commitments.services.transitions import apply_transition
from core import clock
from notifications.models import CalendarFeed
from notifications.services import calendar_feeds
from notifications.services.calendar_feeds import make_feed
from relations.models import Agency
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 16)
KHMER, VIETNAMESE = "សាកសួរព្រំដែន; ច្រកទ្វារ, ថ្មី", "Cắm mốc biên giới: “đợt 1”; đoạn A, B\\C"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def browser_of(owner: User) -> Client:
    """A browser whose owner has just given the password."""
    client = client_as(owner)
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    return client


def feed_of(owner: User, scope: str = "all", **more: Any) -> str:
    return f"/calendar/{make_feed(owner=owner, name='Outlook', scope=scope, **more)[1]}.ics"


def read(url: str) -> Any:
    answer = Client().get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return answer


def events(url: str) -> dict[str, dict[str, str]]:
    """The events by summary, read with icalendar; vobject must read the same."""
    content = read(url).content
    found = {}
    for event in Calendar.from_ical(content).walk("VEVENT"):
        found[str(event["summary"])] = {
            "uid": str(event["uid"]),
            "days": (event.decoded("dtstart"), event.decoded("dtend")),
            "sequence": event["sequence"],
            "status": str(event["status"]),
            "text": str(event.get("description", "")),
            "url": str(event.get("url", "")),
            "modified": event.decoded("last-modified"),
        }
    second = vobject.readOne(content.decode())
    others = {
        each.summary.value: (each.uid.value, (each.dtstart.value, each.dtend.value), each.status.value)
        for each in getattr(second, "vevent_list", [])
    }
    assert others == {name: (each["uid"], each["days"], each["status"]) for name, each in found.items()}
    return found


def due(first: dt.date | None, last: dt.date, **fields: Any) -> Commitment:
    return make.commitment(
        deadline_wording="as agreed", deadline_earliest=first, deadline_latest=last, **fields
    )


def test_a_feed_has_meetings_deadlines_and_reviews_with_their_days_and_precision() -> None:
    due(dt.date(2026, 2, 1), dt.date(2026, 2, 28), title=VIETNAMESE)
    due(None, dt.date(2026, 3, 31), title="By a day")
    due(None, dt.date(2026, 3, 31), title="Only asked for", status="requested")
    make.commitment(title=KHMER, deadline_wording="soon", review_on=dt.date(2026, 6, 30))
    talks = make.meeting(dt.date(2026, 4, 1), title="Talks", status="announced", place="Huế, cổng Ngọ Môn")
    talks.ends_on = dt.date(2026, 4, 3)
    talks.save()
    make.meeting(
        None,
        title="Session",
        status="planned",
        window_wording="at a suitable time in 2026",
        window_earliest=dt.date(2026, 1, 1),
        window_latest=dt.date(2026, 12, 31),
    )
    make.meeting(dt.date(2026, 5, 5), title="Put off", status="postponed")
    found = events(feed_of(make.user("reader")))
    assert {name: (each["days"], each["status"]) for name, each in found.items()} == {
        f"Deadline: {VIETNAMESE}": ((dt.date(2026, 2, 1), dt.date(2026, 3, 1)), "CONFIRMED"),
        "Deadline: By a day": ((dt.date(2026, 3, 31), dt.date(2026, 4, 1)), "CONFIRMED"),
        f"Review: {KHMER}": ((dt.date(2026, 6, 30), dt.date(2026, 7, 1)), "CONFIRMED"),
        "Talks": ((dt.date(2026, 4, 1), dt.date(2026, 4, 4)), "CONFIRMED"),
        "Session": ((dt.date(2026, 1, 1), dt.date(2027, 1, 1)), "TENTATIVE"),
        "Put off": ((dt.date(2026, 5, 5), dt.date(2026, 5, 6)), "CANCELLED"),
    }
    window = found[f"Deadline: {VIETNAMESE}"]
    assert "“as agreed”, any day of 1–28 Feb 2026" in window["text"]
    assert window["url"].startswith("https://register.example.org/commitments/KHVN-")
    assert "“at a suitable time in 2026”" in found["Session"]["text"]


def test_long_lines_are_folded_and_nothing_is_lost() -> None:
    due(None, dt.date(2026, 3, 31), title=f"{KHMER} {VIETNAMESE}"[:100] * 2)
    content = read(feed_of(make.user("reader"))).content
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert b"X-PUBLISHED-TTL:PT4H" in lines
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["summary"]) == "Deadline: " + f"{KHMER} {VIETNAMESE}"[:100] * 2


def test_a_change_raises_the_sequence_and_keeps_the_uid(monkeypatch: pytest.MonkeyPatch) -> None:
    made = due(None, dt.date(2026, 3, 31), title="Build it")
    url = feed_of(make.user("reader"))
    first = events(url)["Deadline: Build it"]
    assert first["sequence"] == 0
    later = timezone.now() + dt.timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert events(url)["Deadline: Build it"] == first
    Commitment.objects.filter(pk=made.pk).update(deadline_latest=dt.date(2026, 4, 30))
    moved = events(url)["Deadline: Build it"]
    assert (moved["uid"], moved["sequence"]) == (first["uid"], 1)
    assert moved["days"] == (dt.date(2026, 4, 30), dt.date(2026, 5, 1))
    assert moved["modified"] > first["modified"]


def test_what_is_closed_or_no_longer_there_is_cancelled_without_its_title() -> None:
    made = due(None, dt.date(2026, 3, 31), title="Build it")
    url = feed_of(make.user("reader", clearance=0))
    uid = events(url)["Deadline: Build it"]["uid"]
    Commitment.objects.filter(pk=made.pk).update(classification=2)
    gone = events(url)
    assert list(gone) == ["No longer in this calendar"]
    event = gone["No longer in this calendar"]
    assert (event["uid"], event["sequence"], event["status"]) == (uid, 1, "CANCELLED")
    assert (event["text"], event["url"]) == ("", "")
    assert "Build it" not in str(CalendarFeed.objects.get().told)
    Commitment.objects.filter(pk=made.pk).update(classification=0)
    back = events(url)["Deadline: Build it"]
    assert (back["uid"], back["sequence"], back["status"]) == (uid, 2, "CONFIRMED")
    make.record(made, "dropped")
    assert events(url)["No longer in this calendar"]["sequence"] == 3


def test_what_lies_long_back_is_forgotten_and_not_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    make.meeting(dt.date(2026, 1, 10), title="Talks")
    url = feed_of(make.user("reader"))
    assert list(events(url)) == ["Talks"]
    monkeypatch.setattr(clock, "today", lambda: dt.date(2027, 3, 1))
    assert events(url) == {}


def test_what_is_cancelled_is_told_for_half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    made = due(None, dt.date(2027, 3, 31), title="Build it")
    url = feed_of(make.user("reader"))
    events(url)
    make.record(made, "dropped")
    assert list(events(url)) == ["No longer in this calendar"]
    later = timezone.now() + dt.timedelta(days=181)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert events(url) == {}


def test_what_is_above_the_level_of_mails_is_only_said_to_be_restricted() -> None:
    due(None, dt.date(2026, 3, 31), title="Secret pledge", classification=2)
    make.meeting(
        dt.date(2026, 4, 1), title="Secret talks", status="planned", classification=1, place="Bunker"
    )
    url = feed_of(make.user("reader", clearance=3))
    content = read(url).content.decode()
    assert "Secret" not in content
    assert "KHVN" not in content
    assert "Bunker" not in content
    assert content.count("SUMMARY:Restricted") == 2
    assert content.count("CLASS:CONFIDENTIAL") == 2


def test_a_feed_has_its_agency_its_view_or_what_the_owner_is_in_charge_of() -> None:
    owner, day = make.user("officer"), dt.date(2026, 3, 31)
    mofa = make.agency()
    due(None, day, title="Of the ministry", agencies=(mofa,))
    mine = due(None, day, title="Of mine")
    Commitment.objects.filter(pk=mine.pk).update(officer=owner)
    view = save_view(owner=owner, name="Mine", query="officer=me")
    assert list(events(feed_of(owner, "agency", agency=mofa))) == ["Deadline: Of the ministry"]
    assert list(events(feed_of(owner, "view", view=view))) == ["Deadline: Of mine"]
    url = feed_of(owner, "mine")
    assert list(events(url)) == ["Deadline: Of mine"]
    Assignment.objects.update(focal_point=owner)
    assert set(events(url)) == {"Deadline: Of mine", "Deadline: Of the ministry"}


def test_the_feed_of_a_merged_agency_follows_it() -> None:
    owner, mofa = make.user("officer"), make.agency("vn-mofa")
    url = feed_of(owner, "agency", agency=make.agency("old"))
    due(None, dt.date(2026, 3, 31), title="Of the ministry", agencies=(mofa,))
    assert events(url) == {}
    Agency.objects.filter(slug="old").delete()
    Agency.objects.filter(pk=mofa.pk).update(former_keys=["old"])
    assert list(events(url)) == ["Deadline: Of the ministry"]
    assert mofa.name in page_of(browser_of(owner).get("/calendar/feeds/")).one("table").text


def test_a_view_that_the_owner_may_no_longer_use_gives_nothing() -> None:
    other, owner = make.user("officer"), make.user("reader")
    due(None, dt.date(2026, 3, 31))
    view = save_view(owner=other, name="Shared", query="state=open", shared_with="everyone")
    url = feed_of(owner, "view", view=view)
    assert len(events(url)) == 1
    view.shared_with = "private"
    view.save()
    assert list(events(url)) == ["No longer in this calendar"]
    delete_view(view=view, actor=other)
    assert Client().get(url).status_code == 404


def test_an_unchanged_calendar_is_not_sent_again() -> None:
    due(None, dt.date(2026, 3, 31), title="Build it")
    url = feed_of(make.user("reader"))
    answer = read(url)
    assert answer["Cache-Control"] == "private, no-cache"
    again = Client().get(url, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    Commitment.objects.update(title="Build two")
    assert Client().get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 200
    assert Client().head(url).status_code == 200
    assert Client().post(url).status_code == 405


def test_a_feed_ends_when_it_is_revoked_or_the_account_is_closed_or_gets_a_new_password() -> None:
    for end in ("revoke", "close", "password"):
        owner = make.user("reader")
        url = feed_of(owner)
        assert Client().get(url).status_code == 200
        if end == "revoke":
            client = client_as(owner)
            client.post(f"/calendar/feeds/{owner.calendar_feeds.get().pk}/revoke/")
        else:
            owner = User.objects.get(pk=owner.pk)
            owner.is_active = end != "close"
            if end == "password":
                owner.set_password("another-good-password")
            owner.save()
        assert Client().get(url).status_code == 404, end
        assert owner.calendar_feeds.get().revoked_at, end
        User.objects.filter(pk=owner.pk).update(is_active=True)
        assert Client().get(url).status_code == 404, end
        told = AccountEvent.objects.filter(account_number=owner.pk)
        assert told.filter(after__calendar_feed="Outlook").count() == 1, end
        assert told.filter(before__calendar_feed="Outlook").count() == 1, end


def test_the_token_is_in_no_log_and_is_stored_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "security")
    url = feed_of(make.user("reader", username="lan"))
    token = url.removeprefix("/calendar/").removesuffix(".ics")
    read(url)
    lines = [record for record in caplog.records if record.getMessage() == "calendar read"]
    assert [(line.facts["path"], line.facts["account"]) for line in lines] == [("/calendar/….ics", "lan")]
    stored = str(list(CalendarFeed.objects.values()))
    assert token not in stored
    assert token not in caplog.text


def test_a_feed_is_made_and_listed_and_its_address_is_shown_once() -> None:
    client = browser_of(make.user("officer"))
    url = "/calendar/feeds/"
    page = page_of(client.get(f"{url}?scope=agency&agency=vn-mofa"))
    assert page.one("select[name=scope] option[selected]")["value"] == "agency"
    refused = client.post(url, {"name": "Outlook", "scope": "view"})
    assert refused.status_code == 400
    assert "Choose the saved view." in page_of(refused).text
    made = page_of(client.post(url, {"name": "Outlook", "scope": "all"}))
    address = made.one("#address")["value"]
    assert re.fullmatch(r"https://register\.example\.org/calendar/[\w-]{43}\.ics", address)
    again = page_of(client.get(url))
    assert again.select("#address") == []
    assert "everything that I may see" in again.one("table").text


def test_the_password_is_asked_for_before_a_feed_is_made() -> None:
    owner = make.user("officer")
    answer = client_as(owner).post("/calendar/feeds/", {"name": "Outlook", "scope": "all"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not owner.calendar_feeds.exists()


def test_nobody_revokes_the_feed_of_somebody_else() -> None:
    owner = make.user("officer")
    url = feed_of(owner)
    pk = owner.calendar_feeds.get().pk
    assert client_as("administrator").post(f"/calendar/feeds/{pk}/revoke/").status_code == 404
    assert Client().get(url).status_code == 200


def test_an_account_has_twenty_feeds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_feeds, "MAX_FEEDS", 1)
    owner = make.user("officer")
    feed_of(owner)
    answer = browser_of(owner).post("/calendar/feeds/", {"name": "Second", "scope": "all"})
    assert answer.status_code == 400
    assert "An account has at most 1 calendar feed in use." in page_of(answer).text


def test_the_number_of_queries_does_not_depend_on_the_rows(django_assert_max_num_queries: Any) -> None:
    first = due(None, dt.date(2026, 3, 31))
    url = feed_of(make.user("reader"))
    read(url)
    make.many(30, first)
    with django_assert_max_num_queries(12):
        content = read(url).content
    assert content.count(b"BEGIN:VEVENT") == 31


def test_a_withdrawn_submission_leaves_the_feed_as_it_was() -> None:
    officer = make.user("officer", clearance=3)
    made = due(None, dt.date(2026, 3, 31), title="Build it")
    url = feed_of(make.user("reader"))
    before = events(url)
    apply_transition(commitment=made, name="stall", actor=officer, note="No money.")
    assert events(url) == before
