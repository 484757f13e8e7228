"""The tasks that are measured, and the speed targets. To measure more, add a line to either list."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from accounts.choices import Role
from api.fieldsets import EXPANSIONS
from bench.databases import using
from bench.measure import RequestSpec, Task, url
from bench.settings import SIZES
from commitments.models import Commitment

LIST = "/commitments/"
API = "/api/v1/commitments/"
PEER, PEER_SEARCH, PEER_API = "/bench/list/", "/bench/searched/", "/bench/api/commitments/"
CHANGELIST = "/bench/admin/commitments/commitment/"
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
"""The tasks that are measured at every size. All others are measured at the main size."""
MIN_FOR_PAGE_1000 = 50_000
"""The number of rows that a page 1,000 needs."""
CURSOR_PAGE_SIZE = 5
"""The rows of one cursor page: the main size has ten thousand such pages."""
ROWS_BEFORE_LAST = 10_000 * CURSOR_PAGE_SIZE
"""The rows before the cursor page that is measured."""


@dataclass(frozen=True, slots=True)
class SpeedTarget:
    """``task`` takes at most ``limit`` times as long as ``peer``; ``before`` is what was measured before.

    With ``sizes`` the task is measured at the first of them, its peer at the second.
    """

    description: str
    before: str
    task: str
    peer: str
    limit: float
    sizes: tuple[int, int] | None = None


TARGETS = (
    SpeedTarget(
        "list, compared with ListView with prefetching",
        "1.0 to 1.6 ×",
        "list",
        "ListView with prefetching",
        0.8,
    ),
    SpeedTarget(
        "list and figures, compared with the changelist with prefetching",
        "1.4 to 1.6 ×",
        "list and figures",
        "changelist with prefetching",
        1,
    ),
    SpeedTarget(
        "list, latest news first, compared with the list",
        "10 to 14 ×",
        "list, latest news first",
        "list",
        1.3,
    ),
    SpeedTarget("one commitment, compared with “ok”", "14 to 23 ×", "detail", "ok", 9),
    SpeedTarget(
        "API: the list, compared with DRF with prefetching",
        "1.3 to 1.4 ×",
        "API list",
        "DRF list with prefetching",
        0.8,
    ),
    SpeedTarget(
        "search, 1,000,000 rows compared with 100,000", "3.9 ×", "search", "search", 2, (1_000_000, 100_000)
    ),
    SpeedTarget(
        "overview and figures, 1,000,000 rows compared with 10,000",
        "15.6 ×",
        "overview and figures",
        "overview and figures",
        3,
        (1_000_000, 10_000),
    ),
    SpeedTarget("list of a past day, compared with the list", "–", "list of a past day", "list", 3),
    SpeedTarget(
        "search, compared with icontains over the same texts", "–", "search", "icontains, everywhere", 0.1
    ),
    SpeedTarget("page 1,000, compared with page 1", "1.0 ×", "page 1,000", "list", 2),
    SpeedTarget(
        "API: cursor page 10,000, compared with the first",
        "0.9 ×",
        "API cursor, page 10,000",
        "API cursor, page 1",
        1.2,
    ),
    SpeedTarget("API: 304, compared with “ok”", "2.0 ×", "API not modified", "ok", 3),
    SpeedTarget(
        "list, 1,000,000 rows compared with 10,000", "1.2 ×", "list", "list", 1.5, (1_000_000, 10_000)
    ),
    SpeedTarget(
        "one commitment, 1,000,000 rows compared with 10,000",
        "1.2 ×",
        "detail",
        "detail",
        1.5,
        (1_000_000, 10_000),
    ),
)
MAX_QUERIES, MAX_KILOBYTES = 14, 110
"""What the list may need: queries, and kilobytes of its page of 50 rows before compression."""
PAST_DAY = "2024-06-30"


def tasks_for(alias: str) -> Iterator[Task]:
    """The tasks that are measured in the database of ``alias``."""
    with using(alias):
        rows = Commitment.objects.by_reference()
        middle = rows[SIZES[alias] // 2]
        last = rows.values_list("prefix", "year", "serial")[
            min(ROWS_BEFORE_LAST, SIZES[alias] - CURSOR_PAGE_SIZE - 1)
        ]
    for name, requests, role in (*_pages(middle.get_absolute_url()), *_api(middle.reference, last)):
        exists = "1,000" not in name or SIZES[alias] >= MIN_FOR_PAGE_1000
        if exists and (alias == "default" or name in EVERY_SIZE):
            yield Task(name, requests, alias, role)


_TaskArguments = tuple[str, tuple[RequestSpec, ...], Role]


def _pages(detail: str) -> Iterator[_TaskArguments]:
    """The name, the requests and the role of each task of the pages."""
    officer, administrator = Role.OFFICER, Role.ADMINISTRATOR
    yield "ok", (RequestSpec("/bench/ok/"),), officer
    yield "list", (RequestSpec(LIST),), officer
    yield "list and figures", (RequestSpec(LIST), RequestSpec(f"{LIST}figures/", FIGURES)), officer
    yield "list, a new page each time", (RequestSpec(f"{LIST}?page={{round}}"),), officer
    yield "list of open commitments", (RequestSpec(url(LIST, state="open")),), officer
    yield "list of a past day", (RequestSpec(url(LIST, as_of=PAST_DAY)),), officer
    yield "list, latest news first", (RequestSpec(url(LIST, ordering="-last_activity")),), officer
    yield "search", (RequestSpec(url(LIST, q=WORDS)),), officer
    yield "page 1,000", (RequestSpec(url(LIST, page="1000")),), officer
    yield "detail", (RequestSpec(detail),), officer
    yield "overview", (RequestSpec("/"),), officer
    yield "overview and figures", (RequestSpec("/"), RequestSpec("/figures/", FIGURES)), officer
    yield "ListView with prefetching", (RequestSpec(PEER),), officer
    yield "ListView with prefetching, page 1,000", (RequestSpec(url(PEER, page="1000")),), officer
    yield "icontains", (RequestSpec(url(PEER, q=WORDS)),), officer
    yield "icontains, everywhere", (RequestSpec(url(PEER_SEARCH, q=WORDS)),), officer
    yield "changelist with prefetching", (RequestSpec(CHANGELIST),), administrator
    yield "raw SQL and JSON", (RequestSpec("/bench/raw/"),), officer


def _api(reference: str, last: tuple[str, int, int]) -> Iterator[_TaskArguments]:
    """The same for the API, with a browser session."""
    officer, page_size = Role.OFFICER, str(CURSOR_PAGE_SIZE)
    cursor = urlsafe_b64encode(json.dumps(last).encode()).decode().rstrip("=")
    known = {"If-None-Match": "{ETag}"}
    yield "API list", (RequestSpec(API),), officer
    yield "API list, everything expanded", (RequestSpec(url(API, expand=",".join(EXPANSIONS))),), officer
    yield "API cursor, page 1", (RequestSpec(url(API, cursor="*", page_size=page_size)),), officer
    yield "API cursor, page 10,000", (RequestSpec(url(API, cursor=cursor, page_size=page_size)),), officer
    yield "API detail", (RequestSpec(f"{API}{reference}/"),), officer
    yield "API not modified", (RequestSpec(f"{API}{reference}/", known, HTTPStatus.NOT_MODIFIED),), officer
    yield "DRF list with prefetching", (RequestSpec(PEER_API),), officer
    yield "DRF detail with prefetching", (RequestSpec(f"{PEER_API}{reference}/"),), officer
