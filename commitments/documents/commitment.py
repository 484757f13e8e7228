"""A commitment as an entry of the register file: its keys, in the file's order, with plain values."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.choices import Clearance
from commitments.choices import PartyRole
from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    DeadlineChange,
    Evidence,
    Mention,
    ProgressUpdate,
    Reading,
    StatusChange,
)
from commitments.workflow import TransitionName
from relations.models import Paragraph

if TYPE_CHECKING:
    from accounts.models import User

Document = dict[str, Any]

LONG_TEXTS = ("paragraph__source__text", "paragraph__source__note", "paragraph__source__search_text")
"""Long fields of a source that a citation does not need."""


def with_document_relations(
    queryset: QuerySet[Commitment], *, among: QuerySet[Commitment] | None = None
) -> QuerySet[Commitment]:
    """Fetch the relations that ``commitment_document`` reads, in a fixed number of queries.

    ``among`` are the commitments that a document may name: a related commitment or a successor that is not
    among them is left out. Pass it wherever the reader may not see every commitment.
    """
    named = (Commitment.objects.all() if among is None else among).only(
        "reference", "prefix", "year", "serial"
    )
    changes = StatusChange.objects.select_related("actor", "paragraph__source").defer(*LONG_TEXTS)
    mentions = Mention.objects.select_related("meeting", "paragraph__source").defer(*LONG_TEXTS)
    readings = Reading.objects.select_related("paragraph__source").defer(*LONG_TEXTS)
    return queryset.select_related("theme", "outcome_meeting", "target").prefetch_related(
        Prefetch("successor", named),
        Prefetch("related", named),
        Prefetch("parties", CommitmentParty.objects.select_related("country")),
        Prefetch("assignments", Assignment.objects.select_related("agency", "focal_point")),
        Prefetch("status_changes", changes.order_by("number")),
        Prefetch("status_changes__successor", named),
        Prefetch("mentions", mentions.order_by("pk")),
        Prefetch("readings", readings.order_by("as_of", "pk")),
        Prefetch("progress_updates", ProgressUpdate.objects.select_related("actor")),
        Prefetch("evidence", Evidence.objects.select_related("actor", "status_change", "withdrawal__actor")),
        Prefetch("deadline_changes", DeadlineChange.objects.select_related("actor").order_by("number")),
    )


def commitment_document(commitment: Commitment, *, until: dt.date | None = None) -> Document:
    """``commitment`` as an entry of the register file. ``with_document_relations`` fetches its relations.

    With ``until`` it is as of that date: mentions, status changes, progress reports and readings of later
    dates are left out, and so is evidence that was recorded later. Status and deadline are of that date.
    """
    changes = [each for each in commitment.status_changes.all() if _is_by(each.occurred_on, until)]
    mentions = [each for each in commitment.mentions.all() if _is_by(each.meeting.day, until)]
    progress = [each for each in commitment.progress_updates.all() if _is_by(each.occurred_on, until)]
    document = {
        "reference": commitment.reference,
        "title": commitment.title,
        "text": commitment.text,
        "nature": str(commitment.nature),
        "theme": commitment.theme.slug,
        **_countries(commitment),
        "agencies": [assignment_document(each) for each in commitment.assignments.all()],
        "classification": Clearance(commitment.classification).name.lower()
        if commitment.classification
        else None,
        "deadline": _deadline(commitment, until),
        "target": _target(commitment, until),
        "readings": None if hasattr(commitment, "target") else _readings(commitment, until),
        "outcome_meeting": commitment.outcome_meeting and commitment.outcome_meeting.slug,
        **_status(commitment, changes, until),
        "status_history": [_status_change(each) for each in changes],
        "mentions": [mention_document(each) for each in mentions],
        "related": references(commitment.related.all()),
        "remarks": commitment.remarks,
        "progress": [progress_document(each) for each in progress],
        "evidence": [
            evidence_document(each, until)
            for each in commitment.evidence.all()
            if _was_recorded_by(each, until)
        ],
        "deadline_changes": [
            deadline_change_document(each)
            for each in commitment.deadline_changes.all()
            if _is_by(each.occurred_on, until)
        ],
    }
    return filled(document, always=("title", "text", "parties", "obligated", "status_history", "mentions"))


def filled(entry: Mapping[str, Any], *, always: Iterable[str] = ()) -> Document:
    """``entry`` without empty values; the keys ``always`` stay even if they are empty."""
    required = frozenset(always)
    return {key: value for key, value in entry.items() if key in required or value not in (None, "", [], {})}


def day(value: dt.date | None) -> str | None:
    """A date in ISO 8601."""
    return value.isoformat() if value else None


def instant(value: dt.datetime) -> str:
    """A time in UTC and ISO 8601, with its full precision."""
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def number(value: Decimal | None) -> int | float | str | None:
    """A figure without trailing zeros; a text if a float would round it."""
    if value is None:
        return None
    if value == value.to_integral_value():
        return int(value)
    rounded = float(value)
    return rounded if Decimal(repr(rounded)) == value else f"{value.normalize():f}"


def place(paragraph: Paragraph | None) -> Document:
    """The source and the number of ``paragraph``, as keys of a document."""
    if paragraph is None:
        return {}
    return {"source": paragraph.source.slug, "paragraph": paragraph.number}


def references(commitments: Iterable[Commitment]) -> list[str]:
    """The references of ``commitments``, ordered by parties, year and serial."""
    in_order = sorted(commitments, key=lambda each: (each.prefix, each.year, each.serial))
    return [each.reference for each in in_order]


def _is_by(date: dt.date | None, until: dt.date | None) -> bool:
    return until is None or (date is not None and date <= until)


def _was_recorded_by(evidence: Any, until: dt.date | None) -> bool:
    return _is_by(timezone.localdate(evidence.recorded_at), until)


def _username(actor: "User | None") -> str | None:
    return actor.username if actor else None


def _countries(commitment: Commitment) -> Document:
    roles: dict[str, list[str]] = {role: [] for role in PartyRole.values}
    for each in commitment.parties.all():
        roles[each.role].append(each.country.code)
    return {
        "parties": sorted(roles[PartyRole.PARTY]),
        "obligated": sorted(roles[PartyRole.OBLIGATED]),
        "beneficiaries": sorted(roles[PartyRole.BENEFICIARY]),
    }


def assignment_document(assignment: Assignment) -> Document:
    """An assigned agency as a document."""
    focal_point = _username(assignment.focal_point)
    return filled(
        {"agency": assignment.agency.slug, "role": str(assignment.role), "focal_point": focal_point}
    )


def _window(source: object, prefix: str, *, review: str) -> Document:
    return filled(
        {
            "wording": getattr(source, f"{prefix}wording"),
            "earliest": day(getattr(source, f"{prefix}earliest")),
            "latest": day(getattr(source, f"{prefix}latest")),
            "review_on": day(getattr(source, review)),
        }
    )


def _deadline(commitment: Commitment, until: dt.date | None) -> Document:
    for change in commitment.deadline_changes.all():
        if not _is_by(change.occurred_on, until):
            return _window(change, "old_", review="old_review_on")
    return _window(commitment, "deadline_", review="review_on")


def _target(commitment: Commitment, until: dt.date | None) -> Document | None:
    target = getattr(commitment, "target", None)
    if target is None:
        return None
    return filled(
        {
            "indicator": target.indicator,
            "unit": target.unit,
            "baseline": number(target.baseline),
            "value": number(target.value),
            "readings": _readings(commitment, until),
        },
        always=("indicator", "unit", "value"),
    )


def _readings(commitment: Commitment, until: dt.date | None) -> list[Document]:
    return [reading_document(each) for each in commitment.readings.all() if _is_by(each.as_of, until)]


def reading_document(reading: Reading) -> Document:
    """A reading as a document."""
    return filled(
        {
            "as_of": day(reading.as_of),
            "value": number(reading.value),
            "period": reading.period,
            **place(reading.paragraph),
            "note": reading.note,
        },
        always=("value",),
    )


def _status(commitment: Commitment, changes: list[StatusChange], until: dt.date | None) -> Document:
    if until is None or not changes:
        return {
            "status": str(commitment.status),
            "successor": commitment.successor and commitment.successor.reference,
        }
    last = changes[-1]
    successor = last.successor if last.to_status == "superseded" else None
    return {"status": str(last.to_status), "successor": successor and successor.reference}


def _status_change(change: StatusChange) -> Document:
    return filled(
        {
            "status": str(change.to_status),
            "on": day(change.occurred_on),
            "note": change.note,
            **place(change.paragraph),
            "transition": None if change.transition == TransitionName.RECORD else str(change.transition),
            "outcome": str(change.outcome),
            "delivered_on": day(change.delivered_on),
            "successor": change.successor and change.successor.reference,
            "actor": _username(change.actor),
            "recorded_at": instant(change.recorded_at),
        }
    )


def mention_document(mention: Mention) -> Document:
    """A mention as a document."""
    return filled(
        {
            "meeting": mention.meeting.slug,
            **place(mention.paragraph),
            "kind": str(mention.kind),
            "modality": str(mention.modality),
            "summary": mention.summary,
        }
    )


def progress_document(update: ProgressUpdate) -> Document:
    """A progress report as a document."""
    return filled(
        {
            "on": day(update.occurred_on),
            "achieved": update.achieved,
            "challenges": update.challenges,
            "recommendations": update.recommendations,
            "review_on": day(update.review_on),
            "actor": _username(update.actor),
            "recorded_at": instant(update.recorded_at),
        }
    )


def evidence_document(evidence: Evidence, until: dt.date | None = None) -> Document:
    """A piece of evidence as a document; with ``until``, a later withdrawal is left out."""
    change = evidence.status_change
    withdrawal = getattr(evidence, "withdrawal", None)
    is_withdrawn = withdrawal is not None and _was_recorded_by(withdrawal, until)
    return filled(
        {
            "kind": str(evidence.kind),
            "type": str(evidence.type),
            "title": evidence.title,
            "url": evidence.url,
            "file": evidence.file.name if evidence.file else None,
            "file_name": evidence.file_name,
            "sha256": evidence.sha256,
            "dated_on": day(evidence.dated_on),
            "status_change": change.number if change else None,
            "actor": _username(evidence.actor),
            "recorded_at": instant(evidence.recorded_at),
            "withdrawn": _withdrawal(withdrawal) if withdrawal and is_withdrawn else None,
        },
        always=("title",),
    )


def _withdrawal(withdrawal: Any) -> Document:
    return filled(
        {
            "reason": withdrawal.reason,
            "actor": _username(withdrawal.actor),
            "recorded_at": instant(withdrawal.recorded_at),
        },
        always=("reason",),
    )


def deadline_change_document(change: DeadlineChange) -> Document:
    """A deadline change as a document."""
    return filled(
        {
            "on": day(change.occurred_on),
            "old": _window(change, "old_", review="old_review_on"),
            "new": _window(change, "new_", review="new_review_on"),
            "reason": change.reason,
            "actor": _username(change.actor),
            "recorded_at": instant(change.recorded_at),
        },
        always=("reason",),
    )
