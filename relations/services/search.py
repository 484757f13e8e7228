"""Rebuilds the search text of records, for writers that do not call ``save``."""

from itertools import islice

from django.apps import apps

from relations.models.searchable import Searchable

_BATCH = 500


def refresh_names() -> int:
    """Rebuild the search text of every ``Searchable`` record. Return how many were out of date."""
    return sum(_refresh(model) for model in apps.get_models() if issubclass(model, Searchable))


def _refresh(model: type[Searchable]) -> int:
    outdated = 0
    rows = model._default_manager.order_by("pk").iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        changed = []
        for record in batch:
            before = record.search_text
            record.refresh_search_text()
            if record.search_text != before:
                changed.append(record)
        model._default_manager.bulk_update(changed, ["search_text"])
        outdated += len(changed)
    return outdated
