"""Edit conflicts: the second person to save a record sees both versions and loses no input."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.form_snapshots import Raw, Snapshot, digest, display_value, shown_values, submitted_values
from core.lists import listed
from core.whole_numbers import whole_number

SEEN = "_seen"
"""The hidden field with the snapshot of the form when it was opened."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed: the stored value, the submitted value, which one is saved next."""

    label: str
    theirs: str
    mine: str
    keeps_mine: bool


@dataclass(slots=True)
class EditConflict:
    """The changes of a record by somebody else while a form for it was open."""

    snapshot: Snapshot
    user: str = ""
    time: str = ""
    differences: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        if self.user:
            return _(
                "%(user)s changed this record while you were editing it (%(time)s). Your changes are not "
                "saved yet. Compare the two versions below, then save again."
            ) % {"user": self.user, "time": self.time}
        return _(
            "This record was changed while you were editing it. Your changes are not saved yet. Compare the "
            "two versions below, then save again."
        )


def conflict_with(
    record: models.Model, form: Any, formsets: Mapping[str, Any], data: QueryDict
) -> tuple[EditConflict | None, QueryDict]:
    """The conflict, if any, and the input with the current values of the fields that were left unchanged.

    ``form`` and ``formsets`` are unbound, of the record as it is now.
    """
    opened = Snapshot.read(data.get(SEEN, ""))
    now = Snapshot.of(version_of(record), form, formsets)
    if (opened.fields, opened.rows) == (now.fields, now.rows):
        return None, data
    merger = _Merger(data.copy())
    merger.compare(form, None, opened.fields)
    for prefix, formset in formsets.items():
        merger.compare_rows(formset, opened.rows.get(prefix, {}))
    if not merger.differences:
        return None, data
    conflict = EditConflict(now, differences=merger.differences)
    conflict.user, conflict.time = _last_edit(record, merger.changed)
    return conflict, merger.data


