"""The rows that count: all but those that were entered in error (docs/rules.md#entered-in-error).

The managers here are the default managers of their models. What tells the history reads ``with_errors``.
"""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

COUNTS = Q(is_in_error=False)
"""The condition that a row counts. A manager does not apply to lookups through a relation: they need this."""


class Counted(models.Manager[Any]):
    """The rows whose column ``is_in_error`` is not set."""

    def get_queryset(self) -> QuerySet[Any]:
        """All but those entered in error."""
        return super().get_queryset().filter(COUNTS)


class WithErrors(models.Manager[Any]):
    """All rows, also those entered in error: for the history, and for the file."""


class CountedUpdates(models.Manager[Any]):
    """The progress updates without a note in force. Their rows cannot be changed, so they have no column."""

    def get_queryset(self) -> QuerySet[Any]:
        """All but those entered in error."""
        return super().get_queryset().filter(~Exists(notes_in_force(progress_update=OuterRef("pk"))))


def notes_in_force(**about: Any) -> QuerySet[Any]:
    """The notes ``about`` something that it was entered in error, as far as they have not been lifted."""
    notes = apps.get_model("commitments", "EnteredInError")._default_manager
    return notes.filter(lifts=None, lifted_by=None, **about).order_by()
