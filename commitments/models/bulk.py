"""Bulk jobs: one action for many commitments, stored so that it can be paused and continued."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import Clearance
from commitments.choices import AssignmentRole, BulkAct, BulkResult, Status
from commitments.models.commitment import Commitment, Theme
from commitments.owned_querysets import BulkJobQuerySet
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from relations.models import Agency

_OF_AN_AGENCY = (BulkAct.ASSIGNMENT, BulkAct.REMOVAL, BulkAct.LEAD)


class BulkJob(models.Model):
    """A selection of commitments, and the transition or other change that its owner applies to each.

    A job is created as a selection without an action. It is begun when the owner chooses the action, and
    finished when every row has a result or the owner stops it. Only the owner can see it: the changes
    themselves are in the histories of the commitments, like all other changes.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="bulk_jobs"
    )
    query = models.TextField(
        _("filter"), blank=True, help_text=_("The filter that chose the rows; empty where they were ticked.")
    )
    came_from = models.TextField(
        _("list"), blank=True, help_text=_("The filter of the list on which the rows were chosen, or ticked.")
    )
    act = models.CharField(_("act"), max_length=10, choices=BulkAct.choices, blank=True)
    transition = models.CharField(_("transition"), max_length=20, blank=True)
    note = models.TextField(_("note"), blank=True)
    occurred_on = models.DateField(_("occurred on"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Status.choices, blank=True)
    successor = models.ForeignKey(
        Commitment,
        verbose_name=_("successor"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    evidence = models.JSONField(_("evidence"), default=list, blank=True)
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    role = models.CharField(
        _("role"), max_length=10, choices=AssignmentRole.choices, default=AssignmentRole.LEAD
    )
    focal_point = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("focal point"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("officer in charge"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Clearance.choices, null=True, blank=True
    )
    undoes = models.ForeignKey(
        "self",
        verbose_name=_("takes back"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="taken_back_by",
    )
    beside = models.BooleanField(_("also where another agency leads already"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    stopped = models.BooleanField(
        _("stopped"), default=False, help_text=_("Finished by its owner before every row was tried.")
    )

    objects = BulkJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk job")
        verbose_name_plural = _("bulk jobs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(act="", begun_at=None) | (~Q(act="") & Q(begun_at__isnull=False)),
                name="bulk_job_begun_with_an_act",
            ),
            models.CheckConstraint(
                condition=(Q(act=BulkAct.MOVE) & ~Q(transition=""))
                | (~Q(act=BulkAct.MOVE) & Q(transition="")),
                name="bulk_job_move_names_transition",
            ),
            models.CheckConstraint(
                condition=(Q(act__in=_OF_AN_AGENCY) & Q(agency__isnull=False))
                | (~Q(act__in=_OF_AN_AGENCY) & Q(agency=None)),
                name="bulk_job_assignment_names_agency",
            ),
            models.CheckConstraint(
                condition=(Q(act=BulkAct.THEME) & Q(theme__isnull=False))
                | (~Q(act=BulkAct.THEME) & Q(theme=None)),
                name="bulk_job_theme_named",
            ),
            models.CheckConstraint(
                condition=(Q(act=BulkAct.LEVEL) & Q(classification__isnull=False))
                | (~Q(act=BulkAct.LEVEL) & Q(classification=None)),
                name="bulk_job_classification_named",
            ),
            models.CheckConstraint(
                condition=(Q(act=BulkAct.TAKE_BACK) & Q(undoes__isnull=False))
                | (~Q(act=BulkAct.TAKE_BACK) & Q(undoes=None)),
                name="bulk_job_names_what_it_takes_back",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(begun_at__isnull=False),
                name="bulk_job_begun_before_finished",
            ),
        ]

    def __str__(self) -> str:
        match self.act:
            case BulkAct.MOVE:
                return str(self.row.label)
            case BulkAct.ASSIGNMENT:
                return gettext("Assign to %(agency)s") % {"agency": self.agency}
            case BulkAct.OFFICER if self.officer:
                return gettext("Put %(person)s in charge") % {"person": self.officer}
            case BulkAct.OFFICER:
                return gettext("Put nobody in charge")
            case BulkAct.REMOVAL:
                return gettext("Remove %(agency)s") % {"agency": self.agency}
            case BulkAct.LEAD:
                return gettext("Replace the lead agency with %(agency)s") % {"agency": self.agency}
            case BulkAct.THEME:
                return gettext("Set the theme “%(theme)s”") % {"theme": self.theme}
            case BulkAct.LEVEL:
                return gettext("Set the classification “%(level)s”") % {
                    "level": self.get_classification_display()
                }
            case BulkAct.TAKE_BACK:
                return gettext("Take back: %(action)s") % {"action": self.undoes}
        return gettext("No action chosen yet")

    @property
    def row(self) -> Transition:
        """The transition to apply; only for a job of that kind."""
        return TRANSITIONS[TransitionName(self.transition)]

    @property
    def is_running(self) -> bool:
        """Whether the job has begun and has not finished."""
        return self.begun_at is not None and self.finished_at is None


class BulkRow(models.Model):
    """One commitment of a bulk job and its result.

    ``seen`` is the number of the last status change when the row was selected; after a newer one a transition
    is refused. ``stamp`` is the state of the dossier then, of a row under review: if another one stands, a
    decision is refused. The result is written in the same transaction as the change itself, so a row is never
    applied twice or in part. ``written`` says what the change wrote, so that it can be taken back.
    """

    job = models.ForeignKey(BulkJob, verbose_name=_("job"), on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(_("position"))
    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="+"
    )
    seen = models.PositiveIntegerField(_("last change seen"))
    stamp = models.CharField(_("state seen"), max_length=300, blank=True)
    result = models.CharField(
        _("result"), max_length=8, choices=BulkResult.choices, default=BulkResult.PENDING
    )
    detail = models.TextField(_("detail"), blank=True)
    written = models.JSONField(
        _("what was written"),
        default=list,
        blank=True,
        help_text=_("The keys of the status change, or of the entries of the field history."),
    )

    class Meta:
        verbose_name = _("row of a bulk job")
        verbose_name_plural = _("rows of a bulk job")
        ordering = ["position"]
        indexes = [models.Index(fields=["job", "result", "position"], name="bulk_row_by_result")]
        constraints = [
            models.UniqueConstraint(fields=["job", "commitment"], name="bulk_row_once_a_job"),
            models.CheckConstraint(condition=Q(result__in=BulkResult.values), name="bulk_row_result_known"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.get_result_display()}"
