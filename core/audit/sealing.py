"""The sealer: chains the entries of the audit log after they were committed, so that writers do not wait."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from core.audit.choices import Act
from core.audit.hashing import Values, column_names, row_hash, rows_of, seal_hash
from core.audit.models import AuditedColumns, AuditEntry, AuditSeal
from core.audit.triggers import audited_models
from core.locks import NamedLock, hold

BATCH = 1000
_logger = logging.getLogger("audit")


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal. Kept elsewhere, it shows whether the chain was cut or made anew."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"


def head() -> Head:
    """The last seal; number 0 where nothing is sealed yet."""
    last = AuditSeal.objects.order_by("-sequence").first()
    return Head(last.sequence, last.hash) if last else Head(0, "")


def seal_all() -> int:
    """Seal every committed entry, in batches; return how many there were. Safe to run twice at a time."""
    sealed = 0
    while count := _seal_batch():
        sealed += count
    if sealed:
        _logger.info("sealed %s entries of the audit log; head %s", sealed, head())
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    hold(NamedLock.AUDIT_SEALS)
    last = head()
    entries = list(AuditEntry.objects.filter(seal=None).order_by("pk")[:BATCH])
    rows = _rows(entries)
    columns = {entry.table: _columns(entry.table) for entry in entries}
    seals = []
    for sequence, entry in enumerate(entries, start=last.sequence + 1):
        names = columns[entry.table]
        content = rows.get((entry.table, entry.key)) if entry.act == Act.INSERT else None
        of_row = row_hash(entry.table, content) if content is not None else ""
        hashed = seal_hash(sequence, entry, names.names, of_row, last.hash)
        seals.append(
            AuditSeal(
                sequence=sequence,
                entry=entry,
                columns=names,
                row_hash=of_row,
                previous=last.hash,
                hash=hashed,
            )
        )
        last = Head(sequence, hashed)
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def _rows(entries: Iterable[AuditEntry]) -> dict[tuple[str, str], Values]:
    """The rows that ``entries`` name, with one query for each table."""
    keys = defaultdict(list)
    for entry in entries:
        if entry.table in audited_models():
            keys[entry.table].append(entry.key)
    return {
        (table, key): row
        for table, each in keys.items()
        for key, row in rows_of(audited_models()[table], each, column_names(audited_models()[table])).items()
    }


def _columns(table: str) -> AuditedColumns:
    model = audited_models().get(table)
    names = " ".join(column_names(model)) if model else ""
    return AuditedColumns.objects.get_or_create(table=table, names=names)[0]
