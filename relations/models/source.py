"""Sources and their numbered paragraphs."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.choices import Clearance
from core.append_only import AppendOnly, RecordedWithReason
from core.web_addresses import WebAddressField
from relations.choices import ParagraphRole, SourceKind
from relations.models.bodies import NOT_EDITED
from relations.models.first_values import FirstChars, FirstText
from relations.models.searchable import Searchable
from relations.querysets import SourceQuerySet

_NUMBERED = re.compile(r"^([0-9]{1,6})\.[ \t]+", re.MULTILINE)


def split_paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """The numbered paragraphs of ``text`` as (number, wording).

    A paragraph starts at a line such as ``12. `` with the next number; a line with any other number belongs
    to the paragraph before it. Raises ``ValidationError`` when the text does not begin with ``1. ``.
    """
    starts: list[tuple[int, int, int]] = []
    for match in _NUMBERED.finditer(text):
        if int(match[1]) == len(starts) + 1:
            starts.append((int(match[1]), match.start(), match.end()))
    if not text.strip():
        return
    if not starts or text[: starts[0][1]].strip():
        raise ValidationError(gettext("The text must consist of numbered paragraphs, starting with “1. ”."))
    ends = [start for _number, start, _end in starts[1:]] + [len(text)]
    for (number, _start, end), until in zip(starts, ends, strict=True):
        yield number, text[end:until].strip()


def with_wording(text: str, number: int, wording: str) -> str:
    """``text`` with ``wording`` as its paragraph ``number``. Every other character stays.

    A line of ``wording`` that begins like the next paragraph is joined to the one before.
    """
    starts: list[re.Match[str]] = []
    for match in _NUMBERED.finditer(text):
        if int(match[1]) == len(starts) + 1:
            starts.append(match)
    begin = starts[number - 1].end()
    until = starts[number].start() if number < len(starts) else len(text)
    old = text[begin:until]
    kept = re.sub(rf"\n+(?={number + 1}\.[ \t])", " ", wording)
    lead, tail = len(old) - len(old.lstrip()), len(old.rstrip())
    return text[:begin] + old[:lead] + kept + old[tail:] + text[until:]


def numbered_text(wordings: Iterable[str]) -> str:
    """``wordings`` as the text of a source, from which ``split_paragraphs`` makes the same paragraphs."""
    paragraphs = []
    for number, wording in enumerate(wordings, start=1):
        # A line that begins like the next paragraph would be taken for it.
        kept = re.sub(rf"\n+(?={number + 1}\.[ \t])", " ", wording)
        paragraphs.append(f"{number}. {kept}")
    return "\n\n".join(paragraphs) + "\n" if paragraphs else ""


def sha256_of(text: str) -> str:
    """The SHA-256 of ``text`` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def cited_by(label: str | None, number: int) -> str:
    """What a paragraph is cited by after "§"."""
    if label is None:
        return str(number)
    return label or f"[{number}]"


