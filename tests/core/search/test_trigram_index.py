"""The trigram table of SQLite: triggers keep it up to date, and it is rebuilt when it is lost."""

import re

import pytest
from django.core.management import call_command
from django.db import connection, models

from commitments.models import Commitment
from core.search.query import Term
from core.search.trigram_index import (
    TrigramIndexed,
    condition_of,
    count_wrong,
    indexed_models,
    install_trigrams,
    rebuild_trigrams,
    trigram_table,
)
from tests import factories as make

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs no second table")
postgres_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="an index of PostgreSQL")


def found(word: str) -> list[str]:
    return list(Commitment.objects.filter(condition_of(Term(word))).values_list("title", flat=True))


def execute(statement: str) -> None:
    """Run ``statement`` past the ORM, with the names of the two tables filled in."""
    names = {"own": Commitment._meta.db_table, "trigrams": trigram_table(Commitment)}
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**names))


def test_the_indexed_models_are_these() -> None:
    assert list(indexed_models()) == [Commitment]
    assert issubclass(Commitment, TrigramIndexed)


@sqlite_only
@pytest.mark.django_db
def test_a_word_is_looked_up_among_the_trigrams() -> None:
    words = str(Commitment.objects.filter(condition_of(Term("gate"))).query)
    assert f"FROM {trigram_table(Commitment)} WHERE" in words
    assert "LIKE" not in words
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + words.replace('MATCH "gate"', "MATCH '\"gate\"'"))
        assert any("VIRTUAL TABLE INDEX" in row[3] for row in cursor.fetchall())


@postgres_only
@pytest.mark.django_db
@pytest.mark.parametrize("word", ["xqj", "order xq", "xq"])
def test_postgres_answers_from_its_index(word: str) -> None:
    make.commitment(title="Border gate")
    execute("SET LOCAL enable_seqscan = off")
    rows = Commitment.objects.filter(condition_of(Term(word))).order_by().values("pk")
    plan = rows.explain(analyze=True, timing=False)
    assert "commitment_search_trigram" in plan
    # The index knows that no row has it; where a word yields no trigrams, it answers with every row there is.
    assert re.findall(r"Bitmap Index Scan .* \(actual rows=(\d+)", plan) == ["0"]


@pytest.mark.django_db
def test_every_kind_of_write_updates_the_table() -> None:
    made = make.commitment(title="Bridge")
    assert found("bridge") == ["Bridge"]
    Commitment.objects.filter(pk=made.pk).update(search_text="a ferry")
    assert (found("bridge"), found("ferry")) == ([], ["Bridge"])
    made.search_text = "a tunnel"
    Commitment.objects.bulk_update([made], ["search_text"])
    assert (found("ferry"), found("tunnel")) == ([], ["Bridge"])
    execute("UPDATE {own} SET search_text = 'a road'")
    assert (found("tunnel"), found("road")) == ([], ["Bridge"])
    other = Commitment.objects.get(pk=made.pk)
    other.pk, other.reference, other.serial, other.search_text = None, "X", 99, "a canal"
    Commitment.objects.bulk_create([other])
    assert found("canal") == ["Bridge"]
    execute("DELETE FROM {own} WHERE reference = 'X'")
    assert found("canal") == []
    assert count_wrong(Commitment) == 0


@pytest.mark.django_db
def test_case_and_punctuation_are_matched_exactly() -> None:
    make.commitment(title="One")
    Commitment.objects.update(search_text="50%_off \"now\" a*b near(x) {c} d:e ^f \\g 'h' -i")
    for word in ("50%_off", '"now"', "a*b", "near(x)", "{c}", "d:e", " ^f", "\\g", "'h'", " -i"):
        assert found(word) == ["One"], word
    for word in ("50__off", "%now%", "a**b", "near x", "NEAR(x)", "now or", "a b", "d e"):
        assert found(word) == [], word


@sqlite_only
@pytest.mark.django_db
def test_wrong_rows_are_counted_and_repaired() -> None:
    for title in ("Bridge", "Ferry", "Tunnel"):
        make.commitment(title=title)
    execute("DELETE FROM {trigrams} WHERE rowid = (SELECT min(id) FROM {own})")
    execute("UPDATE {trigrams} SET search_text = 'nothing' WHERE rowid = (SELECT max(id) FROM {own})")
    execute("INSERT INTO {trigrams} (rowid, search_text) VALUES (999999, 'a ghost')")
    assert found("bridge") == []
    assert count_wrong(Commitment) == 3
    rebuild_trigrams(Commitment)
    assert count_wrong(Commitment) == 0
    assert found("bridge") == ["Bridge"]


@sqlite_only
@pytest.mark.django_db
@pytest.mark.parametrize(
    "lost",
    [
        "TRIGGER {trigrams}_insert",
        "TRIGGER {trigrams}_update",
        "TRIGGER {trigrams}_delete",
        "TABLE {trigrams}",
    ],
)
def test_a_lost_table_or_trigger_is_rebuilt(lost: str) -> None:
    pledge = make.commitment(title="Bridge")
    execute("DROP " + lost)
    install_trigrams()
    assert count_wrong(Commitment) == 0
    pledge.title = "Ferry"
    pledge.save()
    make.commitment(title="Tunnel")
    assert (found("bridge"), found("ferry"), found("tunnel")) == ([], ["Ferry"], ["Tunnel"])
    assert count_wrong(Commitment) == 0


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_the_table_survives_a_migration_that_rebuilds_the_commitments() -> None:
    make.commitment(title="Bridge")
    alter("remarks", null=True)
    try:
        # Until the migrations end, no trigger updates the table.
        Commitment.objects.update(search_text="a ferry")
        assert found("ferry") == []
        call_command("migrate", verbosity=0)
        assert found("ferry") == ["Bridge"]
        Commitment.objects.update(search_text="a tunnel")
        assert found("tunnel") == ["Bridge"]
    finally:
        alter("remarks", null=False)
        call_command("migrate", verbosity=0)


def alter(name: str, *, null: bool) -> None:
    """Alter a column as a migration does; SQLite rebuilds the whole table for it."""
    current: models.Field = Commitment._meta.get_field(name)
    before, after = current.clone(), current.clone()
    before.null, after.null = not null, null
    for field in (before, after):
        field.set_attributes_from_name(name)
        field.model = Commitment
    with connection.schema_editor() as editor:
        editor.alter_field(Commitment, before, after, strict=False)
