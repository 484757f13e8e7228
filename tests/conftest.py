"""What every test may use."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests.databases import EMPTY, REGISTER, TestDatabases


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that no worker ends with one while the others have nothing left."""
    items.sort(key=lambda item: not any(map(item.get_closest_marker, ("fuzz", "torture"))))


@pytest.fixture(scope="session")
def test_databases(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[TestDatabases]:
    """The databases of this process; after a test with real transactions they are renewed, not flushed."""
    with django_db_blocker.unblock():
        databases = TestDatabases()
        databases.stand_on(EMPTY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: databases.renew())
        yield databases
    with django_db_blocker.unblock():
        databases.close()


@pytest.fixture(scope="session")
def django_db_setup(test_databases: TestDatabases) -> None:
    """In the place of pytest-django's own, which migrates a database for every process."""


@pytest.fixture(scope="module")
def register(test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The shipped register, for every test of a module."""
    with django_db_blocker.unblock():
        test_databases.stand_on(REGISTER)
        yield
        test_databases.stand_on(EMPTY)


@pytest.fixture(scope="module")
def kept_for_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Lets fixtures of a module write rows that all its tests see; they are rolled back after it.

    A test with real transactions cannot be in such a module. Where the module stands on the register too,
    name ``register`` first.
    """
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        # As Django's own tests mark theirs: what insists on being outermost may run within.
        outer._from_testcase = True  # type: ignore[attr-defined]
        outer.__enter__()
        try:
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
