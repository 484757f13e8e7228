"""What a form held when it was opened, what it holds now, and what the database holds: compared as typed."""

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

Raw = tuple[str, ...]
"""The values of one field as the browser sends them."""


def _canonical(widget: Any, value: Any) -> Raw:
    if isinstance(value, bool):
        return ("on",) if value else ()
    shown = getattr(widget, "widget", widget).format_value(value)  # the admin wraps related fields
    items = shown if isinstance(shown, list | tuple) else [shown]
    return tuple(str(item).replace("\r\n", "\n").strip() for item in items if item not in (None, ""))


def _compared(form: forms.BaseForm) -> Iterator[str]:
    for name, each in form.fields.items():
        uncompared = (
            each.disabled or each.widget.needs_multipart_form or isinstance(each, InlineForeignKeyField)
        )
        if not uncompared and name not in (DELETION_FIELD_NAME, "id"):
            yield name


def held(form: forms.BaseForm) -> dict[str, Raw]:
    """What an unbound form shows, by field."""
    return {name: _canonical(form.fields[name].widget, form[name].value()) for name in _compared(form)}


def typed(form: forms.BaseForm, data: QueryDict, prefix: str | None) -> dict[str, Raw]:
    """What was sent for the fields of ``form``, by field, under ``prefix``."""
    found = {}
    for name in _compared(form):
        widget = form.fields[name].widget
        key = f"{prefix}-{name}" if prefix else name
        found[name] = _canonical(widget, widget.value_from_datadict(data, MultiValueDict(), key))
    return found


def digest(raw: Raw) -> str:
    """A short mark of a field's values: enough to tell whether they changed."""
    return hashlib.sha256(json.dumps(sorted(raw)).encode()).hexdigest()[:16]


def in_words(bound_field: forms.Field, raw: Raw) -> str:
    """``raw`` as a person reads it: labels instead of keys."""
    if not raw:
        return ""
    if isinstance(bound_field, forms.ModelChoiceField):
        key = bound_field.to_field_name or "pk"
        try:
            rows = list(bound_field.queryset.filter(**{f"{key}__in": raw}))  # type: ignore[union-attr]
        except (ValueError, TypeError):
            rows = []
        labels = [str(bound_field.label_from_instance(row)) for row in rows]
        return "; ".join(labels) or ", ".join(raw)
    if isinstance(bound_field, forms.BooleanField):
        return "✓"
    choices = getattr(bound_field, "choices", None)
    if choices:
        labels_by_key = {str(key): str(label) for key, label in _flat(choices)}
        return ", ".join(labels_by_key.get(key, key) for key in raw)
    return "\n".join(raw)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


@dataclass(slots=True)
class Snapshot:
    """The fields of a form, and of each row of its formsets, as marks: small enough for a hidden field."""

    version: int | None = None
    fields: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, version: int | None, form: forms.BaseForm, formsets: Mapping[str, Any]) -> "Snapshot":
        """The snapshot of unbound forms."""
        return cls(
            version,
            _marks(held(form)),
            {
                prefix: {str(row.instance.pk): _marks(held(row)) for row in formset.initial_forms}
                for prefix, formset in formsets.items()
            },
        )

    @classmethod
    def read(cls, text: str) -> "Snapshot":
        """What a form carried; an unreadable one knows nothing, so that every difference counts."""
        try:
            known = json.loads(text)
            return cls(known["version"], dict(known["fields"]), dict(known["rows"]))
        except (ValueError, TypeError, KeyError):
            return cls()

    def __str__(self) -> str:
        return json.dumps({"version": self.version, "fields": self.fields, "rows": self.rows})


def _marks(values: Mapping[str, Raw]) -> dict[str, str]:
    return {name: digest(raw) for name, raw in values.items()}
