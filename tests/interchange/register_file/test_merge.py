"""A load into a register with edits: it adds, changes what nobody edited, and leaves the rest unchanged."""

import datetime as dt
from collections.abc import Callable

import pytest

from commitments.models import (
    Assignment,
    Candidate,
    Commitment,
    Mention,
    ProgressUpdate,
    Register,
    SetAside,
    StatusChange,
)
from commitments.services.day_corrections import correct_day
from commitments.services.entered_in_error import enter_in_error
from commitments.services.mentions import record_mention
from commitments.services.progress import record_progress, withdraw_evidence
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition, replay
from interchange.register_file.result import LoadResult
from relations.models import Agency, Mechanism, Meeting, Paragraph, Participation, Source
from tests import factories

pytestmark = pytest.mark.django_db

Load = Callable[..., LoadResult]

ONE = "commitments.KHVN-2025-001"
TWO = "commitments.KHVN-2025-002"


def one() -> Commitment:
    return Commitment.objects.get(reference="KHVN-2025-001")


def conflicts(result: LoadResult) -> list[str]:
    return [str(conflict) for conflict in result.conflicts]


# -- fields ----------------------------------------------------------------------------------------------


def test_a_field_that_nobody_edited_is_changed(small: str, load: Load) -> None:
    load(small)
    result = load(small.replace("Hold the next session", "Hold the 22nd session"))
    assert one().title == "Hold the 22nd session"
    assert (dict(result.changed), result.unchanged["commitments"]) == ({"commitments": 1}, 1)
    assert conflicts(result) == []
    assert "22nd" in one().search_text
    assert [row.title for row in one().history.order_by("history_id")] == [
        "Hold the next session",
        "Hold the 22nd session",
    ]
    assert one().version == 2


def test_a_field_that_was_edited_is_not_changed_and_reported(small: str, load: Load) -> None:
    load(small)
    edited = one()
    edited.title = "Hold it in Hanoi"
    edited.save()
    result = load(
        small.replace("Hold the next session", "Hold the 22nd session").replace("in 2026.", "soon.")
    )
    assert conflicts(result) == [
        f"line 51: {ONE}.title: “Hold the 22nd session” in the file, “Hold it in Hanoi” in the register; "
        "not changed"
    ]
    assert (one().title, one().text) == ("Hold it in Hanoi", "Hold it soon.")


def test_a_conflict_remains_until_file_and_register_agree(small: str, load: Load) -> None:
    load(small)
    Commitment.objects.filter(reference="KHVN-2025-001").update(title="Hold it in Hanoi")
    for _time in range(2):
        assert conflicts(load(small)) == [
            f"line 51: {ONE}.title: “Hold the next session” in the file, “Hold it in Hanoi” in the "
            "register; not changed"
        ]
    assert conflicts(load(small.replace("Hold the next session", "Hold it in Hanoi"))) == []
    load(small.replace("Hold the next session", "Hold it in Hue"))
    assert one().title == "Hold it in Hue"


def test_a_first_load_never_changes_what_a_person_entered(small: str, load: Load) -> None:
    factories.agency("vn-mofa", name="MOFA of Viet Nam")
    result = load(small)
    assert conflicts(result) == [
        "line 11: agencies.vn-mofa.name: “Ministry of Foreign Affairs” in the file, “MOFA of Viet Nam” in "
        "the register; not changed"
    ]
    assert Agency.objects.get().name == "MOFA of Viet Nam"


def test_entries_that_are_no_longer_in_the_file_stay(small: str, load: Load) -> None:
    load(small)
    result = load(small[: small.index("  - reference: KHVN-2025-002")])
    assert Commitment.objects.count() == 2
    assert (result.unchanged["commitments"], result.changed) == (1, {})


