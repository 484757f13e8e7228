"""A wrong day stays on record, and every rule about days reads the right one."""

import datetime as dt
from typing import Any

import pytest

from commitments.models import Commitment, DayCorrection, StatusChange
from commitments.querysets import AsOf
from commitments.reports.history import changes_of, history_of, with_detail_relations
from commitments.services.day_corrections import affected_by, correct_day
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.registration import FirstMention
from commitments.services.transitions import apply_transition
from core import clock
from relations.services.meetings import change_meeting
from tests import factories as make

pytestmark = pytest.mark.django_db
WRONG, RIGHT = dt.date(2025, 11, 9), dt.date(2025, 12, 9)


@pytest.fixture
def pledge() -> Commitment:
    """A commitment made at a meeting that was recorded with a day a month too early."""
    meeting, source = make.meeting(WRONG, slug="jc-21", title="21st session"), make.source()
    meeting.source_links.create(source=source)
    return make.commitment(occurred_on=WRONG, mention=FirstMention(meeting, source.paragraphs.get(number=1)))


def meeting_of(pledge: Commitment) -> Any:
    return pledge.mentions.get().meeting


def mend(pledge: Commitment, day: dt.date = RIGHT, **fields: Any) -> None:
    change_meeting(
        actor=make.user("officer"), meeting=meeting_of(pledge), fields={"starts_on": day, "ends_on": day}
    )


def on(pledge: Commitment, day: dt.date) -> bool:
    rows = Commitment.objects.visible_to(make.user("reader")).at(AsOf(day, clock.today()))
    return rows.filter(pk=pledge.pk).exists()


def test_the_change_follows_the_meeting_and_its_first_day_stays(pledge: Commitment) -> None:
    assert on(pledge, dt.date(2025, 11, 20))
    mend(pledge)
    change = pledge.status_changes.get()
    assert (change.occurred_on, change.happened_on) == (WRONG, RIGHT)
    correction = change.day_corrections.get()
    assert correction.reason == "The day of “21st session” was corrected from 9 Nov 2025 to 9 Dec 2025."
    assert not on(pledge, dt.date(2025, 11, 20))
    assert on(pledge, RIGHT)
    assert pledge.reference == "KHVN-2025-001"


def test_the_reference_keeps_its_year(pledge: Commitment) -> None:
    mend(pledge, dt.date(2024, 12, 9))
    assert pledge.status_changes.get().happened_on == dt.date(2024, 12, 9)
    assert Commitment.objects.get(pk=pledge.pk).reference == "KHVN-2025-001"


def test_the_history_says_so(pledge: Commitment) -> None:
    mend(pledge)
    when = AsOf(clock.today(), clock.today())
    found: Any = with_detail_relations(Commitment.objects.filter(pk=pledge.pk), when).get()
    (event,) = history_of(found, changes_of(found, when), (), when)
    assert event.occurred_on == RIGHT
    ((label, text),) = event.parts
    assert label == "Day corrected"
    assert text.startswith("9 Dec 2025: The day of “21st session” was corrected")


def test_a_change_keeps_its_day_where_the_right_one_would_pass_its_neighbour(pledge: Commitment) -> None:
    apply_transition(
        commitment=pledge,
        name="start",
        actor=make.user("officer"),
        note="Begun.",
        occurred_on=dt.date(2025, 11, 30),
    )
    affected = affected_by(meeting_of(pledge), before=WRONG, after=RIGHT)
    assert [each.commitment for each in affected.kept] == [pledge]
    assert affected.moved == ()
    mend(pledge)
    assert pledge.status_changes.get(number=1).happened_on == WRONG
    assert not DayCorrection.objects.exists()


def test_no_change_is_moved_after_today(pledge: Commitment) -> None:
    affected = affected_by(meeting_of(pledge), before=WRONG, after=clock.today() + dt.timedelta(days=1))
    assert (len(affected.moved), len(affected.kept)) == (0, 1)


def test_a_change_of_another_day_or_without_the_paragraph_is_not_touched(pledge: Commitment) -> None:
    other = make.commitment(
        occurred_on=WRONG - dt.timedelta(days=1),
        mention=FirstMention(meeting_of(pledge), pledge.mentions.get().paragraph),
    )
    apply_transition(
        commitment=pledge, name="start", actor=make.user("officer"), note="Begun.", occurred_on=WRONG
    )
    affected = affected_by(meeting_of(pledge), before=WRONG, after=dt.date(2025, 11, 5))
    assert [(each.commitment, each.number) for each in affected.moved] == [(pledge, 1)]
    assert other.status_changes.get().pk not in {each.pk for each in affected.moved}


def test_a_second_correction_counts(pledge: Commitment) -> None:
    mend(pledge)
    mend(pledge, dt.date(2025, 12, 8))
    change = pledge.status_changes.get()
    assert change.happened_on == dt.date(2025, 12, 8)
    assert change.day_corrections.count() == 2


def test_a_reviewer_corrects_a_day_that_was_typed_wrongly(pledge: Commitment) -> None:
    change = apply_transition(
        commitment=pledge,
        name="start",
        actor=make.user("officer"),
        note="Begun.",
        occurred_on=dt.date(2025, 12, 1),
    )
    with pytest.raises(NotYours):
        correct_day(change=change, actor=make.user("officer"), day=RIGHT, reason="Misread.")
    correct_day(change=change, actor=make.user("reviewer"), day=RIGHT, reason="Misread.")
    assert StatusChange.objects.get(pk=change.pk).happened_on == RIGHT
    then = Commitment.objects.visible_to(make.user("reader")).at(AsOf(dt.date(2025, 12, 5), clock.today()))
    assert then.get(pk=pledge.pk).status_then == "agreed"


@pytest.mark.parametrize(
    ("day", "reason", "fields"),
    [
        (WRONG - dt.timedelta(days=1), "x", {"on"}),
        (dt.date(2025, 12, 24), "x", {"on"}),
        (dt.date(2025, 12, 1), "x", {"on"}),
        (RIGHT, " ", {"reason"}),
        (dt.date(2999, 1, 1), "", {"on", "reason"}),
    ],
)
def test_the_right_day_passes_no_neighbour_and_not_today(
    day: dt.date, reason: str, fields: set[str], pledge: Commitment
) -> None:
    officer = make.user("officer")
    for name, occurred_on in (("start", dt.date(2025, 12, 1)), ("stall", dt.date(2025, 12, 23))):
        apply_transition(commitment=pledge, name=name, actor=officer, note="x", occurred_on=occurred_on)
    change = pledge.status_changes.get(number=2)
    with pytest.raises(RequirementsNotMet) as refused:
        correct_day(change=change, actor=make.user("reviewer"), day=day, reason=reason)
    assert set(refused.value.errors) == fields
    assert not DayCorrection.objects.exists()


def test_what_is_dated_the_day_it_is_made_has_no_wrong_day(pledge: Commitment) -> None:
    apply_transition(commitment=pledge, name="start", actor=make.user("officer"), note="Begun.")
    change = apply_transition(commitment=pledge, name="correct", actor=make.user("reviewer"), note="No.")
    with pytest.raises(RequirementsNotMet) as refused:
        correct_day(change=change, actor=make.user("reviewer"), day=RIGHT, reason="x")
    assert "number" in refused.value.errors
