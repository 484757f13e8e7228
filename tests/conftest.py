"""Fixtures for all tests."""

import gc
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from interchange.briefing import downloads
from tests.databases import EMPTY, REGISTER, TestDatabases

# A busy machine makes no test fail.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest tests first, so that no worker is still busy with one at the end."""
    items.sort(key=lambda item: not any(map(item.get_closest_marker, ("fuzz", "torture"))))


def pytest_sessionstart() -> None:
    """While modules are imported, nothing becomes garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Let the garbage collector leave out what stays, and look rarely. It took a tenth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session")
def test_databases(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[TestDatabases]:
    """The databases of this process. After a test with real transactions they are renewed, not flushed."""
    with django_db_blocker.unblock():
        databases = TestDatabases()
        databases.use_template(EMPTY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: databases.renew())
        yield databases
    with django_db_blocker.unblock():
        databases.close()


@pytest.fixture(scope="session")
def django_db_setup(test_databases: TestDatabases) -> None:
    """Replace the fixture of pytest-django, which migrates a database for every process."""


@pytest.fixture
def plain_briefings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a briefing be the values that its template is filled with, as JSON: for tests of what it tells."""

    def values(_template: bytes, context: dict[str, Any]) -> bytes:
        return json.dumps(context, ensure_ascii=False).encode()

    monkeypatch.setattr(downloads, "filled", values)
    monkeypatch.setattr(downloads, "pdf_of", lambda document: document)


@pytest.fixture(scope="module")
def register(test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Provide the shipped register to all tests of a module."""
    with django_db_blocker.unblock():
        test_databases.use_template(REGISTER)
        yield
        test_databases.use_template(EMPTY)


@pytest.fixture(scope="module")
def kept_for_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let fixtures of a module write rows for all its tests. The rows are rolled back after the module.

    Such a module cannot have tests with real transactions. If it also uses ``register``, request
    ``register`` first.
    """
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        # Django's test cases set this too: it permits durable atomic blocks inside.
        outer._from_testcase = True  # type: ignore[attr-defined]
        outer.__enter__()
        try:
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
