"""Has a source read by the reader of texts, and keeps what it proposes and what people decided on it."""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from commitments.candidates.reading import Candidate as Proposal
from commitments.candidates.reading import KnownCommitment, Reading, read
from commitments.models import Candidate, Mention, Theme
from commitments.models.candidate import LONGEST_CUE, LONGEST_FIGURE, LONGEST_WORDING, words_of
from commitments.services.candidates import require_reader
from core.batches import BATCH
from relations.models import Paragraph, Source

if TYPE_CHECKING:
    from accounts.models import User

_BETWEEN = "\n\n"
_OVERLAP = 0.5
"""A passage of which so much was decided on under other ends is not proposed."""


@dataclass(frozen=True, slots=True)
class PlacedProposal:
    """What the reader proposes, with its place in a paragraph."""

    number: int
    start: int
    end: int
    proposal: Proposal

    @property
    def words(self) -> str:
        """The words by which it is compared with what was read before."""
        return words_of(self.proposal.quote)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the reader is told beside a text.

    ``parties`` are the codes of the countries that met, ``on`` the day of the text, ``people`` the codes of
    the countries of officials by their names, and ``known`` commitments that it may restate.
    """

    parties: tuple[str, ...] = ()
    on: dt.date | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    known: Sequence[KnownCommitment] = ()


@dataclass(frozen=True, slots=True)
class SourceReading:
    """All candidates of a source in the order of the text, and the languages that were read in it."""

    candidates: Sequence[Candidate]
    languages: tuple[str, ...]


@transaction.atomic
def read_source(*, source: Source, actor: "User", told: Circumstances) -> SourceReading:
    """Have the text of ``source`` read, and keep what is proposed.

    Reading again changes nothing by itself: passages that were refused, split or joined stay so, also where
    their spaces or their place have changed; those that are not found any more are removed unless somebody
    decided on them.

    Raises ``PermissionDenied`` unless ``actor`` is an officer.
    """
    require_reader(actor)
    Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    paragraphs = list(source.paragraphs.order_by("number"))
    texts = {each.number: each.text for each in paragraphs}
    kept = list(source.candidates.all())
    for each in kept:
        if not each.is_in(texts.get(each.number, "")):
            _relocate(each, texts)
    reading = read(
        _BETWEEN.join(texts.values()), parties=told.parties, known=told.known, on=told.on, people=told.people
    )
    found = _merged(source, kept, placed(paragraphs, reading))
    accepted = _accepted(source)
    stale = {
        each.pk
        for each in kept
        if each not in found
        and not each.is_refused
        and (each.number, each.words) not in accepted
        and not (each.is_recut and each.is_in(texts.get(each.number, "")))
    }
    Candidate.objects.filter(pk__in=stale).delete()
    Candidate.objects.bulk_update([each for each in kept if each.pk not in stale], _WRITTEN, batch_size=BATCH)
    Candidate.objects.bulk_create([each for each in found if each._state.adding], batch_size=BATCH)
    candidates = source.candidates.order_by("number", "start", "pk")
    return SourceReading(list(candidates), reading.languages)


def placed(paragraphs: Sequence[Paragraph], reading: Reading) -> Iterator[PlacedProposal]:
    """What was proposed in the one text of all ``paragraphs``. Each stands inside one of them."""
    starts, length = [], 0
    for each in paragraphs:
        starts.append(length)
        length += len(each.text) + len(_BETWEEN)
    for proposal in reading.candidates:
        n = bisect_right(starts, proposal.start) - 1
        start, end = proposal.start - starts[n], proposal.end - starts[n]
        if proposal.quote and paragraphs[n].text[start:end] == proposal.quote:
            yield PlacedProposal(paragraphs[n].number, start, end, proposal)


def _merged(
    source: Source, kept: Sequence[Candidate], proposals: Iterable[PlacedProposal]
) -> list[Candidate]:
    """The candidates of ``proposals``, unsaved: those of ``kept`` with the same words, and new ones."""
    themes = {each.slug: each for each in Theme.objects.all()}
    known = {(each.number, each.words): each for each in kept}
    decided = [each for each in kept if each.is_recut or each.is_refused]
    found: dict[tuple[int, str], Candidate] = {}
    for each in proposals:
        key = each.number, each.words
        candidate = known.get(key)
        # The same words twice in one paragraph are proposed once.
        if key in found or (candidate is None and _is_decided_otherwise(each, decided)):
            continue
        found[key] = candidate or Candidate(source=source, words=each.words)
        if not found[key].is_recut:
            _fill(found[key], each, themes)
    return list(found.values())


_WRITTEN = [
    field.name
    for field in Candidate._meta.concrete_fields
    if field.name not in ("id", "source", "refused_by", "refused_at", "is_recut")
]
"""The fields that a reading writes."""


def _fill(candidate: Candidate, each: PlacedProposal, themes: dict[str, Theme]) -> None:
    proposal = each.proposal
    candidate.number, candidate.start, candidate.end = each.number, each.start, each.end
    candidate.quote, candidate.read_at = proposal.quote, timezone.now()
    candidate.passage_class, candidate.cue = proposal.cls, proposal.cue[:LONGEST_CUE]
    candidate.language = proposal.language
    candidate.kind, candidate.modality = proposal.kind, proposal.modality
    candidate.obligated = list(proposal.obligated)
    deadline = proposal.deadline
    candidate.deadline_wording = deadline.wording[:LONGEST_WORDING] if deadline else ""
    candidate.deadline_earliest = deadline.earliest if deadline else None
    candidate.deadline_latest = deadline.latest if deadline else None
    candidate.nature = proposal.nature
    candidate.figure = proposal.figure.wording[:LONGEST_FIGURE] if proposal.figure else ""
    candidate.theme = themes.get(proposal.theme)
    candidate.reasons = [{"slot": each.slot, "words": each.words} for each in proposal.reasons]


def _is_decided_otherwise(each: PlacedProposal, decided: Sequence[Candidate]) -> bool:
    """Whether people refused, split or joined most of the passage, under other ends."""
    inside = sum(
        max(0, min(each.end, other.end) - max(each.start, other.start))
        for other in decided
        if other.number == each.number
    )
    return inside >= _OVERLAP * (each.end - each.start)


def _accepted(source: Source) -> set[tuple[int, str]]:
    rows = Mention.objects.filter(paragraph__source=source).exclude(reader_quote="").order_by()
    return {
        (number, words_of(quote)) for number, quote in rows.values_list("paragraph__number", "reader_quote")
    }


def _relocate(candidate: Candidate, texts: dict[int, str]) -> None:
    """Place ``candidate`` where its words stand now, if they do: in its paragraph, else in another one."""
    pattern = re.compile(r"\W+".join(map(re.escape, candidate.words.split())), re.IGNORECASE)
    in_order = sorted(texts, key=lambda number: (number != candidate.number, number))
    for number in in_order:
        if match := pattern.search(texts[number]):
            candidate.number = number
            candidate.start, candidate.end = match.span()
            candidate.quote = match[0]
            return
