"""The history of a record in the admin: who changed which field and when, rows included."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.lists import all_of, listed
from core.stored_sentences import told

ENTRIES_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class FieldChange:
    """The old and the new value of a field."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FieldHistoryEntry:
    """One edit of the record or of one of its rows. ``summary`` says which, such as “Mention added”."""

    at: dt.datetime
    user: str
    summary: str
    changes: tuple[FieldChange, ...]
    reason: str


class HistoryPage(admin.ModelAdmin):
    """The page “History”, read from the tables of simple_history.

    The page of simple_history is not used: it can restore an old state without any check, it shows records
    that the person may not see, and it has inline styles. Django's log entries are not written: they would
    say the same again, and the index page would show their titles to people who may not see the record.
    """

    object_history_template = "admin/field_history.html"
    history_rows: ClassVar[Sequence[str]] = ()
    """Related names of the rows whose history belongs to the record."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        is_told = self.history_filter(request, obj)
        found = (each for each in _HistoryReader(self, request).entries(obj) if is_told(each.at))
        entries = sorted(found, key=lambda entry: entry.at, reverse=True)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(object)s") % {"object": obj},
            "page": Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("p")),
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": obj,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, self.object_history_template, context)

    def history_filter(self, request: Any, obj: Any) -> Callable[[dt.datetime], bool]:
        """Whether the person is told of an edit of that moment: of each, unless a subclass says otherwise."""
        return lambda _moment: True

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Write no log entry: simple_history has the change."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Write no log entry: simple_history has the change."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Write no log entry: simple_history has the change."""


class _HistoryReader:
    """Reads the history of one record.

    Records that the signed-in person may not see are left out. A change of nothing else is no change.
    """

    def __init__(self, model_admin: HistoryPage, request: HttpRequest) -> None:
        self.model_admin, self.request = model_admin, request
        self._names: dict[tuple[type[models.Model], Any], str] = {}

    def entries(self, obj: Any) -> Iterator[FieldHistoryEntry]:
        """Yield the edits that changed something or have a reason, in no order."""
        if hasattr(obj, "history"):
            yield from self._entries_of(obj.history.all(), is_row=False)
        for name in self.model_admin.history_rows:
            relation: Any = obj._meta.get_field(name)
            manager = relation.related_model.history
            rows = manager.filter(**{relation.field.attname: obj.pk})
            yield from self._entries_of(rows, is_row=True)

    def _entries_of(self, records: Any, *, is_row: bool) -> Iterator[FieldHistoryEntry]:
        previous: dict[Any, Any] = {}
        key = records.model.instance_type._meta.pk.attname
        for record in records.select_related("history_user").order_by("history_date", "history_id"):
            before = previous.get(getattr(record, key))
            previous[getattr(record, key)] = record
            changes = tuple(self._changes(record, before, is_row=is_row))
            reason = told(record.history_change_reason or "")
            if changes or reason or record.history_type != "~":
                yield FieldHistoryEntry(
                    at=record.history_date,
                    user=str(record.history_user or ""),
                    summary=_row_summary(record, changes) if is_row else _summary(record, changes),
                    changes=changes,
                    reason=reason,
                )

    def _changes(self, record: Any, before: Any, *, is_row: bool) -> Iterator[FieldChange]:
        """Yield the differences from ``before``; for a row that was added or removed, all its values."""
        if before is None and not is_row:
            return
        if before is None or record.history_type == "-":
            for each in record.tracked_fields:
                value = self._display(each, getattr(record, each.attname))
                if value and each.editable and not each.primary_key and not self._is_parent(each):
                    old, new = (value, "") if record.history_type == "-" else ("", value)
                    yield FieldChange(_label(each), old, new)
            return
        for change in record.diff_against(before).changes:
            each = record.instance_type._meta.get_field(change.field)
            old, new = self._display(each, change.old), self._display(each, change.new)
            if not each.many_to_many or old != new:
                yield FieldChange(_label(each), old, new)

    def _is_parent(self, each: Any) -> bool:
        return bool(each.is_relation and each.related_model is self.model_admin.model)

    def _display(self, each: Any, value: Any) -> str:
        if value in (None, "", []):
            return ""
        if each.many_to_many:
            keys = [row[each.m2m_reverse_field_name()] for row in value]
            return all_of(filter(None, (self._name(each.related_model, key) for key in keys)))
        if each.is_relation:
            return self._name(each.related_model, value)
        if each.choices:
            return str(dict(each.flatchoices).get(value, value))
        if isinstance(value, list):
            return listed(value)
        return str(value)

    def _name(self, model: Any, key: Any) -> str:
        """The name of a record: "" if the person may not see it, “(not available)” if it was deleted."""
        if (model, key) not in self._names:
            site = self.model_admin.admin_site
            rows = model._default_manager.filter(pk=key)
            visible = rows
            if site.is_registered(model):
                visible = site.get_model_admin(model).get_queryset(self.request).filter(pk=key)
            if found := visible.first():
                self._names[model, key] = str(found)
            else:
                self._names[model, key] = "" if rows.exists() else _("(not available)")
        return self._names[model, key]


def _summary(record: Any, changes: Sequence[FieldChange]) -> str:
    match record.history_type:
        case "+":
            return pgettext("history of a record", "Added")
        case "-":
            return pgettext("history of a record", "Removed")
    if changes:
        return pgettext("history of a record", "Changed")
    return pgettext("history of a record", "Unchanged")


def _row_summary(record: Any, changes: Sequence[FieldChange]) -> str:
    match record.history_type:
        case "+":
            message = pgettext("history of a row", "%(row)s added")
        case "-":
            message = pgettext("history of a row", "%(row)s removed")
        case _ if changes:
            message = pgettext("history of a row", "%(row)s changed")
        case _:
            message = pgettext("history of a row", "%(row)s unchanged")
    return message % {"row": capfirst(record.instance_type._meta.verbose_name)}


def _label(each: Any) -> str:
    return str(capfirst(each.verbose_name))
