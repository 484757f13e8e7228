"""Finds the records that an entry refers to: primary keys by the keys of the file."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from commitments.documents.building import Document
from core.batches import batches
from interchange.register_file.index import MODELS
from relations.models import Paragraph
from relations.services.slugs import former_keys

_COUNTRIES = ("countries", "parties", "obligated", "beneficiaries")
"""The lists of countries in the entries of all sections."""


class Lookups:
    """Primary keys of records in the database. ``now`` is the same moment for the whole load."""

    def __init__(self) -> None:
        self.now: dt.datetime = timezone.now()
        self.paragraphs: dict[tuple[str, int], int] = {}
        self.newest_versions: dict[tuple[str, int], int] = {}
        self._pks: dict[str, dict[str, int]] = {}
        self._accounts: dict[str, int] = {}
        self._former_keys: dict[str, dict[str, str]] = {}

    def pk(self, section: str, key: str) -> int:
        """Return the primary key of the entry ``key`` of ``section``. Raises ``KeyError``."""
        if section not in self._pks:
            model, field = MODELS[section]
            rows = model._default_manager.order_by().values_list(field, "pk")
            self._pks[section] = {**former_keys(model), **dict(rows)}
        return self._pks[section][key]

    def use_current_keys(self, rows: Iterable[Document], name: str, section: str) -> list[Document]:
        """``rows``, where ``name`` is a record that was merged, with the key of the one that was kept.

        A row whose record is then named twice is left out.
        """
        former = self._former(section)
        found: dict[str, Document] = {}
        for row in rows:
            row[name] = former.get(row[name], row[name])
            found.setdefault(row[name], row)
        return list(found.values())

    def use_current_bodies(self, entry: Any) -> None:
        """Let ``entry`` name the countries and the mechanism that were kept, where it names merged ones."""
        for name, section in (("country", "countries"), ("mechanism", "mechanisms")):
            if entry.get(name) in self._former(section):
                entry[name] = self._former(section)[entry[name]]
        former = self._former("countries")
        for name in _COUNTRIES:
            if former.keys() & set(entry.get(name, ())):
                entry[name] = sorted({former.get(code, code) for code in entry[name]})
        for row in entry.get("participants", ()):
            if row.get("country") in former:
                row["country"] = former[row["country"]]

    def _former(self, section: str) -> dict[str, str]:
        if section not in self._former_keys:
            model, field = MODELS[section]
            former = former_keys(model)
            keys = dict(model._default_manager.filter(pk__in=former.values()).values_list("pk", field))
            self._former_keys[section] = {old: keys[pk] for old, pk in former.items()}
        return self._former_keys[section]

    def add(self, section: str, key: str, pk: int) -> None:
        """Add a record that was just created."""
        if section in self._pks:
            self._pks[section][key] = pk

    def account(self, username: str) -> int:
        """Return the primary key of an account. Raises ``KeyError``."""
        return self._accounts[username]

    def create_missing_accounts(self, usernames: Iterable[str]) -> list[str]:
        """Create an account for each of ``usernames`` that names none, and return the names of the new ones.

        A new account is inactive and has no password and no role. It only gives the history its author.
        """
        model: Any = get_user_model()
        created: list[str] = []
        for batch in batches(sorted(usernames)):
            self._accounts.update(model.objects.pks_by_login(batch))
            for username in batch:
                if username not in self._accounts:
                    account = model(username=username, is_active=False)
                    account.set_unusable_password()
                    account.save()
                    self._accounts.update(model.objects.pks_by_login(batch))
                    created.append(username)
        return created

    def load_paragraphs(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Load the paragraphs that ``entries`` cite, and no others."""
        self.load_cited(row for entry in entries for row in rows_with_paragraph(entry))

    def load_cited(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Load the paragraphs that ``rows`` cite, and no others."""
        cited = {(row["source"], row["paragraph"]) for row in rows if "paragraph" in row}
        self.paragraphs, self.newest_versions = {}, {}
        for slugs in batches({source for source, _number in cited}):
            found = Paragraph.objects.filter(source__slug__in=slugs).order_by()
            columns = found.values_list("source__slug", "number", "pk", "version")
            for slug, number, pk, version in columns.iterator():
                if (slug, number) in cited:
                    self.paragraphs[slug, number] = pk
                    self.newest_versions[slug, number] = version


def rows_with_paragraph(entry: Mapping[str, Any]) -> Iterable[Any]:
    """Return the rows of the entry of a commitment or a meeting that cite a paragraph."""
    cited = (entry.get(key, ()) for key in ("status_history", "mentions", "set_aside"))
    for rows in (*cited, readings(entry)):
        yield from (row for row in rows if "paragraph" in row)


def readings(entry: Mapping[str, Any]) -> list[Document]:
    """Return the readings of an entry, whether they are in its target or beside it."""
    return list(entry.get("target", {}).get("readings", entry.get("readings", [])))
