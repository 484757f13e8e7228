"""Helpers that download briefings and read them as a person does in Word."""

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.test import Client
from docx import Document
from docx.oxml.ns import qn

from core import clock
from tests.clients import client_as

TODAY = dt.date(2026, 1, 16)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def officer(db: None) -> Client:
    """An officer without clearance."""
    return client_as("officer")


def values(client: Client, address: str) -> dict[str, Any]:
    """What the template of ``address`` is filled with; with the fixture ``plain_briefings``."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return dict(json.loads(answer.content))


def references(values: dict[str, Any], name: str) -> list[str]:
    """The references of a list of commitments."""
    return [each["reference"] for each in values[name]]


def word(client: Client, address: str) -> Any:
    """The document, opened."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Document(io.BytesIO(answer.content))


def words_of(element: Any) -> str:
    """All text of a part of a document; a line for each paragraph."""
    lines = []
    for paragraph in element.iter(qn("w:p")):
        parts = [
            "\n" if each.tag == qn("w:br") else each.text or ""
            for each in paragraph.iter(qn("w:t"), qn("w:br"))
        ]
        lines.append("".join(parts))
    return "\n".join(lines)
