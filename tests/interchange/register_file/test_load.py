"""A load writes the whole file or nothing, and a second load changes nothing."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

from accounts.models import User
from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    Evidence,
    LoadedEntry,
    Mention,
    ReferenceCounter,
    Register,
    StatusChange,
)
from commitments.services.references import take_serials
from commitments.services.search import refresh_search_text
from commitments.services.transitions import opens, replay, state_after
from interchange.register_file.load import load_register
from interchange.register_file.result import LoadResult
from relations.models import Meeting, Paragraph, Source

pytestmark = pytest.mark.django_db

Load = Callable[..., LoadResult]


def rows() -> dict[str, int]:
    """Count the rows of each table of the register, field histories included."""
    models = [
        *apps.get_app_config("relations").get_models(),
        *apps.get_app_config("commitments").get_models(),
    ]
    return {model.__name__: model._default_manager.count() for model in models}


def test_shipped_register_is_loaded_completely(shipped: Path) -> None:
    result = load_register(shipped)
    assert dict(result.created) == {
        "countries": 4,
        "agencies": 19,
        "people": 7,
        "mechanisms": 13,
        "themes": 13,
        "sources": 11,
        "meetings": 14,
        "commitments": 77,
    }
    assert (result.changed, result.unchanged) == ({}, {})
    assert (result.conflicts, result.warnings, result.accounts) == ([], [], [])
    assert Commitment.objects.count() == 77
    assert Mention.objects.count() == 151
    assert Meeting.objects.count() == 14
    assert StatusChange.objects.count() == 88
    register = Register.objects.get()
    assert register.title == "Viet Nam-Cambodia: register of undertakings, July 2024 to January 2026"
    assert register.as_of == dt.date(2026, 1, 16)


def test_a_commitment_has_the_values_of_its_entry(small: str, load: Load) -> None:
    load(small)
    made = Commitment.objects.get(reference="KHVN-2025-001")
    assert (made.prefix, made.year, made.serial) == ("KHVN", 2025, 1)
    assert (made.title, made.text, made.nature) == ("Hold the next session", "Hold it in 2026.", "event")
    assert made.theme.slug == "border"
    assert made.deadline_wording == "in 2026"
    assert (made.deadline_earliest, made.deadline_latest) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert [(each.country.code, each.role) for each in made.parties.order_by("pk")] == [
        ("KH", "party"),
        ("VN", "party"),
        ("VN", "obligated"),
    ]
    assert [(each.agency.slug, each.role) for each in made.assignments.all()] == [("vn-mofa", "lead")]
    mention = made.mentions.get()
    assert (mention.meeting.slug, mention.kind, mention.modality) == ("jc-21", "made", "agreed")
    assert mention.paragraph.text == "They agreed."
    assert [each.reference for each in made.related.all()] == ["KHVN-2025-002"]
    assert (made.classification, made.version, made.remarks) == (0, 1, "")


@pytest.mark.parametrize(
    "url", ["http://van_thu/doc/123", "ftp://files.example.org/doc", "https://user:secret@example.org/doc"]
)
def test_addresses_that_a_form_accepts_or_accepted_earlier_are_loaded(
    small: str, load: Load, dump: Callable[[], str], url: str
) -> None:
    load(small.replace("    title: Note for file\n", f"    title: Note for file\n    url: {url}\n"))
    assert Source.objects.get(slug="note").url == url
    assert load(dump()).changed == {}


def test_status_history_becomes_records_without_an_actor(small: str, load: Load) -> None:
    load(small)
    made = Commitment.objects.get(reference="KHVN-2025-001")
    first, second = made.status_changes.order_by("number")
    assert (first.number, first.transition, first.from_status, first.to_status) == (1, "record", "", "agreed")
    assert (first.occurred_on, first.note, first.actor) == (dt.date(2025, 12, 9), "Agreed.", None)
    assert first.paragraph.text == "They agreed."
    assert first.opens is True
    assert (second.number, second.from_status, second.to_status) == (2, "agreed", "in_progress")
    assert (second.paragraph, second.opens) == (None, False)
    assert first.recorded_at == second.recorded_at
    assert made.status == "in_progress"


def test_stored_status_follows_from_the_history(shipped: Path) -> None:
    load_register(shipped)
    for commitment in Commitment.objects.prefetch_related("status_changes"):
        changes = sorted(commitment.status_changes.all(), key=lambda change: change.number)
        assert replay(changes) == commitment.status
        state = state_after(changes[-1])
        assert (commitment.review_from, commitment.successor_id) == (
            state["review_from"],
            state["successor_id"],
        )
        assert all(change.opens == opens(change.from_status, change.to_status) for change in changes)


def test_a_second_load_changes_nothing(shipped: Path) -> None:
    load_register(shipped)
    before, entries = rows(), list(LoadedEntry.objects.order_by("pk").values())
    versions = list(Commitment.objects.order_by("pk").values_list("version", flat=True))
    result = load_register(shipped)
    assert rows() == before
    assert (result.created, result.changed, result.conflicts) == ({}, {}, [])
    assert result.unchanged["commitments"] == 77
    assert list(LoadedEntry.objects.order_by("pk").values()) == entries
    assert list(Commitment.objects.order_by("pk").values_list("version", flat=True)) == versions


def test_a_dry_run_reports_changes_and_writes_nothing(
    small: str, load: Load, errors: Callable[[str], list[str]]
) -> None:
    before = rows()
    result = load(small, dry_run=True)
    assert result.created["commitments"] == 2
    assert rows() == before
    load(small)
    before = rows()
    result = load(small.replace("title: Keep the peace", "title: Keep peace"), dry_run=True)
    assert (result.changed["commitments"], result.unchanged["commitments"]) == (1, 1)
    assert rows() == before
    assert Commitment.objects.get(reference="KHVN-2025-002").title == "Keep the peace"
    assert errors(small.replace("nature: event", "nature: feast"))


def test_related_commitments_are_linked_on_both_sides(small: str, load: Load) -> None:
    load(small)
    second = Commitment.objects.get(reference="KHVN-2025-002")
    assert [each.reference for each in second.related.all()] == ["KHVN-2025-001"]


def test_texts_are_searchable_and_paragraphs_recorded(shipped: Path) -> None:
    load_register(shipped)
    assert refresh_search_text(Commitment.objects.values_list("pk", flat=True)) == 0
    assert all(source.is_unaltered for source in Source.objects.all())
    assert Paragraph.objects.filter(source__slug="note-2024-07-13").count() == 45
    for model in (Meeting, Source, *(apps.get_model("relations", name) for name in ("Person", "Agency"))):
        for record in model.objects.all():
            stored = record.search_text
            record.refresh_names()
            assert record.search_text == stored


def test_serials_of_the_file_are_not_taken_again(shipped: Path) -> None:
    load_register(shipped)
    assert ReferenceCounter.objects.get(prefix="KHVN", year=2025).last == 30
    assert take_serials(prefix="KHVN", year=2025) == range(31, 32)
    load_register(shipped)
    assert ReferenceCounter.objects.get(prefix="KHVN", year=2025).last == 31


def test_field_history_begins_with_the_load(small: str, load: Load) -> None:
    load(small)
    made = Commitment.objects.get(reference="KHVN-2025-001")
    row = made.history.get()
    assert (row.history_type, row.history_change_reason, row.history_user) == ("+", "register file", None)
    assert row.title == "Hold the next session"
    assert [link.to_commitment.reference for link in row.related.all()] == ["KHVN-2025-002"]
    for model in (CommitmentParty, Assignment, Mention):
        assert model.history.count() == model.objects.count()


def test_sections_can_come_in_any_order(small: str, load: Load, dump: Callable[[], str]) -> None:
    first = small.index("countries:\n")
    middle = small.index("commitments:\n")
    load(small[:first] + small[middle:] + small[first:middle])
    assert Commitment.objects.count() == 2
    assert dump().index("countries:") < dump().index("commitments:")


def test_a_history_goes_on_after_a_day_that_a_wrong_clock_wrote(
    small: str, load: Load, errors: Callable[[str], list[str]], dump: Callable[[], str]
) -> None:
    """A change may be dated before the previous one if that lay in the future when it was recorded."""
    day, wrong = "        'on': 2026-01-10\n", "        'on': 2027-01-10\n"
    following = "      - status: agreed\n        'on': {}\n        recorded_at: {}T08:00:00Z\n"
    history = small.replace(day, wrong).replace(
        "    mentions:\n", following.format("2026-03-01", "2026-03-01") + "    mentions:\n", 1
    )
    history = history.replace("    status: in_progress\n", "    status: agreed\n")
    found = errors(history.replace("2026-03-01T", "2027-03-01T"))
    assert [each.partition(": ")[2] for each in found] == [
        "commitments.KHVN-2025-001.status_history[3].on: 2026-03-01 is before the previous change, 2027-01-10"
    ]
    load(history)
    assert "'on': 2026-03-01" in dump()


def test_successor_can_come_later_in_the_file(small: str, load: Load) -> None:
    text = small.replace(
        "    status: in_progress\n", "    status: superseded\n    successor: KHVN-2025-002\n"
    )
    load(text.replace("      - status: in_progress\n", "      - status: superseded\n"))
    made = Commitment.objects.get(reference="KHVN-2025-001")
    assert (made.status, made.successor.reference) == ("superseded", "KHVN-2025-002")
    assert made.status_changes.last().successor == made.successor
    assert replay(made.status_changes.all()) == "superseded"


def test_an_open_commitment_without_latest_day_and_review_date_is_a_warning(small: str, load: Load) -> None:
    result = load(small.replace("      latest: 2026-12-31\n", ""))
    assert [str(warning) for warning in result.warnings] == [
        "line 60: commitments.KHVN-2025-001.deadline: open, with neither a latest day nor review_on: "
        "never overdue, never due for review"
    ]
    assert Commitment.objects.count() == 2


def test_authors_without_an_account_get_an_inactive_one(small: str, load: Load) -> None:
    text = small.replace("        note: Begun.\n", "        note: Begun.\n        actor: linh.tran\n")
    result = load(text.replace("        role: lead\n", "        role: lead\n        focal_point: sok\n"))
    assert result.accounts == ["linh.tran", "sok"]
    account = get_user_model().objects.get(username="linh.tran")
    assert (account.is_active, account.is_staff, account.is_superuser) == (False, False, False)
    assert not account.has_usable_password()
    assert not account.groups.exists()
    assert StatusChange.objects.get(number=2).actor == account
    assert Assignment.objects.get().focal_point.username == "sok"


def test_an_existing_account_is_used_unchanged(small: str, load: Load) -> None:
    account = User.objects.create_user("linh.tran", password="correct horse")
    text = small.replace("        note: Begun.\n", "        note: Begun.\n        actor: linh.tran\n")
    assert load(text).accounts == []
    account.refresh_from_db()
    assert (account.is_active, account.check_password("correct horse")) == (True, True)


def test_evidence_belongs_to_its_status_change(small: str, load: Load) -> None:
    evidence = (
        "    evidence:\n      - kind: link\n        title: Programme\n        url: https://example.org/programme\n"
        "        status_change: 2\n        withdrawn:\n          reason: The link is dead.\n"
    )
    load(small.replace("    related:\n      - KHVN-2025-002\n", evidence))
    given = Evidence.objects.get()
    assert (given.type, given.status_change.number) == ("other", 2)
    assert given.withdrawal.reason == "The link is dead."


def test_what_was_checked_is_loaded_even_if_the_file_changes_meanwhile(
    small: str, write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(small)

    def change(done: float) -> None:
        if done < 1 and path.read_text() == small:
            path.write_text(small.replace("Keep the peace", "Keep on"))

    load_register(path, progress=change)
    assert Commitment.objects.filter(title="Keep the peace").exists()


def test_a_load_that_fails_gives_back_its_serials_and_no_others(
    small: str, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(small)
    monkeypatch.setattr("interchange.register_file.load._Load.run", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load(small.replace("KHVN-2025-002", "KHVN-2025-900"))
    assert ReferenceCounter.objects.get(prefix="KHVN", year=2025).last == 2
