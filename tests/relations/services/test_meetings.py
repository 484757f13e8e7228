"""Recording a paper with its meeting and its people: everything or nothing, by officers only."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from relations.choices import MeetingStatus
from relations.models import Meeting, MeetingSource, Participation, Person, Source
from relations.services.meetings import (
    SAID_AT,
    Seat,
    change_meeting,
    create_meeting,
    record_paper,
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
    asked = {
        "actor": make.user("officer"),
        "meeting": new_meeting(),
        "source": Source(title="Biên bản, 20 January", kind="agreed_minutes"),
        "text": TEXT,
    }
    return record_paper(**(asked | changes))


def test_meeting_people_source_and_paragraphs_come_together() -> None:
    minister = Person.objects.create(slug="prak-sokhonn", name="Prak Sokhonn", country=make.country("KH"))
    new = Person(name="Đỗ Văn Hòa", country=make.country("VN"))
    source = record(
        seats=[
            Seat(minister, "Minister", make.country("KH")),
            Seat(new, "Vụ trưởng", make.country("VN"), "co_chair"),
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
def test_nobody_else_may(role: str) -> None:
    with pytest.raises(PermissionDenied):
        record(actor=make.user(role))
    assert not Source.objects.exists()


def test_a_faulty_text_leaves_nothing_behind() -> None:
    seat = Seat(Person(name="X", country=make.country("VN")), "Y", make.country("VN"))
    with pytest.raises(ValidationError):
        record(text="1. \n\n2. They met.", seats=[seat])
    assert not Meeting.objects.exists()
    assert not Person.objects.exists()
    assert not Source.objects.exists()


def test_the_same_text_is_not_recorded_twice_for_a_meeting() -> None:
    meeting = record().meetings.get()
    with pytest.raises(ValidationError) as error:
        record(meeting=meeting, source=Source(title="Again", kind="other"))
    assert "recorded for this meeting already" in str(error.value)
    assert record(source=Source(title="Elsewhere", kind="other"), meeting=make.meeting()).pk


def test_a_meeting_that_was_expected_is_marked_held_and_keeps_what_others_wrote() -> None:
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
    ("status", "day", "held"),
    [
        ("held", dt.date(2026, 1, 19), True),
        ("held", dt.date(2026, 1, 20), True),
        ("held", dt.date(2026, 1, 21), False),
        ("planned", dt.date(2026, 1, 19), False),
        ("planned", None, False),
    ],
)
def test_when_something_can_have_been_said(status: str, day: dt.date | None, held: bool) -> None:
    assert was_held(make.meeting(day, status=status), dt.date(2026, 1, 20)) is held


def test_keys_are_free_and_none_is_a_word_of_the_addresses() -> None:
    make.meeting(slug="talks")
    assert free_key(Meeting, "Talks!") == "talks-2"
    assert free_key(Meeting, "Record", reserved={"record"}) == "record-2"
    assert free_key(Meeting, "កិច្ចប្រជុំ") == "meeting"


def test_a_person_is_known_by_any_spelling_and_like_ones_are_named() -> None:
    country = make.country("VN")
    trung = Person.objects.create(
        slug="le-hoai-trung", name="Le Hoai Trung", aliases=["Lê Hoài Trung"], country=country
    )
    Person.objects.create(slug="tran-trung", name="Tran Trung", country=country)
    for name in ("lê hoài  trung", "LE HOAI TRUNG", "le-hoai-trung"):
        assert people_called(name) == [trung]
    assert people_called("Hoai Trung") == []
    assert [person.slug for person in people_like("Le Hoay Trung")] == ["le-hoai-trung", "tran-trung"]
    assert Participation.objects.count() == 0


# -- a meeting by itself -----------------------------------------------------------------------------------

FACTS = {"title": "Kỳ họp", "form": "talks", "level": "minister", "status": "planned"}


def seat(slug: str = "prak-sokhonn", **fields) -> Seat:
    country = make.country("KH")
    person, _made = Person.objects.get_or_create(slug=slug, defaults={"name": slug, "country": country})
    return Seat(**({"person": person, "office": "Minister", "country": country} | fields))


@pytest.mark.parametrize("role", ["reviewer", "reader", "focal_point", "administrator"])
def test_nobody_but_an_officer_records_or_edits_a_meeting(role: str) -> None:
    actor, held = make.user(role), make.meeting()
    with pytest.raises(PermissionDenied):
        create_meeting(actor=actor, fields=FACTS)
    with pytest.raises(PermissionDenied):
        change_meeting(actor=actor, meeting=held, fields={"title": "Other"})
    assert list(Meeting.objects.values_list("title", flat=True)) == [held.title]


def test_a_meeting_comes_with_seats_and_sources() -> None:
    note = make.source()
    made = create_meeting(actor=make.user("officer"), fields=FACTS, seats=[seat()], sources=[note, note])
    assert (made.slug, made.history.count()) == ("ky-hop", 1)
    assert [str(each) for each in made.participations.all()] == ["prak-sokhonn, Minister"]
    assert list(made.sources.all()) == [note]


def test_each_rule_between_columns_is_told_at_one_of_them() -> None:
    assert set(SAID_AT) == {constraint.name for constraint in Meeting._meta.constraints}
    officer, joint = make.user("officer"), make.mechanism()
    make.meeting(mechanism=joint, session=1)
    day, before = dt.date(2026, 1, 2), dt.date(2026, 1, 1)
    cases = [
        ({"mechanism": joint, "session": 1}, "session"),
        ({"session": 1}, "mechanism"),
        ({"starts_on": day, "ends_on": before}, "ends_on"),
        ({"window_earliest": day, "window_latest": before}, "window_latest"),
        ({"status": "held"}, "starts_on"),
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


def test_seats_and_columns_at_fault_are_named_together() -> None:
    with pytest.raises(ValidationError) as refused:
        create_meeting(
            actor=make.user("officer"),
            fields=FACTS | {"title": ""},
            key="record",
            seats=[seat(office=""), seat(), seat("x", role="guest")],
        )
    assert set(refused.value.message_dict) == {
        "slug",
        "title",
        "participants.0.office",
        "participants.1.person",
        "participants.2.role",
    }
    assert not Participation.objects.exists()


def test_seats_and_sources_stay_when_they_are_not_given() -> None:
    officer = make.user("officer")
    made = create_meeting(actor=officer, fields=FACTS, seats=[seat()], sources=[make.source()])
    change_meeting(actor=officer, meeting=made, fields={"place": "Huế"})
    assert (made.participations.count(), made.sources.count()) == (1, 1)
    change_meeting(actor=officer, meeting=made, fields={}, seats=[], sources=[])
    assert (made.participations.count(), made.sources.count()) == (0, 0)


def test_a_source_that_is_cited_there_is_not_taken_off() -> None:
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
