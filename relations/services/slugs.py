"""Keys of records, made from their names and used in addresses and in the register file."""

from collections.abc import Collection

from django.db import models
from django.utils.text import slugify

from core.search.folding import fold

_MAX_LENGTH = 70


def free_key(model: type[models.Model], name: str, *, reserved: Collection[str] = ()) -> str:
    """A key for a new ``model`` called ``name`` that no record has yet and that is not ``reserved``.

    It is made from the name of the model where ``name`` has no Latin letters. Two writers at the same
    moment can get the same key; the database then refuses the second one.
    """
    wanted = slugify(fold(name))[:_MAX_LENGTH].strip("-") or str(model._meta.model_name)
    found = model._default_manager.filter(slug__startswith=wanted)
    taken = {*found.values_list("slug", flat=True), *reserved}
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key