def test_the_head_of_the_file_follows_the_same_rule(small: str, load: Load) -> None:
    load(small)
    load(small.replace("as_of: 2026-01-16", "as_of: 2026-02-01"))
    assert Register.objects.get().as_of == dt.date(2026, 2, 1)
    Register.objects.update(title="Ours")
    assert conflicts(load(small)) == [
        "line 2: title: “A small register” in the file, “Ours” in the register; not changed"
    ]
    assert Register.objects.get().as_of == dt.date(2026, 1, 16)


def test_parties_and_obligated_change_together(small: str, load: Load) -> None:
    load(small)
    one().parties.filter(role="obligated").update(country=factories.country("KH"))
    changed = small.replace("    obligated: [VN]\n", "    obligated: [KH, VN]\n    beneficiaries: [KH]\n")
    result = load(changed)
    assert conflicts(result) == [
        f'line 56: {ONE}.obligated: “["KH", "VN"]” in the file, “["KH"]” in the register; not changed',
        f'line 57: {ONE}.beneficiaries: “["KH"]” in the file, no value in the register; not changed',
    ]
    assert [(each.role, each.country.code) for each in one().parties.order_by("pk")] == [
        ("party", "KH"),
        ("party", "VN"),
        ("obligated", "KH"),
    ]


def test_countries_that_nobody_edited_are_changed(small: str, load: Load) -> None:
    load(small)
    load(small.replace("    obligated: [VN]\n", "    obligated: [KH]\n    beneficiaries: [VN]\n"))
    assert sorted((each.role, each.country.code) for each in one().parties.all()) == [
        ("beneficiary", "VN"),
        ("obligated", "KH"),
        ("party", "KH"),
        ("party", "VN"),
    ]


def test_meetings_and_mechanisms_are_changed_with_their_rows(small: str, load: Load) -> None:
    load(small)
    changed = (
        small.replace("  - code: VN\n", "  - code: LA\n    name: Lao PDR\n  - code: VN\n")
        .replace("    countries: [KH, VN]\n", "    countries: [KH, LA, VN]\n")
        .replace("        role: co_chair\n", "        role: head_of_delegation\n")
        .replace("    sources:\n      - note\n", "    sources: []\n")
        .replace(
            "    starts_on: 2025-12-09\n",
            "    window:\n      latest: 2025-12-31\n      wording: in December\n",
        )
    )
    result = load(changed)
    assert conflicts(result) == []
    assert result.changed == {"mechanisms": 1, "meetings": 1}
    assert [each.code for each in Mechanism.objects.get().countries.order_by("code")] == ["KH", "LA", "VN"]
    meeting = Meeting.objects.get()
    assert (meeting.starts_on, meeting.window_wording) == (None, "in December")
    assert list(meeting.sources.all()) == []
    assert Participation.objects.get().role == "head_of_delegation"
    assert load(changed).changed == {}


# -- rows ------------------------------------------------------------------------------------------------


def test_rows_of_file_and_register_are_merged(small: str, load: Load) -> None:
    load(small)
    paragraph = Source.objects.get().paragraphs.get(number=2)
    Mention.objects.create(
        commitment=one(), meeting=Meeting.objects.get(), paragraph=paragraph, kind="reaffirmed"
    )
    more = (
        "        modality: agreed\n      - meeting: jc-21\n        source: note\n        paragraph: 2\n"
        "        kind: progress\n"
    )
    result = load(small.replace("        modality: agreed\n", more))
    assert conflicts(result) == []
    assert [each.kind for each in one().mentions.order_by("pk")] == ["made", "reaffirmed", "progress"]


def test_a_row_that_nobody_edited_is_changed_or_removed(small: str, load: Load) -> None:
    load(small)
    load(
        small.replace("        modality: agreed\n", "        modality: vowed\n").replace(
            "    agencies:\n      - agency: vn-mofa\n        role: lead\n", ""
        )
    )
    assert one().mentions.get().modality == "vowed"
    assert not one().assignments.exists()


