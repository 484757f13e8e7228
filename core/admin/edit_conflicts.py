"""Two people editing one record in the admin: the second is told, sees both versions and loses nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import models, transaction
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.admin.form_snapshots import Raw, Snapshot, digest, held, in_words, typed

SEEN = "_seen"
"""The hidden field that carries what the form held when it was opened."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed meanwhile: what stands in the register, and what was typed."""

    label: str
    theirs: str
    mine: str
    kept: bool


@dataclass(slots=True)
class EditConflict:
    """What happened to a record while a form on it was open."""

    snapshot: Snapshot
    who: str = ""
    when: str = ""
    differences: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        if self.who:
            return _(
                "%(who)s changed this record meanwhile (%(when)s). Nothing of yours is saved yet: "
                "compare the two versions below and save again."
            ) % {"who": self.who, "when": self.when}
        return _(
            "This record was changed meanwhile. Nothing of yours is saved yet: compare the two versions "
            "below and save again."
        )


class VersionedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A record is saved only over what its form had shown, inlines included.

    The form carries a snapshot of what it was opened with. On saving, the record is locked and compared with
    it, field by field: what nobody else touched is saved as typed. Where somebody did, nothing is saved; the
    form comes back with what was typed, brought up to date in the fields that the person had left alone, and
    with a table of both versions. Saving again is then a decision.
    """

    change_form_template = "admin/versioned_change_form.html"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The record, locked where it is about to be written."""
        queryset = self.get_queryset(request)
        if request.method == "POST" and transaction.get_connection(queryset.db).in_atomic_block:
            queryset = queryset.select_for_update(of=("self",), no_key=True)
        key = self.model._meta.pk if from_field is None else self.model._meta.get_field(from_field)
        try:
            return queryset.get(**{key.name: key.to_python(object_id)})  # type: ignore[union-attr]
        except (self.model.DoesNotExist, forms.ValidationError, ValueError):
            return None

    def _changeform_view(
        self, request: Any, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        request.conflict = None
        if request.method == "POST" and object_id is not None:
            obj = self.get_object(request, unquote(object_id))
            if obj is not None and self.has_change_permission(request, obj):
                request.conflict, request.POST = self._compare(request, obj)
        response = super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        if request.conflict is not None:
            response.status_code = 409
        return response

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form; while there is a conflict, one that refuses to be saved."""
        form = super().get_form(request, obj, change=change, **kwargs)
        conflict = getattr(request, "conflict", None)
        if conflict is None or obj is None:
            return form
        return type(form.__name__, (_Refusing, form), {"conflict": conflict})

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        conflict: EditConflict | None = getattr(request, "conflict", None)
        context["conflict"] = conflict
        form = context["adminform"].form
        if conflict:
            context["seen"] = conflict.snapshot
        elif form.is_bound:
            context["seen"] = request.POST.get(SEEN, "")
        elif context["original"] is not None:
            inlines = context["inline_admin_formsets"]
            formsets = {each.formset.prefix: each.formset for each in inlines if each.has_change_permission}
            context["seen"] = Snapshot.of(_version(context["original"]), form, formsets)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A save that changes nothing writes nothing."""
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A change of a row counts as a change of the record that it belongs to."""
        rows_changed = any(formset.has_changed() for formset in formsets)
        super().save_related(request, form, formsets, change)
        if change and rows_changed and not form.has_changed():
            form.instance.save()

    # -- comparing -------------------------------------------------------------------------------------------

    def _compare(self, request: Any, obj: models.Model) -> tuple[EditConflict | None, QueryDict]:
        """The conflict, if there is one, and the input brought up to date where its author left it alone."""
        form_class = self.get_form(
            request, obj, change=True, fields=flatten_fieldsets(self.get_fieldsets(request, obj))
        )
        form = form_class(instance=obj)
        formsets = dict(self._unbound_formsets(request, obj))
        opened = Snapshot.read(request.POST.get(SEEN, ""))
        now = Snapshot.of(_version(obj), form, formsets)
        if (opened.fields, opened.rows) == (now.fields, now.rows):
            return None, request.POST
        merger = _Merger(request.POST.copy())
        merger.take(form, None, opened.fields)
        for prefix, formset in formsets.items():
            merger.take_rows(formset, opened.rows.get(prefix, {}))
        if not merger.differences:
            return None, request.POST
        conflict = EditConflict(now, differences=merger.differences)
        conflict.who, conflict.when = _last_edit(obj, merger.touched)
        return conflict, merger.data

    def _unbound_formsets(self, request: HttpRequest, obj: models.Model) -> Iterator[tuple[str, Any]]:
        counted: dict[str, int] = {}
        for formset_class, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset_class.get_default_prefix()
            counted[prefix] = counted.get(prefix, 0) + 1
            if counted[prefix] > 1:
                prefix = f"{prefix}-{counted[prefix]}"
            if inline.has_change_permission(request, obj):
                rows = inline.get_queryset(request)
                yield prefix, formset_class(instance=obj, prefix=prefix, queryset=rows)


class _Refusing:
    """Mixed into a form: valid only in a world where nobody else had been at work."""

    conflict: EditConflict

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        self.add_error(None, str(self.conflict))  # type: ignore[attr-defined]
        return cleaned


class _Merger:
    """Takes over what others changed into the input ``data``, and notes every difference."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.differences: list[Difference] = []
        self.touched: list[models.Model] = []

    def take(self, form: Any, prefix: str | None, opened: Mapping[str, str], row: str = "") -> bool:
        """Compare one form; true where its author had changed anything."""
        theirs, mine = held(form), typed(form, self.data, prefix)
        for name, theirs_now in theirs.items():
            known, changed_here = opened.get(name), digest(mine[name]) != opened.get(name)
            if digest(theirs_now) in (known, digest(mine[name])):
                continue
            self.note(form, name, theirs_now, mine[name], kept=changed_here, row=row)
            if not changed_here:
                self.data.setlist(f"{prefix}-{name}" if prefix else name, list(theirs_now))
        return any(digest(mine[name]) != opened.get(name) for name in theirs)

    def note(self, form: Any, name: str, theirs: Raw, mine: Raw, *, kept: bool, row: str) -> None:
        """Remember one field that stands otherwise in the register than in the form."""
        label, found = capfirst(str(form[name].label)), form.fields[name]
        if row:
            label = f"{row}: {label}"
        self.differences.append(Difference(label, in_words(found, theirs), in_words(found, mine), kept))
        self.touched.append(form.instance)

    def take_rows(self, formset: Any, opened: Mapping[str, Mapping[str, str]]) -> None:
        """Compare the rows of one formset and write them back: what stands, then what is new."""
        prefix = formset.prefix
        rows = _Rows(self.data, prefix)
        title = capfirst(str(formset.model._meta.verbose_name))
        standing, new = [], rows.without_key()
        for form in formset.initial_forms:
            key = str(form.instance.pk)
            index, name = rows.index_of(key), f"{title} “{form.instance}”"
            if index is not None:
                self.take(form, f"{prefix}-{index}", opened.get(key, {}), row=name)
                standing.append(rows.values(index))
            else:
                self.differences.append(Difference(name, _("added meanwhile"), "", kept=False))
                self.touched.append(form.instance)
                shown = {field_name: list(raw) for field_name, raw in held(form).items()}
                standing.append({**shown, "id": [key]})
        alive = {str(form.instance.pk) for form in formset.initial_forms}
        for index, key in rows.keyed():
            if key not in alive:
                new.extend(self._removed(formset, rows, index, opened.get(key, {}), title))
        rows.write(standing, new)

    def _removed(
        self, formset: Any, rows: "_Rows", index: int, opened: Mapping[str, str], title: str
    ) -> list[dict[str, list[str]]]:
        """A row that somebody removed: it goes, unless it was being changed here; then it comes as new."""
        values = rows.values(index)
        form = formset.empty_form
        mine = typed(form, self.data, f"{formset.prefix}-{index}")
        deleted = bool(values.get(DELETION_FIELD_NAME))
        changed = any(digest(raw) != opened.get(name) for name, raw in mine.items()) and not deleted
        if not deleted:
            said = "; ".join(filter(None, (in_words(form.fields[name], raw) for name, raw in mine.items())))
            self.differences.append(Difference(title, _("removed meanwhile"), said, kept=changed))
        return [{**values, "id": [""]}] if changed else []


class _Rows:
    """The rows of one formset inside the input."""

    def __init__(self, data: QueryDict, prefix: str) -> None:
        self.data, self.prefix = data, prefix
        self.total, self.initial = self._count("TOTAL_FORMS"), self._count("INITIAL_FORMS")

    def _count(self, name: str) -> int:
        value = self.data.get(f"{self.prefix}-{name}", "")
        return min(int(value), 1000) if value.isdigit() else 0

    def values(self, index: int) -> dict[str, list[str]]:
        """What was sent for row ``index``, by field."""
        start = f"{self.prefix}-{index}-"
        return {key[len(start) :]: values for key, values in self.data.lists() if key.startswith(start)}

    def keyed(self) -> Iterator[tuple[int, str]]:
        """The rows that existed when the form was opened, with their keys."""
        for index in range(self.initial):
            yield index, self.data.get(f"{self.prefix}-{index}-id", "")

    def index_of(self, key: str) -> int | None:
        """Where the row ``key`` stands in the input, if it does."""
        return next((index for index, found in self.keyed() if found == key), None)

    def without_key(self) -> list[dict[str, list[str]]]:
        """The rows that were added in the form."""
        return [self.values(index) for index in range(self.initial, self.total)]

    def write(self, standing: list[dict[str, list[str]]], new: list[dict[str, list[str]]]) -> None:
        """Replace the rows of the input."""
        start = f"{self.prefix}-"
        for key in [key for key in self.data if key.startswith(start) and key[len(start) :][:1].isdigit()]:
            del self.data[key]
        for index, values in enumerate([*standing, *new]):
            for name, raw in values.items():
                self.data.setlist(f"{start}{index}-{name}", raw)
        self.data[f"{start}TOTAL_FORMS"] = str(len(standing) + len(new))
        self.data[f"{start}INITIAL_FORMS"] = str(len(standing))


def _version(obj: Any) -> int | None:
    return getattr(obj, "version", None)


def _last_edit(obj: models.Model, touched: list[models.Model]) -> tuple[str, str]:
    """Who last edited the record or one of the rows in question, and when; empty where that is not known."""
    latest: Any = None
    for each in [obj, *touched]:
        manager = getattr(each, "history", None)
        record = manager.select_related("history_user").first() if manager is not None else None
        if record is not None and (latest is None or record.history_date > latest.history_date):
            latest = record
    if latest is None or latest.history_user is None:
        return "", ""
    return str(latest.history_user), date_format(localtime(latest.history_date), "DATETIME_FORMAT")
