"""Corrections of the day of a status change: the recorded day stays, the rules read the right one.

See docs/rules.md#correction-of-a-day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.models import Commitment, DayCorrection, Mention, StatusChange
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.locking import locked_for, require_counted
from commitments.workflow import TRANSITIONS, TransitionName
from core import clock
from relations.models import Meeting

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Affected:
    """The status changes that had copied the day of a meeting.

    ``moved`` take the new day. ``kept`` stay where they are: the new day would pass a neighbouring change, or
    today.
    """

    moved: tuple[StatusChange, ...] = ()
    kept: tuple[StatusChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.moved or self.kept)


def affected_by(meeting: Meeting, *, before: dt.date | None, after: dt.date | None) -> Affected:
    """The status changes that copied the day ``before`` of ``meeting``, if its day is now ``after``.

    A change has copied it if it is based on a paragraph that mentions its commitment at the meeting, and
    has that day.
    """
    if before is None or after is None or before == after:
        return Affected()
    mentions = Mention.with_errors.filter(meeting=meeting).values_list("commitment", "paragraph")
    places = set(mentions)
    changes = StatusChange.objects.filter(commitment__in={commitment for commitment, _paragraph in places})
    histories: defaultdict[int, list[StatusChange]] = defaultdict(list)
    for change in changes.select_related("commitment").order_by(
        "commitment__prefix", "commitment__year", "commitment__serial", "number"
    ):
        histories[change.commitment_id].append(change)
    moved: list[StatusChange] = []
    kept: list[StatusChange] = []
    for key, history in histories.items():
        copied = [
            each for each in history if (key, each.paragraph_id) in places and each.happened_on == before
        ]
        fitting = _fitting(history, copied, after)
        moved += fitting
        kept += [each for each in copied if each not in fitting]
    return Affected(tuple(moved), tuple(kept))


def _fitting(
    history: Sequence[StatusChange], copied: Sequence[StatusChange], day: dt.date
) -> list[StatusChange]:
    """Those of ``copied`` that can have ``day``: not after today, in order with the rest of ``history``."""
    if day > clock.today():
        return []
    fitting = list(copied)
    while True:
        days = [day if each in fitting else each.happened_on for each in history]
        wrong = [
            each
            for n, each in enumerate(history)
            if each in fitting
            and (any(earlier > day for earlier in days[:n]) or any(later < day for later in days[n + 1 :]))
        ]
        if not wrong:
            return fitting
        fitting = [each for each in fitting if each not in wrong]


@transaction.atomic
def follow_meeting(
    meeting: Meeting, *, before: dt.date | None, actor: "User | None", reason: str = ""
) -> Affected:
    """Correct the days of the status changes that had copied the day ``before`` of ``meeting``.

    Every way to save a meeting ends here. Returns what was corrected, and what keeps its day.
    """
    after = meeting.starts_on or meeting.window_earliest or meeting.window_latest
    affected = affected_by(meeting, before=before, after=after)
    if not affected.moved or before is None or after is None:
        return affected
    keys = {change.commitment_id for change in affected.moved}
    list(Commitment.objects.filter(pk__in=keys).select_for_update(no_key=True).order_by("pk").values("pk"))
    affected = affected_by(meeting, before=before, after=after)
    values = {"meeting": meeting.title, "before": date_format(before), "after": date_format(after)}
    text = _("The day of “%(meeting)s” was corrected from %(before)s to %(after)s.") % values
    if reason:
        text = _("The day of “%(meeting)s” was corrected from %(before)s to %(after)s: %(reason)s") % {
            **values,
            "reason": reason,
        }
    for change in affected.moved:
        write_correction(DayCorrection(status_change=change, occurred_on=after, reason=text, actor=actor))
    return affected


@transaction.atomic
def correct_day(*, change: StatusChange, actor: "User", day: dt.date, reason: str) -> DayCorrection:
    """Correct the day of a status change that was dated wrongly by hand. Reviewers only.

    The right day is not after today and passes no neighbouring change. What is always dated the day it is
    made cannot be wrong.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``IsInError``,
    ``RequirementsNotMet`` by field.
    """
    locked = locked_for(actor, change.commitment)
    require_corrector(actor)
    require_counted(locked)
    history = list(locked.status_changes.order_by("number"))
    found = next(each for each in history if each.pk == change.pk)
    errors: dict[str, list[str]] = {}
    if found not in datable(history):
        errors["number"] = [_("This change is always dated the day it is made.")]
    elif message := _day_error(history, found, day):
        errors["on"] = [message]
    if not reason.strip():
        errors["reason"] = [_("Say how the right day is known.")]
    if errors:
        raise RequirementsNotMet(errors)
    correction = DayCorrection(status_change=found, occurred_on=day, reason=reason.strip(), actor=actor)
    return write_correction(correction)


def require_corrector(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may correct days."""
    if not actor.may(Right.CORRECT_DAY):
        raise NotYours(_("Only a reviewer can correct the day of a status change."))


def datable(history: Iterable[StatusChange]) -> list[StatusChange]:
    """The changes whose day was given by somebody, so that it can be wrong."""
    return [
        each
        for each in history
        if each.transition == TransitionName.RECORD
        or not TRANSITIONS[TransitionName(each.transition)].dated_today
    ]


def write_correction(correction: DayCorrection) -> DayCorrection:
    """Save ``correction`` and the day that it gives to its status change. The caller has checked and locked.

    Nothing else writes ``corrected_on``.
    """
    correction.save(force_insert=True)
    change = correction.status_change
    StatusChange.objects.filter(pk=change.pk).update(corrected_on=correction.occurred_on)
    change.corrected_on = correction.occurred_on
    return correction


def _day_error(history: Sequence[StatusChange], change: StatusChange, day: dt.date) -> str:
    place = history.index(change)
    if day == change.happened_on:
        return _("This is the day of the change already.")
    if day > clock.today():
        return _("%(day)s is after today.") % {"day": date_format(day)}
    for before in history[:place][-1:]:
        if day < before.happened_on:
            return _("%(day)s is before the previous change, of %(previous)s.") % {
                "day": date_format(day),
                "previous": date_format(before.happened_on),
            }
    for after in history[place + 1 :][:1]:
        if day > after.happened_on:
            return _("%(day)s is after the next change, of %(following)s.") % {
                "day": date_format(day),
                "following": date_format(after.happened_on),
            }
    return ""
