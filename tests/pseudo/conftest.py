"""The small register and its people, in a site that speaks the pseudo language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import pytest_django
from django.db import transaction
from django.test import Client

from tests.pseudo.language import spoken
from tests.pseudo.world import built


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[dict[str, Any]]:
    """The register, built once for a module and rolled back after it.

    It is built in the pseudo language: a few words are kept as they were said when something was recorded.
    """
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]
        outer.__enter__()
        try:
            with spoken():
                made = built()
            yield made
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def pseudo(world: dict[str, Any], plain_briefings: None) -> Iterator[None]:
    """The site speaks the pseudo language. Of a briefing only a refusal is read, so none is really made."""
    with spoken():
        yield


@pytest.fixture
def client_as(world: dict[str, Any], pseudo: None) -> Callable[[str], Client]:
    """A browser in which somebody of that role is signed in; ``nobody`` is not."""

    def client_as(role: str) -> Client:
        client = Client(raise_request_exception=False)
        if role != "nobody":
            client.force_login(world["people"][role])
        return client

    return client_as


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is rolled back, so that the next page finds the register as it was built."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
