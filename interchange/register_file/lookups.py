"""Finds what an entry names: primary keys by the keys of the file."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from commitments.documents.commitment import Document
from core.batches import batches
from interchange.register_file.index import MODELS
from relations.models import Paragraph


class Lookups:
    """What is in the database already, by key. ``now`` is one moment for the whole load."""

    def __init__(self) -> None:
        self.now: dt.datetime = timezone.now()
        self.quotes: dict[tuple[str, int], int] = {}
        self._pks: dict[str, dict[str, int]] = {}
        self._accounts: dict[str, int] = {}

    def pk(self, section: str, key: str) -> int:
        """The primary key of the entry ``key`` of ``section``. Raises ``KeyError``."""
        if section not in self._pks:
            model, field = MODELS[section]
            self._pks[section] = dict(model._default_manager.order_by().values_list(field, "pk"))
        return self._pks[section][key]

    def add(self, section: str, key: str, pk: int) -> None:
        """Note a record that was just made."""
        if section in self._pks:
            self._pks[section][key] = pk

    def account(self, username: str) -> int:
        """The primary key of an account. Raises ``KeyError``."""
        return self._accounts[username]

    def find_accounts(self, usernames: Iterable[str]) -> list[str]:
        """Make the accounts that history names and nobody holds any more; returns their names.

        They are inactive, without password and without role: names for a history, no way in.
        """
        model: Any = get_user_model()
        made: list[str] = []
        for some in batches(sorted(usernames)):
            found = dict(model.objects.filter(username__in=some).values_list("username", "pk"))
            for username in some:
                if username not in found:
                    account = model(username=username, is_active=False)
                    account.set_unusable_password()
                    account.save()
                    found[username] = account.pk
                    made.append(username)
            self._accounts.update(found)
        return made

    def find_quotes(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Have at hand the paragraphs on which the ``entries`` rest, and no others."""
        wanted = {(row["source"], row["paragraph"]) for entry in entries for row in citing(entry)}
        self.quotes = {}
        for slugs in batches({source for source, _number in wanted}):
            rows = Paragraph.objects.filter(source__slug__in=slugs).order_by()
            for slug, number, pk in rows.values_list("source__slug", "number", "pk").iterator():
                if (slug, number) in wanted:
                    self.quotes[slug, number] = pk


def citing(entry: Mapping[str, Any]) -> Iterable[Any]:
    """The records of a commitment's entry that rest on a paragraph."""
    for rows in (entry["status_history"], entry["mentions"], readings(entry)):
        yield from (row for row in rows if "paragraph" in row)


def readings(entry: Mapping[str, Any]) -> list[Document]:
    """The readings of an entry: inside its target, or on their own."""
    return list(entry.get("target", {}).get("readings", entry.get("readings", [])))
