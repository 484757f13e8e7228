"""The history of one commitment: its changes of status, and between them what was reported, by day."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments.models import Commitment, Reading
from commitments.querysets import AsOf
from commitments.reports.account import Change, EvidenceItem
from commitments.reports.citations import Citation, cite
from commitments.reports.targets import figure, period_in_words


@dataclass(frozen=True, slots=True)
class Happening:
    """A row of the history. ``change``: where it moved the status; ``said``: a report, part by part."""

    occurred_on: dt.date
    recorded_at: dt.datetime | None
    kind: str
    actor: str = ""
    change: Change | None = None
    said: tuple[tuple[str, str], ...] = ()
    note: str = ""
    rests: tuple[Citation, ...] = ()


def history_of(
    commitment: Commitment, changes: Iterable[Change], evidence: Iterable[EvidenceItem], as_of: AsOf
) -> tuple[Happening, ...]:
    """Everything that was reported or decided by the day, the first first; no mention.

    For a commitment that came through ``full``, with its changes and evidence: nothing is asked of the
    database. Evidence that was handed in with a move stands at that move alone.
    """
    rows = [
        *_changes(changes),
        *_progress(commitment),
        *_deadlines(commitment),
        *_evidence(evidence),
        *_readings(commitment, as_of),
    ]
    at_last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return tuple(sorted(rows, key=lambda row: (row.occurred_on, row.recorded_at or at_last)))


def _changes(changes: Iterable[Change]) -> Iterator[Happening]:
    for change in changes:
        yield Happening(
            occurred_on=change.occurred_on,
            recorded_at=change.recorded_at,
            kind=change.move,
            actor=change.actor,
            change=change,
            note=change.note,
            rests=change.rests,
        )


def _progress(commitment: Commitment) -> Iterator[Happening]:
    for update in commitment.progress_updates.all():
        parts = (
            (_("achieved"), update.achieved),
            (_("challenges"), update.challenges),
            (_("recommendations"), update.recommendations),
            (_("next review"), date_format(update.review_on) if update.review_on else ""),
        )
        yield Happening(
            occurred_on=update.occurred_on,
            recorded_at=update.recorded_at,
            kind=_("Progress reported"),
            actor=_name(update.actor),
            said=tuple((label, text) for label, text in parts if text),
        )


def _deadlines(commitment: Commitment) -> Iterator[Happening]:
    for change in commitment.deadline_changes.all():
        yield Happening(
            occurred_on=change.occurred_on,
            recorded_at=change.recorded_at,
            kind=_("Deadline changed"),
            actor=_name(change.actor),
            said=(
                (_("was"), _window(change.old_wording, change.old_latest, change.old_review_on)),
                (_("is"), _window(change.new_wording, change.new_latest, change.new_review_on)),
            ),
            note=change.reason,
        )


def _window(wording: str, latest: dt.date | None, review_on: dt.date | None) -> str:
    parts = [f"“{wording}”"] if wording else []
    if latest:
        parts.append(_("by %(day)s") % {"day": date_format(latest)})
    if review_on:
        parts.append(_("review %(day)s") % {"day": date_format(review_on)})
    return ", ".join(parts) or _("none")


def _evidence(evidence: Iterable[EvidenceItem]) -> Iterator[Happening]:
    for item in evidence:
        piece = item.evidence
        if piece.status_change_id is None:
            yield Happening(
                occurred_on=timezone.localdate(piece.recorded_at),
                recorded_at=piece.recorded_at,
                kind=_("Evidence attached"),
                actor=_name(piece.actor),
                said=((_("dated"), date_format(piece.dated_on)),) if piece.dated_on else (),
                note=capfirst(piece.get_type_display()),
                rests=(Citation(piece.title, item.url),),
            )
        if item.withdrawn_because:
            withdrawal = piece.withdrawal
            yield Happening(
                occurred_on=timezone.localdate(withdrawal.recorded_at),
                recorded_at=withdrawal.recorded_at,
                kind=_("Evidence withdrawn"),
                actor=_name(withdrawal.actor),
                note=f"{piece.title}: {item.withdrawn_because}",
            )


def _readings(commitment: Commitment, as_of: AsOf) -> Iterator[Happening]:
    target = getattr(commitment, "target", None)
    if target is None:
        return
    for reading in commitment.readings.all():
        yield Happening(
            occurred_on=reading.as_of,
            recorded_at=None,
            kind=_("Reading"),
            said=((_reported_for(reading), f"{figure(reading.value)} {target.unit}"),),
            note=reading.note,
            rests=(cite(reading.paragraph, as_of),) if reading.paragraph else (),
        )


def _reported_for(reading: Reading) -> str:
    return period_in_words(reading) if reading.period else _("figure")


def _name(actor: object | None) -> str:
    return str(actor) if actor else ""
