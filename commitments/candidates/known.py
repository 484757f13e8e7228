"""The known commitments and people of the register, as the reader compares them."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from commitments.candidates.matching import KnownCommitment
from commitments.choices import PartyRole
from commitments.counted import COUNTS
from commitments.models import CommitmentParty, Mention
from commitments.querysets import CommitmentQuerySet
from relations.models import Person

MOST_KNOWN = 3000
"""Only so many of the latest commitments are compared with a text."""
_MOST_QUOTES, _LONGEST_QUOTE = 6, 400
"""Quotes of one commitment that are compared. A longer paragraph tells of other things too."""


def known_commitments(
    rows: CommitmentQuerySet, codes: Collection[str] = (), *, without_source: int | None = None
) -> list[KnownCommitment]:
    """The commitments in ``rows`` whose parties are all of ``codes`` or all among them, in three queries.

    ``rows`` starts from ``visible_to``: a match shows its reference. Without ``codes``, all of ``rows``. The
    paragraphs of the source ``without_source``, its primary key, are not compared.
    """
    if codes:
        rows = _between(rows, codes)
    latest = list(
        rows.select_related("theme")
        .only("reference", "title", "text", "nature", "theme__slug")
        .order_by("-pk")[:MOST_KNOWN]
    )
    keys = [row.pk for row in latest]
    obligated: defaultdict[int, list[str]] = defaultdict(list)
    parties = CommitmentParty.objects.filter(commitment__in=keys, role=PartyRole.OBLIGATED)
    for pk, code in parties.order_by("country__code").values_list("commitment", "country__code"):
        obligated[pk].append(code)
    quotes: defaultdict[int, list[str]] = defaultdict(list)
    mentions = Mention.objects.filter(commitment__in=keys).exclude(paragraph__source=without_source)
    for pk, text in mentions.order_by("pk").values_list("commitment", "paragraph__text"):
        if len(quotes[pk]) < _MOST_QUOTES and len(text) <= _LONGEST_QUOTE:
            quotes[pk].append(text)
    return [
        KnownCommitment(
            reference=row.reference,
            title=row.title,
            text=row.text,
            quotes=tuple(quotes[row.pk]),
            theme=row.theme.slug,
            nature=row.nature,
            obligated=tuple(obligated[row.pk]),
        )
        for row in latest
    ]


def _between(rows: CommitmentQuerySet, codes: Collection[str]) -> CommitmentQuerySet:
    parties = CommitmentParty.objects.filter(commitment=OuterRef("pk"), role=PartyRole.PARTY)
    has_all = Q()
    for code in codes:
        has_all &= Q(Exists(parties.filter(country__code=code)))
    return rows.filter(~Q(Exists(parties.exclude(country__code__in=codes))) | has_all)


def every_commitment(rows: CommitmentQuerySet) -> CommitmentQuerySet:
    """All that counts and has a page, for a command that runs on the server and asks for no account."""
    return rows.filter(COUNTS, merged_into=None)


def known_people() -> dict[str, str]:
    """The people of the register and their other names, each with the code of the country."""
    people: dict[str, str] = {}
    for name, aliases, code in Person.objects.order_by().values_list("name", "aliases", "country__code"):
        for each in (name, *aliases):
            if code and " " in each:
                people[each] = code
    return people
