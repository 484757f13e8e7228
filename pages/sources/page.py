"""A source's paragraphs and, beside each, what rests on it."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from commitments.choices import MentionKind
from commitments.models import Commitment, Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.presence_strip import shapes_of
from relations.models import Source


@dataclass(frozen=True, slots=True)
class Resting:
    """A commitment that rests on a paragraph, and what the paragraph does with it."""

    commitment: Commitment
    kind: str
    shapes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkedParagraph:
    """A paragraph with its margin."""

    number: int
    text: str
    resting: tuple[Resting, ...]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How often a source does one thing."""

    label: str
    n: int


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The whole text with its margins, and the figures that sum them up."""

    paragraphs: tuple[MarkedParagraph, ...]
    cited: int
    commitments: int
    kinds: tuple[KindCount, ...]


def marked_text(source: Source, known: CommitmentQuerySet, as_of: AsOf) -> MarkedText:
    """The paragraphs of ``source`` with what of ``known`` was mentioned in them by that day."""
    mentions = (
        Mention.objects.filter(paragraph__source=source, commitment__in=known.order_by().values("pk"))
        .filter(as_of.happened("meeting__day"))
        .select_related("commitment")
        .order_by("paragraph", "commitment__prefix", "commitment__year", "commitment__serial", "pk")
    )
    beside: dict[int, dict[tuple[int, str], Resting]] = {}
    kinds: Counter[str] = Counter()
    named: set[int] = set()
    for mention in mentions:
        key = (mention.commitment_id, mention.kind)
        margin = beside.setdefault(mention.paragraph_id, {})
        if key not in margin:
            kinds[mention.kind] += 1
            margin[key] = Resting(mention.commitment, mention.get_kind_display(), shapes_of({mention.kind}))
        named.add(mention.commitment_id)
    return MarkedText(
        paragraphs=tuple(
            MarkedParagraph(each.number, each.text, tuple(beside.get(each.pk, {}).values()))
            for each in source.paragraphs.order_by("number")
        ),
        cited=len(beside),
        commitments=len(named),
        kinds=tuple(KindCount(str(kind.label), kinds[kind]) for kind in MentionKind if kinds[kind]),
    )


def with_resting_counts(
    sources: QuerySet[Source], known: CommitmentQuerySet, as_of: AsOf
) -> QuerySet[Source]:
    """Annotate ``resting``, how many of ``known`` rested on it by that day, and ``length`` in paragraphs."""
    seen = Q(paragraphs__mentions__commitment__in=known.order_by().values("pk"))
    seen &= as_of.happened("paragraphs__mentions__meeting__day")
    return sources.annotate(
        resting=Count("paragraphs__mentions__commitment", filter=seen, distinct=True),
        length=Count("paragraphs", distinct=True),
    )
