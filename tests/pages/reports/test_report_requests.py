"""Requests for a report: who is asked, the mails, the answer by link and by sign-in, reminders, the list."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from commitments.models import Assignment, Commitment, ProgressUpdate, ReportRequest, ReportRequestEnd
from commitments.querysets import AsOf
from commitments.services.bulk import select
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.progress import record_progress
from commitments.services.report_requests import Asked
from core import clock
from notifications.report_links import answer_key
from notifications.sending import send_due
from notifications.services.report_requests import ask, remind
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

pytestmark = pytest.mark.django_db
TODAY, DUE = dt.date(2026, 1, 16), dt.date(2026, 1, 30)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def officer() -> User:
    return make.user("officer", first_name="Olive", clearance=3)


@pytest.fixture
def focal() -> User:
    return make.user("focal_point", first_name="Felix", agency=make.agency(), email="felix@example.org")


@pytest.fixture
def pledge(focal: User) -> Commitment:
    made = make.commitment(title="Open the gate", agencies=(focal.agency,))
    Assignment.objects.filter(commitment=made).update(focal_point=focal)
    return made


def asked_for(officer: User, *about: Commitment, note: str = "") -> Asked:
    return ask(commitments=[each.pk for each in about], actor=officer, due_on=DUE, note=note)


def link_in(message: Any) -> str:
    return re.search(r"https://register\.example\.org(/reports/answer/\S+)", message.body)[1]


# -- who is asked --------------------------------------------------------------------------------------------


def test_the_focal_points_that_lead_agencies_name_are_asked_first(officer: User, pledge: Commitment) -> None:
    other = make.agency("vn-other")
    Assignment.objects.create(
        commitment=pledge, agency=other, role="support", focal_point=make.user("focal_point", agency=other)
    )
    make.user("focal_point", agency=make.agency())
    [request] = asked_for(officer, pledge).requests
    assert request.addressee.first_name == "Felix"


def test_else_those_that_supporting_agencies_name_and_else_all_of_the_lead_agencies(
    officer: User, focal: User, pledge: Commitment
) -> None:
    colleague = make.user("focal_point", agency=make.agency())
    make.user("reader", agency=make.agency())
    Assignment.objects.update(focal_point=None)
    assert {each.addressee for each in asked_for(officer, pledge).requests} == {focal, colleague}
    other = make.commitment(agencies=(make.agency(),))
    third = make.agency("vn-third")
    named = make.user("focal_point", agency=third)
    Assignment.objects.create(commitment=other, agency=third, role="support", focal_point=named)
    assert [each.addressee for each in asked_for(officer, other).requests] == [named]


def test_nobody_is_asked_twice_about_what_is_closed_or_about_what_they_may_not_see(
    officer: User, focal: User, pledge: Commitment
) -> None:
    secret = make.commitment(agencies=(focal.agency,), classification=2)
    closed = make.commitment("dropped", agencies=(focal.agency,))
    without = make.commitment()
    asked = asked_for(officer, pledge, secret, closed, without)
    assert [each.commitment for each in asked.requests] == [pledge]
    assert asked.without_focal_point == (secret.reference, without.reference)
    again = asked_for(officer, pledge)
    assert (again.requests, again.asked_before) == ((), (pledge.reference,))


@pytest.mark.parametrize("role", ["reviewer", "focal_point", "reader", "administrator"])
def test_only_an_officer_asks(role: str, pledge: Commitment) -> None:
    with pytest.raises(NotYours):
        asked_for(make.user(role), pledge)


@pytest.mark.parametrize("days", [-1, 367])
def test_the_day_lies_within_a_year_from_today(days: int, officer: User, pledge: Commitment) -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        ask(commitments=[pledge.pk], actor=officer, due_on=TODAY + dt.timedelta(days=days))
    assert list(refused.value.errors) == ["due_on"]
    assert not ReportRequest.objects.exists()


def test_the_database_refuses_to_change_a_request(officer: User, pledge: Commitment) -> None:
    asked_for(officer, pledge)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportRequest.objects.update(due_on=DUE + dt.timedelta(days=1))


# -- the mail and its link -----------------------------------------------------------------------------------


def test_one_mail_names_all_that_somebody_is_asked_and_its_link_answers_once(
    officer: User, focal: User, pledge: Commitment
) -> None:
    second = make.commitment(title="Mark the border", agencies=(focal.agency,))
    asked_for(officer, pledge, second, note="Before the session.")
    send_due()
    [message] = mail.outbox
    assert (message.subject, message.to) == ("Please report on 2 commitments", ["felix@example.org"])
    for text in (message.body, message.alternatives[0][0]):
        assert "Open the gate" in text
        assert "Mark the border" in text
        assert "Before the session." in text
    client, url = Client(), link_in(message)
    page = page_of(client.get(url))
    assert page.one("h1").text == "Open the gate"
    assert "Olive asks Felix to report progress by 30 January 2026." in page.text
    empty = client.post(url, {})
    assert empty.status_code == 400
    assert "Fill in at least one of" in page_of(empty).text
    assert "Thank you" in page_of(client.post(url, {"achieved": "Half of it."})).text
    [update] = ProgressUpdate.objects.all()
    assert (update.commitment, update.actor, update.achieved) == (pledge, focal, "Half of it.")
    end = ReportRequestEnd.objects.get()
    assert (end.progress_update, end.by_mail_link, end.actor) == (update, True, focal)
    told = page_of(client_as(officer).get(pledge.get_absolute_url())).one("section:has(> div > #progress-h)")
    assert "Felix · by mail link" in told.text
    for answer in (client.get(url), client.post(url, {"achieved": "Again."})):
        assert answer.status_code == 409
    assert ProgressUpdate.objects.count() == 1


def test_the_link_of_anything_classified_signs_in_first(
    officer: User, focal: User, pledge: Commitment
) -> None:
    User.objects.filter(pk=focal.pk).update(clearance=3)
    [request] = asked_for(officer, pledge).requests
    url = f"/reports/answer/{answer_key(request)}/"
    Commitment.objects.filter(pk=pledge.pk).update(classification=1)
    for answer in (Client().get(url), Client().post(url, {"achieved": "Half of it."})):
        assert answer["Location"] == f"/commitments/{pledge.reference}/progress/"
    assert not ProgressUpdate.objects.exists()


def test_what_is_above_the_level_of_mails_is_counted_and_not_named(officer: User, focal: User) -> None:
    User.objects.filter(pk=focal.pk).update(clearance=2)
    secret = make.commitment(title="Secret pledge", agencies=(focal.agency,), classification=2)
    asked_for(officer, secret)
    send_due()
    [message] = mail.outbox
    assert "1 restricted commitment" in message.body
    for text in (message.body, message.alternatives[0][0]):
        assert "Secret" not in text
        assert "KHVN" not in text


def test_a_link_that_is_altered_or_old_or_of_a_closed_account_does_not_work(
    officer: User, focal: User, pledge: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    [request] = asked_for(officer, pledge).requests
    key = answer_key(request)
    assert Client().get(f"/reports/answer/{key}/").status_code == 200
    assert Client().get(f"/reports/answer/{key[:-1]}/").status_code == 404
    with monkeypatch.context() as later:
        later.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + 61 * 86400)
        assert Client().get(f"/reports/answer/{key}/").status_code == 404
    User.objects.filter(pk=focal.pk).update(is_active=False)
    assert Client().get(f"/reports/answer/{key}/").status_code == 404


@pytest.mark.parametrize("what", ["password", "address"])
def test_a_link_does_not_outlive_the_password_and_the_address_of_its_addressee(
    officer: User, focal: User, pledge: Commitment, what: str
) -> None:
    [request] = asked_for(officer, pledge).requests
    url = f"/reports/answer/{answer_key(request)}/"
    assert Client().get(url).status_code == 200
    if what == "password":
        focal.set_password("a lacquer box of salt")
    else:
        focal.email = "felix@example.net"
    focal.save()
    for answer in (Client().get(url), Client().post(url, {"achieved": "Half of it."})):
        assert answer.status_code == 404
    assert not ProgressUpdate.objects.exists()


def test_the_key_of_the_link_is_in_no_log(
    officer: User, pledge: Commitment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    [request] = asked_for(officer, pledge).requests
    key = answer_key(request)
    Client().post(f"/reports/answer/{key}/", {"achieved": "Half of it."})
    facts = [each.facts for each in caplog.records if each.getMessage() == "answered by mail link"]
    assert [(each["path"], each["account"]) for each in facts] == [
        ("/reports/answer/…/", request.addressee.username)
    ]


def test_nobody_is_told_of_what_they_may_not_see_any_more(officer: User, pledge: Commitment) -> None:
    asked_for(officer, pledge)
    Commitment.objects.filter(pk=pledge.pk).update(classification=2)
    send_due()
    assert mail.outbox == []


# -- the answer after signing in, reminders, with whom it lies -----------------------------------------------


def test_any_report_of_the_agency_answers_and_one_of_an_officer_does_not(
    officer: User, focal: User, pledge: Commitment
) -> None:
    asked_for(officer, pledge)
    record_progress(commitment=pledge, actor=officer, achieved="I heard that half is done.")
    record_progress(
        commitment=pledge, actor=make.user("officer", agency=focal.agency), achieved="I heard it, too."
    )
    assert ReportRequest.objects.open().count() == 1
    colleague = make.user("focal_point", agency=focal.agency)
    client_as(colleague).post(f"/commitments/{pledge.reference}/progress/", {"achieved": "Half of it."})
    end = ReportRequestEnd.objects.get()
    assert (end.actor, end.by_mail_link, end.progress_update.achieved) == (colleague, False, "Half of it.")


def test_who_has_not_answered_is_reminded_once_a_week_until_the_report_is_there(
    officer: User, focal: User, pledge: Commitment
) -> None:
    asked_for(officer, pledge)
    send_due()
    mail.outbox.clear()
    reminded = []
    for day in range(1, 25):
        today = TODAY + dt.timedelta(days=day)
        remind(today=today)
        remind(today=today)
        send_due()
        reminded += [today] * len(mail.outbox)
        mail.outbox.clear()
    assert reminded == [dt.date(2026, 1, 27), dt.date(2026, 2, 2), dt.date(2026, 2, 9)]
    record_progress(commitment=pledge, actor=focal, achieved="Half of it.")
    assert remind(today=dt.date(2026, 3, 1)) == 0


def test_it_lies_with_the_focal_point_from_the_request_to_the_answer(
    officer: User, focal: User, pledge: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(day: dt.date, today: dt.date) -> tuple[str, dt.date]:
        when = AsOf(day, today)
        rows: Any = Commitment.objects.filter(pk=pledge.pk).at(when).with_holder(when)
        return rows.values_list("holder_then", "held_since").get()

    Commitment.objects.filter(pk=pledge.pk).update(officer=officer)
    assert held(TODAY, TODAY) == ("officer", make.LONG_AGO)
    asked_for(officer, pledge)
    assert held(TODAY, TODAY) == ("focal_point", TODAY)
    assert held(dt.date(2026, 1, 15), TODAY) == ("officer", make.LONG_AGO)
    answered = dt.date(2026, 1, 20)
    monkeypatch.setattr(clock, "today", lambda: answered)
    record_progress(commitment=pledge, actor=focal, achieved="Half of it.")
    assert held(answered, answered) == ("officer", answered)


# -- pages and API -------------------------------------------------------------------------------------------


def test_an_officer_asks_about_a_selection_and_withdraws(
    officer: User, focal: User, pledge: Commitment
) -> None:
    without = make.commitment(title="Nobody's pledge")
    client = client_as(officer)
    job = select(owner=officer, commitments=Commitment.objects.all(), query="")
    offered = page_of(client.get(f"/commitments/bulk/{job.pk}/"))
    assert offered.links()["Ask for a report"] == f"/reports/ask/?job={job.pk}"
    page = client.post(f"/reports/ask/?job={job.pk}", {"due_on": "2026-01-30"}, follow=True)
    text = page_of(page).text
    assert "1 report was asked for; people asked: 1." in text
    assert f"No focal point can be asked about {without.reference}." in text
    assert page_of(page).texts("tbody th a") == ["Open the gate"]
    request = ReportRequest.objects.get()
    assert "Felix" in page_of(client.get(pledge.get_absolute_url())).text
    for _time in range(2):
        client.post(f"/reports/{request.pk}/withdraw/")
    assert ReportRequestEnd.objects.get().progress_update is None
    assert "Withdrawn by Olive" in page_of(client.get("/reports/?state=ended")).text
    assert page_of(client.get("/reports/")).select("tbody") == []


def test_a_bad_day_is_named_and_what_was_typed_is_kept(officer: User, pledge: Commitment) -> None:
    url = f"/reports/ask/?reference={pledge.reference}"
    answer = client_as(officer).post(url, {"due_on": "2025-01-01", "note": "Please."})
    assert answer.status_code == 400
    page = page_of(answer)
    assert "Choose a day from 16 Jan 2026 to 17 Jan 2027." in page.text
    assert page.one("textarea").text == "Please."


def test_the_overview_of_a_focal_point_counts_what_is_asked_and_leads_to_it(
    officer: User, focal: User, pledge: Commitment
) -> None:
    client = client_as(focal)
    assert "Reports asked of you" not in page_of(client.get("/")).text
    asked_for(officer, pledge)
    make.commitment(agencies=(focal.agency,))
    assert page_of(client.get("/")).links(".trio")["1 commitment in the list"] == (
        "/commitments/?report_awaited=me"
    )
    for who, query, n in (
        (focal, "report_awaited=me", 1),
        (make.user("focal_point", agency=focal.agency), "report_awaited=me", 1),
        (officer, "report_awaited=me", 0),
        (officer, "report_awaited=anyone", 1),
        (officer, "report_awaited=anyone&as_of=2026-01-15", 0),
    ):
        answer = client_as(who).get(f"/api/v1/commitments/?{query}")
        assert answer.json()["count"] == n, query


def test_a_focal_point_sees_the_requests_to_its_own_agency(
    officer: User, focal: User, pledge: Commitment
) -> None:
    other = make.agency("vn-other")
    Assignment.objects.create(
        commitment=pledge, agency=other, focal_point=make.user("focal_point", agency=other)
    )
    asked_for(officer, pledge)
    api = f"/api/v1/commitments/{pledge.reference}/report-requests/"
    assert client_as(officer).get(api).json()["count"] == 2
    client = client_as(focal)
    assert len(page_of(client.get("/reports/")).select("tbody tr")) == 1
    [document] = client.get(api).json()["results"]
    assert document.pop("id")
    assert document == {
        "addressee": focal.username,
        "asked_by": officer.username,
        "asked_on": "2026-01-16",
        "due_on": "2026-01-30",
        "note": "",
        "state": "awaited",
        "progress": None,
        "by_mail_link": False,
    }
    assert page_of(client_as("focal_point").get("/reports/")).select("tbody") == []


def test_nobody_sees_a_request_about_what_they_may_not_see(officer: User, pledge: Commitment) -> None:
    [request] = asked_for(officer, pledge).requests
    Commitment.objects.filter(pk=pledge.pk).update(classification=2)
    client = client_as("officer")
    assert "Open the gate" not in page_of(client.get("/reports/")).text
    assert client.post(f"/reports/{request.pk}/withdraw/").status_code == 404
    assert client.get(f"/reports/ask/?reference={pledge.reference}").status_code == 404


def test_the_number_of_queries_does_not_depend_on_the_rows(
    officer: User, pledge: Commitment, focal: User, queries: Callable[[Client, str], int]
) -> None:
    asked_for(officer, pledge)
    client = client_as(officer)
    few = queries(client, "/reports/")
    asked_for(officer, *(make.commitment(agencies=(focal.agency,)) for _n in range(12)))
    assert len(page_of(client.get("/reports/")).select("tbody tr")) == 13
    assert queries(client, "/reports/") == few
