"""Notes that something was entered in error."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.models.commitment import Commitment
from commitments.models.mention import Mention
from commitments.models.progress import ProgressUpdate
from commitments.models.target import Reading
from core.append_only import RecordedWithReason


class EnteredInError(RecordedWithReason):
    """A note that something should never have been entered; or, with ``lifts``, that such a note was wrong.

    It is about the mention, the progress update or the reading that it names, else about the commitment
    itself. What bears it is counted nowhere and never deleted. It is not an outcome: a commitment that was
    dropped was made in the world, and one that was entered in error was not.
    """

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.PROTECT, related_name="error_notes"
    )
    mention = models.ForeignKey(
        Mention,
        verbose_name=_("mention"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="error_notes",
    )
    progress_update = models.ForeignKey(
        ProgressUpdate,
        verbose_name=_("progress update"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="error_notes",
    )
    reading = models.ForeignKey(
        Reading,
        verbose_name=_("reading"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="error_notes",
    )
    lifts = models.OneToOneField(
        "self",
        verbose_name=pgettext_lazy("the note that is lifted", "lifts"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lifted_by",
    )

    class Meta:
        verbose_name = _("note of an error")
        verbose_name_plural = _("notes of errors")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mention=None, progress_update=None)
                | Q(mention=None, reading=None)
                | Q(progress_update=None, reading=None),
                name="error_note_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="error_note_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.reference}: {self.reason}"

    def is_about(self, thing: models.Model) -> bool:
        """Whether it is about ``thing``, a commitment or what belongs to one. Makes no query."""
        keys = {Mention: self.mention_id, ProgressUpdate: self.progress_update_id, Reading: self.reading_id}
        if isinstance(thing, Commitment):
            return self.commitment_id == thing.pk and not any(keys.values())
        return keys.get(type(thing)) == thing.pk

    @property
    def is_in_force(self) -> bool:
        """Whether it says that something is in error, and has not been lifted."""
        return self.lifts_id is None and not hasattr(self, "lifted_by")
