"""The search text and the sort key of commitments. Every service that writes to a commitment updates them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from commitments.choices import MentionKind, NameKind
from commitments.models import Assignment, Commitment, CommitmentParty, IndexVersion, Mention, Theme
from commitments.querysets import AsOf, CommitmentQuerySet
from core.search.folding import FOLDING
from core.search.query import Term
from core.search.trigram_index import condition_of, count_wrong, indexed_models, rebuild_trigrams
from core.sorting import SORTING, sort_key
from relations.models import Agency, Country, Mechanism, Meeting, Participation, Person
from relations.models.searchable import DERIVED_NAMES, Searchable
from relations.names import fold_names
from relations.services.search import refresh_names

NAMED_AT = (MentionKind.MADE, MentionKind.REQUESTED)
"""Kinds of mention that make a commitment found by the meeting's participants, mechanism and place."""

SEARCHED = frozenset({"reference", "title", "text", "remarks", "theme"})
"""The fields of a commitment that are searched."""

VERSION = f"{FOLDING}.{SORTING}.2"
"""The version of the stored texts and keys. The last number is that of what ``fold_for_search`` includes."""

_BATCH = 500
_deferred: ContextVar[set[int] | None] = ContextVar("deferred", default=None)


def fold_for_search(commitment: Commitment, quotes: Iterable[str], names: Iterable[str]) -> str:
    """The search text, folded: reference, title, text, remarks, cited paragraphs (``quotes``) and ``names``.

    ``names`` are those of ``names_of``. Duplicate texts are included once. The separator keeps phrases within
    one text.
    """
    own = (commitment.reference, commitment.title, commitment.text, commitment.remarks)
    parts = (fold_names(part) for part in dict.fromkeys((*own, *quotes, *names)) if part)
    return " \n ".join(dict.fromkeys(parts))


