"""What is measured, by name, and what was promised of it. To measure more, add a line to either list."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from accounts.choices import Role
from api.fieldsets import EXPANSIONS
from bench.databases import reading
from bench.measure import Ask, Thing, address
from bench.settings import SIZES
from commitments.models import Commitment

LIST, PLAIN, CAREFUL = "/commitments/", "/bench/plain/", "/bench/careful/"
SEARCHED = "/bench/searched/"
API = "/api/v1/commitments/"
CHANGELIST = "/bench/admin/commitments/commitment/"
CAREFUL_CHANGELIST = "/bench/careful-admin/commitments/commitment/"
WORDS = "border joint committee"
FIGURES = {"HX-Request": "true", "HX-Target": "figures"}
EVERY_SIZE = (
    "ok",
    "list",
    "list and figures",
    "search",
    "page 1,000",
    "detail",
    "overview",
    "overview and figures",
)
"""What is measured at every size; the rest at the main one."""
DEEP = 50_000
"""Rows from which there is a page 1,000."""
STEP = 5
"""Rows of one step of the walk: ten thousand steps fit into the main size."""
FAR = 10_000 * STEP
"""Rows before the ten thousandth step."""


@dataclass(frozen=True, slots=True)
class Promise:
    """``thing`` takes at most ``most`` times as long as ``beside``; of two databases where ``grown``."""

    said: str
    thing: str
    beside: str
    most: float
    grown: bool = False


PROMISES = (
    Promise("the list without facets, beside a plain ListView", "list", "plain ListView", 0.25),
    Promise("the list with facets, beside the stock changelist: the rows", "list", "stock changelist", 0.5),
    Promise("the same with the facets that follow, together", "list and figures", "stock changelist", 0.5),
    Promise("search, beside icontains over the same texts", "search", "icontains, everywhere", 0.1),
    Promise("search, beside icontains over three columns alone", "search", "icontains", 0.1),
    Promise("page 1,000, beside page 1", "page 1,000", "list", 2),
    Promise("one commitment, beside “ok”", "detail", "ok", 15),
    Promise("API: the list, beside a plain DRF view set", "API list", "plain DRF list", 0.35),
    Promise(
        "API: the 10,000th step of a walk, beside the first", "API walk, step 10,000", "API walk, step 1", 1.2
    ),
    Promise("API: 304, beside “ok”", "API not modified", "ok", 3),
    Promise("the list, 1,000,000 rows beside 10,000", "list", "list", 1.5, grown=True),
    Promise("one commitment, 1,000,000 rows beside 10,000", "detail", "detail", 1.5, grown=True),
)


def things(alias: str) -> Iterator[Thing]:
    """Everything that is measured in the database of ``alias``."""
    with reading(alias):
        rows = Commitment.objects.order_by("prefix", "year", "serial")
        middle = rows[SIZES[alias] // 2]
        far = rows.values_list("prefix", "year", "serial")[min(FAR, SIZES[alias] - STEP - 1)]
    for name, asks, role in (*_pages(middle.get_absolute_url()), *_api(middle.reference, far)):
        is_there = "1,000" not in name or SIZES[alias] >= DEEP
        if is_there and (alias == "default" or name in EVERY_SIZE):
            yield Thing(name, asks, alias, role)


_Named = tuple[str, tuple[Ask, ...], Role]


def _pages(detail: str) -> Iterator[_Named]:
    """Name, requests and who makes them."""
    officer, administrator = Role.OFFICER, Role.ADMINISTRATOR
    yield "ok", (Ask("/bench/ok/"),), officer
    yield "list", (Ask(LIST),), officer
    yield "list and figures", (Ask(LIST), Ask(f"{LIST}figures/", FIGURES)), officer
    yield "list, another page each time", (Ask(f"{LIST}?page={{round}}"),), officer
    yield "list of what is open", (Ask(address(LIST, state="open")),), officer
    yield "list, last heard first", (Ask(address(LIST, ordering="-last_activity")),), officer
    yield "search", (Ask(address(LIST, q=WORDS)),), officer
    yield "page 1,000", (Ask(address(LIST, page="1000")),), officer
    yield "detail", (Ask(detail),), officer
    yield "overview", (Ask("/"),), officer
    yield "overview and figures", (Ask("/"), Ask("/figures/", FIGURES)), officer
    yield "plain ListView", (Ask(PLAIN),), officer
    yield "ListView with prefetching", (Ask(CAREFUL),), officer
    yield "ListView, page 1,000", (Ask(address(PLAIN, page="1000")),), officer
    yield "icontains", (Ask(address(PLAIN, q=WORDS)),), officer
    yield "icontains, everywhere", (Ask(address(SEARCHED, q=WORDS)),), officer
    yield "stock changelist", (Ask(CHANGELIST),), administrator
    yield "changelist with prefetching", (Ask(CAREFUL_CHANGELIST),), administrator
    yield "raw SQL and JSON", (Ask("/bench/raw/"),), officer


def _api(reference: str, far: tuple[str, int, int]) -> Iterator[_Named]:
    """The same of the API, which answers whoever is signed in."""
    officer, step = Role.OFFICER, str(STEP)
    cursor = urlsafe_b64encode(json.dumps(far).encode()).decode().rstrip("=")
    known = {"If-None-Match": "{ETag}"}
    yield "API list", (Ask(API),), officer
    yield "API list, everything expanded", (Ask(address(API, expand=",".join(EXPANSIONS))),), officer
    yield "API walk, step 1", (Ask(address(API, cursor="*", page_size=step)),), officer
    yield "API walk, step 10,000", (Ask(address(API, cursor=cursor, page_size=step)),), officer
    yield "API detail", (Ask(f"{API}{reference}/"),), officer
    yield "API not modified", (Ask(f"{API}{reference}/", known, HTTPStatus.NOT_MODIFIED),), officer
    yield "plain DRF list", (Ask("/bench/api/plain/"),), officer
    yield "DRF list with prefetching", (Ask("/bench/api/careful/"),), officer
    yield "plain DRF detail", (Ask(f"/bench/api/plain/{reference}/"),), officer