def test_a_row_that_a_person_removed_is_not_added_again(small: str, load: Load) -> None:
    load(small)
    Assignment.objects.all().delete()
    result = load(small)
    assert conflicts(result) == [
        f'line 58: {ONE}.agencies: “{{"agency": "vn-mofa", "role": "lead"}}” in the file, no value in '
        "the register; not changed"
    ]
    assert not one().assignments.exists()


def test_related_commitments_are_added_unless_a_person_removed_them(small: str, load: Load) -> None:
    load(small.replace("    related:\n      - KHVN-2025-002\n", ""))
    load(small)
    assert [each.reference for each in one().related.all()] == ["KHVN-2025-002"]
    one().related.clear()
    result = load(small)
    assert [(conflict.line, conflict.location) for conflict in result.conflicts] == [
        (80, f"{ONE}.related"),
        (82, f"{TWO}.related"),
    ]
    assert not one().related.exists()


def test_target_and_readings_are_added_and_changed(small: str, load: Load) -> None:
    target = (
        "    target:\n      indicator: Trade\n      unit: USD billion\n      value: 20\n      readings:\n"
        "        - as_of: 2025-11-30\n          value: 10.4\n    status: in_progress\n    status_history:\n"
    )
    with_target = small.replace("    status: in_progress\n    status_history:\n", target)
    load(small)
    load(with_target)
    assert (one().target.value, one().readings.get().value.normalize()) == (20, one().readings.get().value)
    load(with_target.replace("value: 20\n", "value: 25\n").replace("value: 10.4", "value: 11"))
    assert (one().target.value, one().readings.get().value) == (25, 11)
    one().readings.update(value=12)
    result = load(with_target.replace("value: 10.4", "value: 13"))
    assert [conflict.location for conflict in result.conflicts] == [f"{ONE}.readings"]


# -- append-only rows --------------------------------------------------------------------------------------


def test_a_longer_history_in_the_file_is_appended(small: str, load: Load) -> None:
    load(small)
    more = small.replace("    status: in_progress\n", "    status: fulfilled\n").replace(
        "        note: Begun.\n",
        "        note: Begun.\n      - status: fulfilled\n        'on': 2026-01-15\n",
    )
    result = load(more)
    assert conflicts(result) == []
    assert one().status == "fulfilled"
    assert [each.number for each in one().status_changes.order_by("number")] == [1, 2, 3]
    assert replay(one().status_changes.all()) == "fulfilled"
    assert load(more).changed == {}


NEW_DEADLINE = """    deadline:
      wording: in 2027
      latest: 2027-12-31
    deadline_changes:
      - 'on': 2026-01-20
        old:
          wording: in 2026
          earliest: 2026-01-01
          latest: 2026-12-31
        new:
          wording: in 2027
          latest: 2027-12-31
        reason: Agreed anew.
"""
OLD_DEADLINE = """    deadline:
      wording: in 2026
      earliest: 2026-01-01
      latest: 2026-12-31
"""


@pytest.mark.parametrize("status", ["under_review", "dropped"])
def test_what_was_pledged_is_a_conflict_under_review_and_when_closed(
    status: str, small: str, load: Load
) -> None:
    load(small)
    officer, reviewer = factories.user("officer", clearance=3), factories.user("reviewer", clearance=3)
    apply_transition(commitment=one(), name="submit", actor=officer, note="x", outcome="dropped")
    if status == "dropped":
        apply_transition(commitment=one(), name="confirm", actor=reviewer)
    assert OLD_DEADLINE in small
    edited = (
        small.replace("Hold the next session", "Hold the 22nd session")
        .replace("Hold it in 2026.", "Hold it soon.")
        .replace("nature: event", "nature: cooperation", 1)
        .replace("obligated: [VN]", "obligated: [KH]")
        .replace(OLD_DEADLINE, NEW_DEADLINE)
        .replace("    agencies:\n", "    remarks: Noted.\n    agencies:\n", 1)
    )
    result = load(edited)
    words = "under review" if status == "under_review" else "closed"
    fixed = [each for each in result.conflicts if f"The commitment is {words}" in each.reason]
    assert {each.location.removeprefix(f"{ONE}.") for each in fixed} == {
        "title",
        "text",
        "nature",
        "obligated",
        "deadline",
        "deadline_changes",
    }
    after = one()
    assert (after.title, after.text, after.nature) == ("Hold the next session", "Hold it in 2026.", "event")
    assert (after.deadline_wording, after.deadline_changes.count()) == ("in 2026", 0)
    assert after.parties.get(role="obligated").country.code == "VN"
    assert (after.remarks, after.status) == ("Noted.", status)


