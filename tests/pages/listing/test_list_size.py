"""How many queries the list of the shipped register needs, and how many bytes it is."""

from collections.abc import Callable

import pytest
from django.test import Client

from core import large_tables
from pages.listing import views as listing_views
from tests.html import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

MOST_QUERIES = {True: 14, False: 15}
"""In a large register, and in a small one, which shows its figures at once."""
MOST_BYTES = {True: 122_000, False: 132_000}
"""The size of the page of 50 rows before compression, in a large register and in a small one, where every
filter has its number. The shipped register has four times as many marks a row as that of docs/benchmarks.md.
"""


@pytest.mark.parametrize("is_large", [True, False])
def test_the_list_needs_few_queries_and_bytes(
    officer: Client,
    queries: Callable[[Client, str], int],
    monkeypatch: pytest.MonkeyPatch,
    is_large: bool,
) -> None:
    if is_large:
        for module in (large_tables, listing_views):
            monkeypatch.setattr(module, "ENOUGH", 60)
    page = officer.get("/commitments/")
    assert len(page_of(page).select("tbody tr")) == 50
    assert (page.context["summary"] is None) is is_large
    assert queries(officer, "/commitments/") <= MOST_QUERIES[is_large]
    assert len(page.content) <= MOST_BYTES[is_large]
