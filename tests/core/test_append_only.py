"""The database itself refuses to change what is only ever added to."""

import datetime as dt

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from commitments.models import (
    DeadlineChange,
    DeadlineProposal,
    Evidence,
    EvidenceWithdrawal,
    ProgressUpdate,
    StatusChange,
)
from commitments.services.body_merging import merge_bodies
from commitments.services.day_corrections import correct_day
from commitments.services.deadlines import Window
from commitments.services.downgrades import decide_downgrade, propose_downgrade
from commitments.services.entered_in_error import enter_in_error
from commitments.services.merging import merge
from commitments.services.paragraph_corrections import correct_paragraph
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.report_requests import ask_for_reports
from core import clock
from core.append_only import guarded_models, guards, install_guards, lift_guards, missing_guards
from core.audit.sealing import seal_all
from interchange.briefing.templates import add_version
from relations.models import Paper, Paragraph
from relations.services.papers import withdraw_paper
from tests import factories as make

# Written by hand: a table that leaves this list has lost its guard.
REFUSES = {
    "commitments_statuschange": ("UPDATE", "DELETE"),
    "commitments_progressupdate": ("UPDATE", "DELETE"),
    "commitments_evidence": ("UPDATE", "DELETE"),
    "commitments_evidencewithdrawal": ("UPDATE", "DELETE"),
    "commitments_reportrequest": ("UPDATE", "DELETE"),
    "commitments_reportrequestend": ("UPDATE", "DELETE"),
    "commitments_deadlinechange": ("UPDATE", "DELETE"),
    "commitments_deadlineproposal": ("UPDATE", "DELETE"),
    "commitments_deadlinedecision": ("UPDATE", "DELETE"),
    "commitments_downgrade": ("UPDATE", "DELETE"),
    "commitments_downgradedecision": ("UPDATE", "DELETE"),
    "commitments_enteredinerror": ("UPDATE", "DELETE"),
    "commitments_merge": ("UPDATE", "DELETE"),
    "commitments_bodymerge": ("UPDATE", "DELETE"),
    "commitments_daycorrection": ("UPDATE", "DELETE"),
    "accounts_accountevent": ("UPDATE", "DELETE"),
    "interchange_briefingtemplate": ("UPDATE", "DELETE"),
    "relations_paragraph": ("UPDATE",),
    "relations_paragraphversion": ("UPDATE", "DELETE"),
    "relations_paper": ("UPDATE",),
    "relations_paperwithdrawal": ("UPDATE",),
    "core_auditentry": ("UPDATE", "DELETE"),
    "core_auditedcolumns": ("UPDATE", "DELETE"),
    "core_auditseal": ("UPDATE", "DELETE"),
}
# Written by whatever changes a record; a row of these is refused like one of the above.
HISTORIES = {
    *("relations_historicalcountry", "relations_historicalagency", "relations_historicalperson"),
    *("relations_historicalmechanism", "relations_historicalmechanism_countries"),
    *("relations_historicalsource", "relations_historicalsource_based_on"),
    *("relations_historicalmeeting", "relations_historicalparticipation"),
    *("commitments_historicaltheme", "commitments_historicalcommitment"),
    *("commitments_historicalcommitment_related", "commitments_historicalcommitmentparty"),
    *("commitments_historicalassignment", "commitments_historicalmention"),
    *("commitments_historicaltarget", "commitments_historicalreading", "django_admin_log"),
}


def fill() -> None:
    """A row in every guarded table."""
    officer, pledge = make.user("officer"), make.commitment()
    record_progress(commitment=pledge, actor=officer, achieved="Half.")
    evidence = add_evidence(commitment=pledge, actor=officer, title="A", url="https://example.org/a")
    withdraw_evidence(evidence=evidence, actor=officer, reason="Wrong paper.")
    lower = propose_downgrade(
        record=make.commitment(classification=1),
        actor=make.user("officer", clearance=1),
        level=0,
        reason="Published.",
    )
    decide_downgrade(proposal=lower, actor=make.user("reviewer", clearance=1), decision="accepted")
    make.new_deadline(commitment=pledge, actor=officer, window=Window(wording="soon"), reason="Agreed anew.")
    focal_point = make.user("focal_point", agency=make.agency())
    asked = make.commitment(agencies=(make.agency(),))
    ask_for_reports(commitments=[asked.pk], actor=officer, due_on=clock.today())
    record_progress(commitment=asked, actor=focal_point, achieved="Half.")
    merge_bodies(kept=make.agency(), absorbed=make.agency("twin"), actor=make.user("administrator"))
    twin = make.commitment()
    merge(kept=make.commitment(), absorbed=twin, actor=make.user("reviewer"), reason="The same.")
    (change,) = pledge.status_changes.all()
    correct_day(change=change, actor=make.user("reviewer"), day=dt.date(2024, 7, 12), reason="Misread.")
    enter_in_error(thing=pledge, actor=make.user("reviewer"), reason="Never said.")
    paper = Paper.objects.create(source=make.source(), file="papers/a.pdf", file_name="a.pdf", size=1)
    withdraw_paper(paper=paper, actor=officer, reason="Another paper.")
    add_version(actor=make.user("administrator"), kind="pack", language="en", content=b"x")
    paragraph = pledge.mentions.get().paragraph
    correct_paragraph(paragraph=paragraph, actor=officer, text="New.", label=None, reason="A.", version=1)
    seal_all()


