"""Folding the names of records anew, where something wrote past their ``save``."""

from itertools import islice

from django.apps import apps

from relations.models.searchable import Searchable

_BATCH = 500


def refresh_names() -> int:
    """Fold anew the search text of every record that is found by its name; returns how many were wrong."""
    return sum(_refresh(model) for model in apps.get_models() if issubclass(model, Searchable))


def _refresh(model: type[Searchable]) -> int:
    wrong = 0
    rows = model._default_manager.order_by("pk").iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        changed = []
        for record in batch:
            before = record.search_text
            record.refresh_search_text()
            if record.search_text != before:
                changed.append(record)
        model._default_manager.bulk_update(changed, ["search_text"])
        wrong += len(changed)
    return wrong
