"""The append-only histories: status changes and deadline changes."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.choices import CLOSED, OPEN, Status
from commitments.models.commitment import Commitment
from commitments.workflow import TRANSITIONS, TransitionName
from core.append_only import Recorded, RecordedWithReason
from relations.models import Paragraph

TRANSITION_CHOICES = [
    *((str(name), row.label) for name, row in TRANSITIONS.items()),
    (str(TransitionName.RECORD), _("Recorded before the register was kept here")),
]


class StatusChange(Recorded):
    """A change of the status of a commitment.

    ``occurred_on`` is the day on which it happened in the world. ``recorded_at`` is the moment at which it
    was entered. The two are never mixed. ``outcome`` is the outcome that a submission proposes or a
    confirmation decides. ``number`` counts the changes of a commitment from 1. A day that was wrong stays as
    it was recorded: ``DayCorrection`` says which day is right.
    """

    derived = ("corrected_on",)

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.PROTECT, related_name="status_changes"
    )
    number = models.PositiveIntegerField(pgettext_lazy("number of a change", "number"))
    transition = models.CharField(_("transition"), max_length=12, choices=TRANSITION_CHOICES)
    from_status = models.CharField(
        pgettext_lazy("status before a change", "from"), max_length=20, choices=Status.choices, blank=True
    )
    to_status = models.CharField(
        pgettext_lazy("status after a change", "to"), max_length=20, choices=Status.choices
    )
    occurred_on = models.DateField(_("occurred on"))
    corrected_on = models.DateField(_("corrected day"), null=True, blank=True, editable=False)
    """What the last correction of the day says. Rules about days read ``day``, which counts it."""
    day = models.GeneratedField(
        verbose_name=_("day"),
        expression=Coalesce("corrected_on", "occurred_on"),
        output_field=models.DateField(),
        db_persist=True,
    )
    note = models.TextField(pgettext_lazy("note of a status change", "note"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Status.choices, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    successor = models.ForeignKey(
        Commitment,
        verbose_name=_("successor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="named_in",
    )
    paragraph = models.ForeignKey(
        Paragraph,
        verbose_name=_("based on"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="status_changes",
    )
    paragraph_version = models.PositiveSmallIntegerField(
        _("version of the paragraph"),
        default=1,
        help_text=_("The version on which it was based. A later correction does not change it."),
    )
    opens = models.BooleanField(
        _("opens the commitment"),
        default=False,
        help_text=_("The first change, or one that leads from a closed to an open status."),
    )
    unconditional = models.BooleanField(
        _("decided without naming the version that was read"),
        default=False,
        help_text=_("A program decided without If-Match, so nothing shows what the reviewer had read."),
    )

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["commitment", "number"]
        indexes = [
            models.Index(fields=["commitment", "day"], name="status_change_by_day"),
            models.Index(fields=["-day", "-id"], name="status_change_latest"),
            models.Index(fields=["actor", "transition"], name="status_change_by_actor"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="status_change_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="status_change_number_from_one"),
            models.CheckConstraint(
                condition=Q(number=1, from_status="") | (Q(number__gt=1) & ~Q(from_status="")),
                name="status_change_first_has_no_from",
            ),
            models.CheckConstraint(
                condition=Q(opens=True, to_status__in=sorted(OPEN), from_status__in=["", *sorted(CLOSED)])
                | Q(opens=False) & ~Q(to_status__in=sorted(OPEN), from_status__in=["", *sorted(CLOSED)]),
                name="status_change_opens",
            ),
            models.CheckConstraint(
                condition=~Q(to_status=Status.SUPERSEDED) | Q(successor__isnull=False),
                name="status_change_superseded_names_successor",
            ),
        ]

    @classmethod
    def derivations(cls) -> Mapping[str, Any]:
        """Of the last correction of the day."""
        last = DayCorrection.objects.filter(status_change=OuterRef("pk")).order_by("-recorded_at", "-pk")
        return {"corrected_on": Subquery(last.values("occurred_on")[:1])}

    def __str__(self) -> str:
        return f"{self.commitment.reference} {self.number}: {self.from_status or '–'} → {self.to_status}"

    @property
    def happened_on(self) -> dt.date:
        """The day on which it happened: the corrected one, if there is one."""
        return self.corrected_on or self.occurred_on


class DayCorrection(RecordedWithReason):
    """The day on which a status change really happened, where it was recorded with a wrong one.

    The first day stays on record, and so does every correction. The order of the changes and the year of the
    reference go by the first day; every other rule about days goes by the last correction.
    """

    status_change = models.ForeignKey(
        StatusChange,
        verbose_name=_("status change"),
        on_delete=models.PROTECT,
        related_name="day_corrections",
    )
    occurred_on = models.DateField(_("right day"))

    class Meta:
        verbose_name = _("correction of a day")
        verbose_name_plural = _("corrections of days")
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.status_change}, {self.occurred_on}"


class DeadlineChange(RecordedWithReason):
    """A renegotiated deadline: the window before, the window after, and the reason. Not a corrected typo."""

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.PROTECT, related_name="deadline_changes"
    )
    number = models.PositiveIntegerField(pgettext_lazy("number of a change", "number"))
    old_wording = models.CharField(_("old wording"), max_length=200, blank=True)
    old_earliest = models.DateField(_("old earliest day"), null=True, blank=True)
    old_latest = models.DateField(_("old latest day"), null=True, blank=True)
    old_review_on = models.DateField(_("old review day"), null=True, blank=True)
    new_wording = models.CharField(_("new wording"), max_length=200, blank=True)
    new_earliest = models.DateField(_("new earliest day"), null=True, blank=True)
    new_latest = models.DateField(_("new latest day"), null=True, blank=True)
    new_review_on = models.DateField(_("new review day"), null=True, blank=True)
    occurred_on = models.DateField(_("occurred on"))

    class Meta:
        verbose_name = _("change of deadline")
        verbose_name_plural = _("changes of deadline")
        ordering = ["commitment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="deadline_change_number_once"),
            models.CheckConstraint(
                condition=Q(new_earliest=None) | Q(new_latest=None) | Q(new_latest__gte=F("new_earliest")),
                name="deadline_change_in_order",
            ),
            models.CheckConstraint(
                condition=Q(new_review_on=None) | Q(new_latest=None), name="deadline_change_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.reference}: {self.old_wording or '–'} → {self.new_wording or '–'}"
