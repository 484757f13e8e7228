"""Recording and editing those who act: countries, agencies, people and mechanisms."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from accounts.permissions import Right
from relations.models import Agency, Country, Mechanism, Person
from relations.services.record_writers import fill_new, locked, refill, refuse, require_right, told_apart

if TYPE_CHECKING:
    from accounts.models import User

Body = TypeVar("Body", Country, Agency, Person, Mechanism)

RIGHTS: dict[type[Any], Right] = {
    Country: Right.EDIT_REFERENCE_DATA,
    Agency: Right.EDIT_BODIES,
    Person: Right.EDIT_BODIES,
    Mechanism: Right.EDIT_BODIES,
}
NOT_KEYS: dict[type[Any], frozenset[str]] = {Agency: frozenset({"none"})}
"""Words that mean something else where the key could stand: ``agency=none`` asks for what has none."""


@transaction.atomic
def create_body(
    *,
    actor: "User",
    model: type[Body],
    fields: Mapping[str, Any],
    key: str = "",
    countries: Collection[Country] = (),
) -> Body:
    """Record a ``model``; its ``key`` (of a country the code) is made from its name where none is given.

    ``countries`` are those that sit in a mechanism. Raises ``PermissionDenied``, ``ValidationError`` by
    column.
    """
    require_right(actor, RIGHTS[model])
    body = model()
    refuse(fill_new(body, fields=fields, key=key, reserved=NOT_KEYS.get(model, ())))
    with told_apart():
        body.save()
    if isinstance(body, Mechanism):
        body.countries.set(countries)
    return body


@transaction.atomic
def change_body(
    *,
    actor: "User",
    body: Body,
    fields: Mapping[str, Any],
    key: str | None = None,
    countries: Collection[Country] | None = None,
) -> Body:
    """Change what is given of ``body`` and leave the rest; its key never changes.

    Raises ``PermissionDenied``, ``ValidationError`` by column.
    """
    require_right(actor, RIGHTS[type(body)])
    kept = locked(body)
    changed, faults = refill(kept, fields=fields, key=key)
    refuse(faults)
    if changed:
        with told_apart():
            kept.save(update_fields=changed)
    if isinstance(kept, Mechanism) and countries is not None:
        kept.countries.set(countries)
    return kept
