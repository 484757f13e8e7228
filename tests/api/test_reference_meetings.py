"""What hangs on a meeting, written over HTTP: participants, sources, its window."""

import datetime as dt

import pytest
from django.test import Client

from relations.models import Meeting, MeetingSource, Participation, Source
from tests import factories as make
from tests.api.records import API, patch, person, post, whole_world
from tests.clients import client_as

pytestmark = pytest.mark.django_db


def test_a_meeting_is_recorded_with_all_that_hangs_on_it(officer: Client) -> None:
    make.mechanism("joint-committee"), make.source(slug="minutes"), make.source(slug="report")
    person(), person("prak-sokhonn", "Prak Sokhonn", "KH")
    body = {
        "key": "jc-23",
        "title": "Kỳ họp lần thứ 23 – សម័យប្រជុំ",
        "mechanism": "joint-committee",
        "session": 23,
        "form": "committee_session",
        "level": "minister",
        "status": "held",
        "starts_on": "2026-01-20",
        "ends_on": "2026-01-21",
        "place": "Phnôm Pênh",
        "country": "KH",
        "sources": ["report", "minutes", "report"],
        "participants": [
            {"person": "prak-sokhonn", "office": "ឧបនាយករដ្ឋមន្ត្រី", "role": "co_chair"},
            {"person": "le-hoai-trung", "office": "Bộ trưởng", "country": "VN"},
        ],
    }
    made = post(officer, "meetings", body)
    assert made.status_code == 201, made.json()
    assert made.json() == body | {
        "window": None,
        "classification": "unclassified",
        "sources": ["report", "minutes"],
        "participants": [
            {"person": "prak-sokhonn", "office": "ឧបនាយករដ្ឋមន្ត្រី", "country": "KH", "role": "co_chair"},
            {"person": "le-hoai-trung", "office": "Bộ trưởng", "country": "VN", "role": "participant"},
        ],
        "url": "/meetings/jc-23/",
    }
    twice = post(officer, "meetings", body | {"key": "other"})
    assert list(twice.json()["errors"]) == ["session"]
    assert not Meeting.objects.filter(slug="other").exists()


def test_a_planned_meeting_is_marked_held(officer: Client) -> None:
    whole_world()
    assert list(patch(officer, "meetings/jc-22", {"status": "held"}).json()["errors"]) == ["starts_on"]
    window = {"wording": "in 2026", "earliest": "2026-01-01", "latest": "2999-12-31"}
    answer = patch(officer, "meetings/jc-22", {"status": "held", "window": window})
    assert list(answer.json()["errors"]) == ["starts_on"]
    new = {"key": "x", "title": "X", "form": "talks", "level": "minister", "status": "held", "window": window}
    assert list(post(officer, "meetings", new).json()["errors"]) == ["starts_on"]
    held = patch(officer, "meetings/jc-22", {"status": "held", "starts_on": "2026-01-16", "window": None})
    assert held.status_code == 200
    assert (held.json()["status"], held.json()["window"]) == ("held", None)
    meeting = Meeting.objects.get(slug="jc-22")
    assert (meeting.day, meeting.window_wording) == (dt.date(2026, 1, 16), "")


def test_a_window_is_given_whole(officer: Client) -> None:
    whole_world()
    answer = patch(officer, "meetings/jc-22", {"window": {"latest": "2026-12-31"}}).json()
    assert answer["window"] == {"wording": "", "earliest": None, "latest": "2026-12-31"}
    held = patch(officer, "meetings/jc-22", {"session": None, "mechanism": None}).json()
    assert (held["session"], held["mechanism"]) == (None, None)


def test_participants_are_replaced_by_the_difference(officer: Client) -> None:
    whole_world()
    person("prak-sokhonn", "Prak Sokhonn", "KH"), person("do-van-hoa", "Đỗ Văn Hòa")
    seats = [
        {"person": "le-hoai-trung", "office": "Minister", "country": "VN", "role": "participant"},
        {"person": "prak-sokhonn", "office": "Minister", "country": "KH", "role": "co_chair"},
    ]
    assert patch(officer, "meetings/jc-22", {"participants": seats}).json()["participants"] == seats
    kept = Participation.objects.get(person__slug="le-hoai-trung")
    seats = [
        {"person": "le-hoai-trung", "office": "Minister", "country": "VN", "role": "participant"},
        {"person": "do-van-hoa", "office": "Vụ trưởng", "country": "VN", "role": "observer"},
    ]
    assert patch(officer, "meetings/jc-22", {"participants": seats}).json()["participants"] == seats
    assert Participation.objects.get(person__slug="le-hoai-trung").pk == kept.pk
    assert kept.history.count() == 1
    assert [row.history_type for row in Participation.history.filter(person__slug="prak-sokhonn")] == [
        "-",
        "+",
    ]
    twice = patch(officer, "meetings/jc-22", {"participants": [seats[0], seats[0]]})
    assert list(twice.json()["errors"]) == ["participants.1.person"]


def test_a_change_asks_as_much_of_each_participant_as_a_record_does(officer: Client) -> None:
    whole_world()
    refused = patch(officer, "meetings/jc-22", {"participants": [{"person": "le-hoai-trung"}]})
    assert list(refused.json()["errors"]) == ["participants.0.office"]


def test_a_source_that_is_cited_at_the_meeting_stays_among_its_sources(officer: Client) -> None:
    whole_world()
    talks, note = Meeting.objects.get(slug="jc-22"), Source.objects.get(slug="note")
    make.commitment(mention=make.FirstMention(talks, note.paragraphs.get(number=1)), classification=3)
    refused = patch(officer, "meetings/jc-22", {"sources": ["report"], "place": "Huế"})
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["sources"]
    assert "(note)" in refused.json()["errors"]["sources"][0]
    assert officer.get(f"{API}meetings/jc-22/").json()["place"] == ""
    assert patch(officer, "meetings/jc-22", {"sources": ["report", "note"]}).json()["sources"] == [
        "note",
        "report",
    ]
    elsewhere = make.meeting(slug="elsewhere")
    MeetingSource.objects.create(meeting=elsewhere, source=note)
    assert patch(officer, "meetings/elsewhere", {"sources": []}).json()["sources"] == []


def test_a_meeting_that_the_own_desk_would_not_have_is_not_recorded() -> None:
    user = make.user("officer")
    user.desk_countries.add(make.country("KH"))
    client, body = (
        client_as(user),
        {"title": "Họp", "form": "talks", "level": "minister", "status": "planned"},
    )
    make.country("LA")
    assert post(client, "meetings", body | {"country": "LA"}).status_code == 400
    assert not Meeting.objects.exists()
    made = post(client, "meetings", body | {"key": "ours", "country": "KH"})
    assert made.status_code == 201
    changed = patch(client, "meetings/ours", {"country": "LA"})
    assert (changed.status_code, list(changed.json()["errors"])) == (400, ["body"])
    assert Meeting.objects.get(slug="ours").country == make.country("KH")


def test_a_kept_answer_is_not_repeated_to_whom_the_meeting_is_hidden_since(officer: Client) -> None:
    body = {"title": "Họp", "form": "talks", "level": "minister", "status": "planned"}
    for level, status in ((0, 201), (0, 201), (2, 404)):
        Meeting.objects.update(classification=level)
        assert post(officer, "meetings", body, **{"Idempotency-Key": "one"}).status_code == status
