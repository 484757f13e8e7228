"""What was entered in error counts nowhere, is never deleted, and can be lifted."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from commitments.choices import MentionKind, Status
from commitments.models import Commitment, EnteredInError, Mention, ProgressUpdate, Reading, Target
from commitments.querysets import AsOf
from commitments.services.entered_in_error import enter_in_error, lift, note_on
from commitments.services.errors import (
    IllegalTransition,
    IsInError,
    NotEditable,
    NotYours,
    RequirementsNotMet,
    StillNeeded,
)
from commitments.services.mentions import record_mention, take_back_mention
from commitments.services.progress import add_evidence, record_progress
from commitments.services.readings import record_reading
from commitments.services.transitions import apply_transition
from core import clock
from tests import factories as make

pytestmark = pytest.mark.django_db


def reviewer() -> User:
    return make.user("reviewer", clearance=3)


def officer() -> User:
    return make.user("officer", clearance=3)


def with_second_mention(**fields: Any) -> tuple[Commitment, Mention]:
    pledge = make.commitment(**fields)
    return pledge, mention_of(pledge)


def mention_of(pledge: Commitment, kind: str = MentionKind.REAFFIRMED, actor: User | None = None) -> Mention:
    source, meeting = make.source(), make.meeting(dt.date(2025, 3, 1))
    meeting.source_links.create(source=source)
    return record_mention(
        commitment=pledge,
        actor=actor or officer(),
        meeting=meeting,
        paragraph=source.paragraphs.get(number=2),
        kind=kind,
    )


def seen(user: User) -> list[str]:
    return [each.reference for each in Commitment.objects.visible_to(user)]


def test_a_commitment_in_error_is_visible_only_where_it_is_asked_for() -> None:
    pledge, other, head = make.commitment(), make.commitment(), reviewer()
    enter_in_error(thing=pledge, actor=head, reason="Never said.")
    assert seen(head) == [other.reference]
    assert Commitment.objects.readable_by(head).filter(pk=pledge.pk).exists()


def test_it_is_on_no_day_of_the_past() -> None:
    pledge, head = make.commitment(), reviewer()
    enter_in_error(thing=pledge, actor=head, reason="Never said.")
    then = AsOf(dt.date(2025, 1, 1), clock.today())
    assert not Commitment.objects.visible_to(head).at(then).exists()


def test_its_reference_is_not_given_again() -> None:
    pledge = make.commitment()
    enter_in_error(thing=pledge, actor=reviewer(), reason="Wrong parties.")
    assert pledge.reference == "KHVN-2024-001"
    assert make.commitment().reference == "KHVN-2024-002"


def test_the_note_is_kept_with_its_reason_and_its_author() -> None:
    pledge, head = make.commitment(), reviewer()
    enter_in_error(thing=pledge, actor=head, reason="  Never said. ")
    note = EnteredInError.objects.get()
    assert (note.commitment, note.actor, note.reason, note.is_in_force) == (pledge, head, "Never said.", True)
    assert (note.mention, note.progress_update, note.reading) == (None, None, None)


def test_a_reason_is_needed() -> None:
    pledge = make.commitment()
    with pytest.raises(RequirementsNotMet) as refused:
        enter_in_error(thing=pledge, actor=reviewer(), reason=" ")
    assert set(refused.value.errors) == {"reason"}
    assert not EnteredInError.objects.exists()


def test_who_may_not_see_it_cannot_enter_it_in_error() -> None:
    pledge = make.commitment(classification=3)
    with pytest.raises(Commitment.DoesNotExist):
        enter_in_error(thing=pledge, actor=make.user("reviewer"), reason="Never said.")


@pytest.mark.parametrize("role", ["officer", "reader", "administrator", "focal_point"])
def test_only_a_reviewer_enters_the_work_of_others_in_error(role: str) -> None:
    agency = make.agency()
    pledge = make.commitment(agencies=(agency,))
    with pytest.raises(NotYours):
        enter_in_error(thing=pledge, actor=make.user(role, clearance=3, agency=agency), reason="Never said.")


def test_who_registered_it_may_within_a_day_while_nothing_followed() -> None:
    author = officer()
    pledge = make.commitment(actor=author)
    enter_in_error(thing=pledge, actor=author, reason="Wrong parties.")
    assert seen(author) == []


def test_not_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    author = officer()
    pledge = make.commitment(actor=author)
    later = timezone.now() + dt.timedelta(hours=24, seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    with pytest.raises(NotYours):
        enter_in_error(thing=pledge, actor=author, reason="Wrong parties.")


FOLLOWING = {
    "a status": lambda pledge, who: apply_transition(
        commitment=pledge, name="start", actor=who, note="Begun."
    ),
    "progress": lambda pledge, who: record_progress(commitment=pledge, actor=who, achieved="Half."),
    "evidence": lambda pledge, who: add_evidence(
        commitment=pledge, actor=who, title="A", url="https://example.org/a"
    ),
    "a mention": lambda pledge, who: mention_of(pledge, actor=who),
}


@pytest.mark.parametrize("what", FOLLOWING)
def test_not_once_something_followed(what: str) -> None:
    author = officer()
    pledge = make.commitment(actor=author)
    FOLLOWING[what](pledge, author)
    with pytest.raises(NotYours):
        enter_in_error(thing=pledge, actor=author, reason="Wrong parties.")


def test_the_authors_of_mentions_updates_and_readings_may_too() -> None:
    author = officer()
    pledge = make.commitment()
    Target.objects.create(commitment=pledge, indicator="Trade", unit="USD", value=Decimal(20))
    things = [
        mention_of(pledge, actor=author),
        record_progress(commitment=pledge, actor=author, achieved="Half."),
        record_reading(commitment=pledge, actor=author, value=Decimal(3)),
    ]
    with pytest.raises(NotYours):  # the reading followed
        enter_in_error(thing=things[0], actor=author, reason="Slip.")
    for thing in reversed(things):
        enter_in_error(thing=thing, actor=author, reason="Slip.")
    assert pledge.mentions.count() == 1
    assert not pledge.progress_updates.exists()
    assert not pledge.readings.exists()
    assert Mention.with_errors.count() == 2
    assert (ProgressUpdate.with_errors.count(), Reading.with_errors.count()) == (1, 1)


def test_a_mention_in_error_neither_dates_nor_finds_the_commitment() -> None:
    pledge, mention = with_second_mention()
    head, today = reviewer(), AsOf(clock.today(), clock.today())
    rows = Commitment.objects.visible_to(head).at(today)
    assert "They agreed again." in str(mention.paragraph.text)
    assert "agreed again" in Commitment.objects.get().search_text
    assert rows.mentioned_at_least(2, today).exists()
    enter_in_error(thing=mention, actor=head, reason="Another pledge.")
    assert not rows.mentioned_at_least(2, today).exists()
    assert not rows.mentioned(today, meeting=mention.meeting).exists()
    assert rows.with_last_activity(today).get().last_activity_on == make.LONG_AGO
    assert "agreed again" not in Commitment.objects.get().search_text
    lift(thing=mention, actor=head, reason="It was this one.")
    assert "agreed again" in Commitment.objects.get().search_text


def test_progress_in_error_is_no_activity() -> None:
    pledge, head, today = make.commitment(), reviewer(), AsOf(clock.today(), clock.today())
    update = record_progress(commitment=pledge, actor=officer(), achieved="Half.")
    rows = Commitment.objects.visible_to(head).at(today)
    assert not rows.quiet_for(30, clock.today()).exists()
    enter_in_error(thing=update, actor=head, reason="Of another pledge.")
    assert rows.quiet_for(30, clock.today()).exists()
    lift(thing=update, actor=head, reason="It was this one.")
    assert not rows.quiet_for(30, clock.today()).exists()


def test_the_last_mention_cannot_be_in_error() -> None:
    pledge = make.commitment()
    with pytest.raises(StillNeeded, match="only mention"):
        enter_in_error(thing=pledge.mentions.get(), actor=reviewer(), reason="Slip.")


def test_a_mention_on_which_a_status_rests_cannot_be_in_error() -> None:
    pledge, _second = with_second_mention()
    with pytest.raises(StillNeeded, match="status"):
        enter_in_error(thing=pledge.mentions.order_by("pk")[0], actor=reviewer(), reason="Slip.")


def test_the_only_proof_of_an_outcome_cannot_be_in_error() -> None:
    pledge, head, author = make.commitment(), reviewer(), officer()
    proof = mention_of(pledge, MentionKind.FULFILLED)
    apply_transition(commitment=pledge, name="submit", actor=author, note="Done.", outcome=Status.FULFILLED)
    with pytest.raises(StillNeeded, match="rests on"):
        enter_in_error(thing=proof, actor=head, reason="Slip.")
    add_evidence(commitment=pledge, actor=author, title="A", url="https://example.org/a")
    enter_in_error(thing=proof, actor=head, reason="Slip.")
    assert pledge.mentions.count() == 1


def test_a_successor_cannot_be_in_error() -> None:
    old, new, head = make.commitment(), make.commitment(), reviewer()
    apply_transition(
        commitment=old,
        name="submit",
        actor=officer(),
        note="Replaced.",
        outcome=Status.SUPERSEDED,
        successor=new,
    )
    apply_transition(commitment=old, name="confirm", actor=head)
    with pytest.raises(StillNeeded):
        enter_in_error(thing=new, actor=head, reason="Slip.")


def test_a_proposed_successor_in_error_is_not_confirmed() -> None:
    old, new, head = make.commitment(), make.commitment(), reviewer()
    apply_transition(
        commitment=old,
        name="submit",
        actor=officer(),
        note="Replaced.",
        outcome=Status.SUPERSEDED,
        successor=new,
    )
    enter_in_error(thing=new, actor=head, reason="Slip.")
    with pytest.raises(RequirementsNotMet) as refused:
        apply_transition(commitment=old, name="confirm", actor=head)
    assert set(refused.value.errors) == {"successor"}


def test_nothing_more_is_written_to_a_commitment_in_error() -> None:
    pledge, mention = with_second_mention()
    head, author = reviewer(), officer()
    enter_in_error(thing=pledge, actor=head, reason="Never said.")
    with pytest.raises(IllegalTransition, match="entered in error"):
        apply_transition(commitment=pledge, name="start", actor=author, note="Begun.")
    with pytest.raises(NotEditable, match="entered in error"):
        record_progress(commitment=pledge, actor=author, achieved="Half.")
    with pytest.raises(NotEditable):
        take_back_mention(mention=mention, actor=author)
    with pytest.raises(IsInError):
        enter_in_error(thing=pledge, actor=head, reason="Again.")
    with pytest.raises(IsInError):
        enter_in_error(thing=mention, actor=head, reason="Again.")


def test_lifting_counts_it_again_and_keeps_both_notes() -> None:
    pledge, head = make.commitment(), reviewer()
    enter_in_error(thing=pledge, actor=head, reason="Never said.")
    lift(thing=pledge, actor=head, reason="It was said, on page 3.")
    assert seen(head) == [pledge.reference]
    assert note_on(pledge) is None
    first, second = EnteredInError.objects.order_by("pk")
    assert second.lifts == first
    enter_in_error(thing=pledge, actor=head, reason="No, it was not.")
    assert seen(head) == []


def test_only_a_reviewer_lifts() -> None:
    author = officer()
    pledge = make.commitment(actor=author)
    enter_in_error(thing=pledge, actor=author, reason="Slip.")
    with pytest.raises(NotYours):
        lift(thing=pledge, actor=author, reason="No slip.")


def test_what_is_not_in_error_is_not_lifted() -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        lift(thing=make.commitment(), actor=reviewer(), reason="")
    assert set(refused.value.errors) == {"lift", "reason"}


def test_the_same_mention_is_entered_again_and_the_first_is_not_lifted_then() -> None:
    pledge, mention = with_second_mention()
    head = reviewer()
    enter_in_error(thing=mention, actor=head, reason="Slip.")
    record_mention(
        commitment=pledge,
        actor=officer(),
        meeting=mention.meeting,
        paragraph=mention.paragraph,
        kind=mention.kind,
    )
    with pytest.raises(RequirementsNotMet) as refused:
        lift(thing=mention, actor=head, reason="No slip.")
    assert set(refused.value.errors) == {"lift"}


def test_a_wrong_figure_is_replaced_by_the_right_one_of_the_same_day() -> None:
    pledge, head, author = make.commitment(), reviewer(), officer()
    Target.objects.create(commitment=pledge, indicator="Trade", unit="USD", value=Decimal(20))
    wrong = record_reading(commitment=pledge, actor=author, value=Decimal(300))
    enter_in_error(thing=wrong, actor=head, reason="A digit too many.")
    record_reading(commitment=pledge, actor=author, value=Decimal(30))
    assert [each.value for each in pledge.readings.all()] == [Decimal(30)]


def test_a_period_is_not_lifted_beside_another_reading_of_it() -> None:
    pledge, head, author = make.commitment(), reviewer(), officer()
    Target.objects.create(commitment=pledge, indicator="Trade", unit="USD", value=Decimal(20))
    wrong = record_reading(commitment=pledge, actor=author, value=Decimal(300), period="2025")
    with pytest.raises(RequirementsNotMet, match="This period already has a reading: 300"):
        record_reading(
            commitment=pledge,
            actor=author,
            value=Decimal(30),
            as_of=dt.date(2025, 12, 31),
            period="2025-01/2025-12",
        )
    enter_in_error(thing=wrong, actor=head, reason="A digit too many.")
    record_reading(
        commitment=pledge,
        actor=author,
        value=Decimal(30),
        as_of=dt.date(2025, 12, 31),
        period="2025-01/2025-12",
    )
    with pytest.raises(RequirementsNotMet) as refused:
        lift(thing=wrong, actor=head, reason="No slip.")
    assert set(refused.value.errors) == {"lift"}
