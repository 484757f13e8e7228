"""Two commitments that are the same become one, and it can be undone."""

import datetime as dt
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from accounts.models import User
from commitments.models import (
    Assignment,
    Commitment,
    EvidenceWithdrawal,
    Mention,
    Merge,
    ProgressUpdate,
    StatusChange,
    Target,
)
from commitments.querysets import AsOf
from commitments.reports.history import changes_of, evidence_of, history_of, with_detail_relations
from commitments.services.dossier import stamp_for
from commitments.services.errors import DossierChanged, IllegalTransition, RequirementsNotMet, StillNeeded
from commitments.services.mentions import record_mention
from commitments.services.merging import merge, merged_into, undo_merge
from commitments.services.progress import add_evidence, record_progress
from commitments.services.readings import record_reading
from commitments.services.transitions import apply_transition, replay
from interchange.register_file.dump import dump_register
from relations.models import MeetingSource
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(db: None) -> User:
    return make.user("reviewer", clearance=2)


@pytest.fixture
def two(db: None) -> tuple[Commitment, Commitment]:
    """The one that is kept, and one with a row of every kind."""
    officer = make.user("officer", clearance=2)
    ministry, other = make.agency("vn-mofa"), make.agency("vn-moit")
    kept = make.commitment(title="Open the gate", agencies=(ministry,))
    absorbed = make.commitment(title="Build a road", classification=1, agencies=(other,))
    later = make.meeting(dt.date(2024, 5, 1), slug="later")
    source = make.source(slug="later-note")
    MeetingSource.objects.create(meeting=later, source=source)
    place = {"meeting": later, "paragraph": source.paragraphs.get(number=2)}
    record_mention(commitment=absorbed, actor=officer, kind="progress", **place)
    Target.objects.create(commitment=absorbed, indicator="Gates", unit="gates", value=3)
    record_reading(commitment=absorbed, actor=officer, value=Decimal(1), as_of=dt.date(2024, 6, 1))
    record_progress(commitment=absorbed, actor=officer, achieved="Half.", occurred_on=dt.date(2024, 6, 2))
    add_evidence(commitment=absorbed, actor=officer, title="Photo", url="https://example.org/photo")
    apply_transition(commitment=absorbed, name="start", actor=officer, note="Begun.")
    return Commitment.objects.get(pk=kept.pk), Commitment.objects.get(pk=absorbed.pk)


def fresh(commitment: Commitment) -> Commitment:
    return Commitment.objects.get(pk=commitment.pk)


def dumped() -> str:
    stream = StringIO()
    dump_register(stream)
    return stream.getvalue()


def test_all_that_was_said_of_either_is_said_of_the_one_that_stays(two: Any, reviewer: User) -> None:
    kept, absorbed = two
    report, paper = absorbed.progress_updates.get(), absorbed.evidence.get()
    history = list(absorbed.status_changes.order_by("number"))
    merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="One pledge, two words.")
    kept, absorbed = fresh(kept), fresh(absorbed)
    assert [(m.kind, m.merged_from) for m in kept.mentions.order_by("pk")] == [
        ("made", ""),
        ("made", absorbed.reference),
        ("progress", absorbed.reference),
    ]
    assert [(a.agency.slug, a.role) for a in kept.assignments.order_by("pk")] == [
        ("vn-mofa", "lead"),
        ("vn-moit", "support"),
    ]
    assert (kept.target.indicator, kept.readings.get().value) == ("Gates", 1)
    copy, paper_copy = kept.progress_updates.get(), kept.evidence.get()
    assert (copy.pk, copy.achieved, copy.merged_from) != (report.pk, "Half.", "")
    for name in ("occurred_on", "recorded_at", "actor", "achieved"):
        assert getattr(copy, name) == getattr(report, name)
    assert (paper_copy.title, paper_copy.recorded_at, paper_copy.actor) == (
        "Photo",
        paper.recorded_at,
        paper.actor,
    )
    assert (kept.classification, kept.status) == (1, "agreed")
    # The absorbed one keeps what cannot move, and is counted nowhere.
    assert list(absorbed.status_changes.order_by("number")) == history
    assert replay(history) == absorbed.status == "in_progress"
    assert (absorbed.progress_updates.get(), absorbed.evidence.get()) == (report, paper)
    assert absorbed.merged_into == kept
    visible = Commitment.objects.visible_to(reviewer)
    assert list(visible) == [kept]
    past = AsOf(day=dt.date(2025, 6, 1), today=dt.date(2026, 1, 1))
    assert list(visible.at(past)) == [kept]
    assert merged_into(absorbed.reference) == kept
    assert make.commitment(title="Another one").reference.endswith("-003")


