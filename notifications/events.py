"""What happened to commitments since an account was told, in words."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.choices import Status
from commitments.models import DeadlineChange, DeadlineProposal, Evidence, ProgressUpdate, StatusChange
from commitments.workflow import TransitionName
from core.lists import listed
from notifications.sections import Event

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from accounts.models import User


class _Happened(NamedTuple):
    recorded_at: dt.datetime
    mark: str
    words: str


_NAMES: tuple[tuple[type[Any], "StrPromise"], ...] = (
    (ProgressUpdate, gettext_lazy("progress reported")),
    (DeadlineProposal, gettext_lazy("new deadline proposed")),
    (DeadlineChange, gettext_lazy("deadline changed")),
    (Evidence, gettext_lazy("evidence added")),
)


def events_for(account: "User", since: dt.datetime) -> dict[int, Event]:
    """What others recorded after ``since``, by key of the commitment. One statement for each kind.

    What a register file brought, and what the account did itself, is no news.
    """
    found: dict[int, list[_Happened]] = defaultdict(list)
    for pk, happened in [*_status_changes(account, since), *_others(account, since)]:
        found[pk].append(happened)
    events = {}
    for pk, all_of_it in found.items():
        all_of_it.sort()
        events[pk] = Event(all_of_it[-1].mark, listed(dict.fromkeys(each.words for each in all_of_it)))
    return events


def _by_others(account: "User", since: dt.datetime) -> Q:
    return Q(recorded_at__gt=since, actor__isnull=False) & ~Q(actor=account.pk)


def _status_changes(account: "User", since: dt.datetime) -> Iterable[tuple[int, _Happened]]:
    rows = StatusChange.objects.filter(_by_others(account, since)).exclude(transition=TransitionName.RECORD)
    values = rows.order_by("pk").values_list("pk", "commitment", "recorded_at", "to_status", "number")
    for pk, commitment, recorded_at, status, number in values:
        words = _("new") if number == 1 else _("now %(status)s") % {"status": Status(status).label}
        yield commitment, _Happened(recorded_at, f"status:{pk}", words)


def _others(account: "User", since: dt.datetime) -> Iterable[tuple[int, _Happened]]:
    for model, words in _NAMES:
        rows = model._default_manager.filter(_by_others(account, since)).order_by("pk")
        for pk, commitment, recorded_at in rows.values_list("pk", "commitment", "recorded_at"):
            yield commitment, _Happened(recorded_at, f"{model.__name__}:{pk}", str(words))
