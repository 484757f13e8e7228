"""The states of a message."""

from django.db import models
from django.utils.translation import pgettext_lazy


class MessageState(models.TextChoices):
    """How far a message of the outbox is."""

    WAITING = "waiting", pgettext_lazy("state of a message", "waiting")
    SENDING = "sending", pgettext_lazy("state of a message", "being sent")
    SENT = "sent", pgettext_lazy("state of a message", "sent")
    NOT_NEEDED = "not_needed", pgettext_lazy("state of a message", "not needed")
    GIVEN_UP = "given_up", pgettext_lazy("state of a message", "given up")


PENDING = (MessageState.WAITING, MessageState.SENDING)
"""The states of a message that is still to be sent."""
