"""Snapshots of forms, for edit conflicts: the values when a form was opened, now, and as submitted."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import InlineForeignKeyField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from core.lists import listed
from core.whole_numbers import LARGEST, whole_number

Raw = tuple[str, ...]
"""The values of one field as the browser sends them."""


def _canonical(widget: Any, value: Any) -> Raw:
    if isinstance(value, bool):
        return ("on",) if value else ()
    shown = getattr(widget, "widget", widget).format_value(value)  # the admin wraps related fields
    items = shown if isinstance(shown, list | tuple) else [shown]
    return tuple(str(item).replace("\r\n", "\n").strip() for item in items if item not in (None, ""))


def _compared_fields(form: forms.BaseForm) -> Iterator[str]:
    for name, each in form.fields.items():
        uncompared = (
            each.disabled or each.widget.needs_multipart_form or isinstance(each, InlineForeignKeyField)
        )
        if not uncompared and name not in (DELETION_FIELD_NAME, "id"):
            yield name


def shown_values(form: forms.BaseForm) -> dict[str, Raw]:
    """Return the values that an unbound form shows, by field."""
    return {name: _canonical(form.fields[name].widget, form[name].value()) for name in _compared_fields(form)}


def submitted_values(form: forms.BaseForm, data: QueryDict, prefix: str | None) -> dict[str, Raw]:
    """Return the submitted values of ``form``, by field; ``prefix`` is that of a row of a formset."""
    values = {}
    for name in _compared_fields(form):
        widget = form.fields[name].widget
        key = f"{prefix}-{name}" if prefix else name
        values[name] = _canonical(widget, widget.value_from_datadict(data, MultiValueDict(), key))
    return values


def digest(raw: Raw) -> str:
    """Return a short hash of a field's values, which tells whether they changed."""
    return hashlib.sha256(json.dumps(sorted(raw)).encode()).hexdigest()[:16]


def display_value(form_field: forms.Field, raw: Raw) -> str:
    """Return ``raw`` as people read it, with labels instead of keys."""
    if not raw:
        return ""
    if isinstance(form_field, forms.ModelChoiceField):
        key = form_field.to_field_name or "pk"
        # What a form has in place of a key may be no number, or one that the database cannot compare.
        is_text = key not in ("pk", "id")
        possible = [each for each in raw if is_text or whole_number(each) not in (None, LARGEST)]
        try:
            rows = list(form_field.queryset.filter(**{f"{key}__in": possible}))  # type: ignore[union-attr]
        except (ValueError, TypeError):
            rows = []
        labels = [str(form_field.label_from_instance(row)) for row in rows]
        return listed(labels or raw)
    if isinstance(form_field, forms.BooleanField):
        return "✓"
    choices = getattr(form_field, "choices", None)
    if choices:
        labels_by_key = {str(key): str(label) for key, label in _flat(choices)}
        return listed(labels_by_key.get(key, key) for key in raw)
    return "\n".join(raw)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


@dataclass(slots=True)
class Snapshot:
    """Hashes of the fields of a form and of the rows of its formsets, stored in a hidden field."""

    version: int | None = None
    fields: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, version: int | None, form: forms.BaseForm, formsets: Mapping[str, Any]) -> "Snapshot":
        """Return the snapshot of unbound forms."""
        return cls(
            version,
            _digests(shown_values(form)),
            {
                prefix: {str(row.instance.pk): _digests(shown_values(row)) for row in formset.initial_forms}
                for prefix, formset in formsets.items()
            },
        )

    @classmethod
    def read(cls, text: str) -> "Snapshot":
        """Read a submitted snapshot. An invalid one is empty, so that every difference counts."""
        try:
            known = json.loads(text)
            rows = {
                prefix: {key: dict(values) for key, values in each.items()}
                for prefix, each in known["rows"].items()
            }
            return cls(known["version"], dict(known["fields"]), rows)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls()

    def __str__(self) -> str:
        return json.dumps({"version": self.version, "fields": self.fields, "rows": self.rows})


def _digests(values: Mapping[str, Raw]) -> dict[str, str]:
    return {name: digest(raw) for name, raw in values.items()}
