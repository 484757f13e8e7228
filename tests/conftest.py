"""What every test may use."""

from collections.abc import Iterator

import pytest
import pytest_django
from django.core.management import call_command
from django.db import transaction
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


@pytest.fixture(scope="module")
def register(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """The shipped register, loaded once for a module and rolled back after it."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]
        outer.__enter__()
        try:
            call_command("load_register", "commitments/fixtures/viet-nam-cambodia.yaml", verbosity=0)
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
