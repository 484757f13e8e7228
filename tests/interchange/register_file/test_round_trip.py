"""A dump that is loaded into an empty database is dumped as the same bytes."""

import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from commitments.choices import EvidenceKind
from commitments.models import (
    Commitment,
    Evidence,
    Reading,
    Register,
    StatusChange,
    Target,
)
from commitments.services.body_merging import merge_bodies
from commitments.services.candidates import accept_as_mention, refuse_candidate
from commitments.services.day_corrections import correct_day
from commitments.services.deadline_proposals import decide_deadline, propose_deadline
from commitments.services.deadlines import Window
from commitments.services.editing import edit_commitment
from commitments.services.entered_in_error import enter_in_error, lift
from commitments.services.mentions import record_mention
from commitments.services.merging import merge, undo_merge
from commitments.services.paragraphs import set_aside
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition
from interchange.register_file.dump import dump_register
from interchange.register_file.load import load_register
from interchange.register_file.result import LoadResult
from relations.models import Agency, MeetingSource, Paragraph, Source
from tests import factories

Dump = Callable[[], str]
Load = Callable[..., LoadResult]


def without_remarks(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


@pytest.mark.django_db
def test_dump_of_the_shipped_register_is_the_file_but_for_the_times_and_the_history_of_the_load(
    shipped: Path, dump: Dump
) -> None:
    load_register(shipped)
    text, edits = re.subn(r"^    edits:\n(      .*\n)+", "", dump(), flags=re.MULTILINE)
    text, times = re.subn(r"^        recorded_at: \S+Z\n", "", text, flags=re.MULTILINE)
    assert (edits, times) == (len(re.findall("^  - ", text, flags=re.MULTILINE)), 88)
    assert text == without_remarks(shipped.read_text())


@pytest.mark.django_db(transaction=True)
def test_shipped_register_is_the_same_after_a_dump_and_a_load(
    shipped: Path, dump: Dump, load: Load, emptied: Callable[[], None]
) -> None:
    load_register(shipped)
    first = dump()
    emptied()
    load(first)
    assert dump() == first


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_optional_part_is_the_same_after_a_dump_and_a_load(
    shipped: Path, dump: Dump, load: Load, emptied: Callable[[], None]
) -> None:
    load_register(shipped)
    work_on_the_register()
    first = dump()
    for part in EVERY_PART:
        assert part in first, part
    emptied()
    result = load(first)
    assert result.conflicts == []
    assert dump() == first
    assert load(first).changed == {}
    assert dump() == first


EVERY_PART = (
    "classification: confidential",
    "successor: KHVN-2024-002",
    "transition: register",
    "transition: submit",
    "transition: return",
    "transition: confirm",
    "outcome: superseded",
    "delivered_on: ",
    "focal_point: focal",
    "    officer: desk",
    "number: 1234/BNG-ĐNÁ",
    "baseline: -0.5",
    "progress:",
    "challenges: |",
    "evidence:",
    "file: evidence/minutes.pdf",
    "withdrawn:",
    "entered_in_error:",
    "lifted:",
    "corrected:",
    "deadline_changes:",
    "deadline_proposals:",
    "decision:",
    "      change: 2",
    "state: refused",
    "merged_into: ",
    "merges:",
    "undone:",
    "from: KHVN-",
    "former_keys:",
    "set_aside:",
    "refused_passages:",
    "reader_quote: ",
    "old:",
    "    readings:\n",
    "sha256: ''",
    "paragraphs:",
    "paragraphs: []",
    "actor: officer",
    "recorded_at: 2026-01-02T03:04:05.000006Z",
)


def work_on_the_register() -> None:
    """Create every kind of row and value that the shipped file does not have."""
    officer = factories.user("officer", username="officer", clearance=3)
    reviewer = factories.user("reviewer", username="reviewer", clearance=3)
    today = timezone.localdate()
    event = Commitment.objects.get(reference="KHVN-2025-023")
    Commitment.objects.filter(pk=event.pk).update(classification=2)
    focal = factories.user(
        "focal_point", username="focal", agency=event.assignments.order_by("pk").first().agency
    )
    event.assignments.filter(agency=focal.agency).update(focal_point=focal)
    apply_transition(commitment=event, name="start", actor=officer, note="Begun: “yes”.\nSecond line.")
    apply_transition(
        commitment=event,
        name="submit",
        actor=officer,
        note="Held.",
        outcome="fulfilled",
        delivered_on=today,
        evidence=[EvidenceGiven("Minutes", "https://example.org/minutes", "minutes", dt.date(2026, 1, 3))],
    )
    apply_transition(commitment=event, name="return", actor=reviewer, note="Signature lacking.")
    given = Evidence.objects.get()
    withdraw_evidence(evidence=given, actor=officer, reason="Unsigned.")
    Evidence.objects.create(
        commitment=event,
        kind=EvidenceKind.FILE,
        title="Minutes, signed",
        file="evidence/minutes.pdf",
        file_name="Biên bản.pdf",
        sha256="ab" * 32,
        actor=officer,
    )
    replaced = Commitment.objects.get(reference="KHVN-2024-004")
    successor = Commitment.objects.get(reference="KHVN-2024-002")
    apply_transition(
        commitment=replaced,
        name="submit",
        actor=officer,
        note="One for both.",
        outcome="superseded",
        successor=successor,
    )
    apply_transition(commitment=replaced, name="confirm", actor=reviewer)
    trade = Commitment.objects.get(reference="KHVN-2024-018")
    desk = factories.user("officer", username="desk")
    edit_commitment(commitment=trade, actor=officer, fields={"officer": desk}, reason="Long reason. " * 20)
    edit_commitment(commitment=successor, actor=officer, fields={"officer": desk})
    edit_commitment(commitment=successor, actor=officer, fields={"officer": None})
    record_progress(
        commitment=trade,
        actor=officer,
        achieved="12",
        challenges="Rules.\r\n\nMore rules.\n",
        occurred_on=today,
    )
    record_progress(commitment=trade, actor=officer, challenges="A line.\nAnother.", review_on=today)
    factories.new_deadline(commitment=trade, actor=officer, window=Window("by 2030"), reason="Renegotiated.")
    refused = propose_deadline(
        commitment=trade, actor=officer, window=Window("by 2031"), reason="Later still."
    )
    decide_deadline(proposal=refused, actor=reviewer, decision="refused", note="Too late.")
    propose_deadline(commitment=trade, actor=officer, window=Window("by 2032"), reason="Once more.")
    add_evidence(commitment=trade, actor=officer, title="Figures", url="https://example.org/figures")
    Target.objects.filter(commitment=trade).update(baseline=Decimal("-0.500000"), version=F("version") + 1)
    Reading.objects.create(
        commitment=event, as_of=dt.date(2026, 1, 1), value=Decimal("123456789012345678.123456"), period="2025"
    )
    Reading.objects.create(commitment=event, as_of=dt.date(2026, 1, 2), value=Decimal("0.000001"))
    made = factories.commitment(codes=("KH", "VN"), actor=officer)
    made.status_changes.model.objects.bulk_create(
        [
            StatusChange(
                commitment=made,
                number=2,
                transition="record",
                from_status="agreed",
                to_status="dropped",
                occurred_on=today,
                recorded_at=dt.datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=dt.UTC),
            )
        ]
    )
    Commitment.objects.filter(pk=made.pk).update(status="dropped", title="no", remarks="~")
    unmentioned = Paragraph.objects.filter(mentions=None, source__meeting_links__isnull=False).first()
    set_aside(paragraph=unmentioned, meeting=unmentioned.source.meeting_links.first().meeting, actor=officer)
    first = trade.status_changes.get(number=1)
    for day in (dt.date(2024, 7, 12), dt.date(2024, 7, 11)):
        correct_day(change=first, actor=reviewer, day=day, reason="Misread.")
    enter_in_error(thing=made, actor=reviewer, reason="Registered twice.")
    for update in trade.progress_updates.all():
        enter_in_error(thing=update, actor=reviewer, reason="Of another.\nTwo lines.")
    lift(thing=update, actor=reviewer, reason="It was this one.")
    enter_in_error(thing=update, actor=reviewer, reason="No, it was not.")
    mention = trade.mentions.order_by("pk").last()
    enter_in_error(thing=mention, actor=reviewer, reason="Another paragraph.")
    record_mention(
        commitment=trade,
        actor=officer,
        meeting=mention.meeting,
        paragraph=mention.paragraph,
        kind=mention.kind,
        summary="Again.",
    )
    enter_in_error(thing=event.readings.first(), actor=reviewer, reason="A digit too many.")
    refused, accepted = (
        factories.candidate(unmentioned.source, unmentioned.text[start : start + 12]) for start in (0, 20)
    )
    refuse_candidate(candidate=refused, actor=officer)
    place = {"meeting": unmentioned.source.meeting_links.first().meeting, "kind": "reaffirmed"}
    accept_as_mention(candidate=accepted, actor=officer, commitment=trade, **place)
    Register.objects.update(title="2026", as_of=None)
    altered = Source.objects.get(slug="note-2026-01-15")
    Source.objects.filter(pk=altered.pk).update(text="1. Something else.\n", number="1234/BNG-ĐNÁ")
    Source.objects.create(slug="unrecorded", title="Text without a digest", kind="letter", text="1. Yes.\n")
    loose = Source.objects.create(slug="loose", title="Not numbered", kind="letter", text="Not numbered.")
    Paragraph.objects.create(source=loose, number=3, text="The third.\twith a tab ")
    MeetingSource.objects.filter(meeting__slug="jc-21").delete()
    merge_some(reviewer)


