"""The history of one commitment: its changes of status, and between them what was reported, by day."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments.models import Reading
from commitments.reports.account import Account, Change
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


def history_of(account: Account) -> tuple[Happening, ...]:
    """Everything that was reported or decided by the day of ``account``, the first first; no mention.

    Evidence that was handed in with a move stands at that move alone. Nothing is asked of the database.
    """
    rows = [
        *_changes(account),
        *_progress(account),
        *_deadlines(account),
        *_evidence(account),
        *_readings(account),
    ]
    at_last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return tuple(sorted(rows, key=lambda row: (row.occurred_on, row.recorded_at or at_last)))


def _changes(account: Account) -> Iterator[Happening]:
    for change in account.changes:
        yield Happening(
            occurred_on=change.occurred_on,
            recorded_at=change.recorded_at,
            kind=change.move,
            actor=change.actor,
            change=change,
            note=change.note,
            rests=change.rests,
        )


def _progress(account: Account) -> Iterator[Happening]:
    updates: Any = account.commitment.progress_updates
    for update in updates.all():
        parts = (
            (_("achieved"), update.achieved),
            (_("challenges"), update.challenges),
            (_("recommendations"), update.recommendations),
        )
        yield Happening(
            occurred_on=update.occurred_on,
            recorded_at=update.recorded_at,
            kind=_("Progress reported"),
            actor=_name(update.actor),
            said=tuple((label, text) for label, text in parts if text),
        )


def _deadlines(account: Account) -> Iterator[Happening]:
    changes: Any = account.commitment.deadline_changes
    for change in changes.all():
        yield Happening(
            occurred_on=change.occurred_on,
            recorded_at=change.recorded_at,
            kind=_("Deadline changed"),
            actor=_name(change.actor),
            said=(
                (_("was"), _window(change.old_wording, change.old_latest)),
                (_("is"), _window(change.new_wording, change.new_latest)),
            ),
            note=change.reason,
        )


def _window(wording: str, latest: dt.date | None) -> str:
    parts = [f"“{wording}”"] if wording else []
    if latest:
        parts.append(_("by %(day)s") % {"day": date_format(latest, "j M Y")})
    return ", ".join(parts) or _("none")


def _evidence(account: Account) -> Iterator[Happening]:
    for item in account.evidence:
        piece = item.evidence
        if piece.status_change_id is None:
            yield Happening(
                occurred_on=timezone.localdate(piece.recorded_at),
                recorded_at=piece.recorded_at,
                kind=_("Evidence attached"),
                actor=_name(piece.actor),
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


def _readings(account: Account) -> Iterator[Happening]:
    target: Any = getattr(account.commitment, "target", None)
    readings: Any = account.commitment.readings
    for reading in readings.all() if target else ():
        yield Happening(
            occurred_on=reading.as_of,
            recorded_at=None,
            kind=_("Reading"),
            said=((_reported_for(reading), f"{figure(reading.value)} {target.unit}"),),
            rests=(cite(reading.paragraph, account.as_of),) if reading.paragraph else (),
        )


def _reported_for(reading: Reading) -> str:
    return period_in_words(reading) if reading.period else _("figure")


def _name(actor: object | None) -> str:
    return str(actor) if actor else ""
