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

from commitments.choices import EvidenceKind
from commitments.models import (
    Commitment,
    Evidence,
    Reading,
    Register,
    StatusChange,
    Target,
)
from commitments.services.deadlines import Window, change_deadline
from commitments.services.paragraphs import set_aside
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition
from interchange.register_file.dump import dump_register
from interchange.register_file.load import load_register
from interchange.register_file.result import LoadResult
from relations.models import MeetingSource, Paragraph, Source
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
    "baseline: -0.5",
    "progress:",
    "challenges: |",
    "evidence:",
    "file: evidence/minutes.pdf",
    "withdrawn:",
    "deadline_changes:",
    "set_aside:",
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
    record_progress(
        commitment=trade,
        actor=officer,
        achieved="12",
        challenges="Rules.\r\n\nMore rules.\n",
        occurred_on=today,
    )
    record_progress(commitment=trade, actor=officer, challenges="A line.\nAnother.", review_on=today)
    change_deadline(commitment=trade, actor=officer, window=Window("by 2030"), reason="Renegotiated.")
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
    Register.objects.update(title="2026", as_of=None)
    altered = Source.objects.get(slug="note-2026-01-15")
    Source.objects.filter(pk=altered.pk).update(text="1. Something else.\n")
    Source.objects.create(slug="unrecorded", title="Text without a digest", kind="letter", text="1. Yes.\n")
    loose = Source.objects.create(slug="loose", title="Not numbered", kind="letter", text="Not numbered.")
    Paragraph.objects.create(source=loose, number=3, text="The third.\twith a tab ")
    MeetingSource.objects.filter(meeting__slug="jc-21").delete()


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