def test_a_status_change_is_never_undone(small: str, load: Load) -> None:
    load(small)
    officer = factories.user("officer", clearance=3)
    apply_transition(commitment=one(), name="stall", actor=officer, note="No room.")
    result = load(small)
    assert conflicts(result) == [
        f"line 64: {ONE}.status: “in_progress” in the file, “stalled” in the register; not changed "
        "(the register has a longer history)"
    ]
    assert one().status == "stalled"
    further = small.replace("    status: in_progress\n", "    status: fulfilled\n").replace(
        "        note: Begun.\n",
        "        note: Begun.\n      - status: fulfilled\n        'on': 2026-01-15\n",
    )
    result = load(further)
    assert [(conflict.line, conflict.location) for conflict in result.conflicts] == [
        (65, f"{ONE}.status_history")
    ]
    assert one().status == "stalled"
    assert one().status_changes.count() == 3


def test_a_different_history_is_a_conflict(small: str, load: Load) -> None:
    load(small)
    result = load(small.replace("        note: Agreed.\n", "        note: Agreed at last.\n"))
    assert [(conflict.line, conflict.location) for conflict in result.conflicts] == [
        (65, f"{ONE}.status_history")
    ]
    assert StatusChange.objects.get(commitment=one(), number=1).note == "Agreed."


def test_a_successor_in_the_file_must_not_form_a_cycle_with_one_in_the_register(
    small: str, load: Load
) -> None:
    load(small)
    officer, reviewer = factories.user("officer", clearance=3), factories.user("reviewer", clearance=3)
    second = Commitment.objects.get(reference="KHVN-2025-002")
    apply_transition(
        commitment=one(), name="submit", actor=officer, note="One.", outcome="superseded", successor=second
    )
    apply_transition(commitment=one(), name="confirm", actor=reviewer)
    result = load(
        small.replace(
            "    status: standing\n", "    status: superseded\n    successor: KHVN-2025-001\n"
        ).replace(
            "      - status: standing\n        'on': 2025-12-09\n",
            "      - status: standing\n        'on': 2025-12-09\n      - status: superseded\n"
            "        'on': 2025-12-10\n",
        )
    )
    assert conflicts(result)[-1] == (
        f"line 90: {TWO}.successor: “KHVN-2025-001” in the file, no value in the register; not changed "
        "(the chain of successors would come back to this commitment)"
    )
    second.refresh_from_db()
    assert second.status == "standing"


def test_progress_updates_are_added_once_and_those_of_the_register_stay(small: str, load: Load) -> None:
    load(small)
    record_progress(commitment=one(), actor=factories.user("officer", clearance=3), achieved="Date set.")
    report = "    progress:\n      - 'on': 2026-01-11\n        achieved: Room found.\n    related:\n"
    for _time in range(2):
        assert conflicts(load(small.replace("    related:\n", report))) == []
        assert [each.achieved for each in ProgressUpdate.objects.order_by("pk")] == [
            "Date set.",
            "Room found.",
        ]


EVIDENCE = (
    "    evidence:\n      - kind: link\n        title: Programme\n        url: https://example.org/programme\n"
    "        status_change: 2\n"
)


