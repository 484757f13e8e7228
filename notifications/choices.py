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


class DigestRhythm(models.TextChoices):
    """How often an account is told what is new. Nothing new, no mail."""

    DAILY = "daily", pgettext_lazy("rhythm of mails", "every morning")
    WEEKLY = "weekly", pgettext_lazy("rhythm of mails", "every Monday morning")
    NONE = "none", pgettext_lazy("rhythm of mails", "never")


class EscalationAudience(models.TextChoices):
    """Whom a rule of escalation tells of an overdue commitment."""

    LEAD_FOCAL_POINTS = (
        "lead_focal_points",
        pgettext_lazy("audience of an escalation", "focal points of the lead agency"),
    )
    OFFICER = "officer", pgettext_lazy("audience of an escalation", "officer in charge")
    HEADS_OF_DESK = "heads_of_desk", pgettext_lazy("audience of an escalation", "reviewers of its desk")
