"""The commitment: its parties, the countries that must act, and the assigned agencies."""

import re

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.choices import Clearance
from commitments.choices import AssignmentRole, Nature, PartyRole, Status
from commitments.querysets import CommitmentQuerySet
from core.optimistic_locking import Versioned
from core.search.trigram_index import TrigramIndexed
from relations.models import Agency, Country, Meeting
from relations.models.bodies import NOT_EDITED
from relations.models.searchable import Searchable

REFERENCE = re.compile(r"(?P<prefix>(?:[A-Z]{2})+)-(?P<year>\d{4})-(?P<serial>\d{3,})")
"""``KHVN-2025-014``: the parties' codes in alphabetical order, the year, a serial of three digits or more."""


class Theme(Searchable):
    """A field of policy. Each commitment has exactly one theme."""

    slug = models.SlugField(pgettext_lazy("key of a record", "key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200, unique=True)

    history = HistoricalRecords(excluded_fields=NOT_EDITED)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.name

    def searchable(self) -> tuple[str, ...]:
        """The key and the name."""
        return (self.slug, self.name)


class Commitment(Versioned, TrigramIndexed):
    """One discrete, separately deliverable undertaking between countries.

    It is not a paragraph of a communiqué, which may contain five of them. It is not a mention: the same
    commitment is mentioned at many meetings. ``status``, ``review_from`` and ``successor`` follow from the
    last status change. Only ``commitments.services.transitions`` and the register loader write them.
    """

    reference = models.CharField(_("reference"), max_length=60, unique=True, editable=False)
    prefix = models.CharField(_("parties' codes"), max_length=40, editable=False)
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    serial = models.PositiveIntegerField(_("serial"), editable=False)
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(
        pgettext_lazy("text of a commitment", "text"),
        help_text=_("What is to be done, in the desk's words, as one undertaking."),
    )
    nature = models.CharField(_("nature"), max_length=30, choices=Nature.choices)
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="commitments"
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, editable=False)
    review_from = models.CharField(
        _("status before review"), max_length=20, choices=Status.choices, blank=True, editable=False
    )
    deadline_wording = models.CharField(
        _("deadline as worded"), max_length=200, blank=True, help_text=_("The words as agreed, verbatim.")
    )
    deadline_earliest = models.DateField(_("earliest day"), null=True, blank=True)
    deadline_latest = models.DateField(_("latest day"), null=True, blank=True)
    review_on = models.DateField(
        _("review on"), null=True, blank=True, help_text=_("Only for a deadline without a latest day.")
    )
    outcome_meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("planned meeting"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="outcome_of",
        help_text=_("The occasion that this commitment is to bring about."),
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="predecessors",
    )
    related = models.ManyToManyField("self", verbose_name=_("related commitments"), blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Clearance.choices, default=Clearance.UNCLASSIFIED
    )
    is_in_error = models.BooleanField(_("entered in error"), default=False, editable=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="absorbed",
    )
    """The commitment that was kept. Then ``is_in_error`` is set too: what was merged is counted nowhere."""
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("officer in charge"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="in_charge_of",
        help_text=_("The officer of the desk who follows it up."),
    )
    sort_key = models.BinaryField(default=b"", editable=False)
    """Orders commitments by title. It is written together with the search text."""

    objects = CommitmentQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["status", "review_from", "successor", "is_in_error", "merged_into", *NOT_EDITED],
        m2m_fields=[related],
        related_name="edits",
        history_change_reason_field=models.TextField(null=True),
    )

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["prefix", "year", "serial"]
        indexes = [
            models.Index(fields=["status", "prefix", "year", "serial"], name="commitment_by_status"),
            # Index-only scans: the keys of any page of the list in its default order, filtered or not.
            models.Index(
                fields=[
                    *("prefix", "year", "serial", "classification", "is_in_error"),
                    *("status", "theme", "nature", "id"),
                ],
                name="commitment_pages",
            ),
            # Index-only scans: the figures above the list.
            models.Index(
                fields=[
                    "status",
                    "review_from",
                    "theme",
                    "nature",
                    "deadline_latest",
                    "review_on",
                    "classification",
                    "is_in_error",
                ],
                name="commitment_figures",
            ),
            models.Index(fields=["deadline_latest"], name="commitment_by_deadline"),
            models.Index(fields=["review_on"], name="commitment_by_review"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year", "serial"], name="commitment_serial_once"),
            models.CheckConstraint(
                condition=Q(deadline_earliest=None)
                | Q(deadline_latest=None)
                | Q(deadline_latest__gte=F("deadline_earliest")),
                name="commitment_window_in_order",
                violation_error_message=_("The latest day of the deadline lies before the earliest."),
            ),
            models.CheckConstraint(
                condition=Q(review_on=None) | Q(deadline_latest=None),
                name="commitment_review_without_latest",
                violation_error_message=_("A review day is only for a deadline without a latest day."),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.SUPERSEDED, successor__isnull=False)
                | (~Q(status=Status.SUPERSEDED) & Q(successor=None)),
                name="commitment_superseded_names_successor",
            ),
            models.CheckConstraint(condition=~Q(successor=F("pk")), name="commitment_not_its_own_successor"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(is_in_error=True) & ~Q(merged_into=F("pk"))),
                name="commitment_merged_does_not_count",
            ),
            models.CheckConstraint(
                condition=(Q(status=Status.UNDER_REVIEW) & ~Q(review_from=""))
                | (~Q(status=Status.UNDER_REVIEW) & Q(review_from="")),
                name="commitment_under_review_from",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="commitment_status_known"),
            models.CheckConstraint(condition=Q(nature__in=Nature.values), name="commitment_nature_known"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        """The address of its page."""
        return reverse("commitment", args=[self.reference])


def merged_from_field() -> "models.CharField[str, str]":
    """The references of the commitments that were merged and had the row before, the last one at the end."""
    return models.CharField(_("from a merged commitment"), max_length=500, blank=True, editable=False)


class CommitmentParty(models.Model):
    """A country in one of its roles: party, must act, or beneficiary. One row for each role."""

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="parties"
    )
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="commitment_parties"
    )
    role = models.CharField(_("role"), max_length=12, choices=PartyRole.choices)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("country in a role")
        verbose_name_plural = _("countries in their roles")
        ordering = ["pk"]
        indexes = [models.Index(fields=["country", "role", "commitment"], name="party_in_a_role")]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "country", "role"], name="party_once_in_a_role"),
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="party_role_known"),
        ]

    def __str__(self) -> str:
        values = {"country": self.country, "role": self.get_role_display()}
        return pgettext("country and role", "%(country)s (%(role)s)") % values


class Assignment(Versioned):
    """An agency that is assigned to a commitment, with its focal point, who reports."""

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="assignments"
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="assignments"
    )
    role = models.CharField(
        _("role"), max_length=10, choices=AssignmentRole.choices, default=AssignmentRole.LEAD
    )
    focal_point = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("focal point"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
    )
    merged_from = merged_from_field()

    history = HistoricalRecords(
        excluded_fields=["version", "merged_from"], history_change_reason_field=models.TextField(null=True)
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "agency"], name="assignment_once_an_agency"),
            models.CheckConstraint(condition=Q(role__in=AssignmentRole.values), name="assignment_role_known"),
        ]

    def __str__(self) -> str:
        values = {"agency": self.agency, "role": self.get_role_display()}
        return pgettext("agency and role", "%(agency)s (%(role)s)") % values
