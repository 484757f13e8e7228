"""Numbers of the outbox for Prometheus."""

from django.db.models import Count
from django.utils import timezone

from core.metrics import stored_number
from notifications.choices import MessageState
from notifications.models import OutboxMessage


@stored_number("aide_memoire_outbox", "Messages of the outbox.", label="state")
def messages() -> dict[str, float]:
    """By state. What was given up needs somebody to look at it."""
    counted = OutboxMessage.objects.order_by().values("state").annotate(number=Count("pk"))
    return dict.fromkeys(MessageState.values, 0.0) | {row["state"]: row["number"] for row in counted}


@stored_number("aide_memoire_outbox_delay_seconds", "How long the oldest message that is due has waited.")
def delay() -> dict[str, float]:
    """Grows if nobody runs ``send_due``."""
    now = timezone.now()
    oldest = OutboxMessage.objects.due(now).order_by("next_attempt_at").first()
    return {"": (now - oldest.next_attempt_at).total_seconds() if oldest else 0.0}
