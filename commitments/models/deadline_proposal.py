"""Proposed changes of a deadline, and the decisions on them."""

from collections.abc import Mapping
from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.choices import ProposalState
from commitments.models.commitment import Commitment
from commitments.models.history import DeadlineChange
from core.append_only import Recorded, RecordedWithReason


class DeadlineProposalQuerySet(models.QuerySet["DeadlineProposal"]):
    """Proposed deadlines."""

    def with_decisions(self) -> Self:
        """In their order, with who proposed and who decided."""
        return self.select_related("actor", "decision__actor", "decision__change").order_by("number")


class DeadlineProposal(RecordedWithReason):
    """A deadline that somebody proposes in place of the current one. It changes nothing until it is accepted.

    The old window is the one that stood when it was proposed. ``occurred_on`` is the day on which the new one
    was agreed. ``number`` counts the proposals of a commitment from 1.
    """

    derived = ("state",)
    objects = DeadlineProposalQuerySet.as_manager()

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.PROTECT, related_name="deadline_proposals"
    )
    number = models.PositiveIntegerField(pgettext_lazy("number of a proposal", "number"))
    old_wording = models.CharField(_("old wording"), max_length=200, blank=True)
    old_earliest = models.DateField(_("old earliest day"), null=True, blank=True)
    old_latest = models.DateField(_("old latest day"), null=True, blank=True)
    old_review_on = models.DateField(_("old review day"), null=True, blank=True)
    new_wording = models.CharField(_("new wording"), max_length=200, blank=True)
    new_earliest = models.DateField(_("new earliest day"), null=True, blank=True)
    new_latest = models.DateField(_("new latest day"), null=True, blank=True)
    new_review_on = models.DateField(_("new review day"), null=True, blank=True)
    occurred_on = models.DateField(_("agreed on"))
    state = models.CharField(
        pgettext_lazy("state of a proposal", "state"),
        max_length=12,
        choices=ProposalState.choices,
        default=ProposalState.PROPOSED,
        editable=False,
    )
    """What became of it: the state of its decision, if there is one."""

    class Meta:
        verbose_name = _("proposed deadline")
        verbose_name_plural = _("proposed deadlines")
        ordering = ["commitment", "number"]
        indexes = [
            models.Index(
                fields=["commitment"],
                condition=Q(state=ProposalState.PROPOSED),
                name="deadline_proposal_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="deadline_proposal_number_once"),
            models.CheckConstraint(
                condition=Q(new_earliest=None) | Q(new_latest=None) | Q(new_latest__gte=F("new_earliest")),
                name="deadline_proposal_in_order",
            ),
            models.CheckConstraint(
                condition=Q(new_review_on=None) | Q(new_latest=None), name="deadline_proposal_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.reference}: {self.old_wording or '–'} → {self.new_wording or '–'}"

    @classmethod
    def derivations(cls) -> Mapping[str, Any]:
        """Of the decision."""
        decision = DeadlineDecision.objects.filter(proposal=OuterRef("pk"))
        return {"state": Coalesce(Subquery(decision.values("state")), Value(ProposalState.PROPOSED))}


class DeadlineDecision(Recorded):
    """What became of a proposed deadline. ``change`` is the change of the deadline, if it was accepted.

    A proposal that lapsed has no ``actor``: nobody decided on it.
    """

    proposal = models.OneToOneField(
        DeadlineProposal, verbose_name=_("proposal"), on_delete=models.PROTECT, related_name="decision"
    )
    state = models.CharField(
        pgettext_lazy("state of a proposal", "state"),
        max_length=12,
        choices=[(str(each), each.label) for each in ProposalState if each != ProposalState.PROPOSED],
    )
    note = models.TextField(pgettext_lazy("note of a decision", "note"), blank=True)
    change = models.OneToOneField(
        DeadlineChange,
        verbose_name=_("change of deadline"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decision",
    )

    class Meta:
        verbose_name = _("decision on a deadline")
        verbose_name_plural = _("decisions on deadlines")
        ordering = ["proposal"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProposalState.ACCEPTED, change__isnull=False)
                | ~Q(state=ProposalState.ACCEPTED) & Q(change=None),
                name="deadline_decision_accepted_has_change",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.get_state_display()}"