class _Merger:
    """Merges the changes of others into the input ``data`` and collects the differences."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.differences: list[Difference] = []
        self.changed: list[models.Model] = []

    def compare(self, form: Any, prefix: str | None, opened: Mapping[str, str], row: str = "") -> bool:
        """Compare one form. Return whether the person had changed anything in it."""
        theirs, mine = shown_values(form), submitted_values(form, self.data, prefix)
        for name, theirs_now in theirs.items():
            known, changed_here = opened.get(name), digest(mine[name]) != opened.get(name)
            if digest(theirs_now) in (known, digest(mine[name])):
                continue
            self.add_difference(form, name, theirs_now, mine[name], keeps_mine=changed_here, row=row)
            if not changed_here:
                self.data.setlist(f"{prefix}-{name}" if prefix else name, list(theirs_now))
        return any(digest(mine[name]) != opened.get(name) for name in theirs)

    def add_difference(
        self, form: Any, name: str, theirs: Raw, mine: Raw, *, keeps_mine: bool, row: str
    ) -> None:
        """Add a field whose stored value differs from the submitted one."""
        label, form_field = capfirst(str(form[name].label)), form.fields[name]
        if row:
            label = pgettext("row and its field", "%(row)s: %(field)s") % {"row": row, "field": label}
        self.differences.append(
            Difference(label, display_value(form_field, theirs), display_value(form_field, mine), keeps_mine)
        )
        self.changed.append(form.instance)

    def compare_rows(self, formset: Any, opened: Mapping[str, Mapping[str, str]]) -> None:
        """Compare the rows of one formset and write them back: the stored rows, then the new ones.

        A formset may have a ``row_title``, and a form a ``row_name``, that say better what the row is.
        """
        prefix = formset.prefix
        rows = _Rows(self.data, prefix)
        title = capfirst(str(getattr(formset, "row_title", formset.model._meta.verbose_name)))
        existing, new = [], rows.added()
        for form in formset.initial_forms:
            key = str(form.instance.pk)
            index = rows.index_of(key)
            name = pgettext("kind and name of a row", "%(kind)s “%(name)s”") % {
                "kind": title,
                "name": getattr(form, "row_name", form.instance),
            }
            if index is not None:
                self.compare(form, f"{prefix}-{index}", opened.get(key, {}), row=name)
                existing.append(rows.values(index))
            else:
                self.differences.append(Difference(name, _("added by somebody else"), "", keeps_mine=False))
                self.changed.append(form.instance)
                values = {field_name: list(raw) for field_name, raw in shown_values(form).items()}
                existing.append({**values, "id": [key]})
        stored_keys = {str(form.instance.pk) for form in formset.initial_forms}
        for index, key in rows.existing():
            if key not in stored_keys:
                new.extend(self._removed(formset, rows, index, opened.get(key, {}), title))
        rows.write(existing, new)

    def _removed(
        self, formset: Any, rows: "_Rows", index: int, opened: Mapping[str, str], title: str
    ) -> list[dict[str, list[str]]]:
        """Drop a row that somebody else removed. If the person had changed it, return it as a new row."""
        values = rows.values(index)
        form = formset.empty_form
        mine = submitted_values(form, self.data, f"{formset.prefix}-{index}")
        deleted = bool(values.get(DELETION_FIELD_NAME))
        changed = any(digest(raw) != opened.get(name) for name, raw in mine.items()) and not deleted
        if not deleted:
            values_shown = listed(
                filter(None, (display_value(form.fields[name], raw) for name, raw in mine.items()))
            )
            self.differences.append(
                Difference(title, _("removed by somebody else"), values_shown, keeps_mine=changed)
            )
        return [{**values, "id": [""]}] if changed else []


class _Rows:
    """The submitted rows of one formset."""

    def __init__(self, data: QueryDict, prefix: str) -> None:
        self.data, self.prefix = data, prefix
        self.total, self.initial = self._count("TOTAL_FORMS"), self._count("INITIAL_FORMS")

    def _count(self, name: str) -> int:
        return min(whole_number(self.data.get(f"{self.prefix}-{name}", "")) or 0, 1000)

    def values(self, index: int) -> dict[str, list[str]]:
        """Return the submitted values of row ``index``, by field."""
        start = f"{self.prefix}-{index}-"
        return {key[len(start) :]: values for key, values in self.data.lists() if key.startswith(start)}

    def existing(self) -> Iterator[tuple[int, str]]:
        """Yield the index and the key of each row that existed when the form was opened."""
        for index in range(self.initial):
            yield index, self.data.get(f"{self.prefix}-{index}-id", "")

    def index_of(self, key: str) -> int | None:
        """Return the index of the row ``key``, or None."""
        return next((index for index, row_key in self.existing() if row_key == key), None)

    def added(self) -> list[dict[str, list[str]]]:
        """Return the rows that were added in the form."""
        return [self.values(index) for index in range(self.initial, self.total)]

    def write(self, existing: list[dict[str, list[str]]], new: list[dict[str, list[str]]]) -> None:
        """Replace the submitted rows."""
        start = f"{self.prefix}-"
        for key in [key for key in self.data if key.startswith(start) and key[len(start) :][:1].isdigit()]:
            del self.data[key]
        for index, values in enumerate([*existing, *new]):
            for name, raw in values.items():
                self.data.setlist(f"{start}{index}-{name}", raw)
        self.data[f"{start}TOTAL_FORMS"] = str(len(existing) + len(new))
        self.data[f"{start}INITIAL_FORMS"] = str(len(existing))


def version_of(obj: Any) -> int | None:
    """The number of the last save of a record that counts them."""
    return getattr(obj, "version", None)


def _last_edit(obj: models.Model, changed: list[models.Model]) -> tuple[str, str]:
    """Return who last edited the record or one of ``changed``, and when; empty strings if not known."""
    latest: Any = None
    for each in [obj, *changed]:
        manager = getattr(each, "history", None)
        record = manager.select_related("history_user").first() if manager is not None else None
        if record is not None and (latest is None or record.history_date > latest.history_date):
            latest = record
    if latest is None or latest.history_user is None:
        return "", ""
    return str(latest.history_user), date_format(localtime(latest.history_date), "DATETIME_FORMAT")