class Source(Searchable):
    """A document on which mentions are based: press report, minutes, statement, treaty, note for file.

    ``text`` consists of numbered paragraphs. ``sha256`` is its checksum when it was recorded, and shows
    whether the text was altered later.
    """

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=SourceKind.choices)
    title = models.CharField(_("title"), max_length=500)
    number = models.CharField(
        _("registry number"),
        max_length=60,
        blank=True,
        help_text=_("The number of the document in the registry of the ministry."),
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        help_text=_("The code of the language: en, vi, km, zh-Hant."),
    )
    url = WebAddressField(_("address"), max_length=1000, blank=True)
    note = models.TextField(_("caution"), blank=True, help_text=_("What a reader of the source must know."))
    text = models.TextField(
        _("text"), blank=True, help_text=_("Numbered paragraphs, each beginning “1. ”, “2. ” and so on.")
    )
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Clearance.choices, default=Clearance.UNCLASSIFIED
    )
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, blank=True, editable=False)
    based_on = models.ManyToManyField(
        "self",
        verbose_name=_("based on"),
        symmetrical=False,
        blank=True,
        related_name="basis_of",
        help_text=_("The press reports or papers from which this note was written."),
    )

    objects = SourceQuerySet.as_manager()  # type: ignore[misc]
    history = HistoricalRecords(excluded_fields=NOT_EDITED, m2m_fields=[based_on])

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-published_on", "slug"]
        indexes = [models.Index(fields=["-published_on", "slug"], name="source_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(classification__lte=3), name="source_classification_known"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the source."""
        return reverse("source", args=[self.slug])

    def searchable(self) -> Iterable[str]:
        """Key, number, title and publisher. The text is searched through the commitments that cite it."""
        return (self.slug, self.number, self.title, self.publisher)

    @property
    def is_unaltered(self) -> bool:
        """Whether the text still matches its checksum."""
        return self.sha256 == (sha256_of(self.text) if self.text else "")


class Paragraph(AppendOnly):
    """One numbered paragraph of a source, quoted by every mention that refers to it.

    ``number`` counts the paragraphs of the text. ``label`` is what the paragraph bears on the paper, and what
    it is cited by: ``None`` where that is its number, "" where it bears none.

    The first wording stays as it was recorded: the database refuses to change it. ``text``, ``label`` and
    ``role`` are those of the newest version. Only ``correct_paragraph`` of the services writes them, with a
    ``ParagraphVersion``. A paragraph can be deleted only while nothing cites it.
    """

    frozen_against = ("UPDATE",)
    derived = ("newest_text", "newest_label", "newest_role", "version")

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="paragraphs"
    )
    number = models.PositiveIntegerField(_("number"))
    text = models.TextField(_("text"), db_column="newest_text")
    label = models.CharField(  # noqa: DJ001  (no label at all is another thing than the usual one)
        _("label"),
        max_length=60,
        null=True,
        blank=True,
        db_column="newest_label",
        help_text=_("The number on the paper, if it is another one. Empty: it has none there."),
    )
    role = models.CharField(
        _("role"),
        max_length=20,
        choices=ParagraphRole.choices,
        default=ParagraphRole.PARAGRAPH,
        db_column="newest_role",
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    first_text = FirstText(of="text", db_column="text")
    first_label = FirstChars(of="label", max_length=60, null=True, db_column="label")
    first_role = FirstChars(of="role", max_length=20, db_column="role")

    class Meta:
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")
        ordering = ["source", "number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="paragraph_number_once_a_source"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="paragraph_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.source.slug} § {self.citation}"

    @classmethod
    def derivations(cls) -> Mapping[str, Any]:
        """Of the last version; of the first wording where there is none."""
        last = ParagraphVersion.objects.filter(paragraph=OuterRef("pk")).order_by("-version")

        def of_last(name: str, first: Any, kind: Any) -> Case:
            corrected = When(Exists(last), then=Subquery(last.values(name)[:1]))
            return Case(corrected, default=first, output_field=kind)

        return {
            "text": of_last("text", F("first_text"), models.TextField()),
            "label": of_last("label", F("first_label"), models.CharField()),
            "role": of_last("role", F("first_role"), models.CharField()),
            "version": of_last("version", Value(1), models.IntegerField()),
        }

    @property
    def citation(self) -> str:
        """What it is cited by after "§": its label, else its number. "[7]": the paper has no number there."""
        return cited_by(self.label, self.number)

    @property
    def first_citation(self) -> str:
        """What its first version is cited by."""
        return cited_by(self.first_label, self.number)

    def get_absolute_url(self) -> str:
        """The paragraph on the page of the source."""
        return f"{self.source.get_absolute_url()}#p{self.number}"

    def get_versions_url(self) -> str:
        """The page of all its versions, on which it is corrected."""
        return reverse("paragraph", args=[self.source.slug, self.number])


class ParagraphVersion(RecordedWithReason):
    """A correction of a paragraph: how it reads from then on, and why. It is no new agreement.

    The first version has no such row, so ``version`` begins with 2.
    """

    paragraph = models.ForeignKey(
        Paragraph, verbose_name=_("paragraph"), on_delete=models.PROTECT, related_name="versions"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    label = models.CharField(_("label"), max_length=60, null=True, blank=True)  # noqa: DJ001
    role = models.CharField(
        _("role"), max_length=20, choices=ParagraphRole.choices, default=ParagraphRole.PARAGRAPH
    )

    class Meta:
        verbose_name = _("version of a paragraph")
        verbose_name_plural = _("versions of paragraphs")
        ordering = ["paragraph", "version"]
        constraints = [
            models.UniqueConstraint(fields=["paragraph", "version"], name="paragraph_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=2), name="paragraph_version_from_two"),
        ]

    def __str__(self) -> str:
        return f"{self.paragraph}, {self.version}"

    @property
    def citation(self) -> str:
        """What the paragraph is cited by in this version."""
        return cited_by(self.label, self.paragraph.number)
