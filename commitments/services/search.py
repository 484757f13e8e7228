"""The folded text that search reads, kept true by every writer."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from commitments.choices import MentionKind
from commitments.models import Assignment, Commitment, Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from core.search.query import Term
from core.search.trigram_index import condition_of, count_wrong, indexed_models, rebuild_trigrams
from relations.models import Agency, Participation, Person
from relations.names import fold_names
from relations.services.search import refresh_names

NAMED_AT = (MentionKind.MADE, MentionKind.REQUESTED)
"""The kinds of mention by which people of a meeting find a commitment: they brought it about."""

SEARCHED = frozenset({"reference", "title", "text", "remarks"})
"""The columns of a commitment that are searched."""

_BATCH = 500
_put_off: ContextVar[set[int] | None] = ContextVar("put_off", default=None)


def fold_for_search(commitment: Commitment, quotes: Iterable[str], names: Iterable[str]) -> str:
    """What ``q`` searches, folded: reference, title, text, remarks, cited paragraphs and names.

    ``names`` are those of the agencies charged with it, and of the people who took part where it was made
    or requested. A text that occurs twice is kept once; no phrase reaches from one into the next.
    """
    own = (commitment.reference, commitment.title, commitment.text, commitment.remarks)
    parts = (fold_names(part) for part in dict.fromkeys((*own, *quotes, *names)) if part)
    return " \n ".join(dict.fromkeys(parts))


def charged_with(agency: Agency) -> Iterable[int]:
    """The commitments that are found by the name of ``agency``."""
    return Assignment.objects.filter(agency=agency).values_list("commitment", flat=True)


def made_at(meeting: int) -> Iterable[int]:
    """The commitments that are found by the names of those who took part in ``meeting``."""
    return Mention.objects.filter(meeting=meeting, kind__in=NAMED_AT).values_list("commitment", flat=True)


def made_before(person: Person) -> Iterable[int]:
    """The commitments that are found by the name of ``person``."""
    mentions = Mention.objects.filter(meeting__participations__person=person, kind__in=NAMED_AT)
    return mentions.values_list("commitment", flat=True)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many were wrong: texts of commitments, names of other records, rows of the trigram table."""

    texts: int
    names: int
    trigrams: int


def rebuild_search() -> Rebuilt:
    """Make everything that search reads anew. What it finds wrong, something wrote past the writers."""
    trigrams = sum(map(count_wrong, indexed_models()))
    names = refresh_names()
    texts = refresh_search_text(Commitment.objects.values_list("pk", flat=True))
    for model in indexed_models():
        rebuild_trigrams(model)
    return Rebuilt(texts, names, trigrams)


def refresh_search_text(pks: Iterable[int]) -> int:
    """Fold anew the search text of the commitments ``pks``; returns how many were wrong."""
    wanted = sorted(set(pks))
    if (put_off := _put_off.get()) is not None:
        put_off.update(wanted)
        return 0
    return sum(_refresh(wanted[start : start + _BATCH]) for start in range(0, len(wanted), _BATCH))


@contextmanager
def folded_at_the_end() -> Iterator[None]:
    """For many written in one transaction: what was written inside is folded once, when all of it stands.

    Nothing is folded where it ends with an error: the transaction is undone then.
    """
    put_off: set[int] = set()
    token = _put_off.set(put_off)
    try:
        yield
    finally:
        _put_off.reset(token)
    refresh_search_text(put_off)


@transaction.atomic
def _refresh(pks: list[int]) -> int:
    # Locked first: of two who write at once, the second reads what the first has written.
    rows = Commitment.objects.filter(pk__in=pks).select_for_update(no_key=True).order_by("pk")
    changed = []
    for commitment, text in _folded(rows.only(*SEARCHED, "search_text"), Q()):
        if text != commitment.search_text:
            commitment.search_text = text
            changed.append(commitment)
    Commitment.objects.bulk_update(changed, ["search_text"])
    return len(changed)


def found_in(rows: CommitmentQuerySet, terms: Sequence[Term], as_of: AsOf) -> CommitmentQuerySet:
    """Those of ``rows`` that hold ``terms``, as far as it was known on the day.

    The folded text holds all that was ever said. On a past day, those that were spoken of since are therefore
    read once more, without it.
    """
    if not as_of.is_past:
        return rows.holding(terms)
    happened = as_of.happened("meeting__day")
    since = Exists(Mention.objects.filter(commitment=OuterRef("pk")).exclude(happened))
    doubtful = rows.holding(term for term in terms if not term.excluded).filter(since)
    keys = list(doubtful.order_by().values_list("pk", flat=True))
    right = [
        commitment.pk
        for start in range(0, len(keys), _BATCH)
        for commitment, text in _folded(
            Commitment.objects.filter(pk__in=keys[start : start + _BATCH]).only(*SEARCHED), happened
        )
        if all(term.is_in(text) != term.excluded for term in terms)
    ]
    return rows.filter(reduce(and_, map(condition_of, terms), Q(~since)) | Q(pk__in=right))


def _folded(rows: Iterable[Commitment], happened: Q) -> Iterator[tuple[Commitment, str]]:
    """Each with its folded text; of its mentions those that ``happened`` by their meeting."""
    commitments = list(rows)
    pks = [commitment.pk for commitment in commitments]
    quotes, names = _quotes(pks, happened), _names(pks, happened)
    for commitment in commitments:
        yield (
            commitment,
            fold_for_search(commitment, quotes.get(commitment.pk, ()), names.get(commitment.pk, ())),
        )


def _quotes(pks: list[int], happened: Q) -> dict[int, list[str]]:
    quotes: dict[int, list[str]] = {}
    rows = Mention.objects.filter(happened, commitment__in=pks).order_by("pk")
    for pk, text in rows.values_list("commitment", "paragraph__text"):
        quotes.setdefault(pk, []).append(text)
    return quotes


def _names(pks: list[int], happened: Q) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    charged = Assignment.objects.filter(commitment__in=pks).order_by("pk")
    for pk, name, acronym in charged.values_list("commitment", "agency__name", "agency__acronym"):
        names.setdefault(pk, []).extend((name, acronym))
    there = Participation.objects.filter(
        happened, meeting__mentions__commitment__in=pks, meeting__mentions__kind__in=NAMED_AT
    ).order_by("pk")
    for pk, name, aliases in there.values_list(
        "meeting__mentions__commitment", "person__name", "person__aliases"
    ):
        names.setdefault(pk, []).extend((name, *aliases))
    return names
