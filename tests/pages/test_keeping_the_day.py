"""A user who reads the register as of a date keeps that date from page to page."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from commitments.services.saved_views import choose_default, save_view
from core import clock
from tests import factories as make
from tests.clients import client_as

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.django_db]
DAY = "2025-12-09"
DATED = {
    *("overview", "default_view", "commitments", "commitment", "meetings", "meeting", "sources", "source"),
    *("mechanisms", "mechanism", "agencies", "agency", "countries", "country", "print_commitments"),
    *("export_csv", "export_xlsx", "export_json"),
    *("list_pack_docx", "reply_docx", "meeting_pack_docx", "agency_pack_docx", "country_pack_docx"),
    "commitment_note_docx",
}
FILES = ("export", "default", "list_pack", "reply", "meeting_pack", "agency_pack", "country_pack")
FILES += ("commitment_note",)
"""What the names of addresses begin with that lead to no page with links."""
OF_EACH = 3
"""The number of pages of each kind that are visited."""


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 1, 16))


class Links(HTMLParser):
    """The links of a page, except the link back to today."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_banner = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "p":
            self.in_banner = given.get("class") == "as-of"
        if tag == "a" and not self.in_banner:
            self.found.append(given.get("href") or "")


def dated_links(client: Client, url: str) -> Iterator[tuple[str, str]]:
    """Each link to a page that can show another date, with the name of that page."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    for link in Links(answer.content.decode()).found:
        there = urljoin(url, link)
        parts = urlsplit(there)
        if parts.netloc or link.startswith(("#", "mailto:")):
            continue
        try:
            name = resolve(parts.path).url_name
        except Resolver404:
            continue
        if name in DATED:
            yield there.partition("#")[0], name


@pytest.mark.slow
def test_every_link_to_a_dated_page_keeps_the_day(reader: Client) -> None:
    todo, seen = [f"/?as_of={DAY}"], {"overview": {f"/?as_of={DAY}"}}
    lost: set[tuple[str, str]] = set()
    while todo:
        page = todo.pop()
        for link, name in dated_links(reader, page):
            days = parse_qs(urlsplit(link).query)
            if "compare" in days:
                continue  # a comparison has two dates of its own
            if days.get("as_of") != [DAY]:
                lost.add((page, link))
                continue
            visited = seen.setdefault(name, set())
            if not name.startswith(FILES) and link not in visited and len(visited) < OF_EACH:
                visited.add(link)
                todo.append(link)
    assert not lost
    assert {name for name in DATED if not name.startswith(FILES)} == {
        name for name in seen if not name.startswith(FILES)
    }
    assert {len(pages) for name, pages in seen.items() if name in ("commitment", "meeting", "source")} == {
        OF_EACH
    }


def test_the_default_view_of_the_list_keeps_the_date() -> None:
    user = make.user("reviewer")
    client = client_as(user)
    opened = client.get(f"/commitments/views/default/?as_of={DAY}", follow=True)
    assert opened.redirect_chain[-1][0] == f"/commitments/?as_of={DAY}"
    plain = save_view(owner=user, name="Open", query="state=open", shared_with="private")
    choose_default(user=user, view=plain)
    opened = client.get(f"/commitments/views/default/?as_of={DAY}", follow=True)
    assert opened.redirect_chain[-1][0] == f"/commitments/?state=open&as_of={DAY}"
    assert client.get("/commitments/views/default/", follow=True).redirect_chain[-1][0] == (
        "/commitments/?state=open"
    )
    own = save_view(owner=user, name="Then", query="as_of=2025-01-01", shared_with="private")
    choose_default(user=user, view=own)
    opened = client.get(f"/commitments/views/default/?as_of={DAY}", follow=True)
    assert opened.redirect_chain[-1][0] == "/commitments/?as_of=2025-01-01"


def export_links(client: Client, query: str) -> dict[str, str]:
    """The links of the list to its exports, by name of the page."""
    page = client.get(f"/commitments/?{query}").content.decode()
    links = [link for link in Links(page).found if not link.startswith(("#", "http"))]
    found = {resolve(urlsplit(link).path or "/commitments/").url_name: link for link in links}
    return {name: link for name, link in found.items() if name.startswith(("export", "print"))}


def test_exports_of_a_past_date_are_as_of_that_date(reader: Client) -> None:
    day = "2025-01-01"
    query = f"theme=border&status=agreed&as_of={day}&page=1"
    links = export_links(reader, query)
    assert links.keys() == {"export_csv", "export_xlsx", "export_json", "print_commitments"}
    shown = [row.commitment.reference for row in reader.get(f"/commitments/?{query}").context["list"].rows]
    assert shown
    data = json.loads(b"".join(reader.get(links["export_json"])))
    assert (data["as_of"], [each["reference"] for each in data["results"]]) == (day, shown)
    table = b"".join(reader.get(links["export_csv"])).decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(table))][1:] == shown
    printed = reader.get(links["print_commitments"]).content.decode()
    assert "1 January 2025" in printed
    assert all(f'href="/commitments/{reference}/?as_of={day}"' in printed for reference in shown)
    today = [
        row.commitment.reference
        for row in reader.get("/commitments/?theme=border&status=agreed").context["list"].rows
    ]
    assert today != shown


def test_a_comparison_has_no_exports(reader: Client) -> None:
    assert export_links(reader, f"as_of={DAY}&compare=2025-01-01") == {}
    assert reader.get(f"/commitments/export.csv?as_of={DAY}&compare=2025-01-01").status_code == 400
