"""The texts of the shipped register, rewritten for another partner country and year."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, models

from commitments.choices import PartyRole
from commitments.models import Assignment, Commitment, CommitmentParty, Mention
from commitments.services.references import prefix_of
from commitments.services.search import NAMED_AT, fold_for_search
from core.sorting import sort_key
from relations.models import Agency, Country, Mechanism, Meeting, Paragraph, Participation, Person, Source
from relations.models.source import sha256_of
from relations.names import fold_names

PARTNERS = [
    tuple(line.split("|")) for line in Path(__file__).with_name("partners.txt").read_text().splitlines()
]
"""Code, name and capital of sixty countries, the most frequent first. The first is the shipped one."""
SHIPPED = "KH"

REWRITTEN: dict[type[models.Model], tuple[str, ...]] = {
    Source: ("title", "text", "sha256", "search_text", "sort_key"),
    Paragraph: ("text", "first_text"),
    Meeting: ("title", "place", "window_wording", "search_text", "sort_key"),
    Commitment: ("prefix", "title", "text", "remarks", "deadline_wording", "search_text", "sort_key"),
}
"""The fields that are different for another partner and year."""

_YEAR = re.compile(r"\b20[0-3]\d\b")


class Rewrite:
    """Rewrites texts for ``partner``, ``years`` earlier."""

    def __init__(self, partner: int, years: int = 0) -> None:
        self.code, self.name, self.capital = PARTNERS[partner]
        self.years = years
        shipped = ("Cambodian", "Cambodia", "Phnom Penh")
        own = (f"{self.name}'s", self.name, self.capital)
        self._names = () if self.code == SHIPPED else tuple(zip(shipped, own, strict=True))

    def __call__(self, text: str) -> str:
        """``text`` with other names and years."""
        for shipped, own in self._names:
            text = text.replace(shipped, own)
        return self.before(text)

    def before(self, text: str) -> str:
        """``text`` with other years only, which folding does not change."""
        return _YEAR.sub(lambda year: str(int(year[0]) - self.years), text) if self.years else text


class Texts:
    """The texts of the register in the database, folded once for each partner."""

    def __init__(self) -> None:
        self.seeds = {model: list(model._default_manager.order_by("pk")) for model in REWRITTEN}
        self.quotes: dict[int, list[str]] = {}
        for pk, text in Mention.objects.order_by("pk").values_list("commitment", "paragraph__text"):
            self.quotes.setdefault(pk, []).append(text)
        self.parties: dict[int, list[str]] = {}
        rows = CommitmentParty.objects.filter(role=PartyRole.PARTY)
        for pk, code in rows.values_list("commitment", "country__code"):
            self.parties.setdefault(pk, []).append(code)
        self.named = _named()
        self.counterparts = _counterparts()
        self.folded = cache(self._folded)

    def rows(self, model: type[models.Model], partner: int, years: int) -> Iterator[tuple[Any, ...]]:
        """Key, partner, years and the fields of ``REWRITTEN``, for every record of ``model``."""
        rewrite = Rewrite(partner, years)
        for n, record in enumerate(self.seeds[model]):
            texts = (name for name in REWRITTEN[model] if name != "sort_key")
            values: dict[str, Any] = {name: rewrite(getattr(record, name)) for name in texts}
            if "sha256" in values:
                values["sha256"] = sha256_of(values["text"]) if values["text"] else ""
            if "prefix" in values:
                codes = self.parties[record.pk]
                values["prefix"] = prefix_of(rewrite.code if code == SHIPPED else code for code in codes)
            if "search_text" in values:
                values["search_text"] = rewrite.before(self.folded(model, n, partner))
            if "sort_key" in REWRITTEN[model]:
                values["sort_key"] = sort_key(values["title"])
            yield (record.pk, partner, years, *values.values())

    def _names(self, pk: int, partner: int) -> Iterator[str]:
        """The names that find the copy of a commitment."""
        rewrite = Rewrite(partner)
        for model, seed in self.named.get(pk, ()):
            if model is None:
                yield rewrite(seed)
                continue
            record = self.counterparts[model, partner, seed]
            yield from (record.name, getattr(record, "acronym", ""), *getattr(record, "aliases", ()))

    def _folded(self, model: type[models.Model], n: int, partner: int) -> str:
        record: Any = self.seeds[model][n]
        rewrite = Rewrite(partner)
        if isinstance(record, Commitment):
            copy = Commitment(
                **{name: rewrite(getattr(record, name)) for name in ("title", "text", "remarks")}
            )
            quotes = map(rewrite, self.quotes[record.pk])
            return fold_for_search(copy, quotes, self._names(record.pk, partner))
        return fold_names(" \n ".join(rewrite(text) for text in record.searchable() if text))


def _named() -> dict[int, list[tuple[Any, Any]]]:
    """What finds each commitment by name, in the order of ``names_of``: a model and a key, or None and a text."""
    found: dict[int, list[tuple[Any, Any]]] = {}

    def add(model: Any, rows: models.QuerySet[Any], *fields: str) -> None:
        for pk, *values in rows.order_by("pk").values_list(*fields):
            found.setdefault(pk, []).extend((model, value) for value in values if value)

    add(None, Commitment.objects.all(), "pk", "theme__name")
    add(Country, CommitmentParty.objects.all(), "commitment", "country")
    add(Agency, Assignment.objects.all(), "commitment", "agency")
    for mention in Mention.objects.filter(kind__in=NAMED_AT).select_related("meeting").order_by("pk"):
        names = found.setdefault(mention.commitment_id, [])
        if mention.meeting.mechanism_id:
            names.append((Mechanism, mention.meeting.mechanism_id))
        names.append((None, mention.meeting.place))
    people = Participation.objects.filter(meeting__mentions__kind__in=NAMED_AT)
    add(Person, people, "meeting__mentions__commitment", "person")
    return found


def _counterparts() -> dict[tuple[type[models.Model], int, int], Any]:
    """The records of each partner that replace those of the shipped register."""
    found = {}
    for model in (Agency, Person, Mechanism, Country):
        records: dict[int, Any] = model._default_manager.in_bulk()
        with connection.cursor() as cursor:
            cursor.execute("SELECT partner, seed_id, id FROM bench_record WHERE kind = %s", [model.__name__])
            for partner, seed, pk in cursor.fetchall():
                found[model, partner, seed] = records[pk]
    return found
