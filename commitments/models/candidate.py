"""Passages that the reader of texts proposes as commitments."""

import re
import unicodedata

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.choices import MentionKind, Modality, Nature, PassageClass
from commitments.models.commitment import Theme
from relations.models import Source

_WORD = re.compile(r"\w+")
LONGEST_CUE = LONGEST_FIGURE = LONGEST_WORDING = 200


def words_of(quote: str) -> str:
    """``quote`` as it is compared with other quotes: its words, without case, spaces and punctuation."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", quote).casefold()))


class Candidate(models.Model):
    """A passage of a source that the reader of texts proposes. It is nothing until a person accepts it.

    ``quote`` stands in the paragraph ``number`` of the source, from ``start`` to ``end`` in Unicode code
    points. The other fields are what the reader proposes; ``deadline`` fields are a window like that of a
    commitment, ``figure`` is a figure as worded, and ``reasons`` say why the reader proposes it: each has the
    ``slot`` that it fills and the ``words`` that say so.

    Who refused it, and when, is stored here, so that it is not proposed again. That it was accepted is not:
    the mention says so (``Mention.reader_quote``), and if the mention is undone the passage is proposed
    again. ``is_recut`` says that a person split it or joined it with another one.
    """

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="candidates"
    )
    number = models.PositiveIntegerField(_("paragraph"))
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    quote = models.TextField(_("quote"))
    words = models.TextField(_("words of the quote"), editable=False)
    passage_class = models.CharField(
        pgettext_lazy("class of a passage", "class"), max_length=12, choices=PassageClass.choices
    )
    cue = models.CharField(_("cue"), max_length=LONGEST_CUE, blank=True)
    kind = models.CharField(
        pgettext_lazy("kind of mention", "kind"), max_length=12, choices=MentionKind.choices
    )
    modality = models.CharField(_("worded as"), max_length=20, choices=Modality.choices, blank=True)
    obligated = models.JSONField(_("responsible"), default=list, blank=True)
    """The codes of the countries, also of those that the register does not hold."""
    deadline_wording = models.CharField(_("wording of the deadline"), max_length=LONGEST_WORDING, blank=True)
    deadline_earliest = models.DateField(_("earliest day"), null=True, blank=True)
    deadline_latest = models.DateField(_("latest day"), null=True, blank=True)
    nature = models.CharField(_("nature"), max_length=30, choices=Nature.choices, blank=True)
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="candidates",
    )
    figure = models.CharField(_("figure"), max_length=LONGEST_FIGURE, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    is_recut = models.BooleanField(_("split or joined by a person"), default=False)
    read_at = models.DateTimeField(_("read at"), default=timezone.now)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("refused by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="refused_candidates",
    )
    refused_at = models.DateTimeField(_("refused at"), null=True, blank=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["source", "number", "start", "pk"]
        indexes = [models.Index(fields=["source", "number", "start"], name="candidate_in_order")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="candidate_has_words"),
            models.CheckConstraint(
                condition=Q(refused_by=None, refused_at=None)
                | Q(refused_by__isnull=False, refused_at__isnull=False),
                name="candidate_refused_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.quote

    def save(self, *args: object, **kwargs: object) -> None:
        """Save it, with the words by which it is compared."""
        self.words = words_of(self.quote)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def is_refused(self) -> bool:
        """Whether a person refused it."""
        return self.refused_at is not None

    def is_in(self, text: str) -> bool:
        """Whether the quote stands in ``text``, its paragraph, where it was found."""
        return text[self.start : self.end] == self.quote
