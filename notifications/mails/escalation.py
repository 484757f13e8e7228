"""Escalation: what is overdue for so long that somebody else is to know, by the rules of an administrator."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy, ngettext

from accounts.choices import Role
from commitments.models import Commitment
from commitments.querysets import AsOf, CommitmentQuerySet
from notifications.choices import EscalationAudience
from notifications.mail_kinds import Mail, mail_kind
from notifications.models import EscalationRule, OutboxMessage
from notifications.sections import DEADLINE, Candidates, sections_of, store_told

if TYPE_CHECKING:
    from accounts.models import User

ESCALATION = "escalation"
AUDIENCE_ROLES = {
    EscalationAudience.LEAD_FOCAL_POINTS: Role.FOCAL_POINT,
    EscalationAudience.OFFICER: Role.OFFICER,
    EscalationAudience.HEADS_OF_DESK: Role.REVIEWER,
}
"""The role that an account of each audience has."""


@mail_kind(ESCALATION, gettext_lazy("escalation"))
def escalation(message: OutboxMessage) -> Mail | None:
    """What became overdue for so long as a rule says that its recipient is told; each deadline once."""
    account, as_of = message.recipient, AsOf.now()
    sections, told = sections_of(account, tuple(_candidates(account, as_of)), as_of)
    if not sections:
        return None
    count = sum(each.count for each in sections)
    subject = ngettext("%(n)d commitment is long overdue", "%(n)d commitments are long overdue", count)
    return Mail(
        subject=subject % {"n": count},
        template="escalation",
        context={"sections": sections},
        on_sent=partial(store_told, account, told),
    )


def _candidates(account: "User", as_of: AsOf) -> Iterator[Candidates]:
    for rule in EscalationRule.objects.filter(is_active=True).order_by("-after_days", "pk"):
        if AUDIENCE_ROLES[EscalationAudience(rule.audience)] not in account.roles:
            continue
        # Overdue for n days: the last day lies n days back, or more.
        on = as_of.day - dt.timedelta(days=rule.after_days - 1)
        title = ngettext("Overdue for %(n)d day or more", "Overdue for %(n)d days or more", rule.after_days)
        yield Candidates(
            f"rule:{rule.pk}",
            title % {"n": rule.after_days},
            _rows_for(rule, account, Commitment.objects.visible_to(account).at(as_of)).overdue(on),
            {
                "overdue": "true",
                "due_before": (on - dt.timedelta(days=1)).isoformat(),
                **_query_for(rule, account),
            },
            mark=DEADLINE,
            alarms=True,
        )


def _rows_for(rule: EscalationRule, account: "User", rows: CommitmentQuerySet) -> CommitmentQuerySet:
    if rule.audience == EscalationAudience.OFFICER:
        return rows.filter(officer=account.pk)
    if rule.audience == EscalationAudience.LEAD_FOCAL_POINTS:
        slugs = [account.agency.slug] if account.agency else []
        return rows.assigned_to(slugs, none=False, lead_only=True)
    return rows


def _query_for(rule: EscalationRule, account: "User") -> dict[str, str]:
    if rule.audience == EscalationAudience.OFFICER:
        return {"officer": "me"}
    if rule.audience == EscalationAudience.LEAD_FOCAL_POINTS and account.agency:
        return {"lead_agency": account.agency.slug}
    return {}
