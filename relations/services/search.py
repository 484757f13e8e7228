"""Rebuilds search texts and sort keys of records, for writers that do not call ``save``."""

from itertools import islice

from django.apps import apps

from relations.models.searchable import DERIVED_NAMES, Searchable

_BATCH = 500


def refresh_names() -> int:
    """Rebuild search text and sort key of every ``Searchable`` record. Return how many were out of date."""
    return sum(_refresh(model) for model in apps.get_models() if issubclass(model, Searchable))


def _refresh(model: type[Searchable]) -> int:
    outdated = 0
    rows = model._default_manager.order_by("pk").iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        changed = []
        for record in batch:
            if record.refresh_names():
                changed.append(record)
        model._default_manager.bulk_update(changed, DERIVED_NAMES)
        outdated += len(changed)
    return outdated
