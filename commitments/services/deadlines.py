"""Changing the deadline window; the old one stays on record."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.models import Commitment, DeadlineChange
from commitments.services.errors import NotYours, RequirementsNotMet
from core import clock

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Window:
    """A deadline as worded, the days it can mean, and the day to look again where it has no latest day."""

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
"""The parts of a window, by the names of their columns."""


def window_of(commitment: Commitment) -> Window:
    """The window that stands now."""
    return window_in({column: getattr(commitment, column) for column in COLUMNS.values()})


def window_in(columns: Mapping[str, Any]) -> Window:
    """The window among the columns of a commitment; what is not given is empty."""
    given = {part: columns.get(column) for part, column in COLUMNS.items()}
    return Window(**given | {"wording": given["wording"] or ""})


def window_errors(window: Window) -> dict[str, list[str]]:
    """What is wrong with ``window``, by field; used wherever one is written."""
    errors: dict[str, list[str]] = {}
    if window.earliest and window.latest and window.latest < window.earliest:
        errors["latest"] = [_("The latest day lies before the earliest.")]
    if window.review_on and window.latest:
        errors["review_on"] = [_("A review day is only for a deadline without a latest day.")]
    if (window.earliest or window.latest) and not window.wording:
        errors["wording"] = [_("Give the wording as agreed, from which the days are read.")]
    return errors


def column_errors(columns: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with the window among ``columns``, by the column at which it shows."""
    return {COLUMNS[part]: messages for part, messages in window_errors(window_in(columns)).items()}


def require_editor(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may change a deadline."""
    if not actor.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer changes a deadline."))


@transaction.atomic
def change_deadline(
    *, commitment: Commitment, actor: "User", window: Window, reason: str, occurred_on: dt.date | None = None
) -> DeadlineChange:
    """Give ``commitment`` another deadline window, agreed on ``occurred_on`` (default today).

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet`` by field.
    """
    locked = Commitment.objects.visible_to(actor).select_for_update(no_key=True).get(pk=commitment.pk)
    require_editor(actor)
    day, today = occurred_on or clock.today(), clock.today()
    errors = window_errors(window)
    if not reason.strip():
        errors["reason"] = [_("Write why the deadline changes.")]
    if window == window_of(locked):
        errors["wording"] = [_("This is the deadline that stands already.")]
    last = locked.deadline_changes.order_by("-number").first()
    if day > today:
        errors["occurred_on"] = [_("%(day)s lies after today.") % {"day": date_format(day)}]
    elif last and day < last.occurred_on:
        errors["occurred_on"] = [
            _("%(day)s lies before the previous change, of %(previous)s.")
            % {"day": date_format(day), "previous": date_format(last.occurred_on)}
        ]
    if errors:
        raise RequirementsNotMet(errors)
    return write_window(locked, window, actor=actor, reason=reason.strip(), occurred_on=day)


def write_window(
    commitment: Commitment, window: Window, *, actor: "User", reason: str, occurred_on: dt.date
) -> DeadlineChange:
    """Write the change and the window that now stands; the commitment must be locked."""
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
        actor=actor,
    )
    for part, column in COLUMNS.items():
        setattr(commitment, column, getattr(window, part))
    commitment.save(update_fields=list(COLUMNS.values()))
    return change
