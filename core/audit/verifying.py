"""Looks whether anybody with access to the database has altered the record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast

from core.append_only import AppendOnly, altered_guards, guards, missing_guards
from core.audit.choices import Act
from core.audit.hashing import Values, column_names, row_hash, rows_of, seal_hash
from core.audit.models import AuditedColumns, AuditEntry, AuditSeal
from core.audit.sealing import Head
from core.audit.triggers import altered_audit, audited_models, missing_audit

BATCH = 1000
_FEW = 100
"""No more rows of one kind are named."""


@dataclass(slots=True)
class Report:
    """What was found. ``good`` is the last seal up to which nothing is wrong."""

    checked: int = 0
    good: Head = field(default_factory=lambda: Head(0, ""))
    unsealed: int = 0
    unknown_columns: int = 0
    faults: list[str] = field(default_factory=list)


def verify(kept: Iterable[Head] = ()) -> Report:
    """Check the chain, every sealed row, and every row that has no entry. Writes nothing.

    ``kept`` are heads that were exported before: the chain must still contain each.
    """
    report = Report()
    wanted = defaultdict(set)
    for each in kept:
        if each.sequence:
            wanted[each.sequence].add(each.hash)
    last = Head(0, "")
    for seals in _batches():
        contents = _Contents(seals)
        for seal in seals:
            faults = [*_faults_of_chain(seal, last), *contents.faults(seal)]
            # A head is exported again while nothing is added. Each line counts, not the last alone.
            if wanted.pop(seal.sequence, {seal.hash}) != {seal.hash}:
                faults.append(f"Seal {seal.sequence} is not the one that was exported.")
            report.faults += faults
            report.checked += 1
            last = Head(seal.sequence, seal.hash)
            if not report.faults:
                report.good = last
        report.unknown_columns += contents.unknown
    for sequence in sorted(wanted):
        report.faults.append(f"Seal {sequence} was exported and is not there any more.")
    report.unsealed = AuditEntry.objects.filter(seal=None).count()
    report.faults += [*_unsealed(), *_without_entry(), *_never_removed(), *_not_derived()]
    report.faults += _faults_of_triggers()
    return report


def _batches() -> Iterator[list[AuditSeal]]:
    """The chain in its order, without its entries: one that was removed must not hide its seal."""
    last = None
    while True:
        found = AuditSeal.objects.select_related("columns").order_by("sequence")
        batch = list(found[:BATCH] if last is None else found.filter(sequence__gt=last)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].sequence


def _faults_of_chain(seal: AuditSeal, last: Head) -> Iterator[str]:
    if seal.sequence == last.sequence + 2:
        yield f"Seal {last.sequence + 1} was removed."
    elif seal.sequence != last.sequence + 1:
        yield f"Seals {last.sequence + 1} to {seal.sequence - 1} were removed."
    elif seal.previous != last.hash:
        yield f"Seal {seal.sequence} does not follow seal {last.sequence}: one was altered or moved."


class _Contents:
    """The entries of a batch of seals and their rows, with one query for each table and set of columns."""

    def __init__(self, seals: Iterable[AuditSeal]) -> None:
        self.unknown = 0
        seals = list(seals)
        self._entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in seals])
        self._rows: dict[tuple[int, str], Values] = {}
        self._readable = set()
        keys = defaultdict(list)
        for seal in seals:
            if entry := self._entries.get(seal.entry_id):
                keys[seal.columns].append(entry.key)
        for columns, of_table in keys.items():
            if not _is_readable(columns):
                continue
            self._readable.add(columns.pk)
            rows = rows_of(audited_models()[columns.table], of_table, columns.names.split())
            self._rows |= {(columns.pk, key): row for key, row in rows.items()}
        named = {key for of_table in keys.values() for key in of_table}
        removed = AuditEntry.objects.filter(act=Act.DELETE, key__in=named)
        self._removed = set(removed.values_list("table", "key"))

    def faults(self, seal: AuditSeal) -> Iterator[str]:
        """What is wrong with a seal, its entry and its row."""
        entry = self._entries.get(seal.entry_id)
        if entry is None:
            yield f"The entry {seal.entry_id} of seal {seal.sequence} was removed."
            return
        names = seal.columns.names
        if seal.hash != seal_hash(seal.sequence, entry, names, seal.row_hash, seal.previous):
            yield f"Seal {seal.sequence}, or its entry {entry.pk}, was altered."
        if seal.columns.table != entry.table:
            # Its row would be looked for in another table, or in none.
            yield f"The columns of seal {seal.sequence} were altered."
            return
        if entry.act == Act.DELETE:
            return
        if seal.columns_id not in self._readable:
            self.unknown += 1
            return
        row = self._rows.get((seal.columns_id, entry.key))
        if row is None:
            if (entry.table, entry.key) not in self._removed:
                yield f"Row {entry.key} of {entry.table} was removed (seal {seal.sequence})."
        elif row_hash(entry.table, row) != seal.row_hash:
            yield f"Row {entry.key} of {entry.table} was altered (seal {seal.sequence})."


def _is_readable(columns: AuditedColumns) -> bool:
    """Whether this version of the program still has the table with these columns."""
    model = audited_models().get(columns.table)
    return model is not None and set(columns.names.split()) <= set(column_names(model))


def _unsealed() -> Iterator[str]:
    """Rows that were removed before their entry was sealed."""
    added = AuditEntry.objects.filter(seal=None, act=Act.INSERT)
    removed = AuditEntry.objects.filter(act=Act.DELETE, table=OuterRef("table"), key=OuterRef("key"))
    for table, model in audited_models().items():
        keys = added.filter(~Exists(removed), table=table).values("key")
        present = model._base_manager.annotate(as_text=_key_as_text()).filter(as_text=OuterRef("key"))
        for key in keys.filter(~Exists(present)).values_list("key", flat=True)[:_FEW]:
            yield f"Row {key} of {table} was removed, and its entry is not sealed."


def _without_entry() -> Iterator[str]:
    """Rows that were inserted while the triggers were switched off."""
    entries = AuditEntry.objects.filter(act=Act.INSERT, key=OuterRef("as_text"))
    for table, model in audited_models().items():
        rows = model._base_manager.annotate(as_text=_key_as_text()).order_by("pk")
        for key in rows.filter(~Exists(entries.filter(table=table))).values_list("as_text", flat=True)[:_FEW]:
            yield f"Row {key} of {table} was inserted without an entry."


def _never_removed() -> Iterator[str]:
    """Entries of a removal from a table that refuses it: somebody made them for a row that is gone."""
    refusing = [guard.table for guard in guards() if "DELETE" in guard.statements]
    made = AuditEntry.objects.filter(act=Act.DELETE, table__in=refusing).order_by("pk")
    for table, key in made.values_list("table", "key")[:_FEW]:
        yield f"Row {key} of {table} was removed, which that table refuses."


def _not_derived() -> Iterator[str]:
    """Rows with a column, not sealed with them, that does not follow from the rows that were added later."""
    for table, model in audited_models().items():
        derivations = model.derivations() if issubclass(model, AppendOnly) else {}
        for name, follows in derivations.items():
            same = Q(**{name: F("follows")}) | Q(**{name: None, "follows": None})
            rows = model._base_manager.annotate(follows=follows).annotate(
                is_same=Case(When(same, then=Value(True)), default=Value(False))
            )
            column = model._meta.get_field(name).column  # type: ignore[union-attr]
            for key in rows.filter(is_same=False).order_by("pk").values_list("pk", flat=True)[:_FEW]:
                yield f"The column {column} of row {key} of {table} follows from no row: it was altered."


def _key_as_text() -> Cast:
    return Cast("pk", models.CharField())


def _faults_of_triggers() -> Iterator[str]:
    for name in sorted(missing_audit() | missing_guards()):
        yield f"The trigger {name} is missing: run manage.py migrate, and ask who removed it."
    for name in sorted(altered_audit() | altered_guards()):
        yield f"{name} was altered: a trigger does something else. Run manage.py migrate, and ask who did it."
