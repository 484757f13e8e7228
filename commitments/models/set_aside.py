"""Paragraphs set aside while a meeting is recorded."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from relations.models import Meeting, Paragraph


class SetAside(models.Model):
    """A user read the paragraph for the meeting and found no commitment in it.

    It records progress, so that the user can stop and come back. It does not count where the paragraph has a
    mention.
    """

    paragraph = models.ForeignKey(
        Paragraph, verbose_name=_("paragraph"), on_delete=models.CASCADE, related_name="set_aside"
    )
    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="set_aside"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="set_aside",
    )
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        verbose_name = _("paragraph set aside")
        verbose_name_plural = _("paragraphs set aside")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["paragraph", "meeting"], name="set_aside_once_a_meeting"),
        ]

    def __str__(self) -> str:
        return str(self.paragraph)
