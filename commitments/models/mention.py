"""Where a commitment is mentioned."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from simple_history.models import HistoricalRecords

from commitments.choices import MentionKind, Modality
from commitments.counted import COUNTS, Counted, WithErrors
from commitments.models.commitment import Commitment, merged_from_field
from relations.models import Meeting, Paragraph


class Mention(models.Model):
    """A place where a commitment is made, reaffirmed, requested, reported on or fulfilled.

    The paragraph is its quote. A mention is not the commitment, which is mentioned at many meetings.
    """

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.PROTECT, related_name="mentions"
    )
    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="mentions"
    )
    paragraph = models.ForeignKey(
        Paragraph, verbose_name=_("paragraph"), on_delete=models.PROTECT, related_name="mentions"
    )
    kind = models.CharField(
        pgettext_lazy("kind of mention", "kind"), max_length=12, choices=MentionKind.choices
    )
    modality = models.CharField(
        _("worded as"),
        max_length=20,
        choices=Modality.choices,
        blank=True,
        help_text=_("The verb of the wording: how binding it is."),
    )
    summary = models.CharField(
        pgettext_lazy("summary of a mention", "summary"),
        max_length=500,
        blank=True,
        help_text=_("What this mention adds or leaves out."),
    )

    reader_quote = models.TextField(
        _("proposed by the reader of texts"),
        blank=True,
        editable=False,
        help_text=_("The passage that the reader of texts proposed and a person accepted."),
    )
    merged_from = merged_from_field()
    is_in_error = models.BooleanField(_("entered in error"), default=False, editable=False)

    history = HistoricalRecords(excluded_fields=["is_in_error", "merged_from"])
    objects = Counted()
    with_errors = WithErrors()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["pk"]
        indexes = [models.Index(fields=["meeting", "kind", "commitment"], name="mention_at_meeting")]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "meeting", "paragraph", "kind"],
                condition=COUNTS,
                name="mention_once",
                violation_error_message=_("This mention is already recorded."),
            ),
            models.CheckConstraint(condition=Q(kind__in=MentionKind.values), name="mention_kind_known"),
        ]

    def __str__(self) -> str:
        values = {"kind": self.get_kind_display(), "meeting": self.meeting}
        return pgettext("kind of mention and meeting", "%(kind)s, %(meeting)s") % values
