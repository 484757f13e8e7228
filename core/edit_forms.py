"""The forms of one page on which a record and its rows are edited, with edit conflicts."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Generic, TypeVar

from django import forms
from django.db import models
from django.http import QueryDict

from core.edit_conflicts import SEEN, EditConflict, conflict_with, version_of
from core.form_errors import errors_in
from core.form_snapshots import Snapshot

Record = TypeVar("Record", bound=models.Model)


class EditForms(Generic[Record]):
    """The form of a record and the formsets of its rows, by prefix.

    Lock the record before ``data`` is read. If somebody else has changed it since the form was opened, there
    is a ``conflict``, nothing is valid, and the forms have the input with the new values of untouched fields.
    A subclass makes the forms, and saves them by a service.
    """

    def __init__(self, record: Record, user: Any, data: QueryDict | None = None) -> None:
        self.record, self.user = record, user
        self.conflict: EditConflict | None = None
        self.opened = Snapshot.read(data.get(SEEN, "")) if data is not None else None
        if data is not None:
            self.conflict, data = conflict_with(record, self.make_form(None), self.make_rows(None), data)
        self.data = data
        self.form = self.make_form(data)
        self.rows = self.make_rows(data)

    def make_form(self, data: QueryDict | None) -> Any:
        """The form of the record, unbound without ``data``."""
        raise NotImplementedError

    def make_rows(self, data: QueryDict | None) -> dict[str, Any]:
        """The formsets of the rows, unbound without ``data``, by their prefixes."""
        return {}

    def save(self) -> None:
        """Save what was changed. Raises what the services raise."""
        raise NotImplementedError

    @cached_property
    def seen(self) -> str:
        """The snapshot of the record as the forms show it, for the hidden field."""
        if self.conflict:
            return str(self.conflict.snapshot)
        if self.data is not None:
            return self.data.get(SEEN, "")
        return str(Snapshot.of(version_of(self.record), self.form, self.rows))

    def is_valid(self) -> bool:
        """Whether all forms are valid and there is no conflict."""
        return all([self.form.is_valid(), *(each.is_valid() for each in self.rows.values())]) and (
            self.conflict is None
        )

    def has_changed(self) -> bool:
        """Whether anything was edited."""
        return self.form.has_changed() or any(each.has_changed() for each in self.rows.values())

    @property
    def fields(self) -> list[forms.BoundField]:
        """The visible fields of the record itself."""
        return list(self.form.visible_fields())

    def error_summary(self) -> Iterator[tuple[str, str]]:
        """Each error as the ``id`` of its control and its message with the label."""
        if self.data is None:
            return
        if self.conflict:
            yield ("conflict-h", str(self.conflict))
        yield from errors_in([self.form])
        for rows in self.rows.values():
            yield from (("", str(message)) for message in rows.non_form_errors())
            yield from errors_in(rows.forms)


def changed_rows(formset: Any) -> Iterator[forms.ModelForm]:
    """The forms of the rows that were added or changed, and are not to be removed."""
    deleted = formset.deleted_forms
    return (form for form in formset.forms if form.has_changed() and form not in deleted)
