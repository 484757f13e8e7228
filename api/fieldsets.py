"""The parameters ``fields`` and ``expand``: the members and the related records that are sent."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from api.outputs import CommitmentOutput
from commitments.documents.building import Document, day
from commitments.documents.commitment_json import documents, fetch
from commitments.querysets import AsOf, CommitmentQuerySet
from core.lists import listed
from relations.models import Agency, Country, Meeting, Source

if TYPE_CHECKING:
    from accounts.models import User

MEMBERS = tuple(name for name in CommitmentOutput().fields if name != "expanded")
"""The values of ``fields``: the members of a commitment, in their order."""


def _countries(rows: Iterable[Country]) -> list[Document]:
    return [{"code": row.code, "name": row.name} for row in rows]


def _agencies(rows: Iterable[Agency]) -> list[Document]:
    return [
        {"key": row.slug, "name": row.name, "acronym": row.acronym, "country": row.country.code}
        for row in rows
    ]


def _meetings(rows: Iterable[Meeting]) -> list[Document]:
    return [{"key": row.slug, "title": row.title, "day": day(row.day)} for row in rows]


def _sources(rows: Iterable[Source]) -> list[Document]:
    return [{"key": row.slug, "title": row.title, "url": row.url} for row in rows]


@dataclass(frozen=True, slots=True)
class Expansion:
    """Records that commitments name by key: the keys in a document, and the summary of each record."""

    key: str
    named_in: Callable[[Document], Iterable[str | None]]
    rows: Callable[[], Any]
    summaries: Callable[[Any], list[Document]]


def _mentioned(name: str) -> Callable[[Document], Iterable[str | None]]:
    return lambda document: (each.get(name) for each in (*document["mentions"], *document["status_history"]))


EXPANSIONS: dict[str, Expansion] = {
    "countries": Expansion(
        "code",
        lambda document: (*document["parties"], *document["obligated"], *document["beneficiaries"]),
        lambda: Country.objects.only("code", "name"),
        _countries,
    ),
    "agencies": Expansion(
        "slug",
        lambda document: (each["agency"] for each in document["agencies"]),
        lambda: Agency.objects.select_related("country").defer("search_text", "country__search_text"),
        _agencies,
    ),
    "meetings": Expansion(
        "slug",
        lambda document: (*_mentioned("meeting")(document), document["outcome_meeting"]),
        lambda: Meeting.objects.only("slug", "title", "day"),
        _meetings,
    ),
    "sources": Expansion(
        "slug", _mentioned("source"), lambda: Source.objects.only("slug", "title", "url"), _sources
    ),
}
"""The values of ``expand``. The records are sent in the member ``expanded``; no other member changes."""


@dataclass(frozen=True, slots=True)
class Fieldset:
    """The members to send, all if ``fields`` is empty, and the kinds of record to expand."""

    fields: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> "Fieldset":
        """Read ``fields`` and ``expand``, both comma-separated. ``errors`` has the unknown names."""
        requested = {name: _names(query.get(name, "")) for name in PARAMETERS}
        known = {"fields": MEMBERS, "expand": tuple(EXPANSIONS)}
        errors = {
            name: [
                _("“%(name)s” is unknown. Possible: %(possible)s.")
                % {"name": each, "possible": listed(known[name])}
                for each in unknown
            ]
            for name, names in requested.items()
            if (unknown := [each for each in names if each not in known[name]])
        }
        if isinstance(query, QueryDict):
            repeated = [name for name in PARAMETERS if len(query.getlist(name)) > 1]
            message = _("Enter “%(name)s” once, with commas between the names.")
            errors |= {name: [message % {"name": name}] for name in repeated}
        return cls(fields=requested["fields"], expand=requested["expand"], errors=errors)

    def documents(
        self, rows: CommitmentQuerySet, keys: Sequence[int], *, user: "User", when: AsOf
    ) -> list[Document]:
        """The commitments with ``keys``, in that order, in a fixed number of queries."""
        found = {row.pk: row for row in fetch(rows.filter(pk__in=keys), when, user)}
        return self.select(documents([found[key] for key in keys if key in found], user=user, when=when))

    def select(self, whole: list[Document]) -> list[Document]:
        """``whole`` with the requested members and related records only."""
        summaries = self._summaries(whole)
        expanded = [self._expanded(each, summaries) for each in whole] if summaries else []
        if self.fields:
            whole = [{name: each[name] for name in self.fields if name in each} for each in whole]
        for each, related in zip(whole, expanded, strict=False):
            each["expanded"] = related
        return whole

    def _summaries(self, whole: list[Document]) -> dict[str, dict[str, Document]]:
        """By expansion and key, the summary of each record that any document of ``whole`` names."""
        summaries = {}
        for name in self.expand:
            expansion = EXPANSIONS[name]
            keys = {key for each in whole for key in expansion.named_in(each) if key}
            rows = list(expansion.rows().filter(**{f"{expansion.key}__in": keys}))
            records = expansion.summaries(rows)
            summaries[name] = {
                getattr(row, expansion.key): record for row, record in zip(rows, records, strict=True)
            }
        return summaries

    def _expanded(self, document: Document, summaries: dict[str, dict[str, Document]]) -> Document:
        return {
            name: [
                records[key] for key in dict.fromkeys(EXPANSIONS[name].named_in(document)) if key in records
            ]
            for name, records in summaries.items()
        }


PARAMETERS = ("fields", "expand")


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
