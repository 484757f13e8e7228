"""Everything that happened to a commitment in one list by day, the latest first."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments.models import Commitment, DeadlineChange, StatusChange
from commitments.reports.account import evidence_url
from commitments.reports.citations import cite
from commitments.workflow import Name

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``on``: in the world; ``recorded_at``: when we were told, where known."""

    on: dt.date
    recorded_at: dt.datetime | None
    kind: str
    who: str = ""
    from_key: str = ""
    from_label: str = ""
    to_key: str = ""
    to_label: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""
    url: str = ""
    url_text: str = ""


def timeline_of(commitment: Commitment, user: "User") -> list[Event]:
    """The events of ``commitment``; what ``user`` may not see is not named in them."""
    events = [
        *_status_changes(commitment, user),
        *_progress(commitment),
        *_deadlines(commitment),
        *_evidence(commitment),
        *_readings(commitment),
        *_mentions(commitment),
    ]
    begin = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(events, key=lambda event: (event.on, event.recorded_at or begin), reverse=True)


def _facts(*facts: tuple[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((label, str(value)) for label, value in facts if value)


def _status_changes(commitment: Commitment, user: "User") -> Iterator[Event]:
    visible = Commitment.objects.visible_to(user)
    changes = commitment.status_changes.select_related("actor", "paragraph__source")
    named = {pk for pk in changes.values_list("successor", flat=True) if pk}
    successors = {each.pk: each.reference for each in visible.filter(pk__in=named)} if named else {}
    for change in changes:
        rests = cite(change.paragraph) if change.paragraph else None
        recorded_before = change.transition == Name.RECORD
        yield Event(
            on=change.occurred_on,
            recorded_at=change.recorded_at,
            kind=_("Recorded") if recorded_before else str(change.get_transition_display()),
            who=_who(change),
            from_key=change.from_status,
            from_label=change.get_from_status_display() if change.from_status else "",
            to_key=change.to_status,
            to_label=change.get_to_status_display(),
            facts=_facts(
                (_outcome_label(change), capfirst(change.get_outcome_display()) if change.outcome else ""),
                (_("Delivered on"), date_format(change.delivered_on) if change.delivered_on else ""),
                (_("Successor"), successors.get(change.successor_id or 0, "")),
            ),
            text=change.note,
            url=rests.url if rests else "",
            url_text=rests.title if rests else "",
        )


def _outcome_label(change: StatusChange) -> str:
    return _("Proposed outcome") if change.transition == Name.SUBMIT else _("Decided outcome")


def _who(row: object) -> str:
    actor = getattr(row, "actor", None)
    return str(actor) if actor else ""


def _progress(commitment: Commitment) -> Iterator[Event]:
    for update in commitment.progress_updates.select_related("actor"):
        yield Event(
            on=update.occurred_on,
            recorded_at=update.recorded_at,
            kind=_("Progress"),
            who=_who(update),
            facts=_facts(
                (_("Achieved"), update.achieved),
                (_("Challenges"), update.challenges),
                (_("Recommendations"), update.recommendations),
                (_("Next review"), date_format(update.review_on) if update.review_on else ""),
            ),
        )


def _deadlines(commitment: Commitment) -> Iterator[Event]:
    for change in commitment.deadline_changes.select_related("actor"):
        yield Event(
            on=change.occurred_on,
            recorded_at=change.recorded_at,
            kind=_("Deadline"),
            who=_who(change),
            facts=_facts((_("Was"), _window(change, "old")), (_("Is"), _window(change, "new"))),
            text=change.reason,
        )


def _window(change: DeadlineChange, which: str) -> str:
    wording, latest = getattr(change, f"{which}_wording"), getattr(change, f"{which}_latest")
    review_on = getattr(change, f"{which}_review_on")
    parts = [f"“{wording}”" if wording else _("none given")]
    if latest:
        parts.append(_("by %(day)s") % {"day": date_format(latest)})
    if review_on:
        parts.append(_("review %(day)s") % {"day": date_format(review_on)})
    return ", ".join(parts)


def _evidence(commitment: Commitment) -> Iterator[Event]:
    for piece in commitment.evidence.select_related("actor", "withdrawal__actor"):
        yield Event(
            on=_day(piece.recorded_at),
            recorded_at=piece.recorded_at,
            kind=_("Evidence"),
            who=_who(piece),
            facts=_facts(
                (_("Type"), capfirst(piece.get_type_display())),
                (_("Dated"), date_format(piece.dated_on) if piece.dated_on else ""),
            ),
            url=evidence_url(commitment, piece),
            url_text=piece.title,
        )
        if piece.is_withdrawn:
            yield Event(
                on=_day(piece.withdrawal.recorded_at),
                recorded_at=piece.withdrawal.recorded_at,
                kind=_("Evidence withdrawn"),
                who=_who(piece.withdrawal),
                text=f"{piece.title}: {piece.withdrawal.reason}",
            )


def _readings(commitment: Commitment) -> Iterator[Event]:
    target = getattr(commitment, "target", None)
    for reading in commitment.readings.select_related("paragraph__source"):
        rests = cite(reading.paragraph) if reading.paragraph else None
        figure = (
            f"{reading.value.normalize():f} {target.unit}" if target else f"{reading.value.normalize():f}"
        )
        yield Event(
            on=reading.as_of,
            recorded_at=None,
            kind=_("Reading"),
            facts=_facts((_("Figure"), figure), (_("Period"), reading.period)),
            text=reading.note,
            url=rests.url if rests else "",
            url_text=rests.title if rests else "",
        )


def _mentions(commitment: Commitment) -> Iterator[Event]:
    for mention in commitment.mentions.select_related("meeting", "paragraph__source"):
        if mention.meeting.day is None:
            continue
        rests = cite(mention.paragraph)
        yield Event(
            on=mention.meeting.day,
            recorded_at=None,
            kind=str(capfirst(mention.get_kind_display())),
            facts=_facts((_("At"), mention.meeting)),
            text=mention.summary,
            url=rests.url,
            url_text=rests.title,
        )


def _day(moment: dt.datetime) -> dt.date:
    return timezone.localdate(moment)
