"""Deleting a text from which nothing is recorded."""

import pytest
from django.core.exceptions import PermissionDenied

from commitments.models import SetAside
from commitments.services.drafts import delete_draft
from commitments.services.errors import RequirementsNotMet
from commitments.services.mentions import record_mention
from commitments.services.paragraphs import set_aside_many, undo_set_aside_at
from relations.models import Meeting, MeetingSource, Source
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks(db: None) -> Meeting:
    made = make.meeting(slug="talks")
    MeetingSource.objects.create(meeting=made, source=make.source(slug="minutes"))
    return made


@pytest.fixture
def minutes(talks: Meeting) -> Source:
    return Source.objects.get(slug="minutes")


def test_it_goes_with_its_paragraphs_and_marks_and_its_history_and_the_meeting_stay(
    talks: Meeting, minutes: Source
) -> None:
    officer = make.user("officer")
    set_aside_many(paragraphs=minutes.paragraphs.all(), meeting=talks, actor=officer)
    minutes.based_on.add(make.source(slug="press"))
    assert delete_draft(source=minutes, actor=officer) == 3
    assert not Source.objects.filter(slug="minutes").exists()
    assert set(Source.history.filter(slug="minutes").values_list("history_type", flat=True)) >= {"-"}
    assert (Meeting.objects.filter(slug="talks").count(), SetAside.objects.count()) == (1, 0)


@pytest.mark.parametrize("classification", [0, 2])
def test_what_records_something_stays_also_where_it_cannot_be_seen(
    classification: int, talks: Meeting, minutes: Source
) -> None:
    pledge = make.commitment(classification=classification)
    paragraph = minutes.paragraphs.get(number=2)
    cleared = make.user("officer", clearance=3)
    record_mention(commitment=pledge, actor=cleared, meeting=talks, paragraph=paragraph, kind="progress")
    set_aside_many(paragraphs=minutes.paragraphs.filter(number=1), meeting=talks, actor=cleared)
    with pytest.raises(RequirementsNotMet, match="other records depend on it") as refused:
        delete_draft(source=minutes, actor=make.user("officer"))
    assert pledge.reference not in str(refused.value)
    assert minutes.paragraphs.count() == 3
    assert SetAside.objects.count() == 1


def test_what_another_source_is_based_on_and_what_has_no_text_stays(talks: Meeting, minutes: Source) -> None:
    officer = make.user("officer")
    make.source(slug="note").based_on.add(minutes)
    for source in (minutes, make.source("", slug="cited")):
        with pytest.raises(RequirementsNotMet):
            delete_draft(source=source, actor=officer)


@pytest.mark.parametrize("role", ["reviewer", "focal_point", "reader", "administrator"])
def test_only_an_officer_deletes_or_marks(role: str, talks: Meeting, minutes: Source) -> None:
    actor = make.user(role)
    with pytest.raises(PermissionDenied):
        delete_draft(source=minutes, actor=actor)
    with pytest.raises(PermissionDenied):
        set_aside_many(paragraphs=minutes.paragraphs.all(), meeting=talks, actor=actor)


def test_many_are_marked_at_one_moment_and_only_those_are_undone(talks: Meeting, minutes: Source) -> None:
    officer, other = make.user("officer"), make.user("officer")
    first, second, third = minutes.paragraphs.order_by("number")
    pledge = make.commitment()
    record_mention(commitment=pledge, actor=officer, meeting=talks, paragraph=second, kind="progress")
    set_aside_many(paragraphs=[third], meeting=talks, actor=other)
    assert set_aside_many(paragraphs=[first, second, third], meeting=talks, actor=officer) == [first]
    moment = SetAside.objects.get(paragraph=first).decided_at
    undo = {"source": minutes, "meeting": talks, "decided_at": moment}
    assert undo_set_aside_at(actor=other, **undo) == []
    assert undo_set_aside_at(actor=officer, **undo) == [first]
    assert undo_set_aside_at(actor=officer, **undo) == []
    assert SetAside.objects.get().paragraph == third
