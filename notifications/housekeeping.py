"""What expires of the outbox."""

import datetime as dt

from django.utils import timezone

from core.housekeeping import housekeeping
from notifications.choices import MessageState
from notifications.models import OutboxMessage

_LIFETIME = dt.timedelta(days=90)
"""So long what was sent can be looked up. What was given up stays until somebody has looked at it."""


@housekeeping("mails that were sent, or not needed, more than 90 days ago")
def remove_old_messages() -> int:
    """Messages that are done."""
    done = OutboxMessage.objects.filter(state__in=[MessageState.SENT, MessageState.NOT_NEEDED])
    return done.filter(created_at__lt=timezone.now() - _LIFETIME).delete()[0]
