"""What the tests of the pages share: signed-in clients, and a count of queries."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.clients import client_as


@pytest.fixture
def reader(db: None) -> Client:
    """A reader without clearance."""
    return client_as("reader")


@pytest.fixture
def officer(db: None) -> Client:
    """An officer without clearance."""
    return client_as("officer")


@pytest.fixture
def queries() -> Callable[[Client, str], int]:
    """How many queries a page takes, once whatever is kept between requests is there."""

    def count(client: Client, url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    return count
