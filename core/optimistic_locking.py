"""Optimistic locking for records that two people may edit at the same time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Versioned(models.Model):
    """A record that counts its saves. A form compares the count to see whether the record has changed."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """Save the record and raise ``version``, also with ``update_fields``."""
        if not self._state.adding:
            self.version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version"}  # type: ignore[misc]
        super().save(*args, **kwargs)  # type: ignore[arg-type]
