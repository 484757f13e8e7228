"""Which members of a commitment a program wants, and which of the records it names it wants with them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.documents.commitment import day
from commitments.documents.commitment_json import documents, fetch
from commitments.querysets import AsOf, CommitmentQuerySet
from relations.models import Agency, Country, Meeting, Source

if TYPE_CHECKING:
    from accounts.models import User

Document = dict[str, Any]

MEMBERS = (
    "reference",
    "title",
    "text",
    "nature",
    "theme",
    "parties",
    "obligated",
    "beneficiaries",
    "agencies",
    "classification",
    "deadline",
    "target",
    "readings",
    "outcome_meeting",
    "status",
    "successor",
    "status_history",
    "mentions",
    "related",
    "remarks",
    "progress",
    "evidence",
    "deadline_changes",
    "state",
    "overdue",
    "overdue_days",
    "review_due",
    "last_activity_on",
    "available_transitions",
    "url",
)
"""What ``fields`` may name: the members of a commitment, in their order."""


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
    """Records that commitments name by key: which keys a commitment names, and what is told of each."""

    key: str
    named_in: Callable[[Document], Iterable[str | None]]
    rows: Callable[[], Any]
    told: Callable[[Any], list[Document]]


def _mentioned(name: str) -> Callable[[Document], Iterable[str | None]]:
    return lambda shown: (each.get(name) for each in (*shown["mentions"], *shown["status_history"]))


EXPANSIONS: dict[str, Expansion] = {
    "countries": Expansion(
        "code",
        lambda shown: (*shown["parties"], *shown["obligated"], *shown["beneficiaries"]),
        lambda: Country.objects.only("code", "name"),
        _countries,
    ),
    "agencies": Expansion(
        "slug",
        lambda shown: (each["agency"] for each in shown["agencies"]),
        lambda: Agency.objects.select_related("country").defer("search_text", "country__search_text"),
        _agencies,
    ),
    "meetings": Expansion(
        "slug",
        lambda shown: (*_mentioned("meeting")(shown), shown["outcome_meeting"]),
        lambda: Meeting.objects.only("slug", "title", "day"),
        _meetings,
    ),
    "sources": Expansion(
        "slug", _mentioned("source"), lambda: Source.objects.only("slug", "title", "url"), _sources
    ),
}
"""What ``expand`` may name. The records come in a member of their own, ``expanded``, and no other changes."""


@dataclass(frozen=True, slots=True)
class Fieldset:
    """The members asked for, all if none is named, and the records to tell beside them."""

    fields: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    faults: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> "Fieldset":
        """Read ``fields`` and ``expand``, comma-separated; ``faults`` names what is not known."""
        given = {name: _names(query.get(name, "")) for name in PARAMETERS}
        known = {"fields": MEMBERS, "expand": tuple(EXPANSIONS)}
        faults = {
            name: [
                _("“%(name)s” is not known. Possible: %(possible)s.")
                % {"name": each, "possible": ", ".join(known[name])}
                for each in wrong
            ]
            for name, names in given.items()
            if (wrong := [each for each in names if each not in known[name]])
        }
        if isinstance(query, QueryDict):
            several = [name for name in PARAMETERS if len(query.getlist(name)) > 1]
            faults |= {
                name: [_("“%(name)s” is given once, with commas.") % {"name": name}] for name in several
            }
        return cls(fields=given["fields"], expand=given["expand"], faults=faults)

    def documents(
        self, rows: CommitmentQuerySet, keys: Sequence[int], *, user: "User", when: AsOf
    ) -> list[Document]:
        """The commitments of ``keys`` in their order, in a number of queries that does not grow with them."""
        found = {row.pk: row for row in fetch(rows.filter(pk__in=keys), when, user)}
        return self.shaped(documents([found[key] for key in keys if key in found], user=user, when=when))

    def shaped(self, shown: list[Document]) -> list[Document]:
        """``shown`` with what is asked for and no more."""
        expanded = [self._expanded(each, told) for each in shown] if (told := self._told(shown)) else []
        if self.fields:
            shown = [{name: each[name] for name in self.fields if name in each} for each in shown]
        for each, more in zip(shown, expanded, strict=False):
            each["expanded"] = more
        return shown

    def _told(self, shown: list[Document]) -> dict[str, dict[str, Document]]:
        """By expansion and key, what is told of each record that any of ``shown`` names."""
        told = {}
        for name in self.expand:
            expansion = EXPANSIONS[name]
            keys = {key for each in shown for key in expansion.named_in(each) if key}
            rows = list(expansion.rows().filter(**{f"{expansion.key}__in": keys}))
            records = expansion.told(rows)
            told[name] = {
                getattr(row, expansion.key): record for row, record in zip(rows, records, strict=True)
            }
        return told

    def _expanded(self, shown: Document, told: dict[str, dict[str, Document]]) -> Document:
        return {
            name: [records[key] for key in dict.fromkeys(EXPANSIONS[name].named_in(shown)) if key in records]
            for name, records in told.items()
        }


PARAMETERS = ("fields", "expand")


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
