"""How often the right commitment is among the suggestions for a paragraph of the shipped register.

``restatements.csv`` has paragraphs in other languages that restate commitments of it, written for this purpose: those
of the set "before" while the glossary was made, those of "after" when it was finished.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from commitments.models import Commitment, Mention
from commitments.reports.suggestions import SuggestionIndex, suggestion_index
from commitments.services.search import refresh_search_text
from relations.models import Meeting

COUNTRIES = ("KH", "LA", "VN")
_RESTATEMENTS = Path(__file__).parent / "restatements.csv"


@dataclass(frozen=True, slots=True)
class Trial:
    """One paragraph, the commitment that it mentions, and those that were suggested, as references."""

    group: str
    text: str
    expected: str
    suggested: tuple[str, ...]

    @property
    def is_first(self) -> bool:
        """Whether the right one was suggested first."""
        return self.suggested[:1] == (self.expected,)

    @property
    def is_found(self) -> bool:
        """Whether the right one was suggested at all."""
        return self.expected in self.suggested


def later_mentions() -> Iterator[Trial]:
    """Each mention of an earlier commitment at a meeting, suggested from what was recorded before the meeting."""
    for meeting in Meeting.objects.filter(mentions__isnull=False).distinct().order_by("day", "pk"):
        mentions = meeting.mentions.select_related("paragraph", "commitment").order_by(
            "paragraph__number", "pk"
        )
        trials = list(mentions)
        with transaction.atomic():
            Mention.objects.filter(meeting__day__gte=meeting.day).delete()
            known = Commitment.objects.filter(pk__in=Mention.objects.values("commitment"))
            refresh_search_text(known.values_list("pk", flat=True))
            index = suggestion_index(known, COUNTRIES)
            for mention in trials:
                if mention.commitment_id in index.commitments:
                    yield _trial(
                        f"later mentions at {meeting.slug}",
                        index,
                        mention.paragraph.text,
                        mention.commitment.reference,
                    )
            transaction.set_rollback(True)


def restatements() -> Iterator[Trial]:
    """Each paragraph of another language, suggested from the whole register."""
    index = suggestion_index(Commitment.objects.all(), COUNTRIES)
    with _RESTATEMENTS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            yield _trial(f"restated {row['set']}, {row['language']}", index, row["text"], row["reference"])


def _trial(group: str, index: SuggestionIndex, text: str, expected: str) -> Trial:
    found = tuple(each.reference for each in index.for_paragraph(text))
    return Trial(group, text, expected, found)
