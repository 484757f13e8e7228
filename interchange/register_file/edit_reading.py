"""Reads the field history of records as the key ``edits`` of their entries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch

from commitments.documents.building import Document, build, instant
from commitments.models import Commitment
from interchange.register_file.edit_schema import EDITED, TYPES, Edited, field_name, is_paragraph
from relations.models import Paragraph, Source

_WORDS = {letter: word for word, letter in TYPES.items()}
_PARAGRAPHS = Paragraph.objects.select_related("source").defer(
    "text", "source__text", "source__note", "source__search_text"
)


def edits_of(section: str, records: Sequence[Any]) -> dict[int, Document]:
    """The edits of each of ``records``, by primary key, in a fixed number of queries.

    The records need the relations that their documents read.
    """
    found: dict[int, Document] = {record.pk: {} for record in records}
    for kind in EDITED[section]:
        history = _history(kind, list(found))
        for record in records:
            if edits := _edits(kind, record, history.get(record.pk, ())):
                found[record.pk][kind.name] = edits
    return found


def _history(kind: Edited, pks: list[int]) -> dict[int, list[Any]]:
    """The rows of the history of the records ``pks``, by record, with all that their values name."""
    parent = kind.parent or "id"
    names = (
        Prefetch("paragraph", _PARAGRAPHS) if is_paragraph(key) else field_name(key) for key in kind.links
    )
    rows = list(
        kind.history.objects.filter(**{f"{parent}__in": pks})
        .order_by("history_date", "history_id")
        .prefetch_related("history_user", *names)
    )
    for row in rows:
        row.linked, row.lost = defaultdict(list), defaultdict(list)
    for key in kind.many:
        _read_links(rows, field_name(key), kind)
    by_parent = defaultdict(list)
    for row in rows:
        by_parent[getattr(row, parent)].append(row)
    return by_parent


def _read_links(rows: Sequence[Any], name: str, kind: Edited) -> None:
    """Set the records to which each of ``rows`` links with the many-to-many field ``name``."""
    field: Any = kind.model._meta.get_field(name)
    to, model = field.m2m_reverse_field_name(), getattr(kind.history, name).model
    by_pk = {row.pk: row for row in rows}
    others = field.related_model._default_manager.all()
    if field.related_model in (Commitment, Source):
        others = others.defer("search_text", "text")
    for link in model.objects.filter(history_id__in=list(by_pk)).prefetch_related(Prefetch(to, others)):
        row, other = by_pk[link.history_id], getattr(link, to)
        if other is None:
            row.lost[name].append(getattr(link, f"{to}_id"))
        else:
            row.linked[name].append(other)


def _edits(kind: Edited, record: Any, history: Iterable[Any]) -> list[Document]:
    if not history:
        return []
    existing = list(kind.rows(record))
    numbers = {row.pk: number for number, row in enumerate(existing, start=1)}
    values = {} if kind.is_complete else {row.pk: build(row, kind.values) for row in existing}
    edits = []
    for row in history:
        after, before = build(row, kind.values), values.get(row.id, {})
        number = numbers.setdefault(row.id, len(numbers) + 1)
        edit: Document = {"row": number} if kind.parent else {}
        edit |= {
            "did": _WORDS[row.history_type],
            "at": instant(row.history_date),
            "actor": row.history_user and row.history_user.username,
            "reason": row.history_change_reason,
            "values": _changed(before, after),
            "without": [name for name in before if name not in after],
            "deleted": _deleted(kind, row),
        }
        edits.append({name: value for name, value in edit.items() if value})
        values[row.id] = after
    return edits


def _changed(before: Document, after: Document) -> Document:
    """The values of ``after`` that differ. A paragraph and its source stay together."""
    changed = {name for name, value in after.items() if before.get(name) != value}
    if changed & {"source", "paragraph"}:
        changed |= {"source", "paragraph"}
    return {name: value for name, value in after.items() if name in changed}


def _deleted(kind: Edited, row: Any) -> list[Document]:
    """What ``row`` refers to and no longer exists. After a load the number is negative."""
    lost = []
    for key in kind.links:
        pk = getattr(row, f"{field_name(key)}_id")
        if pk is not None and getattr(row, field_name(key)) is None:
            lost.append((key.name, abs(pk)))
    for key in kind.many:
        lost += sorted((key.name, abs(pk)) for pk in row.lost[field_name(key)])
    return [{"key": name, "number": number} for name, number in lost]
