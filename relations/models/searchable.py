"""What every record that is found by its name shares."""

from collections.abc import Iterable

from django.db import models

from core.optimistic_locking import Versioned
from relations.names import fold_names
from relations.querysets import SearchableQuerySet


class Searchable(Versioned):
    """A record with a stored, folded text, so that ``Le Hoai Trung`` finds ``Lê Hoài Trung``."""

    search_text = models.TextField(default="", editable=False)

    objects = SearchableQuerySet.as_manager()

    class Meta:
        abstract = True

    def searchable(self) -> Iterable[str]:
        """The texts under which the record is found."""
        raise NotImplementedError

    def refresh_search_text(self) -> None:
        """Fold the searchable texts anew; called on every save and by writers that save in bulk."""
        self.search_text = fold_names(" \n ".join(filter(None, self.searchable())))

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded text true."""
        self.refresh_search_text()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}  # type: ignore[misc]
        super().save(*args, **kwargs)
