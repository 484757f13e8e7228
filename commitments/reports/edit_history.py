"""Edits of a commitment and of its rows, from the field history, as events of the public history."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Field
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.choices import Clearance
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.dossier_changes import display_value
from commitments.reports.history_events import HistoryEvent
from core.lists import listed

if TYPE_CHECKING:
    from accounts.models import User

_ROWS: dict[str, tuple[tuple[str, ...], str]] = {
    "HistoricalAssignment": (("agency", "focal_point"), "+~-"),
    "HistoricalCommitmentParty": (("country",), "+~-"),
    "HistoricalMention": (("meeting", "paragraph__source"), "+~-"),
    "HistoricalTarget": ((), "+~-"),
    "HistoricalReading": (("paragraph__source",), "~-"),
}
"""The rows of a commitment with a field history: the records that they name, and the kinds of edits that are
events. A new mention and a new reading are shown by themselves. A new mention is an event too if the reader
of texts proposed it: this tells who accepted it."""
_OWN = ("theme", "outcome_meeting", "officer")
_SHOWN_APART = frozenset({"deadline_wording", "deadline_earliest", "deadline_latest", "review_on"})
"""Fields whose changes are events of their own."""
_OF_THE_REGISTRATION = dt.timedelta(minutes=1)
"""Rows that were added so soon after the commitment came with it."""
_SHORT = 160
"""A longer change is shown as two texts, since the history shows only the beginning of each."""


def edits_of(commitment: Commitment, user: "User", as_of: AsOf) -> tuple[HistoryEvent, ...]:
    """The edits by ``as_of``, in order, in a fixed number of queries.

    Related commitments are named only if ``user`` may see them. An edit from a time when the commitment was
    classified above the clearance of ``user`` is left out, with what it changed. What came with the
    registration or with a load of the register file is no edit.
    """
    entries = _entries("HistoricalCommitment", "id", commitment, _OWN, as_of)
    began = next((each.history_date for each in entries if each.history_type == "+"), None)
    level = user.clearance
    events = [
        *_own_edits(entries, user, level),
        *(
            event
            for name, (related, kinds) in _ROWS.items()
            for event in _row_edits(_entries(name, "commitment", commitment, related, as_of), kinds, began)
        ),
    ]
    readable = (each for each in events if _level_at(entries, each.recorded_at) <= level)
    return tuple(sorted(readable, key=lambda each: each.recorded_at))  # type: ignore[arg-type,return-value]


def _level_at(entries: list[Any], moment: dt.datetime | None) -> int:
    """The classification at that moment."""
    then = [each.classification for each in entries if moment is None or each.history_date <= moment]
    return then[-1] if then else Clearance.UNCLASSIFIED


def _entries(
    name: str, owner: str, commitment: Commitment, related: tuple[str, ...], as_of: AsOf
) -> list[Any]:
    """The entries of a field history by that date, in order."""
    manager: Any = apps.get_model("commitments", name)._default_manager
    rows = manager.filter(as_of.happened("history_date__date"), **{owner: commitment.pk})
    return list(rows.select_related("history_user", *related).order_by("history_date", "history_id"))


def _own_edits(entries: list[Any], user: "User", level: int) -> Iterator[HistoryEvent]:
    related = _related_in(entries)
    keys = {key for each in related.values() for key in each}
    visible = Commitment.objects.visible_to(user).filter(pk__in=keys)
    named = dict(visible.order_by("prefix", "year", "serial").values_list("pk", "reference"))
    for before, after in zip(entries, entries[1:], strict=False):
        parts = list(_changes(before, after))
        texts = [
            listed(named[pk] for pk in named if pk in related[each.history_id]) for each in (before, after)
        ]
        if texts[0] != texts[1]:
            label = str(capfirst(Commitment._meta.get_field("related").verbose_name))
            parts += _before_and_after(label, *texts)
        if parts and before.classification <= level:
            yield _event(after, pgettext("event", "Edited"), parts)


def _related_in(entries: list[Any]) -> dict[int, set[int]]:
    """The keys of the related commitments in each of ``entries``, by its key."""
    found: dict[int, set[int]] = {each.history_id: set() for each in entries}
    if entries:
        links = type(entries[0]).related.model._default_manager.filter(history__id=entries[0].id)
        for entry, key in links.values_list("history", "to_commitment"):
            if entry in found:
                found[entry].add(key)
    return found


def _row_edits(entries: list[Any], kinds: str, began: dt.datetime | None) -> Iterator[HistoryEvent]:
    before: dict[int, Any] = {}
    for entry in entries:
        previous, before[entry.id] = before.get(entry.id), entry
        if entry.history_type not in kinds or not _is_edit(entry, previous, began):
            continue
        row = capfirst(entry.instance_type._meta.verbose_name)
        match entry.history_type:
            case "+":
                label = pgettext("history of a row", "%(row)s added")
                parts = [(str(row), _summary(entry)), *_proposed(entry)]
            case "-":
                label = pgettext("history of a row", "%(row)s removed")
                parts = [(str(row), _summary(entry))]
            case _:
                label = pgettext("history of a row", "%(row)s changed")
                parts = [(str(row), _name(entry)), *_changes(previous, entry)]
        yield _event(entry, label % {"row": row}, parts)


def _is_edit(entry: Any, previous: Any, began: dt.datetime | None) -> bool:
    """Whether a person edited the row: not the load that added it, nor the registration of a country."""
    if entry.history_type == "+":
        with_registration = began is not None and entry.history_date - began < _OF_THE_REGISTRATION
        name = entry.instance_type.__name__
        if name == "Mention" and not entry.reader_quote:
            return False
        belongs_to_it = name in ("CommitmentParty", "Mention") and with_registration
        return entry.history_user_id is not None and not belongs_to_it
    if entry.history_type == "~":
        return previous is not None and (any(_changes(previous, entry)) or bool(entry.history_change_reason))
    return True


def _proposed(entry: Any) -> list[tuple[str, str]]:
    """The passage that the reader of texts proposed, if it did."""
    quote = getattr(entry, "reader_quote", "")
    words = pgettext("quotation", "“%(wording)s”") % {"wording": quote}
    return [(_("Proposed by the reader of texts"), words)] if quote else []


def _event(entry: Any, kind: str, parts: list[tuple[str, str]]) -> HistoryEvent:
    return HistoryEvent(
        occurred_on=timezone.localdate(entry.history_date),
        recorded_at=entry.history_date,
        kind=kind,
        actor=str(entry.history_user or ""),
        parts=tuple(parts),
        note=entry.history_change_reason or "",
    )


def _changes(before: Any, after: Any) -> Iterator[tuple[str, str]]:
    """The fields that differ, each with its label and both values."""
    for field in _fields(after):
        if getattr(before, field.attname) != getattr(after, field.attname):
            label = str(capfirst(field.verbose_name))
            yield from _before_and_after(label, display_value(before, field), display_value(after, field))


def _before_and_after(label: str, before: str, after: str) -> Iterator[tuple[str, str]]:
    if len(before) + len(after) > _SHORT:
        yield pgettext("history of a field", "%(field)s before") % {"field": label}, before or "–"
        yield pgettext("history of a field", "%(field)s after") % {"field": label}, after or "–"
        return
    # Translators: the value of a field before and after an edit.
    text = pgettext("history of a field", "%(before)s → %(after)s")
    yield label, text % {"before": before or "–", "after": after or "–"}


def _fields(entry: Any) -> Iterator["Field[Any, Any]"]:
    hidden = {entry.instance_type._meta.pk.name, "commitment", *_SHOWN_APART}
    return (each for each in entry.tracked_fields if each.editable and each.name not in hidden)


def _summary(entry: Any) -> str:
    return listed(filter(None, (display_value(entry, field) for field in _fields(entry))))


def _name(entry: Any) -> str:
    """What tells the row from others: its first value."""
    return next(filter(None, (display_value(entry, field) for field in _fields(entry))), "")
