"""The rows of a text that is being recorded: what was decided on each paragraph, and how far it is."""

import datetime as dt
from dataclasses import dataclass

from django.utils.safestring import SafeString

from commitments.choices import Modality, PassageClass
from commitments.models import Candidate, Commitment, Mention, SetAside
from pages.recording.candidates import ShownCandidate
from relations.choices import ParagraphRole
from relations.models import Paragraph


@dataclass(frozen=True, slots=True)
class ParagraphMention:
    """A mention of one commitment in a paragraph.

    A mention that ``is_fixed`` cannot be undone: a status change of the commitment is based on the paragraph.
    ``is_registration`` says that this change is the registration.
    """

    mention: Mention
    commitment: Commitment
    shapes: tuple[str, ...]
    is_fixed: bool
    is_registration: bool


@dataclass(frozen=True, slots=True)
class ParagraphRow:
    """One paragraph with its decisions. If it is ``drawn``, it has suggestions and its forms are shown.

    ``html`` is its text with the passages marked that are ``offered``. A drawn row has them as
    ``candidates``, with what they resemble. After a search for ``q``, it has ``results`` or an ``error``.
    """

    paragraph: Paragraph
    url: str
    mentions: tuple[ParagraphMention, ...]
    set_aside: SetAside | None
    suggestions: tuple[Commitment, ...]
    modality: str
    kind: str
    html: SafeString = SafeString()
    offered: tuple[Candidate, ...] = ()
    candidates: tuple[ShownCandidate, ...] = ()
    refused: tuple[Candidate, ...] = ()
    is_drawn: bool = True
    q: str = ""
    results: tuple[Commitment, ...] | None = None
    error: str = ""

    @property
    def is_decided(self) -> bool:
        """Whether it has a mention or was set aside."""
        return bool(self.mentions) or self.set_aside is not None

    @property
    def is_only_shown(self) -> bool:
        """Whether it is a heading or a footnote on which nobody decided."""
        return self.paragraph.role != ParagraphRole.PARAGRAPH and not self.is_decided

    @property
    def is_undecided(self) -> bool:
        """Whether a decision on it is missing."""
        return self.paragraph.role == ParagraphRole.PARAGRAPH and not self.is_decided

    @property
    def proposes(self) -> str:
        """The strongest class of passage that is offered, or ""."""
        classes = {each.passage_class for each in self.offered}
        return next((each for each in (PassageClass.COMMITMENT, PassageClass.REPORT) if each in classes), "")

    @property
    def wording(self) -> str:
        """The name of its modality, or ""."""
        return str(Modality(self.modality).label) if self.modality else ""

    @property
    def options(self) -> tuple[Commitment, ...]:
        """The commitments that one click records a mention of: the results of a search, else suggestions."""
        return self.suggestions if self.results is None else self.results


@dataclass(frozen=True, slots=True)
class Progress:
    """How many paragraphs are decided. ``next_number`` is the first undecided one, if any."""

    decided: int
    total: int
    next_number: int | None

    @property
    def percent(self) -> int:
        """The share of decided paragraphs, from 0 to 100."""
        return 100 * self.decided // self.total if self.total else 100


@dataclass(frozen=True, slots=True)
class Batch:
    """Several paragraphs that were marked “nothing” at one moment."""

    decided_at: dt.datetime
    count: int
