"""The candidates of a paragraph that is being recorded: how they are shown, and where they can be split."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.choices import Modality, Nature, PassageClass
from commitments.models import Candidate
from commitments.reports.candidates import CandidateRow, CandidateState, SourceCandidates
from commitments.reports.modality import title_of
from core.lists import all_of
from relations.models import Country, Paragraph

_CUT = re.compile(r"(?<=[.;:,])\s+|\s+(?=(?:and|or|as well as|while|và|cũng như|đồng thời)\s)", re.IGNORECASE)
_MOST_CUTS, _SHORTEST = 8, 12
"""So many places to split are offered at most, each with so many characters on both sides."""
_SIDE = 60


@dataclass(frozen=True, slots=True)
class Cut:
    """A place where a passage can be split, in code points of the paragraph, with the words beside it."""

    at: int
    before: str
    after: str


@dataclass(frozen=True)
class ShownCandidate:
    """A candidate beside its paragraph. ``following`` is the next one of the paragraph that is offered."""

    row: CandidateRow
    url: str
    following: Candidate | None
    countries: dict[str, str]

    @property
    def candidate(self) -> Candidate:
        """The candidate itself."""
        return self.row.candidate

    @property
    def is_report(self) -> bool:
        """Whether it is of the fainter class."""
        return self.candidate.passage_class == PassageClass.REPORT

    @property
    def title(self) -> str:
        """The title of the new commitment that it would become."""
        return title_of(self.candidate.quote)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the reader proposes, as labels and values."""
        each = self.candidate
        names = [self.countries.get(code, code) for code in each.obligated]
        nature = str(capfirst(Nature(each.nature).label)) if each.nature else ""
        theme = each.theme.name if each.theme else ""
        values = (
            (_("Responsible"), all_of(names) or _("not told")),
            (_("Deadline"), _window(each)),
            (_("Figure"), each.figure),
            (_("Nature"), nature),
            (_("Theme"), theme or ("" if self.row.restated else _("not told"))),
        )
        return [(label, value) for label, value in values if value]

    @property
    def modality(self) -> str:
        """The name of its modality, or ""."""
        return str(Modality(self.candidate.modality).label) if self.candidate.modality else ""

    @property
    def kind(self) -> str:
        """The kind of mention that is chosen at first."""
        return self.row.kind

    @cached_property
    def cuts(self) -> list[Cut]:
        """Where it can be split, in the order of the text."""
        quote, start = self.candidate.quote, self.candidate.start
        found = [
            Cut(start + match.end(), quote[: match.start()][-_SIDE:], quote[match.end() :][:_SIDE])
            for match in _CUT.finditer(quote)
            if match.start() >= _SHORTEST and len(quote) - match.end() >= _SHORTEST
        ]
        return found[:_MOST_CUTS]


def _window(candidate: Candidate) -> str:
    if not candidate.deadline_wording:
        return ""
    wording = pgettext("quotation", "“%(wording)s”") % {"wording": candidate.deadline_wording}
    if not candidate.deadline_latest:
        return wording
    # Translators: the wording of a deadline and the last day that it can mean.
    text = pgettext("deadline", "%(wording)s, by %(day)s")
    return text % {"wording": wording, "day": date_format(candidate.deadline_latest)}


class ParagraphCandidates:
    """The candidates of the paragraphs of a text, read for many paragraphs at once."""

    def __init__(self, candidates: SourceCandidates) -> None:
        self.candidates = candidates

    def by_number(self, paragraphs: Sequence[Paragraph]) -> dict[int, list[Candidate]]:
        """The candidates that stand in ``paragraphs``, by the number of the paragraph."""
        found: dict[int, list[Candidate]] = {}
        for each in self.candidates.standing(paragraphs):
            found.setdefault(each.number, []).append(each)
        return found

    def offered(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Those of ``candidates`` on which nobody decided."""
        return [each for each in candidates if self.candidates.state_of(each) == CandidateState.OFFERED]

    def shown(self, candidates: Sequence[Candidate], url: str) -> list[ShownCandidate]:
        """``candidates`` of one paragraph, which are offered, with what they resemble."""
        rows = self.candidates.rows(candidates)
        following = [*candidates[1:], None]
        return [
            ShownCandidate(row, f"{url}candidates/{row.candidate.pk}/", after, self.countries)
            for row, after in zip(rows, following, strict=False)
        ]

    @cached_property
    def countries(self) -> dict[str, str]:
        """The names of the countries of the register by their codes."""
        return dict(Country.objects.values_list("code", "name"))


def marked(text: str, candidates: Iterable[Candidate]) -> SafeString:
    """``text`` as HTML, with the quotes of ``candidates`` marked. Where two overlap, only the first is.

    A mark does not cross a line, so that ``linebreaks`` can follow.
    """
    parts: list[str] = []
    at = 0
    for each in sorted(candidates, key=lambda each: (each.start, -each.end)):
        if each.start < at:
            continue
        parts.append(format_html("{}", text[at : each.start]))
        lines = text[each.start : each.end].split("\n")
        template = '<mark class="passage passage--{}">{}</mark>'
        parts.append(
            "\n".join(format_html(template, each.passage_class, line) if line else "" for line in lines)
        )
        at = each.end
    parts.append(format_html("{}", text[at:]))
    return mark_safe("".join(parts))  # noqa: S308  (every part is escaped above)
