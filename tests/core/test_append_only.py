"""The database itself refuses to change what is only ever added to."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from commitments.models import DeadlineChange, Evidence, EvidenceWithdrawal, ProgressUpdate, StatusChange
from commitments.services.deadlines import Window, change_deadline
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from core.append_only import guarded_models
from relations.models import Paragraph
from tests import factories as make

# Written by hand: a table that leaves this list has lost its guard.
REFUSES = {
    "commitments_statuschange": ("UPDATE", "DELETE"),
    "commitments_progressupdate": ("UPDATE", "DELETE"),
    "commitments_evidence": ("UPDATE", "DELETE"),
    "commitments_evidencewithdrawal": ("UPDATE", "DELETE"),
    "commitments_deadlinechange": ("UPDATE", "DELETE"),
    "relations_paragraph": ("UPDATE",),
}


def fill() -> None:
    """A row in every guarded table."""
    officer, pledge = make.user("officer"), make.commitment()
    record_progress(commitment=pledge, actor=officer, achieved="Half.")
    evidence = add_evidence(commitment=pledge, actor=officer, title="A", url="https://example.org/a")
    withdraw_evidence(evidence=evidence, actor=officer, reason="Wrong paper.")
    change_deadline(commitment=pledge, actor=officer, window=Window(wording="soon"), reason="Agreed anew.")


def attempt(table: str, statement: str) -> None:
    sql = f"UPDATE {table} SET id = id" if statement == "UPDATE" else f"DELETE FROM {table}"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def assert_all_refused() -> None:
    for table, statements in REFUSES.items():
        for statement in statements:
            with pytest.raises(DatabaseError, match="a correction is a new row"):
                attempt(table, statement)


def test_the_guarded_tables_are_these() -> None:
    assert {model._meta.db_table for model in guarded_models()} == set(REFUSES)


@pytest.mark.django_db
def test_raw_sql_can_neither_change_nor_remove() -> None:
    fill()
    assert_all_refused()


@pytest.mark.django_db
def test_the_orm_cannot_either() -> None:
    fill()
    for model in (StatusChange, ProgressUpdate, EvidenceWithdrawal, Evidence):
        row = model.objects.first()
        with pytest.raises(DatabaseError, match="a correction is a new row"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(recorded_at=row.recorded_at)
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.filter(pk=row.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_the_guards_outlive_a_migration_that_rebuilds_the_tables() -> None:
    notes = {
        StatusChange: "note",
        ProgressUpdate: "achieved",
        Evidence: "title",
        EvidenceWithdrawal: "reason",
    }
    notes |= {DeadlineChange: "reason", Paragraph: "text"}
    fill()
    for model, name in notes.items():
        alter(model, name, null=True)
    try:
        call_command("migrate", verbosity=0)
        assert_all_refused()
    finally:
        for model, name in notes.items():
            alter(model, name, null=False)
        call_command("migrate", verbosity=0)


def alter(model: type[models.Model], name: str, *, null: bool) -> None:
    """Alter a column as a migration does; SQLite makes the whole table anew for it."""
    current = model._meta.get_field(name)
    before, after = current.clone(), current.clone()
    before.null, after.null = not null, null
    for field in (before, after):
        field.set_attributes_from_name(name)
        field.model = model
    with connection.schema_editor() as editor:
        editor.alter_field(model, before, after, strict=False)
