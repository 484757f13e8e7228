"""The passages that the reader of texts proposes: their state, and known commitments that they resemble."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.choices import Clearance
from commitments.candidates.known import every_commitment, known_commitments, known_people
from commitments.candidates.matching import RESTATED, KnownIndex
from commitments.choices import MentionKind, Status
from commitments.models import Candidate, Commitment, Mention, Theme
from commitments.models.candidate import words_of
from commitments.reports.modality import JOINT, ONE_SIDED, title_of
from commitments.reports.presence_strip import countries_of
from commitments.services.deadlines import COLUMNS
from commitments.services.errors import RequirementsNotMet
from commitments.services.text_reading import Circumstances
from relations.models import Country, Meeting, Paragraph, Source

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.querysets import CommitmentQuerySet


class CandidateState(models.TextChoices):
    """What became of a candidate."""

    OFFERED = "offered", pgettext_lazy("state of a candidate", "offered")
    ACCEPTED = "accepted", pgettext_lazy("state of a candidate", "accepted")
    REFUSED = "refused", pgettext_lazy("state of a candidate", "refused")


@dataclass(frozen=True, slots=True)
class Match:
    """A known commitment that a passage may restate, from 0 to 1, and the words that both have."""

    commitment: Commitment
    score: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate with its state, as one user may see it.

    ``accepted`` are the mentions that it became. ``decided_by`` and ``decided_at`` say who accepted or
    refused it, and when, as far as it is known. ``matches`` are at most five, the closest first.
    ``restated`` is the commitment that it is taken to restate, if any.
    """

    candidate: Candidate
    state: CandidateState
    accepted: tuple[Mention, ...]
    decided_by: "User | None"
    decided_at: dt.datetime | None
    matches: tuple[Match, ...]
    restated: Commitment | None

    @property
    def kind(self) -> str:
        """What the mention does: a commitment that is known already is not made again."""
        if self.restated and self.candidate.kind == MentionKind.MADE:
            return MentionKind.REAFFIRMED
        return self.candidate.kind

    @property
    def needs_a_commitment(self) -> bool:
        """Whether it only reports on a commitment, which a person must name."""
        return self.restated is None and self.kind in REPORTS


REPORTS = frozenset({MentionKind.PROGRESS, MentionKind.FULFILLED})
"""Kinds of mention of a commitment that exists already."""


