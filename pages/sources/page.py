"""The page of a source: its paragraphs and, beside each, the commitments it mentions."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import pgettext

from commitments.choices import MentionKind
from commitments.models import Commitment, Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.presence_strip import shapes_of
from core.documents.kinds import Kind
from core.previews import has_preview
from relations.models import Paper, Paragraph, Source


@dataclass(frozen=True, slots=True)
class ParagraphMention:
    """A commitment that a paragraph mentions, and the kind of mention."""

    commitment: Commitment
    kind: str
    shapes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedParagraph:
    """A paragraph with the commitments it mentions."""

    paragraph: Paragraph
    mentions: tuple[ParagraphMention, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """All paragraphs with their commitments, and figures about them.

    ``cited`` counts paragraphs and ``commitments`` counts commitments. ``kinds`` holds the mentions of
    each kind, as "made: 2".
    """

    paragraphs: tuple[AnnotatedParagraph, ...]
    cited: int
    commitments: int
    kinds: tuple[str, ...]


def annotated_text(source: Source, visible: CommitmentQuerySet, as_of: AsOf) -> AnnotatedText:
    """The paragraphs of ``source`` with the ``visible`` commitments that they mentioned by that day."""
    mentions = (
        Mention.objects.filter(paragraph__source=source, commitment__in=visible.order_by().values("pk"))
        .filter(as_of.happened("meeting__day"))
        .select_related("commitment")
        .order_by("paragraph", "commitment__prefix", "commitment__year", "commitment__serial", "pk")
    )
    beside: dict[int, dict[tuple[int, str], ParagraphMention]] = {}
    kinds: Counter[str] = Counter()
    commitments: set[int] = set()
    for mention in mentions:
        key = (mention.commitment_id, mention.kind)
        mentioned = beside.setdefault(mention.paragraph_id, {})
        if key not in mentioned:
            kinds[mention.kind] += 1
            mentioned[key] = ParagraphMention(
                mention.commitment, mention.get_kind_display(), shapes_of({mention.kind})
            )
        commitments.add(mention.commitment_id)
    return AnnotatedText(
        paragraphs=tuple(
            AnnotatedParagraph(each, tuple(beside.get(each.pk, {}).values()))
            for each in source.paragraphs.order_by("number")
        ),
        cited=len(beside),
        commitments=len(commitments),
        kinds=tuple(_count(kind, kinds[kind]) for kind in MentionKind if kinds[kind]),
    )


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A file of a source, and the address of its picture if it has one."""

    paper: Paper
    picture: str
    is_document: bool


def papers_of(source: Source) -> tuple[ShownPaper, ...]:
    """The files of ``source``, the oldest first, withdrawn ones included."""
    return tuple(_shown(source, each) for each in source.papers.select_related("actor", "withdrawal"))


def _shown(source: Source, paper: Paper) -> ShownPaper:
    has_picture = not paper.is_withdrawn and has_preview(paper.file_name)
    picture = reverse("paper_preview", args=[source.slug, paper.pk]) if has_picture else ""
    return ShownPaper(paper, picture, paper.kind == Kind.PDF)


def _count(kind: MentionKind, n: int) -> str:
    # Translators: a kind of mention and the number of such mentions, for example "reaffirmed: 2".
    return pgettext("number of mentions", "%(kind)s: %(n)s") % {"kind": kind.label, "n": number_format(n)}


def with_commitment_counts(
    sources: QuerySet[Source], visible: CommitmentQuerySet, as_of: AsOf
) -> QuerySet[Source]:
    """Annotate ``commitments``, the ``visible`` ones mentioned by that day, and ``length`` in paragraphs."""
    is_counted = Q(paragraphs__mentions__commitment__in=visible.order_by().values("pk"))
    is_counted &= Q(paragraphs__mentions__is_in_error=False)
    is_counted &= as_of.happened("paragraphs__mentions__meeting__day")
    return sources.annotate(
        commitments=Count("paragraphs__mentions__commitment", filter=is_counted, distinct=True),
        length=Count("paragraphs", distinct=True),
    )
