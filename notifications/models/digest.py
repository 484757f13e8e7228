"""What an account wants to be told, what it was told already, and who is told of what is overdue for long."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.models import Commitment
from notifications.choices import DigestRhythm, EscalationAudience


class MailPreferences(models.Model):
    """How an account is told what is new. Without a row: every morning, in the site's time zone.

    ``told_until`` is the moment up to which changes were told.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="mail_preferences",
    )
    rhythm = models.CharField(
        _("rhythm"), max_length=8, choices=DigestRhythm.choices, default=DigestRhythm.DAILY
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    told_until = models.DateTimeField(_("told until"), null=True, editable=False)

    class Meta:
        verbose_name = _("mail preferences")
        verbose_name_plural = _("mail preferences")
        constraints = [
            models.CheckConstraint(condition=Q(rhythm__in=DigestRhythm.values), name="mail_rhythm_known")
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.get_rhythm_display()}"


class ToldItem(models.Model):
    """A commitment of which an account was told in a section of a mail, so that it is not told again.

    ``mark`` is what would be told anew: another deadline, another submission. Once a commitment has left its
    section, the row is removed.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="told_items",
    )
    section = models.CharField(_("section"), max_length=40)
    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="told_items"
    )
    mark = models.CharField(_("mark"), max_length=60, blank=True)
    told_at = models.DateTimeField(_("told at"), default=timezone.now)

    class Meta:
        verbose_name = _("told item")
        verbose_name_plural = _("told items")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "section", "commitment"], name="told_once_an_account_and_section"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.commitment_id}"


class EscalationRule(models.Model):
    """Whoever is to know of a commitment that is overdue for some days. Each is told once for a deadline."""

    after_days = models.PositiveSmallIntegerField(
        _("days overdue"), validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )
    audience = models.CharField(_("who is told"), max_length=20, choices=EscalationAudience.choices)
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("rule of escalation")
        verbose_name_plural = _("rules of escalation")
        ordering = ["after_days", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["after_days", "audience"], name="escalation_rule_once"),
            models.CheckConstraint(condition=Q(after_days__gte=1), name="escalation_after_a_day"),
            models.CheckConstraint(
                condition=Q(audience__in=EscalationAudience.values), name="escalation_audience_known"
            ),
        ]

    def __str__(self) -> str:
        return gettext("after %(days)d days: %(audience)s") % {
            "days": self.after_days,
            "audience": self.get_audience_display(),
        }
