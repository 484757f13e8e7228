"""Every number that links to a list is the number of rows there, and every page says what it counts."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition
from core import clock
from relations.models import Agency, Mechanism
from tests import factories as make
from tests.clients import client_as
from tests.html import Page, page_of

pytestmark = [pytest.mark.django_db]
TODAY, PAST = dt.date(2026, 1, 16), "as_of=2025-12-09"
TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = (
    "/",
    "/commitments/",
    "/commitments/?theme=border&state=open",
    "/commitments/?state=closed",
    "/commitments/?compare=2025-01-01",
    "/commitments/print/",
    "/countries/",
    "/countries/KH/",
    "/countries/LA/",
    "/countries/VN/",
    "/agencies/",
    "/agencies/vn-mofa/",
    "/people/hun-manet/",
    "/mechanisms/",
    "/mechanisms/joint-committee/",
    "/mechanisms/joint-committee/compare/",
    "/meetings/",
    "/meetings/jc-21/",
    "/meetings/jc-22/",
    "/meetings/unrecorded/",
    "/sources/",
    "/sources/note-2025-12-09-jc21/",
    "/calendar/?month=2026-12",
    "/watching/",
    "/admin/",
)
WITHOUT_A_DAY = {
    "/admin/",
    "/calendar/?month=2026-12",
    "/watching/",
    "/mechanisms/joint-committee/compare/",
    "/commitments/?compare=2025-01-01",
}
NO_COUNTS = ".chip, nav.pages a, .menu__sheet a, a.reg__title"
"""Links with words that others wrote, or with numbers that are no counts."""


@pytest.fixture(scope="module")
def readers(register: None, kept_for_module: None) -> dict[str, User]:
    """Accounts by what they can see. The officer has submitted commitments in every state of a review."""
    mofa = Agency.objects.get(slug="vn-mofa")
    officer, reviewer = make.user("officer"), make.user("reviewer", agency=mofa)
    photograph = EvidenceGiven(title="Photograph", url="https://example.org/p")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "today", lambda: TODAY)
        agreed = list(Commitment.objects.filter(status="agreed", theme__slug="border"))
        asked = Commitment.objects.filter(status="requested").first()

        def submit(pledge: Commitment, outcome: str) -> None:
            extra = {"evidence": [photograph]} if outcome == "fulfilled" else {}
            apply_transition(
                commitment=pledge, name="submit", actor=officer, note="Done.", outcome=outcome, **extra
            )

        def give_back(pledge: Commitment) -> None:
            apply_transition(commitment=pledge, name="return", actor=reviewer, note="Not yet.")

        submit(agreed[0], "fulfilled")
        submit(agreed[1], "not_fulfilled")
        submit(agreed[2], "fulfilled")
        give_back(agreed[2])
        submit(agreed[3], "fulfilled")
        give_back(agreed[3])
        submit(agreed[3], "fulfilled")
        submit(asked, "dropped")
        apply_transition(commitment=agreed[4], name="stall", actor=officer, note="No money.")
    Commitment.objects.filter(pk=agreed[5].pk).update(classification=1)
    committee = Mechanism.objects.get(slug="joint-committee")
    make.meeting(dt.date(2026, 1, 10), slug="unrecorded", mechanism=committee, session=99)
    return {
        "officer": officer,
        "reviewer": reviewer,
        "focal": make.user("focal_point", agency=mofa),
        "reader": make.user("reader", clearance=3),
        "nobody": make.user(),
    }


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def rows_at(client: Client, user: User, url: str) -> int:
    """How many rows the list at ``url`` has; for a part of a page, how many rows that part has."""
    address, fragment = urldefrag(url)
    path, query = urlsplit(address).path, urlsplit(address).query
    if path == "/commitments/" and not fragment:
        data = QueryDict(query)
        filterset = CommitmentFilterSet(data, user=user, also_known=("columns",))
        assert not filterset.faults, url
        return filterset.qs.count()
    answer = client.get(address)
    assert answer.status_code == 200, url
    page = page_of(answer)
    if path == "/admin/commitments/commitment/":
        return answer.context["cl"].result_count
    if path == "/meetings/":
        return answer.context["page"].paginator.count
    part = page.one(f"section#{fragment}, section:has(> div > #{fragment})") if fragment else page
    return len(part.select("tbody tr, ul.lines > li"))


def counts_on(page: Page) -> Iterator[tuple[str, int]]:
    """Each link with a number, and the number; a name has the number that stands beside it in its line."""
    for link in page.select("a[data-count]"):
        yield link["href"], _count_of(link)
    for row in page.select("li:not(:has(li)), tr"):
        names = row.select("a[href^='/commitments/?']:not([data-count])")
        counted = row.select("a[data-count]")
        if names and counted:
            yield names[0]["href"], _count_of(counted[0])


def _count_of(link: Page) -> int:
    return int(link["data-count"].replace(",", ""))


def list_links_without_a_count(page: Page) -> list[str]:
    others = {link.tree for link in page.select(NO_COUNTS)}
    return [
        link.text
        for link in page.select("a[href^='/commitments/?'], a[href='/commitments/']")
        if re.search(r"\d", link.text) and "data-count" not in link.tree.attrib and link.tree not in others
    ]


def templates_that_count() -> set[str]:
    """The templates with a number that links to a list, without those whose output is cached."""
    texts = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}
    cached = set(re.findall(r'cached_include "([^"]+)"', " ".join(texts.values())))
    return {name for name, text in texts.items() if re.search(r"\|linked:|data-count=", text)} - cached


ASSIGNED = "Only the 2 commitments assigned to MOFA that you can see are counted."
UNCLASSIFIED = "Only unclassified commitments are counted, as your clearance permits."
NONE = "Your account has no role yet, so you see no commitments. Ask an administrator for a role."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "query", "scope"),
    [
        ("officer", "", UNCLASSIFIED),
        ("officer", PAST, UNCLASSIFIED),
        ("reviewer", "", UNCLASSIFIED),
        ("focal", "", ASSIGNED),
        ("reader", "", ""),
        ("nobody", "", NONE),
    ],
)
def test_every_number_is_that_of_its_list_and_every_page_says_what_it_counts(
    name: str, query: str, scope: str, readers: dict[str, User]
) -> None:
    user = readers[name]
    client, rows, wrong, rendered = client_as(user), {}, [], set()
    for path in PAGES:
        if (path == "/admin/" and not user.may_enter_admin) or (query and path in WITHOUT_A_DAY):
            continue
        url = f"{path}{'&' if '?' in path else '?'}{query}" if query else path
        answer = client.get(url)
        assert answer.status_code == 200, url
        page = page_of(answer)
        rendered |= {template.name for template in answer.templates}
        assert list_links_without_a_count(page) == [], url
        for link, n in counts_on(page):
            there = urljoin(url, link)
            if there not in rows:
                rows[there] = rows_at(client, user, there)
            if rows[there] != n:
                wrong.append((url, there, n, rows[there]))
        assert page.texts(".scope") == ([scope] if scope and path != "/mechanisms/" else []), url
        for sentence in page.texts(".empty"):
            about = re.search(r"commitment|request|submission|deadline", sentence)
            assert not about or "can see" in sentence or "is not recorded" in sentence, (url, sentence)
    assert wrong == []
    assert rows
    if name == "officer" and not query:
        assert templates_that_count() - rendered == set()
