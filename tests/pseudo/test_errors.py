"""The pages that say what went wrong, read in the pseudo language."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from pages.overview import views as overview
from tests.html import form_of
from tests.pseudo.report import Report

pytestmark = pytest.mark.django_db
PAGE = {"headers": {"Accept": "text/html"}}


def test_a_form_that_is_too_old(world: dict[str, Any], pseudo: None) -> None:
    report, client = Report(), Client(enforce_csrf_checks=True)
    client.force_login(world["people"]["officer"])
    answer = client.post(f"/commitments/{world['ref']}/progress/", {"achieved": "1"}, **PAGE)
    assert answer.status_code == 403
    report.read(answer, "POST without a token", "officer")
    report.demand_nothing()


def test_a_fault_of_ours(client_as: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("as a fault would be")

    monkeypatch.setattr(overview, "overview_page", broken)
    report, client = Report(), client_as("officer")
    answer = client.get("/", **PAGE)
    assert answer.status_code == 500
    report.read(answer, "/ (at fault)", "officer")
    report.demand_nothing()


def test_a_method_that_no_page_takes(world: dict[str, Any], client_as: Callable[[str], Client]) -> None:
    report, client = Report(), client_as("officer")
    answer = client.delete(f"/commitments/{world['ref']}/", **PAGE)
    assert answer.status_code == 405
    report.read(answer, "DELETE /commitments/{ref}/", "officer")
    report.demand_nothing()


def test_too_many_attempts(pseudo: None) -> None:
    report, client = Report(), Client()
    cache.clear()
    for _n in range(7):
        answer = client.post("/accounts/login/", {"login": "λόγος", "password": "1"}, **PAGE)
        report.read(answer, "POST /accounts/login/", "nobody")
    report.demand_nothing()


def test_a_commitment_that_was_changed_meanwhile(
    world: dict[str, Any], client_as: Callable[[str], Client]
) -> None:
    report, client = Report(), client_as("officer")
    url = f"/commitments/{world['ref']}/transitions/stall/"
    typed = form_of(client.get(url))
    for note in ("λόγος", "άλλος λόγος"):
        answer = client.post(url, typed | {"note": [note]})
        report.read(answer, f"POST {url}", "officer")
    assert answer.status_code == 409
    report.demand_nothing()


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/api/v1/commitments/", b"{", "application/json"),
        ("/api/v1/commitments/", b"<x/>", "application/xml"),
        ("/api/v1/commitments/", b"{}", "application/json"),
        ("/api/v1/commitments/", b"[1]", "application/json"),
        ("/api/v1/meetings/", b'{"title": 1, "starts_on": "x", "form": "x", "x": 1}', "application/json"),
        ("/api/v1/sources/", b'{"title": "", "kind": 1, "published_on": 1}', "application/json"),
        ("/api/v1/bulk/transitions/", b'{"items": [{}]}', "application/json"),
    ],
)
def test_what_the_api_refuses(path: str, body: bytes, kind: str, client_as: Callable[[str], Client]) -> None:
    report = Report()
    answer = client_as("officer").post(path, body, content_type=kind)
    report.read(answer, f"POST {path}", "officer")
    report.demand_nothing()
