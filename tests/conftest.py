"""What every test may use."""

from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase

from core.append_only import lift_guards


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards() -> Iterator[None]:
    """Let a transactional test empty the append-only tables at its end; the flush puts the guards back."""
    original = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        lift_guards()
        original(self)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]
