"""The link by which who was asked for a report answers without signing in."""

import datetime as dt
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

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
    return signing.dumps([request.pk, *_addressee(request)], salt=_SALT, compress=True)


def _addressee(request: ReportRequest) -> list[Any]:
    """Whom the link is for. With another password or address it is another, and the link works no more."""
    account = request.addressee
    state = salted_hmac(_SALT, f"{account.email_key}\n{account.password}", algorithm="sha256")
    return [account.pk, state.hexdigest()[:32]]


def request_named(key: str) -> ReportRequest | None:
    """The request that ``key`` names, answered or not; ``None`` for a key that is wrong or has expired."""
    try:
        pk, *addressee = signing.loads(key, salt=_SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = ReportRequest.objects.filter(pk=pk, addressee__is_active=True)
    found = rows.select_related("commitment", "addressee", "actor", "end").first()
    return found if found is not None and _addressee(found) == addressee else None


def answers_without_signing_in(request: ReportRequest) -> bool:
    """Whether the link alone opens the form: only for what is unclassified, and the addressee may see."""
    visible: Any = Commitment.objects.visible_to(request.addressee)
    level = Clearance.UNCLASSIFIED
    return bool(visible.filter(pk=request.commitment_id, classification=level).exists())
