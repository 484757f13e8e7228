"""A text that is being recorded: its paragraphs, with the decisions on each and suggestions for it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page
from django.db.models import Count, QuerySet
from django.db.models.functions import Length
from django.urls import reverse

from commitments.choices import MentionKind, Status
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment, Mention, SetAside, StatusChange
from commitments.reports.candidates import SourceCandidates, origin
from commitments.reports.modality import JOINT, ONE_SIDED, Wording, title_of, wording_of
from commitments.reports.presence_strip import countries_of, shapes_of
from commitments.reports.suggestions import SuggestionIndex, suggestion_index
from commitments.services.wording import stems_of
from core.documents.headings import LONGEST_HEADING
from core.pagination import page_of
from pages.recording.candidates import ParagraphCandidates, marked
from pages.recording.rows import Batch, ParagraphMention, ParagraphRow, Progress
from relations.choices import ParagraphRole
from relations.models import Meeting, Paragraph, Source
from relations.services.paper_edits import looks_like_heading

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.querysets import CommitmentQuerySet

PAGE_SIZE = 50
"""Paragraphs on one page. The texts of most meetings fit on one page."""
DRAWN_AT_ONCE = 3
"""The first undecided paragraphs of a page are shown with their forms, the others when they are opened."""
_SEVERAL = 2
_SEARCHED, _MOST_RESULTS = 60, 10
"""A search ranks this many commitments again, and shows the best of them."""


def _is_heading(paragraph: Paragraph, wording: Wording) -> bool:
    """Whether it is a heading, or looks like one: no sentence, no number on the paper, no formula."""
    if paragraph.role != ParagraphRole.PARAGRAPH:
        return True
    has_no_number = paragraph.label == ""
    return has_no_number and not wording.modality and looks_like_heading(paragraph.text)


class Recording:
    """The text of ``source`` as ``user`` records it for ``meeting``. Each part is read when it is used."""

    def __init__(self, meeting: Meeting, source: Source, user: "User") -> None:
        self.meeting, self.source, self.user = meeting, source, user
        self.visible: CommitmentQuerySet = Commitment.objects.visible_to(user)

    # -- decisions ---------------------------------------------------------------------------------------

    @property
    def mentions(self) -> QuerySet[Mention]:
        """The mentions in this text at this meeting of commitments that the user may see."""
        return Mention.objects.filter(
            meeting=self.meeting,
            paragraph__source=self.source,
            commitment__in=self.visible.order_by().values("pk"),
        )

    @cached_property
    def _mentioned(self) -> list[tuple[int, int]]:
        """The number of the paragraph and the primary key of the commitment of each mention."""
        return list(self.mentions.order_by().values_list("paragraph__number", "commitment"))

    @cached_property
    def set_aside(self) -> frozenset[int]:
        """The numbers of the paragraphs that were set aside and have no mention."""
        rows = SetAside.objects.filter(meeting=self.meeting, paragraph__source=self.source)
        mentioned = {number for number, _pk in self._mentioned}
        return frozenset(rows.values_list("paragraph__number", flat=True)) - mentioned

    @cached_property
    def outline(self) -> dict[int, Paragraph]:
        """All paragraphs by their number, in order, without their texts."""
        return {each.number: each for each in self.source.paragraphs.order_by("number").defer("text")}

    @property
    def numbers(self) -> list[int]:
        """The numbers of the paragraphs to decide on: headings and footnotes are only shown."""
        return [n for n, each in self.outline.items() if each.role == ParagraphRole.PARAGRAPH]

    @cached_property
    def undecided(self) -> list[int]:
        """The numbers of the undecided paragraphs, in order."""
        decided = self.set_aside | {number for number, _pk in self._mentioned}
        return [number for number in self.numbers if number not in decided]

    @property
    def progress(self) -> Progress:
        """How many paragraphs are decided."""
        undecided = self.undecided
        total = len(self.numbers)
        return Progress(total - len(undecided), total, undecided[0] if undecided else None)

    @cached_property
    def headings(self) -> list[Paragraph]:
        """The undecided paragraphs that look like headings, and whose wording commits nobody to anything."""
        short = self.source.paragraphs.annotate(length=Length("text")).filter(
            number__in=self.undecided, length__lte=LONGEST_HEADING
        )
        return [
            each
            for each in short.order_by("number")
            if looks_like_heading(each.text)
            and not wording_of(each.text, language=self.source.language).modality
        ]

    @cached_property
    def last_batch(self) -> Batch | None:
        """The paragraphs that the user marked “nothing” last, if they were several."""
        rows = SetAside.objects.filter(
            meeting=self.meeting, paragraph__source=self.source, actor=self.user
        ).order_by()
        latest = rows.values("decided_at").annotate(count=Count("pk")).order_by("-decided_at").first()
        if latest is None or latest["count"] < _SEVERAL:
            return None
        return Batch(latest["decided_at"], latest["count"])

    def text_of(self, numbers: Collection[int]) -> list[Paragraph]:
        """The paragraphs ``numbers`` with their texts, in order."""
        return list(self.source.paragraphs.filter(number__in=numbers).order_by("number"))

    @cached_property
    def candidates(self) -> SourceCandidates:
        """What the reader of texts proposes."""
        return SourceCandidates(self.source, self.user, self.meeting)

    @cached_property
    def was_read(self) -> bool:
        """Whether the reader of texts has proposed anything."""
        return self.source.candidates.exists()

    # -- the paragraphs ----------------------------------------------------------------------------------

    @cached_property
    def suggestions(self) -> SuggestionIndex:
        """The commitments between the countries of the meeting, to suggest from."""
        return suggestion_index(self.visible, countries_of(self.meeting))

    def page(self, number: int | None) -> Page[Paragraph]:
        """One page of the paragraphs, from 1. Without ``number``, that of the first undecided one."""
        if number is None:
            number = self.page_number(self.undecided[0]) if self.undecided else 1
        return page_of(self.source.paragraphs.order_by("number"), number=number, size=PAGE_SIZE)

    def page_number(self, number: int) -> int:
        """The page on which paragraph ``number`` stands."""
        return list(self.outline).index(number) // PAGE_SIZE + 1 if number in self.outline else 1

    def page_rows(self, paragraphs: Sequence[Paragraph]) -> list[ParagraphRow]:
        """The rows of a page: only the first undecided ones are drawn."""
        undecided = frozenset(self.undecided)
        first = [each.number for each in paragraphs if each.number in undecided][:DRAWN_AT_ONCE]
        return self.rows(paragraphs, drawn=first)

    def rows(
        self, paragraphs: Sequence[Paragraph], *, drawn: Collection[int] | None = None
    ) -> list[ParagraphRow]:
        """``paragraphs`` with their decisions. The number of queries is the same for one as for many.

        Those whose number is in ``drawn`` have suggestions; without it, all have.
        """
        mentions = self._mentions_of(paragraphs)
        set_aside = {
            each.paragraph_id: each
            for each in SetAside.objects.filter(
                meeting=self.meeting, paragraph__in=[each.pk for each in paragraphs]
            ).select_related("actor")
        }
        mentioned = frozenset(pk for _number, pk in self._mentioned)
        rows = [
            self._row(
                each,
                mentions.get(each.pk, []),
                set_aside.get(each.pk),
                mentioned,
                is_drawn=drawn is None or each.number in drawn,
            )
            for each in paragraphs
        ]
        return list(self._with_candidates(rows))

    def _with_candidates(self, rows: Sequence[ParagraphRow]) -> Iterator[ParagraphRow]:
        """``rows`` with what the reader of texts proposes. Where “nothing” was marked, nothing is offered."""
        shown = ParagraphCandidates(self.candidates)
        by_number = shown.by_number([row.paragraph for row in rows]) if self.was_read else {}
        for row in rows:
            candidates = by_number.get(row.paragraph.number, []) if not row.set_aside else []
            offered = shown.offered(candidates)
            refused = [each for each in candidates if each.is_refused and each not in offered]
            yield replace(
                row,
                html=marked(row.paragraph.text, offered),
                offered=tuple(offered),
                candidates=tuple(shown.shown(offered, row.url)) if row.is_drawn and offered else (),
                refused=tuple(refused) if row.is_drawn else (),
            )

    def row(self, paragraph: Paragraph, *, q: str = "") -> ParagraphRow:
        """One paragraph. With ``q``, the results of that search replace the suggestions."""
        row = self.rows([paragraph])[0]
        if not q.strip():
            return row
        results, error = self._search(q, paragraph)
        return replace(row, q=q, results=results, error=error)

    def _row(
        self,
        paragraph: Paragraph,
        mentions: list[ParagraphMention],
        set_aside: SetAside | None,
        mentioned: Collection[int],
        *,
        is_drawn: bool,
    ) -> ParagraphRow:
        exclude = {each.commitment.pk for each in mentions}
        suggestions: Sequence[Commitment] = ()
        wording = wording_of(paragraph.text, language=self.source.language)
        if is_drawn and not _is_heading(paragraph, wording):
            suggestions = self.suggestions.for_paragraph(
                paragraph.text, wording=wording, exclude=exclude, mentioned=mentioned
            )
        return ParagraphRow(
            paragraph,
            url=f"{self.url}{paragraph.number}/",
            mentions=tuple(mentions),
            set_aside=set_aside,
            suggestions=tuple(suggestions),
            modality=wording.modality,
            kind=wording.kind,
            is_drawn=is_drawn,
        )

    def _mentions_of(self, paragraphs: Sequence[Paragraph]) -> dict[int, list[ParagraphMention]]:
        keys = [each.pk for each in paragraphs]
        changes = StatusChange.objects.filter(paragraph__in=keys).order_by("-number")
        first_changes = {
            (commitment, paragraph): number
            for commitment, paragraph, number in changes.values_list("commitment", "paragraph", "number")
        }
        mentions: dict[int, list[ParagraphMention]] = {}
        rows = self.mentions.filter(paragraph__in=keys).select_related("commitment").order_by("pk")
        for mention in rows:
            beside = mentions.setdefault(mention.paragraph_id, [])
            number = first_changes.get((mention.commitment_id, mention.paragraph_id))
            # Of two mentions of one commitment in one paragraph, only the first is fixed.
            is_first = all(each.commitment.pk != mention.commitment_id for each in beside)
            is_fixed = number is not None and is_first
            beside.append(
                ParagraphMention(
                    mention,
                    mention.commitment,
                    shapes_of({mention.kind}),
                    is_fixed=is_fixed,
                    is_registration=is_fixed and number == 1,
                )
            )
        return mentions

    def _search(self, q: str, paragraph: Paragraph) -> tuple[tuple[Commitment, ...], str]:
        """The results of the search for ``q`` and "", or no results and an error.

        Commitments between the countries of the meeting come first, then those whose title shares more words
        with the search, then with the paragraph.
        """
        filterset = CommitmentFilterSet({"q": q}, user=self.user, queryset=self.visible)
        if filterset.faults:
            return (), " ".join(filterset.faults.get("q", ()))
        searched, stems = stems_of(q), stems_of(paragraph.text)
        near = self.suggestions.commitments

        def rank(commitment: Commitment) -> tuple[bool, int, int]:
            title = stems_of(commitment.title)
            return (commitment.pk not in near, -len(searched & title), -len(stems & title))

        rows: Iterable[Commitment] = filterset.qs[:_SEARCHED]
        return tuple(sorted(rows, key=rank)[:_MOST_RESULTS]), ""

    def initial_values(self, paragraph: Paragraph) -> dict[str, Any]:
        """The first values of the form of a new commitment, derived from the wording of the paragraph."""
        modality = wording_of(paragraph.text, language=self.source.language).modality
        near = sorted(countries_of(self.meeting))
        is_request = modality in ONE_SIDED
        return {
            "title": title_of(paragraph.text),
            "text": paragraph.text,
            "modality": modality,
            "status": Status.REQUESTED if is_request else Status.AGREED,
            "kind": MentionKind.REQUESTED if is_request else MentionKind.MADE,
            "note": origin(paragraph, self.meeting, is_request=is_request),
            "parties": near,
            "obligated": near if modality in JOINT else [],
        }

    # -- addresses ---------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The page of the whole text."""
        return reverse("record_text", args=[self.meeting.slug, self.source.slug])

    @property
    def summary_url(self) -> str:
        """The page that sums up what was recorded so far."""
        return reverse("record_summary", args=[self.meeting.slug, self.source.slug])

    @property
    def delete_url(self) -> str:
        """The page on which the text is deleted."""
        return reverse("record_delete", args=[self.meeting.slug, self.source.slug])

    def next_after(self, number: int) -> int | None:
        """The next undecided paragraph after ``number``, if any."""
        return next((each for each in self.undecided if each > number), None)

    def paragraph_url(self, number: int) -> str:
        """The paragraph on the page of the whole text. A text of one page needs no ``page``."""
        page = f"?page={self.page_number(number)}" if len(self.outline) > PAGE_SIZE else ""
        return f"{self.url}{page}#p{number}"

    def places(self, numbers: Iterable[int]) -> list[tuple[str, str]]:
        """What each of the paragraphs ``numbers`` is cited by, and its address."""
        return [(self.outline[number].citation, self.paragraph_url(number)) for number in numbers]

    @property
    def next_url(self) -> str:
        """The first undecided paragraph, or the summary when all are decided."""
        return self.paragraph_url(self.undecided[0]) if self.undecided else self.summary_url