def attempt(table: str, statement: str) -> None:
    run(f"UPDATE {table} SET id = id" if statement == "UPDATE" else f"DELETE FROM {table}")  # noqa: S608


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def assert_all_refused() -> None:
    for table, statements in REFUSES.items():
        for statement in statements:
            with pytest.raises(DatabaseError, match="a correction is a new row"):
                attempt(table, statement)


def test_the_guarded_tables_are_these() -> None:
    assert {model._meta.db_table for model in guarded_models()} == set(REFUSES)
    assert {guard.table for guard in guards()} == set(REFUSES) | HISTORIES


@pytest.mark.django_db
def test_field_history_and_the_log_of_the_admin_are_guarded_too() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    LogEntry.objects.log_actions(officer.pk, [pledge], CHANGE, "Changed.", single_object=True)
    held = pledge.history.model._meta.db_table
    for table, key in (("django_admin_log", "id"), (held, "history_id")):
        for sql in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(DatabaseError, match="a correction is a new row"):
                run(sql)


@pytest.mark.django_db
def test_a_row_cannot_be_replaced_by_inserting_it_again() -> None:
    """SQLite's way around a DELETE trigger; PostgreSQL knows no such statement and updates instead."""
    fill()
    for table in REFUSES:
        model = next(each for each in guarded_models() if each._meta.db_table == table)
        names = [field.column for field in model._meta.concrete_fields if not field.generated]
        columns = ", ".join(f'"{name}"' for name in names)
        if connection.vendor == "sqlite":
            sql = f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}"  # noqa: S608
        else:
            sql = (
                f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {table} "  # noqa: S608
                f"ON CONFLICT (id) DO UPDATE SET id = excluded.id"
            )
        with pytest.raises(DatabaseError, match="a correction is a new row"):
            run(sql)


@pytest.mark.django_db
def test_a_change_is_not_replaced_by_its_number_alone() -> None:
    pledge = make.commitment()
    values = "commitment_id, number, transition, from_status, to_status, occurred_on, recorded_at, note, "
    values += "outcome, opens"
    others = values.replace("note", "'Rewritten.'")
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with pytest.raises(DatabaseError):
        run(f"{verb} INTO commitments_statuschange ({values}) SELECT {others} FROM commitments_statuschange")  # noqa: S608
    assert pledge.status_changes.get().note == "Registered."


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_session_that_replicates_is_refused_as_well() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no sessions that replicate; run the suite with DATABASE_URL=postgres://…")
    fill()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    with pytest.raises(DatabaseError, match="a correction is a new row"):
        attempt("commitments_statuschange", "UPDATE")


@pytest.mark.django_db
def test_a_missing_guard_is_known_by_name() -> None:
    assert missing_guards() == set()
    lift_guards()
    assert "commitments_statuschange_refuse_update" in missing_guards()
    install_guards()
    assert missing_guards() == set()


@pytest.mark.django_db(transaction=True)
def test_putting_guards_back_leaves_no_moment_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement of the installation is one transaction, which others see whole or not at all."""
    inside = []

    def note_it(execute, sql, params, many, context):  # noqa: ANN001, ANN202
        if "TRIGGER" in sql:
            inside.append(context["connection"].in_atomic_block)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note_it):
        install_guards()
    assert len(inside) > 40
    assert all(inside)


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
    notes |= {DeadlineChange: "reason", DeadlineProposal: "reason", Paragraph: "text"}
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
