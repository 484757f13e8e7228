"""Recording a paper with its meeting and its people: everything or nothing, by officers only."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from relations.choices import MeetingStatus
from relations.models import Meeting, Participation, Person, Source
from relations.services.keys import free_key
from relations.services.meetings import Seat, record_paper, was_held
from relations.services.people import people_called, people_like
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
