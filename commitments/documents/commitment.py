"""A commitment as an entry of the register file, with the relations that it reads."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch, QuerySet

from commitments.documents.building import Document, build, is_by
from commitments.documents.commitment_schema import COMMITMENT, OLD_WINDOW
from commitments.documents.error_schema import ERROR_NOTES
from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    DayCorrection,
    DeadlineChange,
    DeadlineProposal,
    Evidence,
    Mention,
    Merge,
    ProgressUpdate,
    Reading,
    StatusChange,
)

LONG_TEXTS = ("paragraph__source__text", "paragraph__source__note", "paragraph__source__search_text")
"""Long fields of a source that a citation does not need."""


def with_document_relations(
    queryset: QuerySet[Commitment],
    *,
    among: QuerySet[Commitment] | None = None,
    with_errors: bool = False,
) -> QuerySet[Commitment]:
    """Fetch the relations that ``commitment_document`` reads, in a fixed number of queries.

    ``among`` are the commitments that a document may name: a related commitment, a successor or one that it
    was merged into is left out if it is not among them. Pass it wherever the reader may not see every
    commitment. ``with_errors`` includes the mentions, progress updates and readings that were entered in
    error: only the register file has them.
    """

    def rows(model: Any) -> QuerySet[Any]:
        return (model.with_errors if with_errors else model.objects).all()

    named = (Commitment.objects.all() if among is None else among).only(
        "reference", "prefix", "year", "serial"
    )
    merges = Merge.objects.all() if among is None else Merge.objects.filter(kept__in=among.order_by())
    changes = (
        StatusChange.objects.select_related("actor", "paragraph__source")
        .defer(*LONG_TEXTS)
        .prefetch_related(Prefetch("day_corrections", DayCorrection.objects.select_related("actor")))
    )
    return with_edited_relations(queryset, named, with_errors=with_errors).prefetch_related(
        Prefetch("successor", named),
        Prefetch("merged_into", named),
        Prefetch("merged_by", merges.select_related("actor", "kept", "undone_by__actor")),
        Prefetch("status_changes", changes.order_by("number")),
        Prefetch("status_changes__successor", named),
        Prefetch("progress_updates", rows(ProgressUpdate).select_related("actor")),
        Prefetch("evidence", Evidence.objects.select_related("actor", "status_change", "withdrawal__actor")),
        Prefetch("error_notes", ERROR_NOTES),
        Prefetch("deadline_changes", DeadlineChange.objects.select_related("actor").order_by("number")),
        Prefetch("deadline_proposals", DeadlineProposal.objects.with_decisions()),
    )


def with_edited_relations(
    queryset: QuerySet[Commitment], named: QuerySet[Commitment], *, with_errors: bool = False
) -> QuerySet[Commitment]:
    """Fetch the relations that are edited in place, and so have a field history: no appended rows.

    ``named`` are the commitments that may be named as related; ``with_errors`` as in
    ``with_document_relations``.
    """
    mentions, readings = (
        (model.with_errors if with_errors else model.objects).select_related(*others).defer(*LONG_TEXTS)
        for model, others in (
            (Mention, ("meeting", "paragraph__source")),
            (Reading, ("paragraph__source",)),
        )
    )
    return queryset.select_related("theme", "outcome_meeting", "target", "officer").prefetch_related(
        Prefetch("related", named),
        Prefetch("parties", CommitmentParty.objects.select_related("country")),
        Prefetch("assignments", Assignment.objects.select_related("agency", "focal_point")),
        Prefetch("mentions", mentions.order_by("pk")),
        Prefetch("readings", readings.order_by("as_of", "pk")),
    )


def commitment_document(commitment: Commitment, *, until: dt.date | None = None) -> Document:
    """``commitment`` as an entry of the register file. ``with_document_relations`` fetches its relations.

    With ``until`` it is as of that date: mentions, status changes, progress reports and readings of later
    dates are left out, and so is evidence that was recorded later. Status and deadline are of that date.
    """
    document = build(commitment, COMMITMENT, until)
    if until is not None:
        _turn_back(document, commitment, until)
    return document


def _turn_back(document: Document, commitment: Commitment, until: dt.date) -> None:
    """Set status, successor and deadline to those of the day ``until``."""
    if history := document["status_history"]:
        last = history[-1]
        document["status"] = last["status"]
        document.pop("successor", None)
        if last["status"] == "superseded" and "successor" in last:
            document["successor"] = last["successor"]
    later = (each for each in commitment.deadline_changes.all() if not is_by(each.occurred_on, until))
    if first_later := next(later, None):
        document.pop("deadline", None)
        if window := build(first_later, OLD_WINDOW):
            document["deadline"] = window
