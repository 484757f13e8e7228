"""A status change as JSON."""

from collections.abc import Iterable
from typing import Any

from commitments.documents.building import build
from commitments.documents.commitment_schema import DAY_CORRECTION, WITHDRAWAL
from commitments.models import Evidence, StatusChange


def change_document(change: StatusChange, *, evidence: Iterable[Evidence] | None = None) -> dict[str, Any]:
    """One status change. Give ``evidence`` where it is known; otherwise it is read from the database."""
    paragraph = change.paragraph
    return {
        "number": change.number,
        "transition": change.transition,
        "from": change.from_status or None,
        "to": change.to_status,
        "occurred_on": change.occurred_on,
        "corrected": [build(each, DAY_CORRECTION) for each in change.day_corrections.all()]
        if change.corrected_on
        else [],
        "recorded_at": change.recorded_at,
        "actor": change.actor.username if change.actor else None,
        "note": change.note,
        "outcome": change.outcome or None,
        "delivered_on": change.delivered_on,
        "unconditional": change.unconditional,
        "successor": change.successor.reference if change.successor else None,
        "source": paragraph.source.slug if paragraph else None,
        "paragraph": paragraph.number if paragraph else None,
        "evidence": [
            {
                "id": each.pk,
                "kind": each.kind,
                "type": each.type,
                "title": each.title,
                "url": each.url or None,
                "withdrawn": build(each.withdrawal, WITHDRAWAL) if each.is_withdrawn else None,
            }
            for each in (change.evidence.all() if evidence is None else evidence)
        ],
    }