def test_what_both_have_stays_with_the_absorbed_one(two: Any, reviewer: User) -> None:
    kept, absorbed = two
    first = absorbed.mentions.order_by("pk").first()
    Mention.objects.create(commitment=kept, meeting=first.meeting, paragraph=first.paragraph, kind="made")
    Assignment.objects.create(commitment=kept, agency=absorbed.assignments.get().agency, role="support")
    Target.objects.create(commitment=kept, indicator="Roads", unit="km", value=9)
    merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="The same.")
    kept, absorbed = fresh(kept), fresh(absorbed)
    assert (kept.mentions.count(), kept.assignments.count(), kept.readings.count()) == (3, 2, 0)
    assert (absorbed.mentions.count(), absorbed.assignments.count(), absorbed.readings.count()) == (1, 1, 1)
    assert (kept.target.indicator, absorbed.target.indicator) == ("Roads", "Gates")


def test_undoing_gives_back_what_came_and_takes_back_the_copies(two: Any, reviewer: User) -> None:
    kept, absorbed = two
    related = make.commitment(title="Something else")
    before = [(each.pk, each.commitment_id) for each in Mention.objects.order_by("pk")]
    absorbed.related.add(related)
    done = merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="The same.")
    assert list(fresh(kept).related.all()) == [related]
    undo_merge(done=done, actor=reviewer, reason="They are two.")
    kept, absorbed = fresh(kept), fresh(absorbed)
    assert [(each.pk, each.commitment_id) for each in Mention.objects.order_by("pk")] == before
    assert not Mention.objects.exclude(merged_from="").exists()
    assert (absorbed.assignments.get().role, absorbed.target.indicator) == ("lead", "Gates")
    # What was copied stays on record, and is as secret as before.
    assert (kept.classification, absorbed.classification) == (1, 1)
    assert (kept.is_in_error, absorbed.is_in_error, absorbed.merged_into) == (False, False, None)
    assert (kept.related.count(), list(absorbed.related.all())) == (0, [related])
    assert not kept.progress_updates.exists()
    assert ProgressUpdate.with_errors.filter(commitment=kept).count() == 1
    assert EvidenceWithdrawal.objects.get().evidence.commitment == kept
    assert absorbed.progress_updates.count() == 1
    assert set(Commitment.objects.visible_to(reviewer)) == {kept, absorbed, related}
    with pytest.raises(IllegalTransition, match="undone already"):
        undo_merge(done=done, actor=reviewer, reason="Again.")


def test_who_may_and_when(two: Any, reviewer: User) -> None:
    kept, absorbed = two
    for role in ("officer", "administrator", "reader"):
        with pytest.raises(PermissionDenied):
            merge(kept=kept, absorbed=absorbed, actor=make.user(role, clearance=3), reason="x")
    with pytest.raises(Commitment.DoesNotExist):
        merge(kept=kept, absorbed=absorbed, actor=make.user("reviewer"), reason="x")
    with pytest.raises(RequirementsNotMet) as no_reason:
        merge(kept=kept, absorbed=absorbed, actor=reviewer, reason=" ")
    assert set(no_reason.value.errors) == {"reason"}
    lao = make.commitment(codes=("LA", "VN"))
    for other in (lao, kept):
        with pytest.raises(RequirementsNotMet) as refused:
            merge(kept=kept, absorbed=other, actor=reviewer, reason="x")
        assert set(refused.value.errors) == {"other"}
    seen = [stamp_for(reviewer, each.reference) for each in two]
    record_progress(commitment=kept, actor=make.user("officer"), achieved="More.")
    with pytest.raises(DossierChanged):
        merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="x", seen=seen)  # type: ignore[arg-type]
    assert not Merge.objects.exists()


