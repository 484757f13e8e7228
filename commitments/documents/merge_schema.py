"""The schema of merges: what an absorbed commitment says, and where rows of the kept one come from."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.documents.keys import entered, text
from commitments.documents.schema import EntrySchema, Key, ValueKind


def _recorded_on(record: Any) -> Any:
    return timezone.localdate(record.recorded_at)


def _merges(record: Any) -> list[Any]:
    return [each for each in record.merged_by.all() if each.undoes_id is None]


def merged_from(model: str) -> Key:
    """The commitments that were merged and had the row before."""
    meaning = _("The references of the merged commitments that it came from, the last one at the end.")
    return text("from", f"{model}.merged_from", meaning)


UNDOING = EntrySchema(
    "undoing of a merge",
    (text("reason", "Merge.reason", _("Why they are not the same."), required=True), *entered("Merge")),
    day_of=_recorded_on,
)

MERGE = EntrySchema(
    "merge",
    (
        Key(
            "into",
            ValueKind.LINK,
            _("The commitment that was kept."),
            required=True,
            column="Merge.kept",
            links="commitments",
        ),
        text("reason", "Merge.reason", _("How it was known that they are the same."), required=True),
        *entered("Merge"),
        Key("undone", ValueKind.RECORD, _("If it was undone."), column="Merge.undoes", of=UNDOING),
    ),
    day_of=_recorded_on,
)

MERGED = (
    Key(
        "merged_into",
        ValueKind.LINK,
        _("The commitment into which it was merged. It is counted on no day, and keeps its own history."),
        column="Commitment.merged_into",
        links="commitments",
    ),
    Key(
        "merges",
        ValueKind.LIST,
        _("Its merges into other commitments, also those that were undone."),
        column="Merge.absorbed",
        of=MERGE,
        read=_merges,
    ),
)
"""The keys of a commitment that was merged into another one."""
