"""Progress, evidence, deadlines and assignments: what each service accepts, refuses and keeps on record."""

import datetime as dt
import hashlib
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commitments.models import Assignment, Commitment, Target
from commitments.querysets import AsOf
from commitments.services import files
from commitments.services.assignments import assign
from commitments.services.deadlines import Window
from commitments.services.errors import RequirementsNotMet
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.readings import record_reading
from commitments.services.transitions import apply_transition
from core import clock, uploads
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db
SOON = Window(wording="soon", review_on=dt.date(2030, 6, 30))


@pytest.mark.parametrize("role", ["reviewer", "reader", "administrator"])
def test_only_an_officer_assigns(role: str) -> None:
    pledge, actor = make.commitment(), make.user(role)
    with pytest.raises(PermissionDenied):
        assign(commitment=pledge, actor=actor, agency=make.agency())


def test_progress_is_reported_by_officers_and_by_the_assigned_agency() -> None:
    mofa = make.agency()
    pledge = make.commitment(agencies=(mofa,))
    for actor in (make.user("officer"), make.user("focal_point", agency=mofa)):
        record_progress(commitment=pledge, actor=actor, achieved="Talks opened.")
    for actor in (make.user("reviewer"), make.user("reader"), make.user("administrator")):
        with pytest.raises(PermissionDenied):
            record_progress(commitment=pledge, actor=actor, achieved="x")
    with pytest.raises(Commitment.DoesNotExist):
        record_progress(
            commitment=pledge, actor=make.user("focal_point", agency=make.agency("x-other")), achieved="x"
        )
    assert pledge.progress_updates.count() == 2


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "achieved"),
        ({"achieved": "x", "occurred_on": dt.date(2999, 1, 1)}, "occurred_on"),
        ({"achieved": "x", "review_on": dt.date(2020, 1, 1)}, "review_on"),
    ],
)
def test_invalid_progress_is_named(asked: dict, field: str) -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        record_progress(commitment=make.commitment(), actor=make.user("officer"), **asked)
    assert list(refused.value.errors) == [field]


def test_a_next_review_is_only_for_a_deadline_without_a_latest_date() -> None:
    officer, later = make.user("officer"), clock.today() + dt.timedelta(days=30)
    fixed = make.commitment(deadline_wording="in 2030", deadline_latest=dt.date(2030, 12, 31))
    with pytest.raises(RequirementsNotMet):
        record_progress(commitment=fixed, actor=officer, achieved="x", review_on=later)
    vague = make.commitment(deadline_wording="soon")
    record_progress(commitment=vague, actor=officer, achieved="x", review_on=later)
    vague.refresh_from_db()
    assert vague.review_on == later
    assert vague.deadline_changes.get().new_review_on == later


def test_withdrawn_evidence_stays_on_record_but_proves_nothing() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    evidence = add_evidence(commitment=pledge, actor=officer, title="Minutes", url="https://example.org/m")
    withdraw_evidence(evidence=evidence, actor=officer, reason="Another meeting's.")
    assert pledge.evidence.get().is_withdrawn
    with pytest.raises(RequirementsNotMet):
        withdraw_evidence(evidence=evidence, actor=officer, reason="Again.")
    with pytest.raises(RequirementsNotMet) as refused:
        apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="fulfilled")
    assert list(refused.value.errors) == ["evidence"]


def test_evidence_attached_since_the_opening_proves_delivery() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    add_evidence(commitment=pledge, actor=officer, title="Minutes", url="https://example.org/m")
    change = apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="fulfilled")
    assert change.outcome == "fulfilled"


def test_assigning_again_changes_the_assignment_and_checks_the_focal_point() -> None:
    officer, pledge, mofa = make.user("officer"), make.commitment(), make.agency()
    focal, stranger = make.user("focal_point", agency=mofa), make.user("focal_point", agency=make.agency("x"))
    assign(commitment=pledge, actor=officer, agency=mofa, role="support")
    assign(commitment=pledge, actor=officer, agency=mofa, role="lead", focal_point=focal)
    assert [(each.agency, each.role, each.focal_point) for each in pledge.assignments.all()] == [
        (mofa, "lead", focal)
    ]
    with pytest.raises(RequirementsNotMet) as refused:
        assign(commitment=pledge, actor=officer, agency=mofa, focal_point=stranger)
    assert list(refused.value.errors) == ["focal_point"]