def test_neither_is_under_review_nor_replaces_another(two: Any, reviewer: User) -> None:
    kept, absorbed = two
    third = make.commitment(title="Third")
    make.record(third, "superseded", successor=absorbed)
    with pytest.raises(StillNeeded):
        merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="x")
    submitted = {
        "name": "submit",
        "actor": make.user("officer", clearance=2),
        "note": "x",
        "outcome": "dropped",
    }
    apply_transition(commitment=kept, **submitted)
    for pair in (two, two[::-1]):
        with pytest.raises(IllegalTransition, match="under review"):
            merge(kept=pair[0], absorbed=pair[1], actor=reviewer, reason="x")


def test_the_file_keeps_a_merge_and_an_older_file_does_not_undo_it(
    two: Any, reviewer: User, tmp_path: Any
) -> None:
    kept, absorbed = two
    older = tmp_path / "older.yaml"
    older.write_text(dumped())
    merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="The same.")
    mentions = Mention.objects.count()
    newer = dumped()
    assert f"merged_into: {kept.reference}\n" in newer
    call_command("load_register", str(older), verbosity=0)
    assert fresh(absorbed).merged_into == kept
    assert (Mention.objects.count(), dumped()) == (mentions, newer)
    assert StatusChange.objects.filter(commitment=absorbed).count() == 2


def test_what_was_copied_from_a_classified_one_stays_hidden_after_the_merge_is_undone(
    two: Any, reviewer: User
) -> None:
    kept, absorbed = two
    done = merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="Both are the secret road.")
    undo_merge(done=done, actor=reviewer, reason="They are two.")
    uncleared = make.user("reader", clearance=0)
    assert not Commitment.objects.readable_by(uncleared).exists()
    assert not ProgressUpdate.with_errors.filter(
        commitment__in=Commitment.objects.readable_by(uncleared)
    ).exists()


def test_no_entry_of_the_history_of_a_merge_stands_at_the_lower_classification(
    two: Any, reviewer: User
) -> None:
    kept, absorbed = two
    merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="The same.")
    raised = kept.history.filter(classification=1).earliest("history_date").history_date
    moved = Mention.history.filter(commitment=kept, history_type="~")
    assert moved.exists()
    assert not moved.filter(history_date__lt=raised).exists()


def test_after_undoing_the_history_tells_no_more_of_the_other_one(two: Any, reviewer: User) -> None:
    kept, absorbed = two
    done = merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="The same.")
    assert "Build a road" in told(kept)
    undo_merge(done=done, actor=reviewer, reason="They are two.")
    apply_transition(
        commitment=absorbed, name="stall", actor=make.user("officer", clearance=2), note="No money."
    )
    assert "Build a road" not in told(kept)
    assert "Stalled" not in told(kept)
    assert absorbed.reference in told(kept)


def told(commitment: Commitment) -> str:
    """All that the history on the page says."""
    today = AsOf.now()
    row: Any = with_detail_relations(Commitment.objects.filter(pk=commitment.pk), today).get()
    events = history_of(row, changes_of(row, today), evidence_of(row, today), today)
    return repr(events)


def test_a_mention_on_which_a_status_rests_since_does_not_go_back(two: Any, reviewer: User) -> None:
    kept, absorbed = two
    paragraph = absorbed.mentions.order_by("pk").last().paragraph
    done = merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="The same.")
    make.record(kept, "in_progress", occurred_on=dt.date(2024, 5, 1), paragraph=paragraph)
    with pytest.raises(StillNeeded, match="is based on this mention"):
        undo_merge(done=done, actor=reviewer, reason="They are two.")
    assert fresh(absorbed).merged_into == kept