class SourceCandidates:
    """The candidates of ``source`` as ``user`` may see them; of one ``meeting``, where one is recorded.

    The number of queries does not grow with the candidates.
    """

    def __init__(self, source: Source, user: "User", meeting: Meeting | None = None) -> None:
        self.source, self.user, self.meeting = source, user, meeting
        self.visible: CommitmentQuerySet = Commitment.objects.visible_to(user)

    def stored(self) -> "models.QuerySet[Candidate]":
        """All candidates in the order of the text, also those that do not stand in it any more."""
        rows = self.source.candidates.select_related("theme", "refused_by")
        return rows.defer("theme__search_text").order_by("number", "start", "pk")

    def standing(self, paragraphs: Iterable[Paragraph]) -> list[Candidate]:
        """The candidates that stand in ``paragraphs`` as they are now."""
        texts = {each.number: each.text for each in paragraphs}
        found = self.stored().filter(number__in=texts)
        return [each for each in found if each.is_in(texts[each.number])]

    def rows(self, candidates: Sequence[Candidate], *, with_matches: bool = True) -> list[CandidateRow]:
        """``candidates`` with their states and the commitments that they resemble."""
        matches = self._matches_of(candidates) if with_matches else {}
        return [self._row(each, matches.get(each.pk, ())) for each in candidates]

    def state_of(self, candidate: Candidate) -> CandidateState:
        """What became of ``candidate``."""
        if self._mentions_of(candidate):
            return CandidateState.ACCEPTED
        return CandidateState.REFUSED if candidate.is_refused else CandidateState.OFFERED

    def _row(self, candidate: Candidate, matches: tuple[Match, ...]) -> CandidateRow:
        closest = matches[0] if matches and matches[0].score >= RESTATED else None
        accepted = self._mentions_of(candidate)
        who, when = candidate.refused_by, candidate.refused_at
        if accepted:
            who, when = self._first_entries.get(accepted[0].pk, (None, None))
        return CandidateRow(
            candidate,
            self.state_of(candidate),
            accepted,
            who,
            when,
            matches,
            closest.commitment if closest else None,
        )

    def _mentions_of(self, candidate: Candidate) -> tuple[Mention, ...]:
        return tuple(self._accepted.get((candidate.number, candidate.words), ()))

    @cached_property
    def _accepted(self) -> dict[tuple[int, str], list[Mention]]:
        """The mentions that candidates became, by the number of the paragraph and the words."""
        rows = Mention.objects.exclude(reader_quote="").filter(
            paragraph__source=self.source,
            commitment__in=self.visible.order_by().values("pk"),
            **({"meeting": self.meeting} if self.meeting else {}),
        )
        found: defaultdict[tuple[int, str], list[Mention]] = defaultdict(list)
        related = rows.select_related("commitment", "paragraph", "meeting").defer("commitment__search_text")
        for each in related.order_by("pk"):
            found[each.paragraph.number, words_of(each.reader_quote)].append(each)
        return found

    @cached_property
    def _first_entries(self) -> "dict[int, tuple[User | None, dt.datetime | None]]":
        """Who recorded each mention that a candidate became, and when, by the field history."""
        keys = [each.pk for mentions in self._accepted.values() for each in mentions]
        entries: Any = Mention.history.filter(id__in=keys, history_type="+").select_related("history_user")
        return {each.id: (each.history_user, each.history_date) for each in entries.order_by("-history_id")}

    @cached_property
    def countries(self) -> frozenset[str]:
        """The countries that met: at the meeting, else at every meeting that the source reports on."""
        meetings = [self.meeting] if self.meeting else list(_meetings_of(self.source))
        return common_countries(meetings)

    @cached_property
    def _index(self) -> KnownIndex:
        """The commitments that the user may see between the countries that met, for the comparison."""
        return KnownIndex.of(known_commitments(self.visible, self.countries, without_source=self.source.pk))

    def _matches_of(self, candidates: Sequence[Candidate]) -> dict[int, tuple[Match, ...]]:
        """At most five known commitments for each of ``candidates``, by its primary key, in one query."""
        found = {
            each.pk: self._index.nearest(
                each.quote,
                each.language,
                theme=each.theme.slug if each.theme else "",
                nature=each.nature,
                obligated=tuple(each.obligated),
            )
            for each in candidates
        }
        references = {each.reference for matches in found.values() for each in matches}
        rows = self.visible.filter(reference__in=references).defer("search_text", "text", "remarks")
        commitments = {each.reference: each for each in rows}
        return {
            pk: tuple(Match(commitments[each.reference], each.score, each.shared) for each in matches)
            for pk, matches in found.items()
        }


def told_of(source: Source, meeting: Meeting | None = None) -> Circumstances:
    """What the reader is told beside the text of ``source``: by ``meeting``, else all that it reports on.

    Only commitments that every reader of the register may see are known to it: what it proposes is shown to
    all who record the text.
    """
    meetings = [meeting] if meeting else list(_meetings_of(source))
    parties = common_countries(meetings)
    everyone = every_commitment(Commitment.objects.filter(classification=Clearance.UNCLASSIFIED))
    days = [each.day for each in meetings if each.day]
    return Circumstances(
        parties=tuple(sorted(parties)),
        on=min(days, default=None) or source.published_on,
        people=known_people(),
        known=known_commitments(everyone, parties, without_source=source.pk),
    )


