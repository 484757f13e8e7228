"""Whatever goes wrong under ``/api/``, the answer is a problem in JSON, never a page."""

import json
from typing import Any

import pytest
from django.test import Client, override_settings

from accounts.services.tokens import make_token
from api import commitments
from core.api.parsers import MAX_JSON_BYTES
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/commitments/"


@pytest.fixture
def officer() -> Client:
    return client_as("officer", client=Client(raise_request_exception=False))


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem, after seeing that it is one."""
    assert answer.status_code == status, answer.content[:300]
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "errors"} <= set(body)
    assert body["status"] == status
    assert body["detail"]
    return body


def send(client: Client, content: bytes, content_type: str = "application/json") -> Any:
    return client.generic("POST", ADDRESS, content, content_type)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"title": NaN}',
        b'{"title": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"title": "\xff"}',
        b"[" * 100_000,
        b'{"year": ' + b"9" * 5_000 + b"}",
        b'"text"',
        b"null",
        b"[]",
        '{"title": "é"}'.encode("utf-16"),
    ],
)
def test_a_body_that_is_no_json_object_is_told(officer: Client, content: bytes) -> None:
    problem(send(officer, content), 400)


def test_a_character_that_no_text_has_is_told_at_its_field(officer: Client) -> None:
    errors = problem(send(officer, b'{"title": "a\\u0000b", "note": "\\u0000"}'), 400)["errors"]
    assert {"title", "note"} <= set(errors)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/json; charset=nonsense",
        "application/json; charset=base64",
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "nonsense",
    ],
)
def test_another_type_or_charset_is_not_taken(officer: Client, content_type: str) -> None:
    problem(send(officer, b"{}", content_type), 415)


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", 'application/json; charset="UTF-8"']
)
def test_utf_8_may_be_said(officer: Client, content_type: str) -> None:
    assert "title" in problem(send(officer, b"{}", content_type), 400)["errors"]


def test_a_body_of_50_mb_is_refused(officer: Client) -> None:
    problem(send(officer, b"[" + b" " * (50 * 1024 * 1024) + b"]"), 413)


def test_a_body_that_hides_its_length_is_read_no_further_than_allowed(officer: Client) -> None:
    long = json.dumps({"title": "x" * MAX_JSON_BYTES}).encode()
    problem(officer.generic("POST", ADDRESS, long, "application/json", headers={"Content-Length": "10"}), 400)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/", 404),
        ("get", "/api/v1/", 404),
        ("get", "/api/v1/nothing/", 404),
        ("post", "/api/v1/commitments", 404),
        ("get", "/api/v1/commitments/KHVN-1999-001/", 404),
        ("get", "/api/v1/commitments/a%00b/", 404),
        ("get", "/api/v1/commitments/%ff/", 404),
        ("get", "/api/v1/commitments/?page=9", 404),
        ("get", "/api/v2/commitments/", 404),
        ("delete", ADDRESS, 405),
        ("put", "/api/v1/commitments/KHVN-2024-001/", 405),
        ("get", ADDRESS + "?stat=open", 400),
    ],
)
def test_wrong_addresses_and_methods(officer: Client, method: str, path: str, status: int) -> None:
    problem(getattr(officer, method)(path), status)


def test_a_method_that_is_not_known_says_which_are(officer: Client) -> None:
    answer = officer.delete(ADDRESS)
    assert answer.headers["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_another_representation_is_not_to_be_had(officer: Client) -> None:
    problem(officer.get(ADDRESS, headers={"Accept": "text/html"}), 406)
    no_token = {"Accept": "text/html", "Authorization": "Bearer none"}
    problem(Client().get(ADDRESS, headers=no_token), 406)


def test_a_forged_form_of_a_session_is_refused() -> None:
    client = client_as("officer", client=Client(enforce_csrf_checks=True))
    problem(send(client, b"{}"), 403)


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer a b", "Bearer nonsense", "Token x", "Basic b2ZmaWNlcjpvZmZpY2Vy", "Bearer \xff"],
)
def test_who_is_not_signed_in_is_asked_for_a_token(header: str) -> None:
    answer = Client().get(ADDRESS, headers={"Authorization": header})
    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_unknown_host_is_told_in_json(officer: Client) -> None:
    answer = officer.get(ADDRESS, headers={"Host": "elsewhere.example"})
    problem(answer, 400)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_fault_of_ours_is_told_in_json_and_says_nothing_of_itself(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("the cellar is flooded")

    monkeypatch.setattr(commitments.Fieldset, "of", broken)
    body = problem(officer.get(ADDRESS), 500)
    assert "cellar" not in json.dumps(body)


def test_a_page_keeps_its_own_errors(officer: Client) -> None:
    assert officer.get("/nothing/").headers["Content-Type"].startswith("text/html")


@override_settings(API_REQUESTS_A_MINUTE=3)
def test_a_token_that_asks_too_often_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    from django.utils import timezone

    now = dt.datetime(2026, 11, 22, 10, 0, 15, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    me = make.user("reader")
    keys = [make_token(owner=me, name=name, scope="read", days=1)[1] for name in "ab"]

    def ask(key: str) -> Any:
        return Client().get("/api/v1/commitments/", headers={"Authorization": f"Bearer {key}"})

    assert [ask(keys[0]).status_code for _ in range(3)] == [200, 200, 200]
    refused = ask(keys[0])
    problem(refused, 429)
    assert refused.headers["Retry-After"] == "45"
    assert ask(keys[1]).status_code == 200
    now += dt.timedelta(seconds=45)
    assert ask(keys[0]).status_code == 200
    token = me.api_tokens.get(name="a")
    assert (token.used_in_minute, token.last_used_at) == (1, now)


@override_settings(API_REQUESTS_A_MINUTE=1)
def test_a_person_at_a_page_is_not_counted(officer: Client) -> None:
    assert [officer.get(ADDRESS).status_code for _ in range(3)] == [200, 200, 200]
