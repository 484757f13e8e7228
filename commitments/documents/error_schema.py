"""The schema of the notes that something was entered in error."""

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.documents.keys import entered, text
from commitments.documents.schema import EntrySchema, Key, ValueKind
from commitments.models import Commitment, EnteredInError


def _error_notes(record: Any) -> list[Any]:
    """The notes that ``record`` was entered in error, fetched with the commitment or now."""
    commitment = record if isinstance(record, Commitment) else record.commitment
    if "error_notes" not in getattr(commitment, "_prefetched_objects_cache", ()):
        prefetch_related_objects([commitment], Prefetch("error_notes", ERROR_NOTES))
    notes = commitment.error_notes.all()
    return [note for note in notes if note.lifts_id is None and note.is_about(record)]


def _recorded_on(record: Any) -> Any:
    return timezone.localdate(record.recorded_at)


ERROR_NOTES = EnteredInError.objects.select_related("actor", "lifted_by__actor")
"""The notes of a commitment and of what belongs to it, with all that their documents read."""

LIFTING = EntrySchema(
    "lifting of an entry in error",
    (
        text("reason", "EnteredInError.reason", _("Why it was no error."), required=True),
        *entered("EnteredInError"),
    ),
    day_of=_recorded_on,
)

ERROR_NOTE = EntrySchema(
    "entry in error",
    (
        text("reason", "EnteredInError.reason", _("Why it should not have been entered."), required=True),
        *entered("EnteredInError"),
        Key(
            "lifted",
            ValueKind.RECORD,
            _("The note that it was no error after all."),
            column="EnteredInError.lifts",
            of=LIFTING,
        ),
    ),
    day_of=_recorded_on,
)

ENTERED_IN_ERROR = Key(
    "entered_in_error",
    ValueKind.LIST,
    _("That it should not have been entered. It counts nowhere, unless the last of these is lifted."),
    column="EnteredInError.commitment",
    of=ERROR_NOTE,
    read=_error_notes,
)
