"""What was found on many pages, as one table: each text once, with the first address that shows it."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from tests.pseudo.reading import Seen, english_on, is_english, unmarked_on


class Report:
    """The texts in plain letters, by where they were first seen."""

    def __init__(self) -> None:
        self.found: dict[Seen, list[tuple[str, str]]] = {}

    def read(self, answer: Any, url: str, role: str) -> None:
        """Note the English of a page, or of the refusal of the API."""
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith("text/html"):
            self._note(english_on(answer.content.decode()), url, role)
            self._note(unmarked_on(answer.content.decode()), url, role)
        elif kind.startswith("application/problem+json") and answer.content.startswith(b"{"):
            self._note(_told(json.loads(answer.content)), url, role)
        elif answer.streaming:
            answer.getvalue()  # reads the file to its end, which closes it

    def _note(self, found: Iterable[Seen], url: str, role: str) -> None:
        for seen in found:
            self.found.setdefault(seen, []).append((url, role))

    def demand_nothing(self) -> None:
        """Fail with the table, unless nothing was found."""
        if self.found:
            pytest.fail(str(self), pytrace=False)

    def __str__(self) -> str:
        lines = []
        for seen, places in self.found.items():
            (url, role), more = places[0], len(places) - 1
            others = f" (and {more} more)" if more else ""
            lines.append(f"{url}{others} | {role} | {seen.place} | {seen.text[:200]}")
        return "\n".join(
            ["address | role | element | text that is not translated, or has no language", *sorted(lines)]
        )


def _told(problem: Any, place: str = "") -> Iterable[Seen]:
    """The words of a refusal that a person reads: its detail and what is wrong by field.

    Its title is HTTP's own phrase for the status, as RFC 9457 has it.
    """
    if isinstance(problem, dict):
        names = ("detail", "errors") if not place else problem
        for name in names:
            yield from _told(problem.get(name), name)
    elif isinstance(problem, list):
        for each in problem:
            yield from _told(each, place)
    elif isinstance(problem, str) and is_english(problem):
        yield Seen(f"problem.{place}", problem)
