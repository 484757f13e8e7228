"""How often a deadline was moved, from which first one, and why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from commitments.models import DeadlineChange
from commitments.querysets import AsOf
from core.stored_sentences import told


@dataclass(frozen=True, slots=True)
class DeadlineMoves:
    """The moves of a deadline, oldest first; the first deadline as it was worded and its latest day.

    A change that only sets the day of the next review is no move, and neither is the first deadline at all.
    """

    reasons: tuple[tuple[dt.date, str], ...] = ()
    first_wording: str = ""
    first_latest: dt.date | None = None

    @classmethod
    def of(cls, changes: Iterable[DeadlineChange]) -> "DeadlineMoves":
        """The moves among ``changes``, which are in their order."""
        moves = [
            each
            for each in changes
            if any(_window(each, "old")) and _window(each, "old") != _window(each, "new")
        ]
        if not moves:
            return NO_MOVES
        reasons = tuple((each.occurred_on, told(each.reason)) for each in moves)
        return cls(reasons, moves[0].old_wording, moves[0].old_latest)

    def __bool__(self) -> bool:
        return bool(self.reasons)

    @property
    def times(self) -> str:
        """How often, in words."""
        n = len(self.reasons)
        if n == 1:
            return _("moved once")
        if n == 2:  # noqa: PLR2004  (English has a word for two)
            return _("moved twice")
        return ngettext("moved %(n)s time", "moved %(n)s times", n) % {"n": n}

    @property
    def first(self) -> str:
        """The first deadline, in words."""
        parts = []
        if self.first_wording:
            parts.append(pgettext("quotation", "“%(text)s”") % {"text": self.first_wording})
        if self.first_latest:
            parts.append(pgettext("deadline", "by %(day)s") % {"day": date_format(self.first_latest)})
        return ", ".join(parts) or pgettext("deadline", "none")

    def __str__(self) -> str:
        # Translators: "times" is "moved once" or "moved twice", "first" is a deadline.
        return _("%(times)s; the first deadline: %(first)s") % {"times": self.times, "first": self.first}

    def in_full(self) -> str:
        """How often, the first deadline, and the reason of each move with its day, line by line."""
        reason = pgettext("reason of a moved deadline", "%(day)s: %(reason)s")
        lines = (reason % {"day": date_format(day), "reason": text} for day, text in self.reasons)
        return "\n".join([str(self), *lines]) if self else ""


NO_MOVES = DeadlineMoves()


def _window(change: DeadlineChange, prefix: str) -> tuple[object, ...]:
    return tuple(getattr(change, f"{prefix}_{part}") for part in ("wording", "earliest", "latest"))


def moves_of(keys: Collection[int], as_of: AsOf) -> dict[int, DeadlineMoves]:
    """The moves by commitment, up to a date, in one query. A commitment without any is left out."""
    changes: defaultdict[int, list[DeadlineChange]] = defaultdict(list)
    rows = DeadlineChange.objects.filter(as_of.happened("occurred_on"), commitment__in=keys)
    for change in rows.order_by("number"):
        changes[change.commitment_id].append(change)
    return {key: DeadlineMoves.of(each) for key, each in changes.items()}
