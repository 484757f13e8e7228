"""Keys: how addresses and the register file call a record, made from its name."""

from collections.abc import Collection

from django.db import models
from django.utils.text import slugify

from core.search.folding import fold

_LONGEST = 70


def free_key(model: type[models.Model], name: str, *, reserved: Collection[str] = ()) -> str:
    """A key for a new ``model`` called ``name`` that no other has; from the model's name where it needs one.

    Two writers at the same moment may be given the same one: the database lets one of them have it.
    """
    wanted = slugify(fold(name))[:_LONGEST].strip("-") or str(model._meta.model_name)
    found = model._default_manager.filter(slug__startswith=wanted)
    taken = {*found.values_list("slug", flat=True), *reserved}
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key
