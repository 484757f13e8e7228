"""Proposals to classify a record lower, and the decisions on them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Clearance
from commitments.choices import ProposalState
from commitments.models.commitment import Commitment
from core.append_only import AppendOnly
from relations.models import Meeting, Source

if TYPE_CHECKING:
    from accounts.models import User

KINDS = ("commitment", "meeting", "source")
"""The kinds of records that are classified, each by the name of its column."""


class DowngradeQuerySet(models.QuerySet["Downgrade"]):
    """Proposals to classify a record lower."""

    def open(self) -> Self:
        """Those that await a decision."""
        return self.filter(state=ProposalState.PROPOSED)

    def of(self, record: Commitment | Meeting | Source) -> Self:
        """Those about ``record``, the oldest first."""
        return self.filter(**{str(record._meta.model_name): record.pk}).order_by("pk")

    def told_to(self, user: "User") -> Self:
        """Those from a time when ``user`` could read the record, as the history leaves out earlier edits."""
        return self.filter(from_level__lte=user.clearance)

    def with_decisions(self) -> Self:
        """With who proposed and who decided."""
        return self.select_related("actor", "decision__actor")


class Downgrade(AppendOnly):
    """A proposal to classify a commitment, a meeting or a source lower. It changes nothing until accepted.

    ``from_level`` is the classification that stood when it was proposed.
    """

    derived = ("state",)
    objects = DowngradeQuerySet.as_manager()

    commitment = models.ForeignKey(
        Commitment,
        verbose_name=_("commitment"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="downgrades",
    )
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("meeting"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="downgrades",
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="downgrades",
    )
    from_level = models.PositiveSmallIntegerField(
        pgettext_lazy("classification before", "from"), choices=Clearance.choices
    )
    to_level = models.PositiveSmallIntegerField(
        pgettext_lazy("classification after", "to"), choices=Clearance.choices
    )
    reason = models.TextField(_("reason"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("person who recorded something", "by"),
        on_delete=models.PROTECT,
        related_name="downgrades",
    )
    state = models.CharField(
        pgettext_lazy("state of a proposal", "state"),
        max_length=12,
        choices=ProposalState.choices,
        default=ProposalState.PROPOSED,
        editable=False,
    )
    """What became of it: the state of its decision, if there is one."""

    class Meta:
        verbose_name = _("proposed downgrade")
        verbose_name_plural = _("proposed downgrades")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["recorded_at"], condition=Q(state=ProposalState.PROPOSED), name="downgrade_open"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(commitment__isnull=False, meeting=None, source=None)
                | Q(commitment=None, meeting__isnull=False, source=None)
                | Q(commitment=None, meeting=None, source__isnull=False),
                name="downgrade_of_one_record",
            ),
            models.CheckConstraint(condition=Q(to_level__lt=F("from_level")), name="downgrade_is_lower"),
            models.CheckConstraint(condition=Q(from_level__lte=3), name="downgrade_level_known"),
        ]

    @classmethod
    def derivations(cls) -> Mapping[str, Any]:
        """Of the decision."""
        decision = DowngradeDecision.objects.filter(proposal=OuterRef("pk"))
        return {"state": Coalesce(Subquery(decision.values("state")), Value(ProposalState.PROPOSED))}

    def __str__(self) -> str:
        return f"{self.record}: {self.get_from_level_display()} → {self.get_to_level_display()}"

    @property
    def record(self) -> Commitment | Meeting | Source:
        """What it is about."""
        found: Commitment | Meeting | Source = self.commitment or self.meeting or self.source  # type: ignore[assignment]
        return found


class DowngradeDecision(AppendOnly):
    """What became of a proposal to classify a record lower."""

    proposal = models.OneToOneField(
        Downgrade, verbose_name=_("proposal"), on_delete=models.PROTECT, related_name="decision"
    )
    state = models.CharField(
        pgettext_lazy("state of a proposal", "state"), max_length=12, choices=ProposalState.choices
    )
    note = models.TextField(pgettext_lazy("note of a decision", "note"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("person who recorded something", "by"),
        on_delete=models.PROTECT,
        related_name="downgrade_decisions",
    )

    class Meta:
        verbose_name = _("decision on a downgrade")
        verbose_name_plural = _("decisions on downgrades")
        ordering = ["proposal"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[ProposalState.ACCEPTED, ProposalState.REFUSED, ProposalState.WITHDRAWN]
                ),
                name="downgrade_decision_state",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.get_state_display()}"
