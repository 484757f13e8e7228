"""What was entered in error is struck through where it is asked for."""

import pytest
from django.test import Client

from commitments.services.entered_in_error import enter_in_error
from tests import factories as make
from tests.html import page_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/commitments/", "/commitments/print/"])
def test_a_title_is_struck_through_if_it_was_entered_in_error(address: str, officer: Client) -> None:
    wrong = make.commitment(title="Never said")
    make.commitment(title="Said")
    enter_in_error(thing=wrong, actor=make.user("reviewer"), reason="Never said.")
    assert page_of(officer.get(address, {"entered_in_error": "true"})).texts("s") == ["Never said"]
    assert page_of(officer.get(address)).texts("s") == []
