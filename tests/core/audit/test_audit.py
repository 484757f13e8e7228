"""The audit log: what is entered, from where, how it is chained, and what shows that it was altered."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test import Client

from accounts.models import ApiToken
from accounts.services.tokens import make_token
from commitments.models import Commitment, DayCorrection, StatusChange
from commitments.services.paragraph_corrections import correct_paragraph
from core.append_only import guarded_tables, install_guards, lift_guards
from core.audit import triggers
from core.audit.models import AuditedColumns, AuditEntry, AuditSeal
from core.audit.sealing import head, seal_all
from core.audit.triggers import audited_models, install_audit, lift_audit, missing_audit
from core.audit.verifying import verify
from relations.models import Country, Paragraph
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def bend() -> Iterator[Callable[..., None]]:
    """Changes the database as somebody does who may switch the triggers off and on again."""

    def bend(statement: str, *values: object) -> None:
        if connection.vendor == "postgresql":
            # No trigger can be dropped while deferred checks wait.
            connection.check_constraints()
        lift_guards()
        lift_audit()
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
        if connection.vendor == "postgresql":
            connection.check_constraints()
        install_guards()
        _install_without_entries()

    return bend


def _install_without_entries() -> None:
    """As install_audit, which would enter what is missing."""
    with connection.cursor() as cursor:
        for table, model in audited_models().items():
            for statement in triggers._creation(connection, table, model):
                cursor.execute(statement)


def entry_of(row: models.Model) -> AuditEntry:
    return AuditEntry.objects.get(table=row._meta.db_table, key=str(row.pk))


def last_change(commitment: Commitment) -> StatusChange:
    return commitment.status_changes.latest("pk")


# --- What is entered -------------------------------------------------------------------------------


def test_every_guarded_table_is_audited_but_the_log_itself() -> None:
    own = {AuditEntry, AuditedColumns, AuditSeal}
    assert set(audited_models().values()) == {model for model, _guard in guarded_tables()} - own
    assert missing_audit() == set()


def test_rows_that_are_added_at_once_have_an_entry_each() -> None:
    source = make.source()
    Paragraph.objects.bulk_create([Paragraph(source=source, number=n, text="A text.") for n in (7, 8)])
    keys = source.paragraphs.filter(number__in=(7, 8)).values_list("pk", flat=True)
    assert AuditEntry.objects.filter(table="relations_paragraph", key__in=map(str, keys)).count() == len(keys)


def test_a_change_that_is_rolled_back_has_no_entry() -> None:
    before = AuditEntry.objects.count()
    with transaction.atomic():
        Country.objects.create(code="ZZ", name="Nowhere")
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == before


# --- From where ------------------------------------------------------------------------------------


def test_page_admin_and_token_are_told_apart() -> None:
    officer = make.user("officer")
    pledge = make.commitment()
    client = client_as(officer)
    client.post(f"/commitments/{pledge.reference}/transitions/start/", {"note": "Begun.", "seen": 1})
    entry = entry_of(last_change(pledge))
    assert (entry.door, entry.username, entry.account) == ("page", officer.username, str(officer.pk))
    assert entry.request

    token, key = make_token(owner=officer, name="Dashboard", scope=ApiToken.Scope.WRITE, days=1)
    Client().post(
        f"/api/v1/commitments/{pledge.reference}/transitions/",
        {"transition": "stall", "note": "No money."},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    entry = entry_of(last_change(pledge))
    assert (entry.door, entry.username) == ("token", officer.username)
    assert str(token.pk) in entry.via


def test_a_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["manage.py", "load_register", "file.yaml"])
    country = Country.objects.create(code="ZZ", name="Nowhere")
    entry = entry_of(country.history.get())
    assert (entry.door, entry.via, entry.username) == ("command", "load_register", "")


# --- The chain -------------------------------------------------------------------------------------


def test_an_untouched_register_is_found_good() -> None:
    make.commitment()
    assert seal_all() == AuditEntry.objects.count()
    assert seal_all() == 0
    report = verify([head()])
    assert (report.faults, report.good, report.unsealed) == ([], head(), 0)
    assert report.checked == AuditEntry.objects.count()


def test_what_came_after_the_last_seal_is_counted() -> None:
    seal_all()
    pledge = make.commitment()
    report = verify()
    assert report.faults == []
    assert report.unsealed >= pledge.status_changes.count()


def test_an_altered_row_is_named(bend: Callable[..., None]) -> None:
    row = last_change(make.commitment())
    seal_all()
    bend("UPDATE commitments_statuschange SET note = 'Other words.' WHERE id = %s", row.pk)
    number = entry_of(row).seal.sequence
    report = verify()
    assert report.faults == [f"Row {row.pk} of commitments_statuschange was altered (seal {number})."]
    assert report.good.sequence == number - 1


def test_a_removed_row_is_named_whether_it_was_sealed_or_not(bend: Callable[..., None]) -> None:
    sealed = Country.objects.create(code="ZX", name="Nowhere").history.get()
    seal_all()
    late = Country.objects.create(code="ZY", name="Elsewhere").history.get()
    number = entry_of(sealed).seal.sequence
    for row in (sealed, late):
        bend("DELETE FROM relations_historicalcountry WHERE history_id = %s", row.pk)
    assert verify().faults == [
        f"Row {sealed.pk} of relations_historicalcountry was removed (seal {number}).",
        f"Row {late.pk} of relations_historicalcountry was removed, and its entry is not sealed.",
    ]


def test_a_row_that_was_put_in_past_the_triggers_is_named(bend: Callable[..., None]) -> None:
    row = Country.objects.create(code="ZX", name="Nowhere").history.get()
    seal_all()
    columns = ", ".join(f'"{field.column}"' for field in row._meta.concrete_fields if not field.primary_key)
    bend(
        f"INSERT INTO relations_historicalcountry ({columns}) "  # noqa: S608
        f"SELECT {columns} FROM relations_historicalcountry WHERE history_id = %s",
        row.pk,
    )
    (fault,) = verify().faults
    assert fault.startswith("Row ")
    assert fault.endswith(" of relations_historicalcountry was inserted without an entry.")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM core_auditseal WHERE sequence = 2", "Seal 2 was removed."),
        ("DELETE FROM core_auditseal WHERE sequence IN (2, 3)", "Seals 2 to 3 were removed."),
        (
            "UPDATE core_auditentry SET username = 'olive' WHERE id = "
            "(SELECT entry_id FROM core_auditseal WHERE sequence = 2)",
            "Seal 2, or its entry ",
        ),
        ("UPDATE core_auditseal SET row_hash = '0' WHERE sequence = 2", "Seal 2, or its entry "),
        ("UPDATE core_auditseal SET previous = '0' WHERE sequence = 2", "Seal 2 does not follow seal 1"),
    ],
)
def test_an_altered_chain_is_named(statement: str, found: str, bend: Callable[..., None]) -> None:
    make.commitment()
    seal_all()
    bend(statement)
    report = verify()
    assert any(fault.startswith(found) for fault in report.faults), report.faults
    assert report.good.sequence == 1


def test_entries_that_changed_places_are_named(bend: Callable[..., None]) -> None:
    make.commitment()
    seal_all()
    second, third = (seal.entry_id for seal in AuditSeal.objects.order_by("sequence")[1:3])
    Country.objects.create(code="ZX", name="Nowhere")
    free = AuditEntry.objects.filter(seal=None).values_list("pk", flat=True)[0]
    for entry, sequence in [(free, 2), (second, 3), (third, 2)]:
        bend("UPDATE core_auditseal SET entry_id = %s WHERE sequence = %s", entry, sequence)
    altered = [fault[:7] for fault in verify().faults if fault.startswith("Seal")]
    assert altered == ["Seal 2,", "Seal 3,"]


def test_a_chain_that_was_made_anew_is_not_the_one_that_was_exported(
    bend: Callable[..., None], tmp_path: Path
) -> None:
    row = last_change(make.commitment())
    heads = tmp_path / "heads"
    call_command("seal_audit", head=heads, stdout=io.StringIO())
    bend("UPDATE commitments_statuschange SET note = 'Other words.' WHERE id = %s", row.pk)
    bend("DELETE FROM core_auditseal")
    seal_all()
    assert verify().faults == []
    with pytest.raises(CommandError, match="The record was altered"):
        call_command("verify_audit", heads=heads, stdout=io.StringIO(), stderr=(said := io.StringIO()))
    assert "is not the one that was exported" in said.getvalue()


def test_a_chain_that_was_cut_is_not_the_one_that_was_exported(bend: Callable[..., None]) -> None:
    make.commitment()
    seal_all()
    kept = head()
    bend("DELETE FROM core_auditseal WHERE sequence = %s", kept.sequence)
    assert f"Seal {kept.sequence} was exported and is not there any more." in verify([kept]).faults


def test_a_head_that_was_exported_again_after_the_chain_was_made_anew_hides_nothing(
    bend: Callable[..., None], tmp_path: Path
) -> None:
    row = last_change(make.commitment())
    heads = tmp_path / "heads"
    call_command("seal_audit", head=heads, stdout=io.StringIO())
    bend("UPDATE commitments_statuschange SET note = 'Other words.' WHERE id = %s", row.pk)
    bend("DELETE FROM core_auditseal")
    call_command("seal_audit", head=heads, stdout=io.StringIO())
    first, second = (line.split()[0] for line in heads.read_text().splitlines())
    assert first == second
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_audit", heads=heads, stdout=io.StringIO(), stderr=(said := io.StringIO()))
    assert f"Seal {first} is not the one that was exported" in said.getvalue()


def test_columns_of_a_table_that_does_not_exist_hide_no_altered_row(bend: Callable[..., None]) -> None:
    row = last_change(make.commitment())
    seal_all()
    bend("UPDATE commitments_statuschange SET note = 'Other words.' WHERE id = %s", row.pk)
    bend("UPDATE core_auditedcolumns SET \"table\" = 'gone' WHERE \"table\" = 'commitments_statuschange'")
    number = entry_of(row).seal.sequence
    assert f"The columns of seal {number} were altered." in verify().faults


def test_an_entry_of_a_removal_explains_nothing_where_nothing_can_be_removed(
    bend: Callable[..., None],
) -> None:
    row = last_change(make.commitment())
    seal_all()
    bend("DELETE FROM commitments_statuschange WHERE id = %s", row.pk)
    bend(
        'INSERT INTO core_auditentry (at, door, account, username, via, request, act, "table", "key") '
        'SELECT at, door, account, username, via, request, \'delete\', "table", "key" '
        "FROM core_auditentry WHERE id = %s",
        entry_of(row).pk,
    )
    seal_all()
    expected = f"Row {row.pk} of commitments_statuschange was removed, which that table refuses."
    assert verify().faults == [expected]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("relations_paragraph", "newest_text", "Other words."),
        ("relations_paragraph", "newest_label", "IV"),
        ("relations_paragraph", "version", 2),
        ("commitments_statuschange", "corrected_on", "2020-01-01"),
    ],
)
def test_an_altered_column_that_follows_from_other_rows_is_named(
    table: str, column: str, value: object, bend: Callable[..., None]
) -> None:
    change = last_change(make.commitment())
    key = change.pk if table == "commitments_statuschange" else change.paragraph_id
    seal_all()
    bend(f"UPDATE {table} SET {column} = %s WHERE id = %s", value, key)  # noqa: S608
    expected = f"The column {column} of row {key} of {table} follows from no row: it was altered."
    assert verify().faults == [expected]


def test_columns_that_follow_from_corrections_are_no_fault() -> None:
    officer, change = make.user("officer"), last_change(make.commitment())
    paragraph = Paragraph.objects.get(pk=change.paragraph_id)
    for version, (text, label) in enumerate((("Mended.", None), ("Mended again.", "IV")), start=1):
        correct_paragraph(
            paragraph=paragraph, actor=officer, text=text, label=label, reason="Misread.", version=version
        )
    DayCorrection.objects.create(status_change=change, occurred_on="2019-01-02", reason="Misread.")
    StatusChange.objects.filter(pk=change.pk).update(corrected_on="2019-01-02")
    seal_all()
    assert verify().faults == []


def test_what_nothing_cites_may_be_removed() -> None:
    source = make.source()
    seal_all()
    source.paragraphs.filter(mentions=None).delete()
    assert verify().faults == []
    seal_all()
    assert verify().faults == []


def test_a_missing_trigger_is_a_fault() -> None:
    seal_all()
    lift_audit()
    assert any("commitments_statuschange_audit_insert is missing" in fault for fault in verify().faults)
    install_audit()
    assert verify().faults == []


def test_a_file_that_holds_no_heads_is_refused_with_its_line(tmp_path: Path) -> None:
    heads = tmp_path / "heads"
    heads.write_text("1 " + "0" * 64 + " 2026-11-30\nno head\n")
    with pytest.raises(CommandError, match="Line 2"):
        call_command("verify_audit", heads=heads, stdout=io.StringIO())