def test_evidence_is_added_and_withdrawn_once(small: str, load: Load) -> None:
    load(small)
    given = small.replace(
        "    related:\n      - KHVN-2025-002\n", EVIDENCE + "    related:\n      - KHVN-2025-002\n"
    )
    load(given)
    assert load(given).changed == {}
    assert one().evidence.get().status_change.number == 2
    withdrawn = given.replace(
        "        status_change: 2\n",
        "        status_change: 2\n        withdrawn:\n          reason: Dead.\n",
    )
    load(withdrawn)
    assert one().evidence.get().withdrawal.reason == "Dead."
    assert load(withdrawn).changed == {}


def test_evidence_withdrawn_in_the_register_stays_withdrawn(small: str, load: Load) -> None:
    given = small.replace("    related:\n      - KHVN-2025-002\n", EVIDENCE)
    load(given)
    officer = factories.user("officer", clearance=3)
    withdraw_evidence(evidence=one().evidence.get(), actor=officer, reason="Unsigned.")
    load(given)
    assert one().evidence.get().withdrawal.reason == "Unsigned."


CORRECTED = (
    "        paragraph: 1\n        corrected:\n          - 'on': 2025-12-08\n            reason: Misread.\n"
    "      - status: in_progress\n"
)


def with_correction(small: str) -> str:
    return small.replace("        paragraph: 1\n      - status: in_progress\n", CORRECTED)


def first_change() -> StatusChange:
    return one().status_changes.get(number=1)


def test_a_correction_of_a_day_is_added_once(small: str, load: Load) -> None:
    load(small)
    result = load(with_correction(small))
    assert conflicts(result) == []
    assert (first_change().occurred_on, first_change().happened_on) == (
        dt.date(2025, 12, 9),
        dt.date(2025, 12, 8),
    )
    assert load(with_correction(small)).changed == {}
    assert first_change().day_corrections.count() == 1


def test_an_older_file_takes_no_correction_back(small: str, load: Load) -> None:
    load(with_correction(small))
    assert first_change().happened_on == dt.date(2025, 12, 8)
    assert conflicts(load(small)) == []
    assert first_change().happened_on == dt.date(2025, 12, 8)


def test_another_correction_in_the_register_is_a_conflict(small: str, load: Load) -> None:
    load(small)
    reviewer = factories.user("reviewer", clearance=3)
    correct_day(change=first_change(), actor=reviewer, day=dt.date(2025, 12, 7), reason="The minutes.")
    (conflict,) = conflicts(load(with_correction(small)))
    assert "corrected" in conflict
    assert first_change().happened_on == dt.date(2025, 12, 7)


def test_the_day_of_a_meeting_mended_in_the_file_corrects_the_changes(small: str, load: Load) -> None:
    load(small)
    load(small.replace("starts_on: 2025-12-09", "starts_on: 2025-12-08"))
    assert first_change().happened_on == dt.date(2025, 12, 8)
    assert first_change().occurred_on == dt.date(2025, 12, 9)


SECOND = "      - meeting: jc-21\n        source: note\n        paragraph: 2\n        kind: reaffirmed\n"
NOTE = "        entered_in_error:\n          - reason: Another pledge.\n"
LIFTED = NOTE + "            lifted:\n              reason: It was this one.\n"


def with_second_mention(small: str, more: str = "") -> str:
    return small.replace("    related:\n", SECOND + more + "    related:\n", 1)


def test_what_the_register_has_as_an_error_is_not_added_again(small: str, load: Load) -> None:
    load(with_second_mention(small))
    reviewer = factories.user("reviewer", clearance=3)
    enter_in_error(thing=one().mentions.get(kind="reaffirmed"), actor=reviewer, reason="Another pledge.")
    result = load(with_second_mention(small).replace("in 2026.", "soon."))
    assert conflicts(result) == []
    assert (one().mentions.count(), Mention.with_errors.filter(commitment=one()).count()) == (1, 2)
    enter_in_error(thing=Commitment.objects.get(reference="KHVN-2025-002"), actor=reviewer, reason="Twice.")
    assert load(with_second_mention(small)).created == {}
    assert Commitment.objects.get(reference="KHVN-2025-002").is_in_error


