"""The base class of records that are searched by name."""

from collections.abc import Iterable

from django.db import models

from core.optimistic_locking import Versioned
from relations.names import fold_names
from relations.querysets import SearchableQuerySet


class Searchable(Versioned):
    """A record with a stored search text, so that ``Le Hoai Trung`` finds ``Lê Hoài Trung``."""

    search_text = models.TextField(default="", editable=False)

    objects = SearchableQuerySet.as_manager()

    class Meta:
        abstract = True

    def searchable(self) -> Iterable[str]:
        """The texts by which the record is found."""
        raise NotImplementedError

    def refresh_search_text(self) -> None:
        """Build the search text again. Writers that save in bulk must call this."""
        self.search_text = fold_names(" \n ".join(filter(None, self.searchable())))

    def save(self, *args: object, **kwargs: object) -> None:
        """Save the record with an up-to-date search text."""
        self.refresh_search_text()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}  # type: ignore[misc]
        super().save(*args, **kwargs)
