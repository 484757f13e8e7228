"""Every page of the admin, for those whom it lets in, read in the pseudo language."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from relations.models import Paragraph
from tests.html import form_of
from tests.pseudo.conftest import undone
from tests.pseudo.report import Report

pytestmark = pytest.mark.django_db
COMMITMENTS = "/admin/commitments/commitment/"
INSIDE = ("officer", "reviewer", "administrator")
MORE = [
    "/admin/",
    "/admin/password_change/",
    f"{COMMITMENTS}?group=awaiting",
    f"{COMMITMENTS}?q=ξξξξ",
    f"{COMMITMENTS}?status__exact=ξξ",
    f"{COMMITMENTS}?status=ξξ",
    f"{COMMITMENTS}add/?meeting=1",
    f"{COMMITMENTS}{{pk}}/transition/start/",
    f"{COMMITMENTS}{{pk}}/transition/stall/",
    f"{COMMITMENTS}{{pk}}/transition/submit/",
    f"{COMMITMENTS}{{pk}}/transition/uphold/",
    f"{COMMITMENTS}{{pk}}/transition/confirm/",
    f"{COMMITMENTS}{{pk}}/transition/nonsense/",
    f"{COMMITMENTS}0/change/",
    "/admin/accounts/user/{someone}/second-step/",
    "/admin/accounts/user/{someone}/link/",
    "/admin/accounts/user/{someone}/duties/",
    "/admin/accounts/user/{administrator}/change/",
    "/admin/relations/agency/?q=ξξξξ",
    "/admin/nothing/",
]
BAD: dict[str, dict[str, Any]] = {
    f"{COMMITMENTS}add/": {},
    f"{COMMITMENTS}{{pk}}/transition/start/": {"note": "", "occurred_on": "2999-01-01"},
    f"{COMMITMENTS}{{pk}}/transition/submit/": {"seen": "0", "note": "λόγος"},
    "/admin/login/": {"username": "λόγος", "password": "λόγος"},
    "/admin/accounts/user/add/": {"username": "λόγος"},
    "/admin/accounts/user/{someone}/link/": {},
    "/admin/accounts/user/{someone}/duties/": {},
}
"""Forms with mistakes in them."""


@pytest.fixture
def places(world: dict[str, Any]) -> dict[str, Any]:
    """The names in an address of the admin."""
    return {
        **world,
        "someone": world["people"]["stranger"].pk,
        "administrator": world["people"]["administrator"].pk,
    }


def pages_of(model: type[Model]) -> Iterator[str]:
    """The pages that the admin has for every kind of record: the list, a new one, the first one."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    if model is Paragraph:  # searched by other forms; it has no pages of its own
        return
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    one = model._default_manager.earliest("pk")
    for page in ("change", "history", "delete"):
        yield reverse(f"{name}_{page}", args=[one.pk])


@pytest.mark.parametrize("role", INSIDE)
def test_no_page_shows_english(role: str, places: dict[str, Any], client_as: Callable[[str], Client]) -> None:
    report, client = Report(), client_as(role)
    pages = [page for model in admin.site._registry for page in pages_of(model)]
    for path in pages + MORE:
        report.read(client.get(path.format(**places)), path, role)
    report.demand_nothing()


def test_no_form_with_mistakes_shows_english(
    places: dict[str, Any], client_as: Callable[[str], Client]
) -> None:
    report = Report()
    client_as("administrator")  # so that there is a session, too
    pages = [page for model in admin.site._registry for page in pages_of(model) if page.endswith("/add/")]
    for role in ("officer", "administrator"):
        for path, data in [(path, {}) for path in pages] + list(BAD.items()):
            url = path.format(**places)
            with undone():
                client = client_as(role)
                answer = client.get(url)
                typed = form_of(answer) if path in pages and answer.status_code == 200 else {}
                report.read(client.post(url, typed | data, follow=True), f"POST {path}", role)
    report.demand_nothing()


def test_no_edit_conflict_shows_english(places: dict[str, Any], client_as: Callable[[str], Client]) -> None:
    report, client = Report(), client_as("officer")
    url = f"{COMMITMENTS}{places['pk']}/change/"
    typed = form_of(client.get(url), "commitment_form")
    for title in ("Πρώτος", "Δεύτερος"):
        report.read(client.post(url, typed | {"title": [title]}, follow=True), f"POST {url}", "officer")
    report.read(client.get(f"{url}../history/"), f"{url}../history/", "officer")
    report.demand_nothing()


@pytest.mark.parametrize("action", ["move_selected", "assign_selected"])
def test_no_action_on_many_rows_shows_english(
    action: str, places: dict[str, Any], client_as: Callable[[str], Client]
) -> None:
    report, client = Report(), client_as("officer")
    rows = [str(pk) for pk in (places["pk"], places["superseded_pk"])]
    for keys in (rows, []):
        chosen = client.post(COMMITMENTS, {"action": action, "_selected_action": keys}, follow=True)
        report.read(chosen, f"POST {COMMITMENTS} {action}", "officer")
    report.demand_nothing()