def found_by(record: Searchable) -> Iterable[int]:
    """The commitments that are found by the names of ``record``."""
    named_at = Mention.objects.filter(kind__in=NAMED_AT)
    match record:
        case Theme():
            return Commitment.objects.filter(theme=record).values_list("pk", flat=True)
        case Country():
            return CommitmentParty.objects.filter(country=record).values_list("commitment", flat=True)
        case Agency():
            return Assignment.objects.filter(agency=record).values_list("commitment", flat=True)
        case Person():
            mentions = named_at.filter(meeting__participations__person=record)
        case Mechanism():
            mentions = named_at.filter(meeting__mechanism=record)
        case Meeting():
            mentions = named_at.filter(meeting=record)
        case _:
            return ()
    return mentions.values_list("commitment", flat=True)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many were wrong: texts or keys of commitments, names of records, rows of trigram tables."""

    texts: int
    names: int
    trigrams: int


def rebuild_search() -> Rebuilt:
    """Rebuild everything that search reads. Wrong entries were written without the services."""
    trigrams = sum(map(count_wrong, indexed_models()))
    names = refresh_names()
    texts = refresh_search_text(Commitment.objects.values_list("pk", flat=True))
    for model in indexed_models():
        rebuild_trigrams(model)
    IndexVersion.objects.update_or_create(pk=1, defaults={"version": VERSION})
    return Rebuilt(texts, names, trigrams)


def is_outdated() -> bool:
    """Whether the stored texts and keys were written by another version of the program."""
    return not IndexVersion.objects.filter(version=VERSION).exists()


def refresh_search_text(pks: Iterable[int]) -> int:
    """Update search text and sort key of the commitments ``pks``; return how many were wrong."""
    wanted = sorted(set(pks))
    if (deferred := _deferred.get()) is not None:
        deferred.update(wanted)
        return 0
    return sum(_refresh(wanted[start : start + _BATCH]) for start in range(0, len(wanted), _BATCH))


@contextmanager
def deferred_refresh() -> Iterator[None]:
    """Defer updates of the search text to the end of the block, for many writes in one transaction.

    Nothing is updated if the block raises, because the transaction is rolled back.
    """
    deferred: set[int] = set()
    token = _deferred.set(deferred)
    try:
        yield
    finally:
        _deferred.reset(token)
    refresh_search_text(deferred)


@transaction.atomic
def _refresh(pks: list[int]) -> int:
    # Locks first: of two concurrent writers, the second must read what the first has written.
    rows = Commitment.objects.filter(pk__in=pks).select_for_update(no_key=True).order_by("pk")
    changed = []
    for commitment, text in _folded(rows.only(*SEARCHED, *DERIVED_NAMES), Q()):
        key = sort_key(commitment.title)
        if text != commitment.search_text or key != bytes(commitment.sort_key):
            commitment.search_text, commitment.sort_key = text, key
            changed.append(commitment)
    Commitment.objects.bulk_update(changed, DERIVED_NAMES)
    return len(changed)


def found_in(rows: CommitmentQuerySet, terms: Sequence[Term], as_of: AsOf) -> CommitmentQuerySet:
    """The ``rows`` that match ``terms`` as of the date.

    The search text includes all mentions. For a past date, commitments with later mentions are therefore
    folded again, without these mentions.
    """
    if not as_of.is_past:
        return rows.holding(terms)
    happened = as_of.happened("meeting__day")
    since = Exists(Mention.objects.filter(commitment=OuterRef("pk")).exclude(happened))
    candidates = rows.holding(term for term in terms if not term.excluded).filter(since)
    keys = list(candidates.order_by().values_list("pk", flat=True))
    matching = [
        commitment.pk
        for start in range(0, len(keys), _BATCH)
        for commitment, text in _folded(
            Commitment.objects.filter(pk__in=keys[start : start + _BATCH]).only(*SEARCHED), happened
        )
        if all(term.is_in(text) != term.excluded for term in terms)
    ]
    return rows.filter(reduce(and_, map(condition_of, terms), Q(~since)) | Q(pk__in=matching))


def _folded(rows: Iterable[Commitment], happened: Q) -> Iterator[tuple[Commitment, str]]:
    """Each commitment with its search text, from the mentions that meet the condition ``happened``."""
    commitments = list(rows)
    pks = [commitment.pk for commitment in commitments]
    quotes = _quotes(pks, happened)
    names: dict[int, list[str]] = {}
    for each in names_of(pks, happened):
        names.setdefault(each.commitment, []).extend((each.name, *each.others))
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


@dataclass(frozen=True, slots=True)
class FoundByName:
    """A name by which a commitment is found, with its other spellings."""

    commitment: int
    kind: NameKind
    name: str
    others: tuple[str, ...] = ()


def names_of(pks: Collection[int], happened: Q) -> Iterator[FoundByName]:
    """The names by which the commitments ``pks`` are found besides their own texts, in five queries.

    They are those of the theme, of the countries, and of the assigned agencies; and of the mechanism, the
    place and the participants of each meeting where it was agreed or requested, if ``happened``.
    """
    themes = Commitment.objects.filter(pk__in=pks).order_by("pk")
    for pk, name in themes.values_list("pk", "theme__name"):
        yield FoundByName(pk, NameKind.THEME, name)
    countries = CommitmentParty.objects.filter(commitment__in=pks).order_by("pk")
    for pk, name, aliases in countries.values_list("commitment", "country__name", "country__aliases"):
        yield FoundByName(pk, NameKind.COUNTRY, name, tuple(aliases))
    assignments = Assignment.objects.filter(commitment__in=pks).order_by("pk")
    for pk, name, acronym, aliases in assignments.values_list(
        "commitment", "agency__name", "agency__acronym", "agency__aliases"
    ):
        yield FoundByName(pk, NameKind.AGENCY, name, (acronym, *aliases))
    mentions = Mention.objects.filter(happened, commitment__in=pks, kind__in=NAMED_AT).order_by("pk")
    mechanism = ("meeting__mechanism__name", "meeting__mechanism__acronym", "meeting__mechanism__aliases")
    for pk, name, acronym, aliases, place in mentions.values_list("commitment", *mechanism, "meeting__place"):
        if name:
            yield FoundByName(pk, NameKind.MECHANISM, name, (acronym, *aliases))
        yield FoundByName(pk, NameKind.PLACE, place)
    participations = Participation.objects.filter(
        happened,
        meeting__mentions__commitment__in=pks,
        meeting__mentions__kind__in=NAMED_AT,
        meeting__mentions__is_in_error=False,
    ).order_by("pk")
    for pk, name, aliases in participations.values_list(
        "meeting__mentions__commitment", "person__name", "person__aliases"
    ):
        yield FoundByName(pk, NameKind.PERSON, name, tuple(aliases))