def test_a_long_note_of_an_assignment_is_the_reason_of_its_change() -> None:
    officer, pledge, mofa = make.user("officer"), make.commitment(), make.agency()
    long = "As the two ministers agreed over the telephone. " * 20
    for role, note in (("support", f"  {long}\n"), ("lead", "On the minister's word."), ("lead", " \n")):
        assign(commitment=pledge, actor=officer, agency=mofa, role=role, note=note)
    assign(commitment=pledge, actor=officer, agency=make.agency("x"))
    kept = Assignment.history.order_by("history_id")
    assert list(kept.values_list("history_type", "role", "history_change_reason")) == [
        ("+", "support", long.strip()),
        ("~", "lead", "On the minister's word."),  # the third changed nothing and said nothing
        ("+", "lead", None),
    ]


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_file_is_stored_once_under_its_hash() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    for name in ("Biên bản.pdf", "../../minutes.pdf"):
        upload = SimpleUploadedFile(name, PDF, content_type="text/html")
        add_evidence(commitment=pledge, actor=officer, title="Minutes", file=upload)
    first, second = pledge.evidence.all()
    digest = hashlib.sha256(PDF).hexdigest()
    assert (first.kind, first.sha256, first.file_name) == ("file", digest, "Biên bản.pdf")
    assert second.file_name == "minutes.pdf"
    assert first.file.name == second.file.name == f"evidence/{digest[:2]}/{digest}.pdf"
    with first.file.open("rb") as kept:
        assert kept.read() == PDF


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("minutes.pdf", b"<script>alert(1)</script>"),
        ("minutes.pdf", b""),
        ("notes.txt", b"\xff\xfe\x00\x00"),
        ("program.exe", b"MZ"),
        ("none", PDF),
    ],
)
def test_a_file_that_does_not_match_its_name_is_refused(name: str, content: bytes) -> None:
    pledge = make.commitment()
    with pytest.raises(RequirementsNotMet) as refused:
        add_evidence(
            commitment=pledge,
            actor=make.user("officer"),
            title="Minutes",
            file=SimpleUploadedFile(name, content),
        )
    assert list(refused.value.errors) == ["file"]
    assert pledge.evidence.count() == 0


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", len(PDF) - 1)
    with pytest.raises(RequirementsNotMet, match="The limit is"):
        files.check_file(SimpleUploadedFile("minutes.pdf", PDF))


def test_evidence_is_a_link_or_a_file() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    for asked in ({}, {"url": "https://example.org", "file": SimpleUploadedFile("a.pdf", PDF)}):
        with pytest.raises(RequirementsNotMet):
            add_evidence(commitment=pledge, actor=officer, title="Minutes", **asked)


def test_a_period_has_one_reading_and_it_counts_as_activity() -> None:
    officer, pledge = make.user("officer"), make.commitment(nature="target")
    with pytest.raises(RequirementsNotMet, match="no target"):
        record_reading(commitment=pledge, actor=officer, value=Decimal("10.4"))
    Target.objects.create(commitment=pledge, indicator="Trade", unit="USD billion", value=20)
    first = {"as_of": dt.date(2025, 12, 20), "value": Decimal("10.40")}
    record_reading(commitment=pledge, actor=officer, period="2025", **first)
    record_reading(commitment=pledge, actor=officer, value=Decimal(3), as_of=dt.date(2025, 12, 20))
    for asked, errors in (
        ({"period": "2025"}, {"period": ["This period already has a reading: 10.4, as of 20 Dec 2025."]}),
        (
            {"period": "2025-01/2025-12"},
            {"period": ["This period already has a reading: 10.4, as of 20 Dec 2025."]},
        ),
        (
            {"as_of": dt.date(2025, 12, 20)},
            {"as_of": ["This date already has a reading: 3, as of 20 Dec 2025."]},
        ),
        (
            {"period": "first half"},
            {"period": ["Write the period as 2025, 2025-01, 2025-01-31 or 2025-01/2025-11."]},
        ),
        (
            {"period": "២០២៥"},
            {"period": ["Write the period as 2025, 2025-01, 2025-01-31 or 2025-01/2025-11."]},
        ),
    ):
        with pytest.raises(RequirementsNotMet) as refused:
            record_reading(commitment=pledge, actor=officer, value=Decimal(11), **asked)
        assert refused.value.errors == errors
    record_reading(commitment=pledge, actor=officer, value=Decimal(11), period="2026-01")
    assert [str(each.value.normalize()) for each in pledge.readings.all()] == ["10.4", "3", "11"]
    assert Commitment.objects.at(AsOf.now()).quiet_for(1, clock.today()).count() == 0


def test_a_file_is_served_only_to_users_who_can_see_the_commitment(client: Client) -> None:
    pledge = make.commitment(classification=1)
    evidence = add_evidence(
        commitment=pledge,
        actor=make.user("officer", clearance=1),
        title="Minutes",
        file=SimpleUploadedFile("Biên bản.pdf", PDF),
    )
    url = f"/commitments/{pledge.reference}/evidence/{evidence.pk}/"
    client_as("reader", clearance=1, client=client)
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    client_as("reader", client=client)
    assert client.get(url).status_code == 404
