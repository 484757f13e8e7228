"""Adds and edits countries, agencies, people and mechanisms."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from accounts.permissions import Right
from relations.models import Agency, Country, Mechanism, Person
from relations.services.duplicates import refuse_recorded
from relations.services.record_writers import (
    fill_new,
    locked,
    refill,
    refuse,
    refuse_duplicates,
    require_right,
)

if TYPE_CHECKING:
    from accounts.models import User

Body = TypeVar("Body", Country, Agency, Person, Mechanism)

RIGHTS: dict[type[Any], Right] = {
    Country: Right.EDIT_REFERENCE_DATA,
    Agency: Right.EDIT_BODIES,
    Person: Right.EDIT_BODIES,
    Mechanism: Right.EDIT_BODIES,
}
RESERVED_KEYS: dict[type[Any], frozenset[str]] = {Agency: frozenset({"none"})}
"""Keys with another meaning as a parameter: ``agency=none`` filters for commitments without an agency."""


@transaction.atomic
def create_body(
    *,
    actor: "User",
    model: type[Body],
    fields: Mapping[str, Any],
    key: str = "",
    countries: Collection[Country] = (),
    despite: Collection[str] = (),
) -> Body:
    """Add a ``model``. Without ``key`` (the code of a country), its key is made from its name.

    ``countries`` are the members of a mechanism. Raises ``PermissionDenied``, and ``ValidationError`` with
    the errors of each column. Raises ``AlreadyRecorded`` if records of the same name that are not in
    ``despite`` may be the same.
    """
    require_right(actor, RIGHTS[model])
    body = model()
    refuse(fill_new(body, fields=fields, key=key, reserved=RESERVED_KEYS.get(model, ())))
    refuse_recorded(body, user=actor, despite=despite)
    with refuse_duplicates():
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
    """Change the given fields of ``body``. Its key never changes.

    Raises ``PermissionDenied``, and ``ValidationError`` with the errors of each column.
    """
    require_right(actor, RIGHTS[type(body)])
    locked_body = locked(body)
    changed, errors = refill(locked_body, fields=fields, key=key)
    refuse(errors)
    if changed:
        with refuse_duplicates():
            locked_body.save(update_fields=changed)
    if isinstance(locked_body, Mechanism) and countries is not None:
        locked_body.countries.set(countries)
    return locked_body
