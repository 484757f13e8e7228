"""What the tests of the API share: programs signed in as somebody, and what they send."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment
from tests.clients import client_as

JSON = "application/json"


@pytest.fixture
def officer() -> Client:
    return client_as("officer")


@pytest.fixture
def administrator() -> Client:
    return client_as("administrator")


@pytest.fixture
def reader() -> Client:
    return client_as("reader")


def address(pledge: Commitment, below: str = "") -> str:
    """The address of a commitment, or of what lies below it."""
    return f"/api/v1/commitments/{pledge.reference}/{below}"


def post(client: Client, url: str, body: Any, **headers: str) -> Any:
    """Send ``body`` as JSON."""
    return client.post(url, body, content_type=JSON, headers=headers)


def queries(client: Client, url: str) -> int:
    """How many queries an answer takes, once whatever is kept between requests is there."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
