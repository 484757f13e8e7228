"""Looks for commitments that are already registered under another wording (docs/rules.md#likely-twins)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext as _

from commitments.models import Commitment, Mention
from commitments.querysets import CommitmentQuerySet
from commitments.services.errors import LikelyTwins
from commitments.services.wording import numbers_of, stems_of

if TYPE_CHECKING:
    from accounts.models import User

MOST_TWINS = 5
"""So many twins are named at most, and must be named by whoever registers all the same."""
CLOSE = 0.6
"""The mean of two shares of common stems, that of the titles and that of titles with texts, from which two
wordings are close. Measured on the shipped register: four pairs of 77 are as close as that, each of them
two undertakings that differ in one word; and 98 of 100 copies with every fourth word changed are found."""
_PART_OF_TITLE = 3
"""A commitment is compared only if it contains one in so many stems of the title."""
_MOST_CANDIDATES, _MOST_STEMS, _MOST_INDEXED = 200, 8, 20_000
"""The most commitments that are compared, the stems by which they are chosen, and the most that are indexed
for many registrations at once."""


@dataclass(frozen=True, slots=True)
class _Wording:
    commitment: Commitment
    title: frozenset[str]
    all: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, commitment: Commitment) -> "_Wording":
        title = stems_of(commitment.title)
        return cls(commitment, title, title | stems_of(commitment.text), numbers_of(commitment.title))

    def closeness(self, other: "_Wording") -> float:
        """From 0 to 1. Titles that each have a number of their own ("21st session") are not close at all."""
        if self.numbers - other.numbers and other.numbers - self.numbers:
            return 0
        return (_common_share(self.title, other.title) + _common_share(self.all, other.all)) / 2


def _common_share(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other) or 1)


class TwinIndex:
    """The wordings of commitments between the same parties."""

    def __init__(self, commitments: Iterable[Commitment] = ()) -> None:
        self._wordings: list[_Wording] = []
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for commitment in commitments:
            self.add(commitment)

    def add(self, commitment: Commitment) -> None:
        """Let ``commitment`` be found too."""
        wording = _Wording.of(commitment)
        for stem in wording.all:
            self._holders[stem].append(len(self._wordings))
        self._wordings.append(wording)

    def like(self, commitment: Commitment) -> list[Commitment]:
        """The commitments whose wording is close to that of ``commitment``, the closest first."""
        wanted = _Wording.of(commitment)
        held: Counter[int] = Counter()
        for stem in wanted.title:
            held.update(self._holders.get(stem, ()))
        candidates = (
            self._wordings[n] for n, times in held.items() if times * _PART_OF_TITLE >= len(wanted.title)
        )
        scored = [(wanted.closeness(each), each.commitment) for each in candidates]
        close = sorted((each for each in scored if each[0] >= CLOSE), key=lambda each: -each[0])
        return [found for _score, found in close[:MOST_TWINS]]


class TwinIndexes:
    """The indexes for many registrations by one account: one for each set of parties, each read once."""

    def __init__(self, actor: "User") -> None:
        self._visible = Commitment.objects.visible_to(actor)
        self._by_prefix: dict[str, TwinIndex] = {}

    def of(self, prefix: str) -> TwinIndex:
        """The index of the commitments between the parties of ``prefix``."""
        if prefix not in self._by_prefix:
            rows = _compared(self._visible.filter(prefix=prefix)).order_by("-pk")[:_MOST_INDEXED]
            self._by_prefix[prefix] = TwinIndex(rows)
        return self._by_prefix[prefix]


def refuse_twins(
    commitment: Commitment, *, actor: "User", despite: Collection[str], known: TwinIndexes | None = None
) -> None:
    """Raise ``LikelyTwins`` if commitments that ``actor`` may see are worded like ``commitment``.

    It is unsaved, and has the prefix of its parties. ``despite`` names those that are known to be others.
    ``known`` holds what was read before, for many registrations.
    """
    index = known.of(commitment.prefix) if known else TwinIndex(_candidates(commitment, actor))
    found = index.like(commitment)
    if any(each.reference not in despite for each in found):
        raise LikelyTwins(found)


def _candidates(commitment: Commitment, actor: "User") -> CommitmentQuerySet:
    """The commitments between the same parties that contain most of the stems of the title, in one query."""
    stems = sorted(stems_of(commitment.title), key=lambda stem: (-len(stem), stem))[:_MOST_STEMS]
    rows = _compared(Commitment.objects.visible_to(actor).filter(prefix=commitment.prefix))
    if not stems:
        return rows.none()
    held = [
        Case(When(search_text__holds=stem, then=1), default=0, output_field=IntegerField()) for stem in stems
    ]
    least = -(-len(stems) // _PART_OF_TITLE)
    counted = rows.alias(held=reduce(add, held, Value(0))).filter(held__gte=least)
    return counted.order_by("-held", "-pk")[:_MOST_CANDIDATES]


def _compared(rows: CommitmentQuerySet) -> CommitmentQuerySet:
    return rows.only("reference", "title", "text", "status")


# -- what they share -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Twin:
    """A commitment that may be the same as one to be registered, and what the two have in common."""

    commitment: Commitment
    shared: tuple[str, ...]


def described(twins: Sequence[Commitment], *, title: str, mention: Mention) -> list[Twin]:
    """``twins`` with what each shares with a commitment of that title and first mention, in one query."""
    places: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    rows = Mention.objects.filter(commitment__in=[each.pk for each in twins]).order_by()
    for pk, *place in rows.values_list("commitment", "meeting", "paragraph"):
        places[pk].add((place[0], place[1]))
    return [Twin(each, tuple(_shared(each, places[each.pk], title, mention))) for each in twins]


def _shared(twin: Commitment, places: set[tuple[int, int]], title: str, mention: Mention) -> Iterable[str]:
    yield _("the same title") if stems_of(twin.title) == stems_of(title) else _("similar wording")
    if any(paragraph == mention.paragraph_id for _meeting, paragraph in places):
        yield _("the same paragraph")
    if any(meeting == mention.meeting_id for meeting, _paragraph in places):
        yield _("the same meeting")
