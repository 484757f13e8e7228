"""A text that is being recorded: its paragraphs, what was decided on each, and what each may speak of."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.choices import MentionKind, Status
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment, Mention, SetAside, StatusChange
from commitments.reports.modality import ASKED, BOTH_ACT, kind_of, modality_of, title_of
from commitments.reports.presence_strip import countries_of, shapes_of
from commitments.reports.suggestions import Suggestion, likely_among, stems_of
from core.pagination import page_of
from relations.models import Meeting, Paragraph, Source

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.querysets import CommitmentQuerySet

A_PAGE = 50
"""Paragraphs on one page: the texts of most meetings stand on one."""
_LOOKED_THROUGH, _FOUND = 60, 10


@dataclass(frozen=True, slots=True)
class Said:
    """What the paragraph does with one commitment. It stays where ``firm``: where the commitment was
    ``registered``, or another of its statuses rests on the paragraph."""

    mention: Mention
    commitment: Commitment
    shapes: tuple[str, ...]
    firm: bool
    registered: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph with what was decided on it; after a search, what was ``found`` or its ``fault``."""

    paragraph: Paragraph
    url: str
    said: tuple[Said, ...]
    aside: SetAside | None
    likely: tuple[Commitment, ...]
    modality: str
    kind: str
    q: str = ""
    found: tuple[Commitment, ...] | None = None
    fault: str = ""

    @property
    def is_decided(self) -> bool:
        """Whether something was said about it, be it that there is nothing."""
        return bool(self.said) or self.aside is not None

    @property
    def offered(self) -> tuple[Commitment, ...]:
        """The commitments that one press records a mention of."""
        return self.likely if self.found is None else self.found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the text was read; ``next_number`` is the first paragraph that waits, if any does."""

    decided: int
    total: int
    next_number: int | None

    @property
    def percent(self) -> int:
        """For the bar."""
        return 100 * self.decided // self.total if self.total else 100


class Recording:
    """The text of ``source`` as it is recorded for ``meeting``, seen by ``user``; read when asked."""

    def __init__(self, meeting: Meeting, source: Source, user: "User") -> None:
        self.meeting, self.source, self.user = meeting, source, user
        self.visible: CommitmentQuerySet = Commitment.objects.visible_to(user)

    # -- what was decided --------------------------------------------------------------------------------

    @property
    def mentions(self) -> QuerySet[Mention]:
        """Those of this text at this meeting that may be seen."""
        return Mention.objects.filter(
            meeting=self.meeting,
            paragraph__source=self.source,
            commitment__in=self.visible.order_by().values("pk"),
        )

    @cached_property
    def _pairs(self) -> list[tuple[int, int]]:
        return list(self.mentions.order_by().values_list("paragraph__number", "commitment"))

    @cached_property
    def aside(self) -> frozenset[int]:
        """The numbers of the paragraphs that were set aside, where no mention says otherwise."""
        rows = SetAside.objects.filter(meeting=self.meeting, paragraph__source=self.source)
        return frozenset(rows.values_list("paragraph__number", flat=True)) - {n for n, _pk in self._pairs}

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers of all paragraphs."""
        return list(self.source.paragraphs.order_by("number").values_list("number", flat=True))

    @cached_property
    def undecided(self) -> list[int]:
        """The numbers of the paragraphs that wait, in order."""
        decided = self.aside | {number for number, _pk in self._pairs}
        return [number for number in self.numbers if number not in decided]

    @property
    def progress(self) -> Progress:
        """How far the text was read."""
        waiting = self.undecided
        return Progress(len(self.numbers) - len(waiting), len(self.numbers), waiting[0] if waiting else None)

    # -- the paragraphs ----------------------------------------------------------------------------------

    @cached_property
    def likely(self) -> Suggestion:
        """What may be spoken of when these countries meet."""
        return likely_among(self.visible, countries_of(self.meeting))

    def page(self, number: int | None) -> Page[Paragraph]:
        """One page of the paragraphs, from 1."""
        return page_of(self.source.paragraphs.order_by("number"), number=number, size=A_PAGE)

    def passages(self, paragraphs: Sequence[Paragraph]) -> list[Passage]:
        """``paragraphs`` with what was decided; as many queries for one as for all of them."""
        said = self._said(paragraphs)
        aside = {
            each.paragraph_id: each
            for each in SetAside.objects.filter(
                meeting=self.meeting, paragraph__in=[each.pk for each in paragraphs]
            ).select_related("actor")
        }
        spoken = frozenset(pk for _number, pk in self._pairs)
        return [self._passage(each, said.get(each.pk, []), aside.get(each.pk), spoken) for each in paragraphs]

    def passage(self, paragraph: Paragraph, *, q: str = "") -> Passage:
        """One paragraph; with ``q``, what the search finds stands in the place of the likely ones."""
        plain = self.passages([paragraph])[0]
        if not q.strip():
            return plain
        found, fault = self._found(q, paragraph)
        return replace(plain, q=q, found=found, fault=fault)

    def _passage(
        self, paragraph: Paragraph, said: list[Said], aside: SetAside | None, spoken: Collection[int]
    ) -> Passage:
        here = {each.commitment.pk for each in said}
        likely = self.likely.for_paragraph(paragraph.text, without=here, spoken=spoken)
        url = f"{self.url}{paragraph.number}/"
        modality = modality_of(paragraph.text)
        return Passage(paragraph, url, tuple(said), aside, tuple(likely), modality, kind_of(modality))

    def _said(self, paragraphs: Sequence[Paragraph]) -> dict[int, list[Said]]:
        keys = [each.pk for each in paragraphs]
        changes = StatusChange.objects.filter(paragraph__in=keys).order_by("-number")
        resting = {
            (commitment, paragraph): number
            for commitment, paragraph, number in changes.values_list("commitment", "paragraph", "number")
        }
        said: dict[int, list[Said]] = {}
        rows = self.mentions.filter(paragraph__in=keys).select_related("commitment").order_by("pk")
        for mention in rows:
            place = said.setdefault(mention.paragraph_id, [])
            number = resting.get((mention.commitment_id, mention.paragraph_id))
            # Of two mentions of one commitment in one paragraph, the first carries what rests on it.
            first = all(each.commitment.pk != mention.commitment_id for each in place)
            firm = number is not None and first
            place.append(
                Said(mention, mention.commitment, shapes_of({mention.kind}), firm, firm and number == 1)
            )
        return said

    def _found(self, q: str, paragraph: Paragraph) -> tuple[tuple[Commitment, ...], str]:
        filterset = CommitmentFilterSet({"q": q}, user=self.user, queryset=self.visible)
        if filterset.faults:
            return (), " ".join(filterset.faults.get("q", ()))
        asked, stems = stems_of(q), stems_of(paragraph.text)
        near = self.likely.commitments

        def distance(found: Commitment) -> tuple[bool, int, int]:
            title = stems_of(found.title)
            return (found.pk not in near, -len(asked & title), -len(stems & title))

        rows: Iterable[Commitment] = filterset.qs[:_LOOKED_THROUGH]
        return tuple(sorted(rows, key=distance)[:_FOUND]), ""

    def beginning_of(self, paragraph: Paragraph) -> dict[str, Any]:
        """What the form of a new commitment begins with: what the paragraph gives away, to be corrected."""
        modality, near = modality_of(paragraph.text), sorted(countries_of(self.meeting))
        asked = modality in ASKED
        place = _("%(meeting)s, §\u00a0%(number)d") % {"meeting": self.meeting, "number": paragraph.number}
        return {
            "title": title_of(paragraph.text),
            "text": paragraph.text,
            "modality": modality,
            "status": Status.REQUESTED if asked else Status.AGREED,
            "kind": MentionKind.REQUESTED if asked else MentionKind.MADE,
            "note": (_("Asked at %(place)s.") if asked else _("Made at %(place)s.")) % {"place": place},
            "parties": near,
            "obligated": near if modality in BOTH_ACT else [],
        }

    # -- addresses ---------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The page of the whole text."""
        return reverse("record_text", args=[self.meeting.slug, self.source.slug])

    @property
    def summary_url(self) -> str:
        """What was done so far."""
        return reverse("record_summary", args=[self.meeting.slug, self.source.slug])

    def place_of(self, number: int) -> str:
        """The paragraph's place on the page of the whole text."""
        page = (self.numbers.index(number) // A_PAGE + 1) if number in self.numbers else 1
        return f"{self.url}{f'?page={page}' if page > 1 else ''}#p{number}"

    @property
    def next_url(self) -> str:
        """Where the first paragraph stands that waits; else the summary."""
        return self.place_of(self.undecided[0]) if self.undecided else self.summary_url
