"""Requests for a report: who was asked for progress, by which day, and what came of it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.permissions import Right
from commitments.choices import OPEN
from commitments.holders import asked_of
from commitments.models.commitment import Commitment
from commitments.models.progress import ProgressUpdate
from core.append_only import AppendOnly

if TYPE_CHECKING:
    from accounts.models import User


class ReportRequestQuerySet(models.QuerySet["ReportRequest"]):
    """Requests for a report."""

    def open(self) -> Self:
        """Those that wait for a report: neither answered nor withdrawn, of commitments that are open."""
        return self.filter(end=None, commitment__status__in=OPEN, commitment__is_in_error=False)

    def visible_to(self, user: "User") -> Self:
        """Those that ``user`` may see, of commitments that ``user`` may read."""
        visible = Commitment.objects.visible_to(user).order_by().values("pk")
        return self.filter(commitment__in=visible).told_to(user)

    def told_to(self, user: "User") -> Self:
        """Of commitments that ``user`` may read: all of them, or, for a focal point, those to its agency."""
        return self if user.may(Right.READ_REGISTER) else self.filter(asked_of(user))


class ReportRequest(AppendOnly):
    """An officer asks a focal point to report progress of a commitment by a day.

    It is no duty beyond what was pledged, and changes no status. What came of it is a ``ReportRequestEnd``.
    """

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.PROTECT, related_name="report_requests"
    )
    addressee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("focal point"),
        on_delete=models.PROTECT,
        related_name="report_requests",
    )
    due_on = models.DateField(pgettext_lazy("day of a request", "by"))
    note = models.TextField(pgettext_lazy("note of a request", "note"), blank=True)
    asked_on = models.DateField(_("asked on"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("person who recorded something", "by"),
        on_delete=models.PROTECT,
        related_name="report_requests_made",
    )

    objects = ReportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a report")
        verbose_name_plural = _("requests for a report")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("asked_on")), name="report_request_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.reference}, {self.addressee}"


class ReportRequestEnd(AppendOnly):
    """What came of a request: the progress update that answers it, or nothing, since it was withdrawn."""

    request = models.OneToOneField(
        ReportRequest, verbose_name=_("request"), on_delete=models.PROTECT, related_name="end"
    )
    progress_update = models.ForeignKey(
        ProgressUpdate,
        verbose_name=_("answer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
    )
    by_mail_link = models.BooleanField(_("by mail link"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("person who recorded something", "by"),
        on_delete=models.PROTECT,
        related_name="report_requests_ended",
    )

    class Meta:
        verbose_name = _("end of a request")
        verbose_name_plural = _("ends of requests")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by_mail_link=False) | Q(progress_update__isnull=False),
                name="report_request_link_answers",
            ),
        ]

    def __str__(self) -> str:
        return str(self.request)
