"""The Word templates of documents."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language_info, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.append_only import AppendOnly


def language_name(code: str) -> str:
    """The name of a language, in the language of the page; its code where Django does not know it."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


class TemplateKind(models.TextChoices):
    """The kinds of documents that are made from a template."""

    PACK = "pack", pgettext_lazy("kind of document", "briefing")
    NOTE = "note", pgettext_lazy("kind of document", "note on one commitment")
    REPLY = "reply", pgettext_lazy("kind of document", "reply to parliament")


class BriefingTemplate(AppendOnly):
    """A version of the Word template of a kind of document, in one language.

    The newest version is used. It is never changed: an edited template is a new version. A version without a
    file says that the shipped template is used again.
    """

    kind = models.CharField(
        pgettext_lazy("kind of document", "kind"), max_length=8, choices=TemplateKind.choices
    )
    language = models.CharField(_("language"), max_length=12)
    version = models.PositiveIntegerField(_("version"))
    content = models.BinaryField(pgettext_lazy("template", "file"), blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    note = models.CharField(
        pgettext_lazy("note on a template", "note"),
        max_length=300,
        blank=True,
        help_text=_("What is different from the version before."),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        related_name="briefing_templates",
    )

    class Meta:
        verbose_name = _("template of a document")
        verbose_name_plural = _("templates of documents")
        ordering = ["kind", "language", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "version"], name="briefing_template_version_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=TemplateKind.values), name="briefing_template_kind_known"
            ),
        ]

    def __str__(self) -> str:
        # Translators: a template, its language and its version, such as “briefing (English), version 3”.
        return pgettext("template", "%(kind)s (%(language)s), version %(version)s") % {
            "kind": self.get_kind_display(),
            "language": language_name(self.language),
            "version": self.version,
        }
