"""Field history for records that were created in bulk, since ``bulk_create`` writes none."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from core.batches import BATCH


def create_history(records: Sequence[Model], reason: str | None) -> None:
    """Write the first history row of each of ``records``, which are all of one model."""
    if records:
        model: Any = type(records[0])
        model.history.bulk_history_create(records, batch_size=BATCH, default_change_reason=reason)


def create_history_with_links(records: Sequence[Any], reason: str, links: str) -> None:
    """Do the same, and include the many-to-many field ``links``, as simple-history stores it."""
    if not records:
        return
    model: Any = type(records[0])
    manager = model.history
    rows = manager.bulk_history_create(records, batch_size=BATCH, default_change_reason=reason)
    through = model._meta.get_field(links).remote_field.through
    from_field = model._meta.get_field(links).m2m_field_name()
    names = [field.attname for field in through._meta.concrete_fields]
    history_links = getattr(manager.model, links).model
    history_of = {row.id: row for row in rows}
    linked = through.objects.filter(**{f"{from_field}__in": list(history_of)})
    history_links.objects.bulk_create(
        (
            history_links(
                history=history_of[getattr(link, f"{from_field}_id")],
                **{name: getattr(link, name) for name in names},
            )
            for link in linked.iterator()
        ),
        batch_size=BATCH,
    )
