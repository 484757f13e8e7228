"""The timeline of a commitment in the admin: its history and its mentions in one list."""

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments.models import Commitment, Mention
from commitments.querysets import AsOf
from commitments.reports.citations import cite
from commitments.reports.history import changes_of, evidence_of, history_of, with_detail_relations
from commitments.reports.history_events import HistoryEvent

if TYPE_CHECKING:
    from accounts.models import User


def timeline_of(commitment: Commitment, user: "User", as_of: AsOf) -> list[HistoryEvent]:
    """Return the history and the mentions of a commitment, latest first.

    A successor that ``user`` may not see is not named.
    """
    visible = Commitment.objects.visible_to(user)
    found: Any = with_detail_relations(Commitment.objects.filter(pk=commitment.pk), as_of).get()
    changes = changes_of(found, as_of)
    successor_ids = {each.successor_id for each in changes if each.successor_id}
    successors: dict[int, str] = {}
    if successor_ids:
        successors = dict(visible.filter(pk__in=successor_ids).values_list("pk", "reference"))
    history = [
        replace(row, parts=(*row.parts, (_("Successor"), successors[row.change.successor_id])))
        if row.change and row.change.successor_id in successors
        else row
        for row in history_of(found, changes, evidence_of(found, as_of), as_of)
    ]
    return sorted([*_mentions(found.mentions_then), *history], key=attrgetter("occurred_on"))[::-1]


def _mentions(mentions: list[Mention]) -> Iterator[HistoryEvent]:
    for mention in mentions:
        if mention.meeting.day:
            yield HistoryEvent(
                occurred_on=mention.meeting.day,
                recorded_at=None,
                kind=str(capfirst(mention.get_kind_display())),
                parts=((_("Meeting"), str(mention.meeting)),),
                note=mention.summary,
                citations=(cite(mention.paragraph),),
                window=mention.meeting.window_in_words,
            )
