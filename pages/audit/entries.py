"""Entries of the audit log with what they name."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.day_filtersets import PageFilterSet
from core.audit.choices import Door
from core.audit.models import AuditEntry, AuditSeal
from core.audit.triggers import audited_models
from core.filters import DayFilter

_SUBJECTS = ("commitment", "kept", "source", "meeting")
"""What a row can belong to, the nearest first."""
_REASONS = ("reason", "note", "history_change_reason", "change_message")


class AuditFilterSet(PageFilterSet):
    """``account``, ``door``, ``table``, ``after`` and ``before`` (both inclusive)."""

    account = django_filters.CharFilter(
        label=_("Account"), field_name="username", lookup_expr="iexact", max_length=150
    )
    door = django_filters.ChoiceFilter(
        label=_("Entered through"), choices=Door.choices, empty_label=_("anything")
    )
    table = django_filters.ChoiceFilter(label=_("Kind"), choices=lambda: kinds(), empty_label=_("any kind"))
    after = DayFilter(label=_("From"), field_name="at", lookup_expr="date__gte")
    before = DayFilter(label=_("To"), field_name="at", lookup_expr="date__lte")

    class Meta:
        model = AuditEntry
        fields: list[str] = []


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words. ``seal`` is ``None`` while it is not sealed."""

    entry: AuditEntry
    kind: str
    subject: str
    url: str
    reason: str
    seal: AuditSeal | None


def kinds() -> list[tuple[str, str]]:
    """Every audited table with its name in words, in the order of the names."""
    return sorted(((table, kind_of(table)) for table in audited_models()), key=lambda each: each[1])


def kind_of(table: str) -> str:
    """The name of what a table has a row for."""
    model = audited_models().get(table)
    if model is None:
        return table
    edited = getattr(model, "instance_type", None)
    if edited is not None:
        return gettext("edit of: %(record)s") % {"record": edited._meta.verbose_name}
    return str(model._meta.verbose_name)


def lines_of(entries: Sequence[AuditEntry]) -> Iterator[Line]:
    """``entries`` with their rows, in two queries for each table, whatever their number."""
    keys = defaultdict(list)
    for entry in entries:
        if entry.table in audited_models():
            keys[entry.table].append(entry.key)
    found = {table: _rows_with_subjects(audited_models()[table], each) for table, each in keys.items()}
    for entry in entries:
        row, subject = found.get(entry.table, {}).get(entry.key, (None, None))
        yield Line(
            entry,
            kind_of(entry.table),
            str(subject) if subject is not None else "",
            _address(subject),
            next((str(told) for name in _REASONS if (told := getattr(row, name, ""))), ""),
            getattr(entry, "seal", None),
        )


def _rows_with_subjects(model: type[models.Model], keys: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    """The rows by key, each with what it is about: a record of which it is the history, or a commitment.

    The record is ``None`` where it is not there any more.
    """
    pk = model._meta.pk
    assert pk is not None  # noqa: S101  (for the type checker)
    rows = model._base_manager.filter(pk__in=[pk.to_python(key) for key in keys])
    recorded = getattr(model, "instance_type", None)
    if recorded is not None:
        id_name = recorded._meta.pk.attname
        records = _with_related(recorded).in_bulk([getattr(row, id_name) for row in rows])
        return {str(row.pk): (row, _subject(records.get(getattr(row, id_name)))) for row in rows}
    return {str(row.pk): (row, _subject(row)) for row in _with_related(model).filter(pk__in=rows)}


def _with_related(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows with what their names are made of."""
    links = [field.name for field in model._meta.fields if isinstance(field, models.ForeignKey)]
    return model._base_manager.select_related(*links)


def _subject(row: Any) -> Any:
    """The commitment that a row belongs to, else the row itself."""
    return next((found for name in _SUBJECTS if (found := getattr(row, name, None))), row)


def _address(subject: Any) -> str:
    find = getattr(subject, "get_absolute_url", None)
    return str(find()) if find else ""
