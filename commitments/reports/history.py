"""The history of a commitment: its status changes and all reports, by date."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Model, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.choices import EvidenceKind, Status
from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    DayCorrection,
    DeadlineChange,
    DeadlineProposal,
    EnteredInError,
    Evidence,
    Mention,
    Merge,
    ProgressUpdate,
    Reading,
    StatusChange,
)
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.citations import Citation, cite, cite_version
from commitments.reports.deadline_history import deadline_changes, deadline_proposals
from commitments.reports.history_events import Change, EvidenceItem, HistoryEvent, name_of
from commitments.reports.in_error import in_words
from commitments.reports.readings import period_in_words, with_unit
from commitments.workflow import TransitionName
from core.lists import listed
from relations.models import ParagraphVersion

_BY_OCCURRENCE: tuple[tuple[str, type[Model], str, str], ...] = (
    ("progress_updates", ProgressUpdate, "occurred_on", "actor"),
    ("deadline_changes", DeadlineChange, "occurred_on", "actor"),
    ("readings", Reading, "as_of", "paragraph__source"),
)


_WHOLE_TEXTS = ("paragraph__source__text", "paragraph__source__search_text")
"""Columns of a cited source that are not needed, since only one paragraph is shown."""


def with_detail_relations(rows: CommitmentQuerySet, as_of: AsOf) -> CommitmentQuerySet:
    """``rows`` with all relations that the detail page shows, as of a date, in a fixed number of queries."""
    evidence = Evidence.objects.filter(as_of.happened("recorded_at__date"))
    return (
        rows.at(as_of)
        .with_holder(as_of)
        .select_related("theme", "outcome_meeting", "target", "officer")
        .defer("search_text", "theme__search_text", "outcome_meeting__search_text", "officer__password")
        .prefetch_related(
            Prefetch(
                "parties",
                CommitmentParty.objects.select_related("country").order_by("country__code"),
                to_attr="sides",
            ),
            Prefetch("assignments", Assignment.objects.select_related("agency", "focal_point")),
            Prefetch(
                "mentions",
                Mention.objects.filter(as_of.happened("meeting__day"))
                .select_related("meeting", "paragraph__source")
                .defer("meeting__search_text", *_WHOLE_TEXTS)
                .prefetch_related(Prefetch("paragraph__versions", _corrections_until(as_of))),
                to_attr="mentions_then",
            ),
            Prefetch(
                "status_changes",
                StatusChange.objects.filter(as_of.happened("day"))
                .select_related("actor", "paragraph__source")
                .defer(*_WHOLE_TEXTS)
                .prefetch_related(Prefetch("day_corrections", DayCorrection.objects.select_related("actor")))
                .order_by("number"),
            ),
            Prefetch("merges", _merges_until(as_of)),
            Prefetch("evidence", evidence.select_related("withdrawal__actor", "actor", "status_change")),
            Prefetch("error_notes", _error_notes(as_of)),
            Prefetch("deadline_proposals", _proposals_until(as_of)),
            *(
                Prefetch(name, model._default_manager.filter(as_of.happened(day)).select_related(with_it))
                for name, model, day, with_it in _BY_OCCURRENCE
            ),
        )
    )


def _error_notes(as_of: AsOf) -> QuerySet[EnteredInError]:
    notes = EnteredInError.objects.filter(as_of.happened("recorded_at__date"))
    return notes.select_related(
        "actor", "mention__meeting", "mention__paragraph", "progress_update", "reading"
    )


def _proposals_until(as_of: AsOf) -> QuerySet[DeadlineProposal]:
    return DeadlineProposal.objects.filter(as_of.happened("recorded_at__date")).with_decisions()


def _merges_until(as_of: AsOf) -> QuerySet[Merge]:
    rows = Merge.objects.filter(as_of.happened("recorded_at__date"))
    changes = StatusChange.objects.order_by("number")
    return rows.select_related("actor", "absorbed", "undone_by").prefetch_related(
        Prefetch("absorbed__status_changes", changes)
    )


def _corrections_until(as_of: AsOf) -> QuerySet[ParagraphVersion]:
    rows = ParagraphVersion.objects.filter(as_of.happened("recorded_at__date"))
    return rows.select_related("actor").order_by("version")


def changes_of(commitment: Commitment, as_of: AsOf) -> tuple[Change, ...]:
    """The status changes of a commitment, each with the evidence given with it.

    The commitment must have been read with ``with_detail_relations``.
    """
    evidence = evidence_of(commitment, as_of)
    mentions: list[Mention] = vars(commitment)["mentions_then"]
    proposed: dict[int | None, str] = {
        each.paragraph_id: each.reader_quote for each in mentions if each.reader_quote
    }
    return tuple(
        _change(
            each,
            [item for item in evidence if item.evidence.status_change_id == each.pk],
            as_of,
            proposed.get(each.paragraph_id, "") if each.transition == TransitionName.REGISTER else "",
        )
        for each in commitment.status_changes.all()
    )


def submission_in(changes: Sequence[Change]) -> Change | None:
    """The submission that waits for a decision, if the last of ``changes`` is one."""
    return changes[-1] if changes and changes[-1].to_key == Status.UNDER_REVIEW else None


def returned_in(commitment: Commitment, changes: Sequence[Change]) -> Change | None:
    """The return with the note of the reviewer, until somebody acts on it: while it is the last change.

    The commitment must have been read with ``with_detail_relations``; ``changes`` are its ``changes_of``.
    """
    last = [each.transition for each in commitment.status_changes.all()][-1:]
    return changes[-1] if last == [TransitionName.RETURN] else None


def evidence_of(commitment: Commitment, as_of: AsOf) -> tuple[EvidenceItem, ...]:
    """The evidence of a commitment that was read with ``with_detail_relations``."""
    return tuple(_evidence_item(commitment, each, as_of) for each in commitment.evidence.all())


def _change(change: StatusChange, evidence: Sequence[EvidenceItem], as_of: AsOf, reader_quote: str) -> Change:
    citations = [cite_version(change.paragraph, change.paragraph_version, as_of)] if change.paragraph else []
    citations += [item.citation for item in evidence]
    by_loader = change.transition == TransitionName.RECORD
    return Change(
        occurred_on=change.happened_on,
        first_on=change.occurred_on,
        corrections=tuple(change.day_corrections.all()),
        recorded_at=change.recorded_at,
        from_key=change.from_status,
        from_label=str(Status(change.from_status).label) if change.from_status else "",
        to_key=change.to_status,
        to_label=str(Status(change.to_status).label),
        label=pgettext("event", "Record") if by_loader else change.get_transition_display(),
        note=change.note,
        actor=str(change.actor) if change.actor else "",
        outcome=capfirst(change.get_outcome_display()) if change.transition == TransitionName.SUBMIT else "",
        delivered_on=change.delivered_on,
        successor_id=change.successor_id,
        unconditional=change.unconditional,
        reader_quote=reader_quote,
        citations=tuple(citations),
    )


def evidence_url(commitment: Commitment, evidence: Evidence) -> str:
    """The URL of a piece of evidence: that of the link, or that of the view which serves the file."""
    if evidence.kind == EvidenceKind.LINK:
        return evidence.url
    return reverse("evidence_file", args=[commitment.reference, evidence.pk])


def _evidence_item(commitment: Commitment, evidence: Evidence, as_of: AsOf) -> EvidenceItem:
    withdrawal = evidence.withdrawal if evidence.is_withdrawn else None
    known = withdrawal and (not as_of.is_past or timezone.localdate(withdrawal.recorded_at) <= as_of.day)
    reason = withdrawal.reason if withdrawal and known else ""
    return EvidenceItem(evidence, evidence_url(commitment, evidence), reason)


def history_of(
    commitment: Commitment,
    changes: Iterable[Change],
    evidence: Iterable[EvidenceItem],
    as_of: AsOf,
    edits: Iterable[HistoryEvent] = (),
) -> tuple[HistoryEvent, ...]:
    """All events up to the date with the ``edits``, in order of occurrence, without mentions.

    The commitment must have been read with ``with_detail_relations``, so no query is made. Evidence given
    with a transition is listed with that transition only.
    """
    rows = [
        *_changes(changes),
        *_progress(commitment),
        *deadline_proposals(commitment, as_of),
        *deadline_changes(commitment),
        *_evidence(evidence),
        *_readings(commitment, as_of),
        *_errors(commitment),
        *_merges(commitment),
        *_paragraphs(commitment),
        *edits,
    ]
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return tuple(sorted(rows, key=lambda row: (row.occurred_on, row.recorded_at or last)))


def _changes(changes: Iterable[Change]) -> Iterator[HistoryEvent]:
    for change in changes:
        yield HistoryEvent(
            occurred_on=change.occurred_on,
            recorded_at=change.recorded_at,
            kind=change.label,
            actor=change.actor,
            change=change,
            parts=(*_proposed(change), *_version_read(change), *_corrected(change)),
            note=change.note,
            citations=change.citations,
        )


def _proposed(change: Change) -> Iterator[tuple[str, str]]:
    """The passage from which it was registered, if the reader of texts proposed it."""
    if change.reader_quote:
        quote = pgettext("quotation", "“%(wording)s”") % {"wording": change.reader_quote}
        yield _("Proposed by the reader of texts"), quote


def _version_read(change: Change) -> Iterator[tuple[str, str]]:
    if change.unconditional:
        yield _("Version read"), _("not named by the program that decided")


def _corrected(change: Change) -> Iterator[tuple[str, str]]:
    """The corrections of the day, each with who made it and why."""
    for each in change.corrections:
        values = {"day": date_format(each.occurred_on), "reason": each.reason, "who": each.actor}
        text = _("%(day)s: %(reason)s (%(who)s)") if each.actor else _("%(day)s: %(reason)s")
        yield _("Day corrected"), text % values


def _paragraphs(commitment: Any) -> Iterator[HistoryEvent]:
    """The corrections of the paragraphs that mention it, each once."""
    paragraphs = {each.paragraph_id: each.paragraph for each in commitment.mentions_then}
    for paragraph in paragraphs.values():
        for version in paragraph.versions.all():
            yield HistoryEvent(
                occurred_on=timezone.localdate(version.recorded_at),
                recorded_at=version.recorded_at,
                kind=_("Paragraph corrected"),
                actor=name_of(version.actor),
                note=version.reason,
                citations=(Citation(cite(paragraph).title, paragraph.get_versions_url()),),
            )


def _progress(commitment: Commitment) -> Iterator[HistoryEvent]:
    for update in commitment.progress_updates.all():
        parts = (
            (_("Achieved"), update.achieved),
            (_("Challenges"), update.challenges),
            (_("Recommendations"), update.recommendations),
            (_("Next review"), date_format(update.review_on) if update.review_on else ""),
            (_("From a merged commitment"), update.merged_from),
        )
        yield HistoryEvent(
            occurred_on=update.occurred_on,
            recorded_at=update.recorded_at,
            kind=_("Progress reported"),
            actor=name_of(update.actor),
            parts=tuple((label, text) for label, text in parts if text),
        )


def _evidence(evidence: Iterable[EvidenceItem]) -> Iterator[HistoryEvent]:
    for item in evidence:
        piece = item.evidence
        if piece.status_change_id is None:
            yield HistoryEvent(
                occurred_on=timezone.localdate(piece.recorded_at),
                recorded_at=piece.recorded_at,
                kind=_("Evidence attached"),
                actor=name_of(piece.actor),
                parts=_facts(piece),
                note=capfirst(piece.get_type_display()),
                citations=(item.citation,),
            )
        if item.withdrawn_because:
            withdrawal = piece.withdrawal
            yield HistoryEvent(
                occurred_on=timezone.localdate(withdrawal.recorded_at),
                recorded_at=withdrawal.recorded_at,
                kind=_("Evidence withdrawn"),
                actor=name_of(withdrawal.actor),
                note=pgettext("withdrawn evidence", "%(title)s: %(reason)s")
                % {"title": piece.title, "reason": item.withdrawn_because},
            )


def _facts(piece: Evidence) -> tuple[tuple[str, str], ...]:
    parts = (
        (_("Date of the document"), date_format(piece.dated_on) if piece.dated_on else ""),
        (_("From a merged commitment"), piece.merged_from),
    )
    return tuple((label, text) for label, text in parts if text)


def _merges(commitment: Commitment) -> Iterator[HistoryEvent]:
    """The merges into the commitment, with the status history that only the absorbed one has."""
    for done in commitment.merges.all():
        changes, stands = done.absorbed.status_changes.all(), done.is_in_force
        # Translators: a day and the status since then, in a list of all of them.
        entry = pgettext("status history", "%(day)s %(status)s")
        statuses = listed(
            entry % {"day": date_format(each.happened_on), "status": each.get_to_status_display()}
            for each in changes
        )
        yield HistoryEvent(
            occurred_on=timezone.localdate(done.recorded_at),
            recorded_at=done.recorded_at,
            kind=_("Merge undone") if done.undoes_id else _("Merged"),
            actor=name_of(done.actor),
            parts=(
                # Undone, it is another commitment, which not every reader of this one may see.
                (_("Merged commitment"), str(done.absorbed) if stands else done.absorbed.reference),
                *(((_("Its status history"), statuses),) if stands else ()),
            ),
            note=done.reason,
        )


def _readings(commitment: Commitment, as_of: AsOf) -> Iterator[HistoryEvent]:
    target = getattr(commitment, "target", None)
    if target is None:
        return
    for reading in commitment.readings.all():
        yield HistoryEvent(
            occurred_on=reading.as_of,
            recorded_at=None,
            kind=_("Reading"),
            parts=((_reported_for(reading), with_unit(reading.value, target.unit)),),
            note=reading.note,
            citations=(cite(reading.paragraph, as_of),) if reading.paragraph else (),
        )


def _errors(commitment: Commitment) -> Iterator[HistoryEvent]:
    """What was entered in error, struck through, and what was none after all."""
    for note in commitment.error_notes.all():
        thing = in_words(note.mention or note.progress_update or note.reading or commitment)
        is_lifted = note.lifts_id is not None
        yield HistoryEvent(
            occurred_on=timezone.localdate(note.recorded_at),
            recorded_at=note.recorded_at,
            kind=_("No error after all") if is_lifted else _("Entered in error"),
            actor=name_of(note.actor),
            parts=((_("Counts again"), thing),) if is_lifted else (),
            note=note.reason,
            struck="" if is_lifted else thing,
        )


def _reported_for(reading: Reading) -> str:
    return period_in_words(reading) if reading.period else _("Figure")