def merge_some(reviewer: User) -> None:
    """Two commitments that stay merged, two that do not, and an agency that another one has absorbed."""
    one, two, three = Commitment.objects.visible_to(reviewer).filter(prefix="KHVN", status="agreed")[:3]
    record_progress(commitment=two, actor=factories.user("officer", clearance=3), achieved="A third.")
    merge(kept=one, absorbed=two, actor=reviewer, reason="The same.")
    undo_merge(
        done=merge(kept=one, absorbed=three, actor=reviewer, reason="Also the same."),
        actor=reviewer,
        reason="Not the same.",
    )
    kept, absorbed = Agency.objects.filter(country__code="VN").order_by("pk")[:2]
    merge_bodies(kept=kept, absorbed=absorbed, actor=factories.user("administrator"))


@pytest.mark.django_db
def test_dump_of_an_empty_register_can_be_loaded(dump: Dump, load: Load) -> None:
    first = dump()
    assert first == (
        "register: 1\ntitle: Register\ncountries: []\nagencies: []\npeople: []\nmechanisms: []\nthemes: []\n"
        "sources: []\nmeetings: []\ncommitments: []\n"
    )
    load(first)
    assert dump() == first


@pytest.mark.django_db
def test_dump_does_not_depend_on_the_date(shipped: Path, dump: Dump, monkeypatch: pytest.MonkeyPatch) -> None:
    load_register(shipped)
    first = dump()
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2031, 5, 6, tzinfo=dt.UTC))
    assert dump() == first


TEXTS = st.text(
    st.one_of(
        st.sampled_from("\n \t\r:#-?'\"|>&*!%@`,[]{}~=…\x85\u2028\ufeff\x07\x7f😀đ1ệយ"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    min_size=1,
    max_size=200,
)


@pytest.mark.django_db
@pytest.mark.fuzz
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_any_text_is_the_same_after_a_dump(text: str) -> None:
    Register.objects.update_or_create(pk=1, defaults={"title": text})
    stream = io.StringIO()
    dump_register(stream)
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        assert yaml.load(stream.getvalue().encode(), Loader=loader)["title"] == text  # noqa: S506  (safe both)


@pytest.mark.django_db
@pytest.mark.fuzz
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_any_text_deep_in_the_file_is_the_same_after_a_dump(text: str) -> None:
    if not Source.objects.exists():
        Source.objects.create(slug="note", kind="letter", title="Note")
    Source.objects.update(note=text)
    stream = io.StringIO()
    dump_register(stream)
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        assert yaml.load(stream.getvalue().encode(), Loader=loader)["sources"][0]["note"] == text  # noqa: S506
