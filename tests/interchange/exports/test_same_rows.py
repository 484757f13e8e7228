"""On the shipped register, exports and the printable page have the rows of the list, or refuse alike."""

from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client

from commitments.filtersets import ORDERINGS, CommitmentFilterSet
from tests.clients import client_as
from tests.commitments.test_filters import BAD, COUNTS
from tests.html import page_of
from tests.interchange.exports.conftest import body, csv_rows, json_document, sheet_rows

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.django_db]

FILES = ("csv", "json", "xlsx")
ADDRESSES = (*(f"/commitments/export.{ending}" for ending in FILES), "/commitments/print/")


def parameters(query: str) -> frozenset[str]:
    """The names of the parameters in a query, empty ones too."""
    return frozenset(name for name, _value in parse_qsl(query, keep_blank_values=True))


QUERIES = (
    # One query for each set of parameters, with rows where there is one; test_filters.py takes them all.
    *{parameters(query): query for query in sorted(COUNTS, key=lambda query: COUNTS[query] > 0)}.values(),
    *(
        f"mechanism=joint-committee&as_of=2026-01-16&ordering={sign}{name}"
        for name in ORDERINGS
        for sign in ("", "-")
    ),
    "as_of=2025-12-01&ordering=status,-deadline",
)


@pytest.fixture(scope="module")
def reader(register: None, kept_for_module: None) -> Client:
    return client_as("reader")


def on_printable_page(client: Client, query: str) -> list[str]:
    answer = client.get(f"/commitments/print/?{query}")
    assert answer.status_code == 200, query
    return page_of(answer).texts("td.ref")


def on_list(client: Client, query: str) -> list[str]:
    parts = [(name, value) for name, value in parse_qsl(query) if name not in ("page", "page_size")]
    answer = client.get(f"/api/v1/commitments/?{urlencode([*parts, ('page_size', '500')])}")
    return [row["reference"] for row in answer.json()["results"]]


def figures(client: Client, query: str) -> list[str]:
    return [row["Reference"] for row in sheet_rows(client, query)]


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES)
def test_every_export_has_the_rows_of_the_list_in_its_order(query: str, reader: Client) -> None:
    expected = on_list(reader, query)
    assert [row["reference"] for row in csv_rows(reader, query)] == expected
    document = json_document(reader, query)
    assert [row["reference"] for row in document["results"]] == expected
    assert document["count"] == len(expected)
    assert figures(reader, query) == expected
    printed = on_printable_page(reader, query)
    assert (printed if "ordering" in query else sorted(printed)) == (
        expected if "ordering" in query else sorted(expected)
    )


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("query", BAD)
def test_what_the_list_refuses_is_refused_and_named(query: str, address: str, reader: Client) -> None:
    answer = reader.get(f"{address}?{query}")
    assert answer.status_code == 400
    assert not answer.streaming
    assert BAD[query] in answer.content.decode()
    assert "KHVN-" not in answer.content.decode()
    if address != "/commitments/print/":
        assert answer["Content-Type"] == "application/problem+json"
        assert list(answer.json()["errors"]) == [BAD[query]]
        assert set(answer.json()) >= {"type", "title", "detail", "errors"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unknown_column_is_refused_and_named(address: str, reader: Client) -> None:
    answer = reader.get(f"{address}?columns=title,colour&columns=shape")
    assert answer.status_code == 400
    assert "colour" in answer.content.decode()
    assert "shape" in answer.content.decode()
    assert "KHVN-" not in answer.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_errors_of_filters_and_columns_are_reported_together(address: str, reader: Client) -> None:
    answer = reader.get(f"{address}?columns=colour&overdue=maybe")
    assert answer.status_code == 400
    for name in ("columns", "overdue"):
        assert name in answer.content.decode()


def test_every_filter_is_tested_on_every_export() -> None:
    assert (
        set(CommitmentFilterSet.base_filters) - {name for query in QUERIES for name in parameters(query)}
        == set()
    )


def test_a_page_of_the_list_exports_all_pages(reader: Client) -> None:
    assert len(csv_rows(reader, "page=2&page_size=10")) == 77
    assert len(on_printable_page(reader, "page=99")) == 77


def test_json_carries_the_objects_of_the_api(reader: Client) -> None:
    for query in ("", "as_of=2025-12-01&status=in_progress", "ordering=-deadline"):
        api = reader.get(f"/api/v1/commitments/?page_size=500&{query}").json()
        assert json_document(reader, query)["results"] == api["results"]


def test_json_names_the_filters(reader: Client) -> None:
    document = json_document(reader, "state=open&theme=border&theme=tourism&as_of=2025-12-01&page=4")
    assert list(document) == ["as_of", "filters", "count", "results"]
    assert document["as_of"] == "2025-12-01"
    assert document["filters"] == {"state": ["open"], "theme": ["border", "tourism"]}
    assert json_document(reader, "q=nothing+like+it")["results"] == []


@pytest.mark.parametrize("ending", FILES)
def test_a_file_is_named_for_its_date_and_not_cached(ending: str, reader: Client) -> None:
    answer = reader.get(f"/commitments/export.{ending}?as_of=2026-01-16&state=open&theme=border&page=1")
    assert answer.streaming
    name = f"commitments-open-border-2026-01-16.{ending}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in answer["Cache-Control"]
    body(answer)


@pytest.mark.parametrize("ending", FILES)
def test_a_head_request_reads_no_rows(ending: str, reader: Client) -> None:
    answer = reader.head(f"/commitments/export.{ending}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert not answer.streaming


@pytest.mark.parametrize("address", ADDRESSES)
def test_post_is_not_allowed(address: str, reader: Client) -> None:
    assert reader.post(address).status_code == 405


def test_the_list_links_to_each_with_its_parameters(reader: Client) -> None:
    page = reader.get("/commitments/?state=open&theme=border&page=1&page_size=10").content.decode()
    for address in ADDRESSES:
        assert f'href="{address}?state=open&amp;theme=border"' in page
