"""What every test may use, whatever it is about."""

import pytest
from django.db import connection


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("shows what only PostgreSQL can: set DATABASE_URL")
