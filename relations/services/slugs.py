"""Keys of records, made from their names and used in addresses and in the register file."""

from collections.abc import Collection

from django.db import models
from django.utils.text import slugify

from core.search.folding import fold

_MAX_LENGTH = 70


def former_keys(model: type[models.Model]) -> dict[str, int]:
    """The keys of records of ``model`` that were merged into others, each with the key of that row."""
    if not hasattr(model, "former_keys"):
        return {}
    rows = model._default_manager.exclude(former_keys=[]).values_list("pk", "former_keys")
    return {key: pk for pk, keys in rows for key in keys}


def free_key(model: type[models.Model], name: str, *, reserved: Collection[str] = ()) -> str:
    """A key for a new ``model`` called ``name`` that no record has yet and that is not ``reserved``.

    It is made from the name of the model where ``name`` has no Latin letters. Two writers at the same
    moment can get the same key; the database then refuses the second one.
    """
    wanted = slugify(fold(name))[:_MAX_LENGTH].strip("-") or str(model._meta.model_name)
    found = model._default_manager.filter(slug__startswith=wanted)
    taken = {*found.values_list("slug", flat=True), *reserved, *former_keys(model)}
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key
