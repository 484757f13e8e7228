"""Changing the deadline window of a commitment. The old window stays on record."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.models import Commitment, DeadlineChange
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.locking import locked_for
from commitments.services.policy import edit_refusal
from core import clock

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Window:
    """A deadline: its wording, the earliest and latest date it can mean, or the date of the next review."""

    wording: str = ""
    earliest: dt.date | None = None
    latest: dt.date | None = None
    review_on: dt.date | None = None


COLUMNS = {
    "wording": "deadline_wording",
    "earliest": "deadline_earliest",
    "latest": "deadline_latest",
    "review_on": "review_on",
}
"""The column of each part of a window."""


def window_of(commitment: Commitment) -> Window:
    """The current window of ``commitment``."""
    return window_in({column: getattr(commitment, column) for column in COLUMNS.values()})


def window_in(columns: Mapping[str, Any]) -> Window:
    """The window that ``columns`` of a commitment describe. A missing column is empty."""
    given = {part: columns.get(column) for part, column in COLUMNS.items()}
    return Window(**given | {"wording": given["wording"] or ""})


def window_errors(window: Window) -> dict[str, list[str]]:
    """The errors of ``window``, by field. Every writer of a window uses this."""
    errors: dict[str, list[str]] = {}
    if window.earliest and window.latest and window.latest < window.earliest:
        errors["latest"] = [_("The latest date is before the earliest date.")]
    if window.review_on and window.latest:
        errors["review_on"] = [_("A review date is only for a deadline without a latest date.")]
    if (window.earliest or window.latest) and not window.wording:
        errors["wording"] = [_("Enter the wording as agreed; the dates come from it.")]
    return errors


def column_errors(columns: Mapping[str, Any]) -> dict[str, list[str]]:
    """The errors of the window in ``columns``, by column."""
    return {COLUMNS[part]: messages for part, messages in window_errors(window_in(columns)).items()}


def require_editor(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may change a deadline."""
    if not actor.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer can change a deadline."))


@transaction.atomic
def change_deadline(
    *, commitment: Commitment, actor: "User", window: Window, reason: str, occurred_on: dt.date | None = None
) -> DeadlineChange:
    """Give ``commitment`` a new deadline window, agreed on ``occurred_on`` (default today).

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``NotEditable`` (under review or
    closed), ``RequirementsNotMet`` by field.
    """
    locked = locked_for(actor, commitment)
    require_editor(actor)
    if refused := edit_refusal(locked, actor, ["deadline"]):
        raise refused
    day, today = occurred_on or clock.today(), clock.today()
    errors = window_errors(window)
    if not reason.strip():
        errors["reason"] = [_("Say why the deadline changes.")]
    if window == window_of(locked):
        errors["wording"] = [_("This is the current deadline already.")]
    last = locked.deadline_changes.order_by("-number").first()
    if day > today:
        errors["occurred_on"] = [_("%(day)s is after today.") % {"day": date_format(day)}]
    elif last and day < clock.first_day_after(last.occurred_on, recorded_on=today):
        errors["occurred_on"] = [
            _("%(day)s is before the previous change, of %(previous)s.")
            % {"day": date_format(day), "previous": date_format(last.occurred_on)}
        ]
    if errors:
        raise RequirementsNotMet(errors)
    return write_window(locked, window, actor=actor, reason=reason.strip(), occurred_on=day)


def write_window(
    commitment: Commitment,
    window: Window,
    *,
    actor: "User",
    reason: str,
    occurred_on: dt.date,
    recorded_at: dt.datetime | None = None,
) -> DeadlineChange:
    """Save the change and the new window, recorded now or with what was recorded at ``recorded_at``.

    The caller must have locked the commitment.
    """
    old = window_of(commitment)
    change = DeadlineChange.objects.create(
        commitment=commitment,
        number=commitment.deadline_changes.count() + 1,
        old_wording=old.wording,
        old_earliest=old.earliest,
        old_latest=old.latest,
        old_review_on=old.review_on,
        new_wording=window.wording,
        new_earliest=window.earliest,
        new_latest=window.latest,
        new_review_on=window.review_on,
        reason=reason,
        occurred_on=occurred_on,
        recorded_at=recorded_at or timezone.now(),
        actor=actor,
    )
    for part, column in COLUMNS.items():
        setattr(commitment, column, getattr(window, part))
    commitment.save(update_fields=list(COLUMNS.values()))
    return change