def test_the_row_that_replaced_an_error_stays(small: str, load: Load) -> None:
    load(with_second_mention(small))
    reviewer, officer = factories.user("reviewer", clearance=3), factories.user("officer", clearance=3)
    wrong = one().mentions.get(kind="reaffirmed")
    enter_in_error(thing=wrong, actor=reviewer, reason="Another summary.")
    values = {"meeting": wrong.meeting, "paragraph": wrong.paragraph, "kind": wrong.kind}
    record_mention(commitment=one(), actor=officer, summary="Right.", **values)
    result = load(with_second_mention(small).replace("in 2026.", "soon."))
    assert conflicts(result) == []
    assert one().mentions.get(kind="reaffirmed").summary == "Right."


def test_a_note_of_an_error_is_added_and_lifted_once(small: str, load: Load) -> None:
    load(with_second_mention(small))
    noted = with_second_mention(small, NOTE)
    load(noted)
    assert one().mentions.count() == 1
    assert "they agreed again" not in one().search_text
    assert load(noted).changed == {}
    load(with_second_mention(small, LIFTED))
    assert one().mentions.count() == 2
    assert "they agreed again" in one().search_text
    assert load(with_second_mention(small, LIFTED)).changed == {}


def test_an_older_file_takes_no_note_back(small: str, load: Load) -> None:
    load(with_second_mention(small, NOTE))
    assert one().mentions.count() == 1
    load(with_second_mention(small))
    assert one().mentions.count() == 1


def test_a_commitment_that_the_file_says_is_in_error(small: str, load: Load) -> None:
    note = "    entered_in_error:\n      - reason: Registered twice.\n"
    load(small + note)
    two = Commitment.objects.get(reference="KHVN-2025-002")
    assert (two.is_in_error, two.error_notes.get().reason) == (True, "Registered twice.")
    assert load(small + note).changed == {}


def test_another_reason_in_the_register_is_a_conflict(small: str, load: Load) -> None:
    load(with_second_mention(small, NOTE))
    (conflict,) = conflicts(load(with_second_mention(small, NOTE.replace("Another pledge", "Misread"))))
    assert "entered_in_error" in conflict


def test_evidence_of_a_status_change_that_differs_in_the_register_is_a_conflict(
    small: str, load: Load
) -> None:
    load(small)
    officer = factories.user("officer", clearance=3)
    apply_transition(
        commitment=one(),
        name="submit",
        actor=officer,
        note="Done.",
        outcome="fulfilled",
        evidence=[EvidenceGiven("Minutes", "https://example.org")],
    )
    further = (
        small.replace("    status: in_progress\n", "    status: stalled\n")
        .replace(
            "        note: Begun.\n",
            "        note: Begun.\n      - status: stalled\n        'on': 2026-01-15\n",
        )
        .replace("    related:\n      - KHVN-2025-002\n", EVIDENCE.replace("change: 2", "change: 3"))
    )
    result = load(further)
    assert [conflict.location for conflict in result.conflicts] == [
        f"{ONE}.status_history",
        f"{ONE}.evidence",
    ]
    assert one().evidence.get().title == "Minutes"


# -- sources -----------------------------------------------------------------------------------------------


def test_a_paragraph_can_be_added_to_a_cited_source(small: str, load: Load) -> None:
    load(small)
    result = load(
        small.replace("      2. They agreed again.\n", "      2. They agreed again.\n\n      3. They left.\n")
    )
    assert conflicts(result) == []
    assert [each.text for each in Source.objects.get().paragraphs.all()] == [
        "They agreed.",
        "They agreed again.",
        "They left.",
    ]
    assert Source.objects.get().is_unaltered


