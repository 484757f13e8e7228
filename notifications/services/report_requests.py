"""Asking for reports by mail, and reminding of them until they are answered."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.models import User
from commitments.models import Commitment, ProgressUpdate, ReportRequest, ReportRequestEnd
from commitments.services.progress import record_progress
from commitments.services.report_requests import Asked, RequestEnded, ask_for_reports
from notifications.services.outbox import enqueue

if TYPE_CHECKING:
    from collections.abc import Iterable

REPORT_REQUEST, REPORT_REMINDER = "report_request", "report_reminder"
REMINDED_BEFORE = dt.timedelta(days=3)
"""So long before its day somebody is reminded of a request for the first time; then once a week."""


@transaction.atomic
def ask(*, commitments: Collection[int], actor: User, due_on: dt.date, note: str = "") -> Asked:
    """``ask_for_reports``, and one mail to each person who is asked, in the same transaction."""
    asked = ask_for_reports(commitments=commitments, actor=actor, due_on=due_on, note=note)
    for addressee, requests in _by_addressee(asked.requests).items():
        keys = [each.pk for each in requests]
        enqueue(
            recipient=addressee,
            kind=REPORT_REQUEST,
            dedupe_key=f"{REPORT_REQUEST}:{keys[0]}",
            about={"requests": keys},
            thread=f"{REPORT_REQUEST}:{addressee.pk}",
        )
    return asked


@transaction.atomic
def remind(*, today: dt.date) -> int:
    """Remind, once a week, everybody who has not answered what is due within three days or was due.

    Return how many mails are new. It may be called at any time, and as often as one likes.
    """
    waiting = ReportRequest.objects.open().filter(due_on__lte=today + REMINDED_BEFORE, asked_on__lt=today)
    year, week, _day = today.isocalendar()
    new = 0
    for addressee in _by_addressee(waiting.select_related("addressee")):
        message = enqueue(
            recipient=addressee,
            kind=REPORT_REMINDER,
            dedupe_key=f"{REPORT_REMINDER}:{addressee.pk}:{year}-{week}",
            thread=f"{REPORT_REQUEST}:{addressee.pk}",
        )
        new += message is not None
    return new


@transaction.atomic
def answer_by_mail_link(*, request: ReportRequest, **report: Any) -> ProgressUpdate:
    """Record the report that answers ``request``, as its addressee, by the link of a mail: once.

    ``report`` are the arguments of ``record_progress``, which says what it raises. Raises ``RequestEnded``
    where the request was answered or withdrawn meanwhile.
    """
    Commitment.objects.select_for_update(no_key=True).get(pk=request.commitment_id)
    if ReportRequestEnd.objects.filter(request=request).exists():
        raise RequestEnded
    return record_progress(
        commitment=request.commitment, actor=request.addressee, by_mail_link=True, **report
    )


def _by_addressee(requests: "Iterable[ReportRequest]") -> dict[User, list[ReportRequest]]:
    found: defaultdict[User, list[ReportRequest]] = defaultdict(list)
    for each in requests:
        found[each.addressee].append(each)
    return dict(found)