def common_countries(meetings: Collection[Meeting]) -> frozenset[str]:
    """The codes of the countries that met at each of ``meetings``; of all that met if these are too few.

    A note on talks of two countries may also report on a meeting of them with a third one.
    """
    met = [countries_of(each) for each in meetings]
    common = frozenset.intersection(*met) if met else frozenset()
    return common if len(common) > 1 else frozenset().union(*met)


def _meetings_of(source: Source) -> "models.QuerySet[Meeting]":
    # A meeting above the level of the source is nothing that a reader of the source may learn of.
    meetings = Meeting.objects.filter(source_links__source=source, classification__lte=source.classification)
    meetings = meetings.select_related("mechanism", "country")
    return meetings.prefetch_related("participations__country", "mechanism__countries")


def registration_arguments(values: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What ``accept_as_commitment`` takes: ``values`` as in ``proposed_values``, and what is ``given``.

    ``given`` are such arguments, with the ``fields`` that a person entered. Raises ``RequirementsNotMet`` for
    what neither has.
    """
    codes = {*values["parties"], *values.get("obligated", ())}
    countries = {each.code: each for each in Country.objects.filter(code__in=codes)}
    columns = {name: values[name] for name in _COLUMNS if name in values}
    theme = Theme.objects.filter(slug=values.get("theme", "")).first()
    arguments = {
        **{name: [countries[code] for code in values.get(name, ())] for name in ("parties", "obligated")},
        **{name: values[name] for name in ("status", "note", "kind")},
        "modality": values.get("modality", ""),
        **given,
        "fields": {"theme": theme, **columns, **given.get("fields", {})},
    }
    found = {**arguments["fields"], "obligated": arguments["obligated"]}
    required = ("title", "text", "nature", "theme", "obligated")
    if missing := [name for name in required if not found.get(name)]:
        message = _("The reader could not tell it from the text. Enter it.")
        raise RequirementsNotMet({name: [message] for name in missing})
    return arguments


_COLUMNS = ("title", "text", "nature", *COLUMNS.values())


def proposed_values(row: CandidateRow, paragraph: Paragraph, meeting: Meeting) -> dict[str, Any]:
    """The values of a new commitment as the reader proposes them, by the fields of its form.

    Countries are codes, the theme is its key. What the reader does not know is left out.
    """
    candidate, near = row.candidate, sorted(countries_of(meeting))
    known = set(Country.objects.filter(code__in=candidate.obligated).values_list("code", flat=True))
    # A third country that the passage names does not become a party by itself.
    parties = near if len(near) > 1 else sorted({*near, *known})
    obligated = [code for code in candidate.obligated if code in parties]
    is_request = candidate.kind == MentionKind.REQUESTED or candidate.modality in ONE_SIDED
    if not obligated and candidate.modality in JOINT:
        obligated = near
    kind = MentionKind.REQUESTED if is_request else candidate.kind
    if row.restated and kind == MentionKind.REAFFIRMED:  # it is new all the same
        kind = MentionKind.MADE
    values = {
        "title": title_of(candidate.quote),
        "text": candidate.quote,
        "nature": candidate.nature,
        "theme": candidate.theme.slug if candidate.theme else "",
        "parties": parties,
        "obligated": obligated,
        "deadline_wording": candidate.deadline_wording,
        "deadline_earliest": candidate.deadline_earliest,
        "deadline_latest": candidate.deadline_latest,
        "status": Status.REQUESTED if is_request else Status.AGREED,
        "kind": kind,
        "modality": candidate.modality,
        "note": origin(paragraph, meeting, is_request=is_request),
    }
    return {name: value for name, value in values.items() if value}


def origin(paragraph: Paragraph, meeting: Meeting, *, is_request: bool) -> str:
    """Where a commitment was agreed or requested, as the note of its first status says it."""
    # Translators: a paragraph of the text of a meeting.
    place = pgettext("paragraph", "%(place)s, §\u00a0%(number)s") % {
        "place": meeting,
        "number": paragraph.citation,
    }
    return (_("Requested at %(place)s.") if is_request else _("Agreed at %(place)s.")) % {"place": place}
