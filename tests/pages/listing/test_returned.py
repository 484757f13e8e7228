"""The notes of returns, in the list of what was returned and on the overview."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from commitments.models import Commitment
from commitments.services.transitions import apply_transition
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

pytestmark = pytest.mark.django_db
LIST = "/commitments/?returned=me"


def returned(officer: User, note: str, *, times: int = 1, **fields: object) -> Commitment:
    pledge = make.commitment(**fields)
    rita = make.user("reviewer", first_name="Rita", last_name="", clearance=3)
    for n in range(times):
        apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
        told = note if n == times - 1 else f"Older: {note}"
        apply_transition(commitment=pledge, name="return", actor=rita, note=told)
    return pledge


def test_the_list_of_what_was_returned_shows_the_last_note_of_each() -> None:
    focal = make.user("focal_point", agency=make.agency("vn-mofa"))
    officer = make.user("officer")
    first = returned(officer, "Minutes <are> missing.", times=2)
    returned(officer, "Say who signed.")
    page = page_of(client_as(officer).get(LIST))
    assert sorted(page.texts(".reg__found")) == [
        "Returned by Rita: Minutes <are> missing.",
        "Returned by Rita: Say who signed.",
    ]
    assert not page_of(client_as(officer).get("/commitments/")).select(".reg__found")
    apply_transition(commitment=first, name="submit", actor=officer, note="x", outcome="dropped")
    assert page_of(client_as(officer).get(LIST)).texts(".reg__found") == ["Returned by Rita: Say who signed."]
    assert not page_of(client_as(focal).get(LIST)).select(".reg__found")


def test_a_focal_point_reads_the_note_on_the_overview() -> None:
    agency = make.agency("vn-mofa")
    focal = make.user("focal_point", agency=agency)
    returned(focal, "Attach the minutes.", agencies=(agency,))
    box = page_of(client_as(focal).get("/")).one(".trio > :first-child")
    assert box.text.startswith("Returned to you")
    assert box.texts(".reg__found") == ["Returned by Rita: Attach the minutes."]


def test_notes_of_what_an_account_may_not_see_are_not_shown() -> None:
    officer = make.user("officer", clearance=3)
    returned(officer, "Unspeakable.", classification=3)
    User.objects.filter(pk=officer.pk).update(clearance=0)
    client = client_as(User.objects.get(pk=officer.pk))
    for url in (LIST, "/"):
        assert "Unspeakable" not in client.get(url).content.decode()


def test_the_number_of_queries_does_not_grow(queries: Callable[[Client, str], int]) -> None:
    officer = make.user("officer")
    returned(officer, "One.")
    client = client_as(officer)
    few = queries(client, LIST)
    for n in range(4):
        returned(officer, f"{n}")
    assert queries(client, LIST) == few
