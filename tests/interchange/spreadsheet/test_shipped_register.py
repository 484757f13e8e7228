"""The shipped register, exported and imported: nothing changes."""

import pytest

from accounts.models import User
from tests.clients import client_as
from tests.interchange.spreadsheet.conftest import Matrix, checked

pytestmark = pytest.mark.django_db


def test_shipped_register_comes_back_unchanged(register: None, officer: User) -> None:
    content = Matrix(client_as("officer", clearance=1)).content()
    job = checked(officer, content)
    assert [(row.number, row.plan) for row in job.rows.exclude(verdict="unchanged")] == []
    assert job.rows.count() > 70
    assert not job.rows.filter(plan__has_key="notes").exists()
