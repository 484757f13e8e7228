"""The link by which who was asked for a report answers without signing in."""

import datetime as dt
from typing import Any

from django.core import signing
from django.urls import reverse

from accounts.choices import Clearance
from commitments.models import Commitment, ReportRequest
from notifications.addresses import absolute

_SALT = "notifications.report_links"
LASTS = dt.timedelta(days=60)
"""So long the link of a mail works, if nobody has answered before."""


def answer_address(request: ReportRequest) -> str:
    """The whole address at which ``request`` is answered."""
    return absolute(reverse("answer_report", args=[answer_key(request)]))


def answer_key(request: ReportRequest) -> str:
    """What names ``request`` in the address: signed, for this addressee alone, from now on."""
    return signing.dumps([request.pk, request.addressee_id], salt=_SALT, compress=True)


def request_named(key: str) -> ReportRequest | None:
    """The request that ``key`` names, answered or not; ``None`` for a key that is wrong or has expired."""
    try:
        pk, addressee = signing.loads(key, salt=_SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = ReportRequest.objects.filter(pk=pk, addressee=addressee, addressee__is_active=True)
    return rows.select_related("commitment", "addressee", "actor", "end").first()


def answers_without_signing_in(request: ReportRequest) -> bool:
    """Whether the link alone opens the form: only for what is unclassified, and the addressee may see."""
    visible: Any = Commitment.objects.visible_to(request.addressee)
    level = Clearance.UNCLASSIFIED
    return bool(visible.filter(pk=request.commitment_id, classification=level).exists())
