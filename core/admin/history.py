"""Who changed what, and when: the field history of a record in the admin, its rows included."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

ENTRIES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FieldHistoryEntry:
    """One edit of the record or of one of its rows."""

    at: dt.datetime
    who: str
    what: str
    kind: str
    changes: tuple[FieldChange, ...]
    reason: str


class HistoryPage(admin.ModelAdmin):
    """The page behind the button “History”, read from simple_history.

    The package's own page is not used: it lets an old state be written back past every rule, shows records
    that the person may not see, and carries inline styles. Nor are Django's log entries written: they would
    be a second account of the same, and show titles on the index page to people who may no longer see them.
    """

    object_history_template = "admin/field_history.html"
    history_rows: ClassVar[Sequence[str]] = ()
    """Related names of the rows that belong to the record."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        entries = sorted(_Reader(self, request).entries(obj), key=lambda entry: entry.at, reverse=True)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(object)s") % {"object": obj},
            "page": Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("p")),
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": obj,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, self.object_history_template, context)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The field history holds it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The field history holds it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """The field history holds it."""


class _Reader:
    """Reads the history of one record for one person; what that person may not see has no name here."""

    def __init__(self, model_admin: HistoryPage, request: HttpRequest) -> None:
        self.model_admin, self.request = model_admin, request
        self._names: dict[tuple[type[models.Model], Any], str] = {}

    def entries(self, obj: Any) -> Iterator[FieldHistoryEntry]:
        """Every edit that changed something, or for which a reason was given; in no order."""
        if hasattr(obj, "history"):
            yield from self._of(obj.history.all(), record_itself=True)
        for name in self.model_admin.history_rows:
            relation: Any = obj._meta.get_field(name)
            manager = relation.related_model.history
            yield from self._of(manager.filter(**{relation.field.attname: obj.pk}), record_itself=False)

    def _of(self, records: Any, *, record_itself: bool) -> Iterator[FieldHistoryEntry]:
        previous: dict[Any, Any] = {}
        key = records.model.instance_type._meta.pk.attname
        for record in records.select_related("history_user").order_by("history_date", "history_id"):
            before = previous.get(getattr(record, key))
            previous[getattr(record, key)] = record
            changes = tuple(self._changes(record, before, record_itself=record_itself))
            reason = record.history_change_reason or ""
            if changes or reason or record.history_type != "~":
                yield FieldHistoryEntry(
                    at=record.history_date,
                    who=str(record.history_user or ""),
                    what="" if record_itself else str(capfirst(record.instance_type._meta.verbose_name)),
                    kind=_kind(record, changes),
                    changes=changes,
                    reason=reason,
                )

    def _changes(self, record: Any, before: Any, *, record_itself: bool) -> Iterator[FieldChange]:
        """What differs from the state before; of a row that is new or gone, what it held."""
        if before is None and record_itself:
            return
        if before is None or record.history_type == "-":
            for each in record.tracked_fields:
                value = self._words(each, getattr(record, each.attname))
                if value and each.editable and not each.primary_key and not self._is_parent(each):
                    old, new = (value, "") if record.history_type == "-" else ("", value)
                    yield FieldChange(_label(each), old, new)
            return
        for change in record.diff_against(before).changes:
            each = record.instance_type._meta.get_field(change.field)
            yield FieldChange(_label(each), self._words(each, change.old), self._words(each, change.new))

    def _is_parent(self, each: Any) -> bool:
        return bool(each.is_relation and each.related_model is self.model_admin.model)

    def _words(self, each: Any, value: Any) -> str:
        if value in (None, "", []):
            return ""
        if each.many_to_many:
            keys = [row[each.m2m_reverse_field_name()] for row in value]
            return get_text_list([self._name(each.related_model, key) for key in keys], _("and"))
        if each.is_relation:
            return self._name(each.related_model, value)
        if each.choices:
            return str(dict(each.flatchoices).get(value, value))
        if isinstance(value, list):
            return "; ".join(map(str, value))
        return str(value)

    def _name(self, model: Any, key: Any) -> str:
        if (model, key) not in self._names:
            site = self.model_admin.admin_site
            if site.is_registered(model):
                rows = site.get_model_admin(model).get_queryset(self.request)
            else:
                rows = model._default_manager.all()
            found = rows.filter(pk=key).first()
            self._names[model, key] = str(found) if found else _("(no longer shown)")
        return self._names[model, key]


def _kind(record: Any, changes: Sequence[FieldChange]) -> str:
    match record.history_type:
        case "+":
            return _("added")
        case "-":
            return _("removed")
    return _("changed") if changes else _("left as it was")


def _label(each: Any) -> str:
    return str(capfirst(each.verbose_name))
