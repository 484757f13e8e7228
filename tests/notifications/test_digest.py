"""The digest: what is new for an account, once; and escalation."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from commitments.models import Assignment, Commitment
from commitments.services.deadlines import Window
from commitments.services.progress import record_progress
from commitments.services.transitions import apply_transition
from commitments.services.watching import watch
from core import clock
from notifications import planning
from notifications.choices import DigestRhythm, MessageState
from notifications.models import EscalationRule, MailPreferences, OutboxMessage, ToldItem
from notifications.planning import plan_due
from notifications.sending import send_due
from notifications.services.outbox import enqueue
from notifications.services.preferences import change_preferences
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> User:
    return make.user("reader", email="reader@example.org")


def in_days(days: int, **fields: Any) -> Commitment:
    return make.commitment(
        deadline_latest=clock.today() + dt.timedelta(days), deadline_wording="soon", **fields
    )


def tell(account: User, mailoutbox: Any, kind: str = "digest") -> str:
    """Send what is new, and return the text; "" if there was none."""
    mailoutbox.clear()
    enqueue(recipient=account, kind=kind, dedupe_key=f"{kind}:{timezone.now().isoformat()}")
    send_due()
    assert not OutboxMessage.objects.exclude(error="").exists(), OutboxMessage.objects.first().error  # type: ignore[union-attr]
    return mailoutbox[0].body if mailoutbox else ""


def test_nothing_new_no_mail(reader: User, mailoutbox: Any) -> None:
    in_days(5)
    assert tell(reader, mailoutbox) == ""
    assert OutboxMessage.objects.get().state == MessageState.NOT_NEEDED


def test_each_commitment_is_told_in_its_section_and_not_again(reader: User, mailoutbox: Any) -> None:
    for days in (-3, 1, 7, 30, 31):
        watch(account=reader, target=in_days(days, title=f"Pledge for {days}"))
    text = tell(reader, mailoutbox)
    heads = ["Overdue (1)", "Due today or tomorrow (1)", "Due within a week (1)", "Due within 30 days (1)"]
    assert [head for head in heads if head in text] == heads
    assert text.split("Changed by others")[0].count("Pledge for 7\n") == 1
    assert "Pledge for 31" in text.split("No news for 90 days")[1]
    assert tell(reader, mailoutbox) == ""


def test_commitment_is_told_again_in_a_more_urgent_section(reader: User, mailoutbox: Any) -> None:
    pledge = in_days(20)
    watch(account=reader, target=pledge)
    assert "Due within 30 days" in tell(reader, mailoutbox)
    Commitment.objects.filter(pk=pledge.pk).update(deadline_latest=clock.today() + dt.timedelta(6))
    assert "Due within a week" in tell(reader, mailoutbox)
    assert not ToldItem.objects.filter(section="due_30").exists()


def test_reviewer_and_submitter_hear_of_a_submission_and_its_return(mailoutbox: Any) -> None:
    reviewer = make.user("reviewer", email="reviewer@example.org")
    officer = make.user("officer", email="officer@example.org")
    pledge = make.commitment(title="Pledge to drop")
    apply_transition(commitment=pledge, name="submit", actor=officer, note="Done.", outcome="dropped")
    assert "Awaiting your decision (1)" in tell(reviewer, mailoutbox)
    assert tell(officer, mailoutbox) == ""
    apply_transition(commitment=pledge, name="return", actor=reviewer, note="Show it.")
    assert "Returned to you (1)" in tell(officer, mailoutbox)
    apply_transition(commitment=pledge, name="submit", actor=officer, note="Shown.", outcome="dropped")
    assert "Awaiting your decision (1)" in tell(reviewer, mailoutbox)


def test_what_others_change_is_told_once_with_what_it_is(reader: User, mailoutbox: Any) -> None:
    officer = make.user("officer", email="officer@example.org")
    pledge = make.commitment(occurred_on=clock.today(), actor=officer)
    for account in (reader, officer):
        watch(account=account, target=pledge)
    tell(reader, mailoutbox)
    apply_transition(commitment=pledge, name="start", actor=officer, note="Begun.")
    record_progress(commitment=pledge, actor=officer, achieved="A road.")
    window = Window(wording="by autumn", latest=clock.today() + dt.timedelta(400))
    make.new_deadline(commitment=pledge, actor=officer, window=window, reason="Agreed.")
    text = tell(reader, mailoutbox)
    assert "now in progress, progress reported, new deadline proposed, deadline changed" in text
    assert tell(reader, mailoutbox) == ""
    assert "progress reported" not in tell(officer, mailoutbox)


def test_officer_and_focal_point_hear_of_their_own(mailoutbox: Any) -> None:
    officer = make.user("officer", email="officer@example.org")
    agency = make.agency()
    focal = make.user("focal_point", agency=agency, email="focal@example.org")
    in_days(-1, officer=officer, title="The officer's")
    in_days(-1, agencies=(agency,), title="The agency's")
    in_days(-1, title="Nobody's")
    assert "The officer's" in (text := tell(officer, mailoutbox))
    assert "agency's" not in text
    assert "The agency's" in (text := tell(focal, mailoutbox))
    assert "Nobody's" not in text


def test_what_may_no_longer_be_seen_is_not_told(reader: User, mailoutbox: Any) -> None:
    pledge = in_days(1)
    watch(account=reader, target=pledge)
    enqueue(recipient=reader, kind="digest", dedupe_key="before")
    Commitment.objects.filter(pk=pledge.pk).update(classification=1)
    send_due()
    assert mailoutbox == []


def test_restricted_commitments_are_only_counted(mailoutbox: Any, settings: Any) -> None:
    cleared = make.user("reader", email="reader@example.org", clearance=3)
    for n in range(2):
        watch(account=cleared, target=in_days(1, title=f"Secret {n}", classification=1))
    text = tell(cleared, mailoutbox)
    assert "2 restricted commitments" in text
    assert "Secret" not in text + mailoutbox[0].subject + mailoutbox[0].alternatives[0][0]
    assert "watching=me" in text
    settings.MAIL_MAX_LEVEL = "restricted"
    ToldItem.objects.all().delete()
    assert "Secret 1" in tell(cleared, mailoutbox)


def test_long_section_is_shortened(reader: User, mailoutbox: Any) -> None:
    pledge = in_days(-1)
    make.many(11, pledge)
    for each in Commitment.objects.all():
        watch(account=reader, target=each)
    text = tell(reader, mailoutbox)
    assert "Overdue (12)" in text
    assert "And 2 more." in text


def queries_of(account: User) -> int:
    enqueue(recipient=account, kind="digest", dedupe_key=f"q:{timezone.now().isoformat()}")
    with CaptureQueriesContext(connection) as captured:
        assert send_due() == {MessageState.SENT: 1}
    return len(captured)


def test_number_of_statements_does_not_grow_with_the_commitments(reader: User) -> None:
    pledge = in_days(-1, agencies=(make.agency(),))
    watch(account=reader, target=make.agency())
    change_preferences(account=reader, rhythm=DigestRhythm.DAILY, time_zone="")
    few = queries_of(reader)
    make.many(30, pledge)
    ToldItem.objects.all().delete()
    assert queries_of(reader) == few


def test_digest_is_planned_once_a_morning(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "MORNING", 0)
    make.user("reader")
    assert plan_due() == 1
    assert plan_due() == 0
    monkeypatch.setattr(planning, "MORNING", 25)
    OutboxMessage.objects.all().delete()
    assert plan_due() == 0
    assert plan_due(early=True) == 1


def test_morning_begins_in_the_time_zone_of_the_account(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = dt.datetime(2026, 12, 1, 2, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(planning.timezone, "now", lambda: moment)
    change_preferences(account=reader, rhythm=DigestRhythm.DAILY, time_zone="Europe/Paris")
    assert plan_due() == 0
    change_preferences(account=reader, rhythm=DigestRhythm.DAILY, time_zone="Asia/Phnom_Penh")
    assert plan_due() == 1


def test_weekly_digest_is_planned_once_a_week(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    change_preferences(account=reader, rhythm=DigestRhythm.WEEKLY, time_zone="")
    planned = []
    for day in range(1, 16):
        moment = dt.datetime(2026, 12, day, 5, 0, tzinfo=dt.UTC)
        monkeypatch.setattr(planning.timezone, "now", lambda moment=moment: moment)
        planned += [day] * plan_due()
    assert planned == [1, 7, 14]


def test_who_wants_none_gets_none(reader: User, mailoutbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "MORNING", 0)
    watch(account=reader, target=in_days(-1))
    plan_due()
    change_preferences(account=reader, rhythm=DigestRhythm.NONE, time_zone="")
    assert send_due() == {MessageState.NOT_NEEDED: 1}
    OutboxMessage.objects.all().delete()
    assert plan_due() == 0


def test_failed_mail_tells_the_same_later(
    reader: User, mailoutbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(account=reader, target=in_days(-1))
    with monkeypatch.context() as patch:
        patch.setattr("notifications.sending.build", lambda *_args: 1 / 0)
        enqueue(recipient=reader, kind="digest", dedupe_key="fails")
        send_due()
    assert not ToldItem.objects.exists()
    OutboxMessage.objects.update(next_attempt_at=timezone.now())
    send_due()
    assert "Overdue" in mailoutbox[0].body


def rule(days: int, audience: str) -> None:
    EscalationRule.objects.create(after_days=days, audience=audience)


def test_overdue_commitments_are_escalated_by_rule_once(
    mailoutbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MORNING", 0)
    agency = make.agency()
    focal = make.user("focal_point", agency=agency, email="focal@example.org")
    head = make.user("reviewer", email="head@example.org")
    supporting = make.agency("vn-mot")
    make.user("focal_point", agency=supporting, email="support@example.org")
    for account in User.objects.exclude(email=""):
        change_preferences(account=account, rhythm=DigestRhythm.NONE, time_zone="")
    pledge = in_days(-10, agencies=(agency,), title="Ten days late")
    Assignment.objects.create(commitment=pledge, agency=supporting, role="support")
    in_days(-9, agencies=(agency,), title="Nine days late")
    rule(10, "lead_focal_points")
    rule(11, "heads_of_desk")
    assert plan_due() == 3
    send_due()
    (told,) = mailoutbox
    assert told.to == [focal.email]
    assert told.subject == "1 commitment is long overdue"
    assert "Ten days late" in told.body
    assert "Nine days late" not in told.body
    assert tell(focal, mailoutbox, "escalation") == ""
    assert tell(head, mailoutbox, "escalation") == ""


def test_head_of_desk_hears_of_the_own_desk_only(mailoutbox: Any) -> None:
    head = make.user("reviewer", email="head@example.org")
    head.desk_countries.add(make.country("LA"))
    rule(3, "heads_of_desk")
    in_days(-4, codes=("LA", "VN"), title="With Laos")
    in_days(-4, title="With Cambodia")
    text = tell(User.objects.get(pk=head.pk), mailoutbox, "escalation")
    assert "With Laos" in text
    assert "With Cambodia" not in text


def test_preferences_keep_what_was_told(reader: User, mailoutbox: Any) -> None:
    watch(account=reader, target=in_days(-1))
    tell(reader, mailoutbox)
    told_until = MailPreferences.objects.get().told_until
    change_preferences(account=reader, rhythm=DigestRhythm.WEEKLY, time_zone="")
    assert MailPreferences.objects.get().told_until == told_until
