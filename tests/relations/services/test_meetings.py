"""Recording a document with its meeting and people: everything or nothing, by officers only."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from relations.choices import MeetingStatus
from relations.models import Meeting, MeetingSource, Participation, Person, Source
from relations.services.duplicates import AlreadyRecorded
from relations.services.meetings import (
    ERROR_COLUMNS,
    Participant,
    change_meeting,
    create_meeting,
    missing_date,
    record_document,
    was_held,
)
from relations.services.person_matching import people_called, people_like
from relations.services.slugs import free_key
from tests import factories as make

pytestmark = pytest.mark.django_db
TEXT = "1. They agreed.\n\n2. They met.\n"


def new_meeting(**fields) -> Meeting:
    known = {"title": "Talks in Huế", "form": "talks", "level": "minister", "status": MeetingStatus.HELD}
    return Meeting(**(known | {"starts_on": dt.date(2026, 1, 20)} | fields))


def record(**changes) -> Source:
    arguments = {
        "actor": make.user("officer"),
        "meeting": new_meeting(),
        "source": Source(title="Biên bản, 20 January", kind="agreed_minutes"),
        "text": TEXT,
    }
    return record_document(**(arguments | changes))


def test_meeting_people_source_and_paragraphs_come_together() -> None:
    minister = Person.objects.create(slug="prak-sokhonn", name="Prak Sokhonn", country=make.country("KH"))
    new = Person(name="Đỗ Văn Hòa", country=make.country("VN"))
    source = record(
        participants=[
            Participant(minister, "Minister", make.country("KH")),
            Participant(new, "Vụ trưởng", make.country("VN"), "co_chair"),
        ]
    )
    meeting = source.meetings.get()
    assert (meeting.slug, source.slug) == ("talks-in-hue", "bien-ban-20-january")
    assert [(p.number, p.text) for p in source.paragraphs.all()] == [(1, "They agreed."), (2, "They met.")]
    assert source.is_unaltered
    assert [(str(p), p.role) for p in meeting.participations.all()] == [
        ("Prak Sokhonn, Minister", "participant"),
        ("Đỗ Văn Hòa, Vụ trưởng", "co_chair"),
    ]
    assert Person.objects.get(slug="do-van-hoa").history.count() == 1
    assert (meeting.history.count(), source.history.count()) == (1, 1)


@pytest.mark.parametrize("role", ["reviewer", "reader", "focal_point", "administrator"])
def test_other_roles_are_refused(role: str) -> None:
    with pytest.raises(PermissionDenied):
        record(actor=make.user(role))
    assert not Source.objects.exists()


def test_an_invalid_text_saves_nothing() -> None:
    somebody = Participant(Person(name="X", country=make.country("VN")), "Y", make.country("VN"))
    with pytest.raises(ValidationError):
        record(text="1. \n\n2. They met.", participants=[somebody])
    assert not Meeting.objects.exists()
    assert not Person.objects.exists()
    assert not Source.objects.exists()


def test_the_same_text_is_not_recorded_twice_for_a_meeting() -> None:
    meeting = record().meetings.get()
    with pytest.raises(ValidationError) as error:
        record(meeting=meeting, source=Source(title="Again", kind="other"))
    assert "already recorded for this meeting" in str(error.value)
    elsewhere = {"source": Source(title="Elsewhere", kind="other"), "meeting": make.meeting()}
    with pytest.raises(AlreadyRecorded) as refused:
        record(**elsewhere)
    assert record(**elsewhere, despite=refused.value.keys).pk


def test_a_planned_meeting_becomes_held_and_keeps_changes_of_others() -> None:
    meeting = make.meeting(None, status=MeetingStatus.PLANNED, window_wording="soon")
    mine = Meeting.objects.get(pk=meeting.pk)
    Meeting.objects.get(pk=meeting.pk).save()  # somebody saves it meanwhile
    mine.status, mine.starts_on, mine.title = MeetingStatus.HELD, dt.date(2026, 1, 20), "Not asked for"
    record(meeting=mine, changed=["status", "starts_on"])
    meeting.refresh_from_db()
    assert (meeting.status, meeting.day) == ("held", dt.date(2026, 1, 20))
    assert meeting.title != "Not asked for"
    assert meeting.version == 3


@pytest.mark.parametrize(
    ("earliest", "latest", "before", "refused"),
    [
        ("2026-01-01", "2026-12-31", "planned", True),
        ("2026-01-01", None, "planned", True),
        ("2026-01-01", "2026-12-31", "", True),
        ("2026-01-01", "2026-12-31", "held", False),
        ("2025-02-01", "2025-02-28", "planned", False),
        (None, "2025-02-28", "", False),
    ],
)
def test_a_meeting_becomes_held_on_a_date_or_in_a_window_that_is_over(
    earliest: str | None, latest: str | None, before: str, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.clock.today", lambda: dt.date(2026, 11, 30))
    days = [day and dt.date.fromisoformat(day) for day in (earliest, latest)]
    meeting = Meeting(status="held", window_earliest=days[0], window_latest=days[1])
    assert list(missing_date(meeting, before=before)) == (["starts_on"] if refused else [])
    meeting.starts_on = dt.date(2026, 11, 1)
    assert missing_date(meeting, before=before) == {}


@pytest.mark.parametrize(
    ("status", "day", "held"),
    [
        ("held", dt.date(2026, 1, 19), True),
        ("held", dt.date(2026, 1, 20), True),
        ("held", dt.date(2026, 1, 21), False),
        ("planned", dt.date(2026, 1, 19), False),
        ("planned", None, False),
    ],
)
def test_whether_a_meeting_was_held(status: str, day: dt.date | None, held: bool) -> None:
    assert was_held(make.meeting(day, status=status), dt.date(2026, 1, 20)) is held


def test_keys_are_unused_and_not_reserved() -> None:
    make.meeting(slug="talks")
    assert free_key(Meeting, "Talks!") == "talks-2"
    assert free_key(Meeting, "Record", reserved={"record"}) == "record-2"
    assert free_key(Meeting, "កិច្ចប្រជុំ") == "meeting"


def test_a_person_is_found_by_any_spelling_and_similar_people_are_suggested() -> None:
    country = make.country("VN")
    trung = Person.objects.create(
        slug="le-hoai-trung", name="Le Hoai Trung", aliases=["Lê Hoài Trung"], country=country
    )
    Person.objects.create(slug="tran-trung", name="Tran Trung", country=country)
    for name in ("lê hoài  trung", "LE HOAI TRUNG", "le-hoai-trung", "Le Hoai Trung,", "(Lê Hoài Trung)"):
        assert people_called(name) == [trung]
    assert people_called("Hoai Trung") == []
    assert [person.slug for person in people_like("Le Hoay Trung")] == ["le-hoai-trung", "tran-trung"]
    assert Participation.objects.count() == 0


# -- a meeting without a document --------------------------------------------------------------------------

FACTS = {"title": "Kỳ họp", "form": "talks", "level": "minister", "status": "planned"}


def participant(slug: str = "prak-sokhonn", **fields) -> Participant:
    country = make.country("KH")
    person, _made = Person.objects.get_or_create(slug=slug, defaults={"name": slug, "country": country})
    return Participant(**({"person": person, "office": "Minister", "country": country} | fields))


@pytest.mark.parametrize("role", ["reviewer", "reader", "focal_point", "administrator"])
def test_nobody_but_an_officer_records_or_edits_a_meeting(role: str) -> None:
    actor, held = make.user(role), make.meeting()
    with pytest.raises(PermissionDenied):
        create_meeting(actor=actor, fields=FACTS)
    with pytest.raises(PermissionDenied):
        change_meeting(actor=actor, meeting=held, fields={"title": "Other"})
    assert list(Meeting.objects.values_list("title", flat=True)) == [held.title]


def test_a_meeting_is_added_with_participants_and_sources() -> None:
    note = make.source()
    made = create_meeting(
        actor=make.user("officer"), fields=FACTS, participants=[participant()], sources=[note, note]
    )
    assert (made.slug, made.history.count()) == ("ky-hop", 1)
    assert [str(each) for each in made.participations.all()] == ["prak-sokhonn, Minister"]
    assert list(made.sources.all()) == [note]


def test_each_constraint_reports_its_error_at_one_column() -> None:
    assert set(ERROR_COLUMNS) == {constraint.name for constraint in Meeting._meta.constraints}
    officer, joint = make.user("officer"), make.mechanism()
    make.meeting(mechanism=joint, session=1)
    day, before = dt.date(2026, 1, 2), dt.date(2026, 1, 1)
    cases = [
        ({"mechanism": joint, "session": 1}, "session"),
        ({"session": 1}, "mechanism"),
        ({"starts_on": day, "ends_on": before}, "ends_on"),
        ({"window_earliest": day, "window_latest": before}, "window_latest"),
        ({"status": "held"}, "starts_on"),
        ({"classification": 4}, "classification"),
    ]
    planned = create_meeting(actor=officer, fields=FACTS)
    for fields, column in cases:
        with pytest.raises(ValidationError) as refused:
            create_meeting(actor=officer, fields=FACTS | fields, key="new-one")
        assert list(refused.value.message_dict) == [column]
        with pytest.raises(ValidationError) as refused:
            change_meeting(actor=officer, meeting=planned, fields=fields)
        assert list(refused.value.message_dict) == [column]
    assert Meeting.objects.count() == 2


def test_errors_of_participants_and_columns_are_reported_together() -> None:
    with pytest.raises(ValidationError) as refused:
        create_meeting(
            actor=make.user("officer"),
            fields=FACTS | {"title": ""},
            key="record",
            participants=[participant(office=""), participant(), participant("x", role="guest")],
        )
    assert set(refused.value.message_dict) == {
        "slug",
        "title",
        "participants.0.office",
        "participants.1.person",
        "participants.2.role",
    }
    assert not Participation.objects.exists()


def test_participants_and_sources_stay_when_they_are_not_given() -> None:
    officer = make.user("officer")
    made = create_meeting(actor=officer, fields=FACTS, participants=[participant()], sources=[make.source()])
    change_meeting(actor=officer, meeting=made, fields={"place": "Huế"})
    assert (made.participations.count(), made.sources.count()) == (1, 1)
    change_meeting(actor=officer, meeting=made, fields={}, participants=[], sources=[])
    assert (made.participations.count(), made.sources.count()) == (0, 0)


def test_a_source_that_is_cited_at_the_meeting_is_not_removed() -> None:
    officer, note, other = make.user("officer"), make.source(slug="note"), make.source()
    there, elsewhere = make.meeting(), make.meeting()
    for meeting in (there, elsewhere):
        MeetingSource.objects.create(meeting=meeting, source=note)
    make.commitment(mention=make.FirstMention(there, note.paragraphs.get(number=1)))
    with pytest.raises(ValidationError) as refused:
        change_meeting(actor=officer, meeting=there, fields={"place": "Huế"}, sources=[other])
    assert list(refused.value.message_dict) == ["sources"]
    there.refresh_from_db()
    assert (there.place, list(there.sources.all())) == ("", [note])
    change_meeting(actor=officer, meeting=elsewhere, fields={}, sources=[])
    change_meeting(actor=officer, meeting=there, fields={}, sources=[other, note])
    assert set(there.sources.all()) == {note, other}
