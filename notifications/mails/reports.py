"""Mails that ask for a report, and that remind of one."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy, ngettext

from accounts.choices import Clearance
from commitments.models import Commitment, ReportRequest
from notifications.addresses import address_of
from notifications.mail_kinds import Mail, mail_kind
from notifications.models import OutboxMessage
from notifications.report_links import answer_address
from notifications.services.report_requests import REPORT_REMINDER, REPORT_REQUEST

MOST_NAMED = 50


@mail_kind(REPORT_REQUEST, gettext_lazy("request for a report"))
def report_request(message: OutboxMessage) -> Mail | None:
    """What an officer asks its recipient to report on."""
    rows = ReportRequest.objects.filter(pk__in=message.about["requests"])
    return _mail(message, rows, is_reminder=False)


@mail_kind(REPORT_REMINDER, gettext_lazy("reminder of a request for a report"))
def report_reminder(message: OutboxMessage) -> Mail | None:
    """Everything that its recipient was asked for and has not answered."""
    return _mail(message, ReportRequest.objects.all(), is_reminder=True)


def _mail(message: OutboxMessage, rows: Any, *, is_reminder: bool) -> Mail | None:
    visible = Commitment.objects.visible_to(message.recipient).order_by().values("pk")
    open_rows = rows.open().filter(addressee=message.recipient, commitment__in=visible)
    requests = list(open_rows.select_related("commitment", "actor").order_by("due_on", "pk"))
    if not requests:
        return None
    level = Clearance[settings.MAIL_MAX_LEVEL.upper()]
    told = [each for each in requests if each.commitment.classification <= level]
    n = len(requests)
    subject = (
        ngettext("Reminder: %(n)d report is awaited", "Reminder: %(n)d reports are awaited", n)
        if is_reminder
        else ngettext("Please report on %(n)d commitment", "Please report on %(n)d commitments", n)
    )
    items = [
        {
            "title": each.commitment.title,
            "reference": each.commitment.reference,
            "due_on": each.due_on,
            "note": each.note,
            "asker": str(each.actor),
            "address": answer_address(each),
        }
        for each in told[:MOST_NAMED]
    ]
    context = {
        "items": items,
        "more": len(told) - len(items),
        "restricted": n - len(told),
        "is_reminder": is_reminder,
        "address": address_of("reports"),
    }
    return Mail(subject=subject % {"n": n}, template="reports", context=context)
