"""A registration writes a reference, parties, the first mention and the first status, or nothing."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from commitments.models import Commitment, CommitmentParty, ReferenceCounter
from commitments.services.errors import RequirementsNotMet
from commitments.services.registration import FirstMention, register_commitment
from core import clock
from tests import factories as make

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)


def register(**changes) -> Commitment:
    fields = {
        "title": f"Open gate {next(_numbers)}",
        "text": "Open it.",
        "nature": "cooperation",
        "theme": make.theme(),
    }
    arguments = {
        "actor": make.user("officer"),
        "fields": fields | changes.pop("fields", {}),
        "parties": [make.country("VN"), make.country("KH")],
        "obligated": [make.country("VN")],
        "mention": FirstMention(make.meeting(), make.source().paragraphs.get(number=2)),
        "note": "Agreed by the ministers.",
        "occurred_on": dt.date(2025, 12, 9),
    }
    return register_commitment(**(arguments | changes))


def test_a_registration_writes_reference_mention_and_first_status() -> None:
    made = register(beneficiaries=[make.country("LA")])
    assert made.reference == "KHVN-2025-001"
    assert [(m.kind, m.paragraph.number) for m in made.mentions.all()] == [("made", 2)]
    first = made.status_changes.get()
    assert (first.transition, first.from_status, first.to_status, first.opens) == (
        "register",
        "",
        "agreed",
        True,
    )
    assert first.occurred_on == dt.date(2025, 12, 9)
    assert "they agreed again" in made.__class__.objects.get(pk=made.pk).search_text
    assert {(p.country.code, p.role) for p in made.parties.all()} == {
        ("KH", "party"),
        ("VN", "party"),
        ("VN", "obligated"),
        ("LA", "beneficiary"),
    }


def test_serials_run_by_parties_and_year() -> None:
    three = [make.country(code) for code in ("VN", "LA", "KH")]
    made = [
        register(),
        register(),
        register(occurred_on=dt.date(2024, 1, 1)),
        register(parties=three),
        register(),
    ]
    assert [each.reference for each in made] == [
        "KHVN-2025-001",
        "KHVN-2025-002",
        "KHVN-2024-001",
        "KHLAVN-2025-001",
        "KHVN-2025-003",
    ]


def test_a_serial_of_four_digits_sorts_after_one_of_three() -> None:
    register()
    ReferenceCounter.objects.update(last=999)
    register()
    assert list(Commitment.objects.values_list("reference", flat=True)) == ["KHVN-2025-001", "KHVN-2025-1000"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"parties": lambda: [make.country("VN")]}, "parties"),
        ({"obligated": list}, "obligated"),
        ({"obligated": lambda: [make.country("LA")]}, "obligated"),
        ({"note": lambda: " "}, "note"),
        ({"occurred_on": lambda: clock.today() + dt.timedelta(days=1)}, "occurred_on"),
        ({"status": lambda: "standing"}, "status"),
        ({"status": lambda: "in_progress"}, "status"),
        ({"fields": lambda: {"title": ""}}, "title"),
        ({"fields": lambda: {"nature": "poem"}}, "nature"),
        ({"fields": lambda: {"deadline_latest": dt.date(2026, 1, 1)}}, "deadline_wording"),
        ({"fields": lambda: {"deadline_earliest": dt.date(2026, 1, 1)}}, "deadline_wording"),
        (
            {
                "fields": lambda: {
                    "deadline_wording": "in 2026",
                    "deadline_earliest": dt.date(2026, 12, 31),
                    "deadline_latest": dt.date(2026, 1, 1),
                }
            },
            "deadline_latest",
        ),
        (
            {
                "fields": lambda: {
                    "deadline_wording": "in 2026",
                    "deadline_latest": dt.date(2026, 1, 1),
                    "review_on": dt.date(2026, 1, 1),
                }
            },
            "review_on",
        ),
    ],
)
def test_an_error_names_its_field_and_nothing_is_written(changes: dict, field: str) -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        register(**{key: value() for key, value in changes.items()})
    assert list(refused.value.errors) == [field]
    assert Commitment.objects.count() == ReferenceCounter.objects.count() == 0


def test_a_principle_may_start_as_standing() -> None:
    assert register(fields={"nature": "principle"}, status="standing").status == "standing"


@pytest.mark.parametrize("role", ["reviewer", "focal_point", "reader", "administrator"])
def test_only_an_officer_registers(role: str) -> None:
    with pytest.raises(PermissionDenied):
        register(actor=make.user(role, is_superuser=True))


def test_the_database_checks_the_rules_of_one_row() -> None:
    made = register()
    for change in (
        {"deadline_earliest": dt.date(2026, 2, 1), "deadline_latest": dt.date(2026, 1, 1)},
        {"deadline_latest": dt.date(2026, 1, 1), "review_on": dt.date(2026, 1, 1)},
        {"status": "superseded"},
        {"status": "under_review"},
        {"status": "done"},
        {"successor_id": made.pk},
        {"nature": "poem"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Commitment.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentParty.objects.create(commitment=made, country=make.country("VN"), role="party")
