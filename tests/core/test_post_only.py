"""Addresses that accept only POST, their answers to other methods, and the caching of pages."""

from typing import Any

import pytest
from django.test import Client

from accounts.services.tokens import make_token
from commitments.models import BulkJob, Commitment, SavedView
from commitments.services.bulk import select
from commitments.services.saved_views import save_view
from relations.models import MeetingSource
from tests import factories as make
from tests.clients import client_as
from tests.html import text_of

pytestmark = pytest.mark.django_db
A_PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PASSWORD = "correct horse battery"


@pytest.fixture
def world() -> dict[str, Any]:
    user, meeting, source = make.user("officer"), make.meeting(slug="talks"), make.source(slug="note")
    make.commitment()
    MeetingSource.objects.create(meeting=meeting, source=source)
    return {
        "user": user,
        "job": select(owner=user, commitments=Commitment.objects.all()).pk,
        "view": save_view(owner=user, name="Open", query="state=open").pk,
        "token": make_token(owner=user, name="Records", scope="write", days=30)[0].pk,
    }


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/commitments/bulk/new/?status=agreed&page=2", "/commitments/?status=agreed"),
        ("/commitments/bulk/{job}/run/", "/commitments/bulk/{job}/"),
        ("/commitments/bulk/{job}/stop/", "/commitments/bulk/{job}/"),
        ("/commitments/bulk/{job}/again/", "/commitments/bulk/{job}/"),
        ("/commitments/views/columns/?theme=border", "/commitments/?theme=border"),
        ("/commitments/views/density/", "/commitments/"),
        ("/commitments/views/{view}/copy/", "/commitments/views/"),
        ("/commitments/views/{view}/delete/", "/commitments/views/"),
        ("/accounts/tokens/{token}/revoke/", "/accounts/tokens/"),
        ("/meetings/talks/record/note/1/mentions/", "/meetings/talks/record/note/1/"),
        ("/meetings/talks/record/note/1/mentions/9/take-back/", "/meetings/talks/record/note/1/"),
        ("/meetings/talks/record/note/1/nothing/", "/meetings/talks/record/note/1/"),
    ],
)
def test_an_action_after_the_session_expired_leads_to_its_page_after_sign_in(
    address: str, place: str, world: dict[str, Any]
) -> None:
    client = Client()
    to_sign_in = client.post(address.format(**world), headers=A_PAGE)
    assert to_sign_in["Location"].startswith("/accounts/login/?next=")
    typed = {"login": world["user"].username, "password": PASSWORD}
    landed = client.post(to_sign_in["Location"], typed, headers=A_PAGE, follow=True)
    assert landed.redirect_chain[-1][0] == place.format(**world)
    assert landed.status_code == 200
    assert "Nothing was changed." in text_of(landed)
    assert BulkJob.objects.count() == 1
    assert SavedView.objects.count() == 1


def test_the_list_sends_its_filters_in_the_url(world: dict[str, Any]) -> None:
    client = client_as(world["user"])
    asked = "?status=agreed&columns=title"
    page = client.get(f"/commitments/{asked}").content.decode()
    menu = client.get(f"/commitments/choices/columns/{asked}").content.decode()
    for name, sent_from in {"bulk/new": page, "views/columns": menu, "views/density": menu}.items():
        assert f'action="/commitments/{name}/?status=agreed&amp;columns=title"' in sent_from


def test_a_method_that_is_not_allowed_is_answered_with_a_page(world: dict[str, Any]) -> None:
    client = client_as(world["user"])
    told = client.delete("/commitments/", headers=A_PAGE)
    assert told.status_code == 405
    assert told["Allow"] == "GET, HEAD"
    assert "Method not allowed" in text_of(told)
    assert client.put(f"/commitments/bulk/{world['job']}/run/", headers=A_PAGE).status_code == 405
    assert client.delete("/commitments/").content == b""


def test_the_api_and_health_checks_get_no_page(world: dict[str, Any]) -> None:
    client = Client()
    assert client.post("/health/live", headers={"Accept": "*/*"}).content == b""
    client.force_login(world["user"])
    told = client.delete("/api/v1/commitments/", headers=A_PAGE)
    assert told.status_code == 405
    assert told["Content-Type"].startswith("application/problem+json")


def test_personal_pages_are_not_cached_and_static_files_may_be(world: dict[str, Any]) -> None:
    client = client_as(world["user"])
    for address in ("/", "/commitments/", "/meetings/talks/record/note/", "/commitments/none/"):
        assert client.get(address)["Cache-Control"] == "private, no-store"
    script = client.get("/commitments/", headers={"HX-Request": "true"})
    assert script["Cache-Control"] == "private, no-store"
    assert client.get("/api/v1/commitments/")["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(("role", "clearance"), [("reader", 1), ("administrator", 3)])
def test_who_reads_classified_records_stores_no_answer(role: str, clearance: int) -> None:
    client = client_as(role, clearance=clearance)
    for address in ("/api/v1/commitments/", "/api/v1/overview/", "/commitments/export.csv"):
        assert "no-store" in client.get(address)["Cache-Control"]