def test_a_new_wording_of_a_cited_paragraph_is_a_conflict(small: str, load: Load) -> None:
    load(small)
    changed = small.replace("      1. They agreed.\n", "      1. They disagreed.\n")
    result = load(changed.replace("    title: Note for file\n", "    title: Note\n"))
    assert [(conflict.line, conflict.location, conflict.reason) for conflict in result.conflicts] == [
        (
            29,
            "sources.note.text",
            "Paragraph 1 cannot be changed. Add the corrected text as a new source.",
        )
    ]
    source = Source.objects.get()
    assert (source.title, source.text[:15], source.is_unaltered) == ("Note", "1. They agreed.", True)
    assert source.paragraphs.get(number=1).text == "They agreed."


def test_a_mention_of_a_paragraph_that_was_not_loaded_is_a_conflict(small: str, load: Load) -> None:
    load(small)
    Source.objects.update(text="1. They agreed.\n\n2. They agreed again.\n\nP.S.\n")
    changed = small.replace(
        "      2. They agreed again.\n", "      2. They agreed again.\n\n      3. They left.\n"
    )
    result = load(changed.replace("        paragraph: 2\n", "        paragraph: 3\n"))
    assert [conflict.location for conflict in result.conflicts] == [
        "sources.note.text",
        f"{TWO}.mentions[1].paragraph",
    ]
    assert Commitment.objects.count() == 2


# -- paragraphs set aside ---------------------------------------------------------------------------------


def test_paragraphs_set_aside_are_added_and_those_that_were_undone_stay_so(
    small: str, load: Load, dump: Callable[[], str]
) -> None:
    def with_set_aside(*numbers: int) -> str:
        rows = "".join(
            f"      - source: note\n        paragraph: {number}\n        actor: lan\n"
            f"        recorded_at: 2026-01-0{number}T08:00:00Z\n"
            for number in numbers
        )
        return small.replace("commitments:\n", f"    set_aside:\n{rows}commitments:\n")

    load(with_set_aside(1))
    kept = SetAside.objects.get()
    assert (kept.paragraph.number, kept.meeting.slug, kept.actor.username) == (1, "jc-21", "lan")
    assert kept.decided_at == dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC)
    assert with_set_aside(1).partition("    set_aside:\n")[2].partition("commitments:")[0] in dump()
    assert load(with_set_aside(1)).unchanged["meetings"] == 1
    kept.delete()
    assert load(with_set_aside(1, 2)).changed["meetings"] == 1
    assert [each.paragraph.number for each in SetAside.objects.all()] == [2]
    # An older file says nothing about them and takes nothing away.
    assert load(small).unchanged["meetings"] == 1
    assert SetAside.objects.count() == 1


# -- refused passages -------------------------------------------------------------------------------------


def test_refused_passages_are_added_and_those_that_were_lifted_stay_so(
    small: str, load: Load, dump: Callable[[], str]
) -> None:
    quotes = [each.text for each in _paragraphs(load, small)]

    def with_refused(*numbers: int) -> str:
        rows = "".join(
            f"      - paragraph: {number}\n        quote: {quotes[number - 1]}\n        actor: lan\n"
            f"        recorded_at: 2026-01-0{number}T08:00:00Z\n"
            for number in numbers
        )
        return small.replace("meetings:\n", f"    refused_passages:\n{rows}meetings:\n")

    assert load(with_refused(1)).changed["sources"] == 1
    kept = Candidate.objects.get()
    assert (kept.number, kept.quote, kept.refused_by.username) == (1, quotes[0], "lan")
    assert with_refused(1).partition("    refused_passages:\n")[2].partition("meetings:")[0] in dump()
    assert load(with_refused(1)).unchanged["sources"] == 1
    kept.delete()
    assert load(with_refused(1, 2)).changed["sources"] == 1
    assert [each.number for each in Candidate.objects.all()] == [2]
    # An older file says nothing about them and takes nothing away.
    assert load(small).unchanged["sources"] == 1
    assert Candidate.objects.count() == 1


def _paragraphs(load: Load, small: str) -> list[Paragraph]:
    load(small)
    return list(Paragraph.objects.filter(source__slug="note").order_by("number"))
