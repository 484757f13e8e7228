"""The field history of records that were created in bulk, which writes none by itself."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from core.batches import BATCH


def remember(records: Sequence[Model], reason: str | None) -> None:
    """Write the first row of the field history of each of ``records``, all of one model."""
    if records:
        model: Any = type(records[0])
        model.history.bulk_history_create(records, batch_size=BATCH, default_change_reason=reason)


def remember_with_links(records: Sequence[Any], reason: str, links: str) -> None:
    """The same, with the links to many called ``links``, as simple-history keeps them."""
    model: Any = type(records[0])
    manager = model.history
    rows = manager.bulk_history_create(records, batch_size=BATCH, default_change_reason=reason)
    through = model._meta.get_field(links).remote_field.through
    from_field = model._meta.get_field(links).m2m_field_name()
    names = [field.attname for field in through._meta.concrete_fields]
    kept = getattr(manager.model, links).model
    history_of = {row.id: row for row in rows}
    linked = through.objects.filter(**{f"{from_field}__in": list(history_of)})
    kept.objects.bulk_create(
        (
            kept(
                history=history_of[getattr(link, f"{from_field}_id")],
                **{name: getattr(link, name) for name in names},
            )
            for link in linked.iterator()
        ),
        batch_size=BATCH,
    )
