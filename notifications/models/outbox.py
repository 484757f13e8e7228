"""The outbox: messages that are to be sent, written in the transaction of what they tell."""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.addresses import mail_domain
from notifications.choices import PENDING, MessageState


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Filters for messages."""

    def pending(self) -> Self:
        """Those that are still to be sent."""
        return self.filter(state__in=PENDING)

    def due(self, now: dt.datetime) -> Self:
        """Those to be sent now, also where whoever began it was stopped."""
        return self.pending().filter(next_attempt_at__lte=now)


class OutboxMessage(models.Model):
    """A mail to one account: what it is about, not what it says.

    ``about`` holds keys of records. The text is made when it is sent, from what the recipient may see then.
    ``key`` becomes the Message-ID, which is the same if a message is sent again after an interruption.
    While it is sent, ``claim`` says by whom, and ``next_attempt_at`` until when nobody else tries.
    """

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recipient"),
        on_delete=models.CASCADE,
        related_name="outbox_messages",
    )
    kind = models.CharField(pgettext_lazy("kind of message", "kind"), max_length=40)
    about = models.JSONField(pgettext_lazy("of a message", "about"), default=dict, blank=True)
    dedupe_key = models.CharField(
        _("said once"),
        max_length=200,
        unique=True,
        help_text=_("No two messages have the same: what was said is not said again."),
    )
    thread = models.CharField(
        _("thread"), max_length=200, blank=True, help_text=_("Messages with the same text are one thread.")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=MessageState.choices, default=MessageState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("next attempt at"), default=timezone.now)
    claim = models.UUIDField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state__in=PENDING), name="outbox_due"),
            models.Index(fields=["state", "created_at"], name="outbox_by_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="outbox_state_known"),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                name="outbox_sent_at_written",
            ),
        ]

    def __str__(self) -> str:
        return self.dedupe_key

    @property
    def message_id(self) -> str:
        """The Message-ID, by which whoever gets it twice knows it again."""
        return f"<{self.key}@{mail_domain()}>"
