"""The base class of records that are searched and sorted by name."""

from collections.abc import Iterable

from django.db import models

from core.optimistic_locking import Versioned
from core.sorting import sort_key
from relations.names import fold_names
from relations.querysets import SearchableQuerySet

DERIVED_NAMES = ("search_text", "sort_key")
"""The columns that follow from the names of a record."""


class Searchable(Versioned):
    """A record with a stored search text, so that ``Le Hoai Trung`` finds ``Lê Hoài Trung``.

    Its ``sort_key`` orders it by name, or by title (``core.sorting``).
    """

    search_text = models.TextField(default="", editable=False)
    sort_key = models.BinaryField(default=b"", editable=False)
    is_renamed = True
    """Whether the last ``save`` changed the search text."""

    objects = SearchableQuerySet.as_manager()

    class Meta:
        abstract = True

    def searchable(self) -> Iterable[str]:
        """The texts by which the record is found."""
        raise NotImplementedError

    def refresh_names(self) -> bool:
        """Build search text and sort key again; return whether one changed. Bulk writers must call this."""
        search_text = fold_names(" \n ".join(filter(None, self.searchable())))
        key = sort_key(str(self))
        self.is_renamed = search_text != self.search_text
        is_changed = self.is_renamed or key != bytes(self.sort_key)
        self.search_text, self.sort_key = search_text, key
        return is_changed

    def save(self, *args: object, **kwargs: object) -> None:
        """Save the record with an up-to-date search text and sort key."""
        self.refresh_names()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *DERIVED_NAMES}  # type: ignore[misc]
        super().save(*args, **kwargs)
