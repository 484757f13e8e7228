"""A reader who downloads exports, and helpers that open them."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.clients import client_as


@pytest.fixture
def reader(db: None) -> Client:
    """A reader without clearance."""
    return client_as("reader")


def body(answer: Any) -> bytes:
    """The whole body of a response, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def export(client: Client, ending: str, query: str = "") -> bytes:
    """The export with the file name ending ``ending``."""
    answer = client.get(f"/commitments/export.{ending}?{query}")
    assert answer.status_code == 200, query
    return body(answer)


def csv_rows(client: Client, query: str = "") -> list[dict[str, str]]:
    """The rows of the CSV, by names of columns."""
    text = export(client, "csv", query).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def json_document(client: Client, query: str = "") -> Any:
    """The parsed JSON."""
    return json.loads(export(client, "json", query))


def workbook(client: Client, query: str = "") -> Workbook:
    """The workbook, opened."""
    return load_workbook(io.BytesIO(export(client, "xlsx", query)))


def sheet_rows(client: Client, query: str = "") -> list[dict[str, Any]]:
    """The rows of the first sheet, by headings of columns."""
    head, *rows = workbook(client, query).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]
