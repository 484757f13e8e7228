"""Lines of the log: with their request and account, as JSON, and without what people typed."""

import json
import logging
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils.functional import SimpleLazyObject

from accounts.services.password_links import make_link
from core.log import JsonLines, RequestLogMiddleware, WithRequest
from core.slow_queries import SlowQueriesMiddleware
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db


class Kept(logging.Handler):
    """Keeps the lines as the log would write them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []
        self.setFormatter(JsonLines())
        self.addFilter(WithRequest())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Any:
    kept, access = Kept(), logging.getLogger("access")
    before = access.level
    logging.getLogger().addHandler(kept)
    access.setLevel(logging.INFO)
    yield kept.lines
    access.setLevel(before)
    logging.getLogger().removeHandler(kept)


def test_each_request_has_a_line_with_its_id_and_its_account(lines: list[dict[str, Any]]) -> None:
    officer = make.user("officer", username="tran")
    answer = client_as(officer).get("/commitments/?q=secret+words")
    [line] = [each for each in lines if each["logger"] == "access"]
    assert line["message"].startswith("GET /commitments/ 200 ")
    assert line["request"] == answer["X-Request-ID"]
    assert line["account"] == "tran"
    assert "secret" not in json.dumps(lines)


@pytest.mark.parametrize("end", ["/", ""])
def test_the_key_of_a_link_for_a_password_is_in_no_line(lines: list[dict[str, Any]], end: str) -> None:
    _link, key = make_link(account=make.user("reader"))
    with mock.patch("accounts.password_link_views.link_with", side_effect=RuntimeError("broken")):
        client = Client(raise_request_exception=False)
        client.get(f"/accounts/link/{key}{end}")
    Client().get(f"/accounts/link/{key}{end}")
    assert [each["message"] for each in lines if each["message"].startswith("GET /accounts/link/…")]
    assert key not in json.dumps([each["message"] for each in lines])


@pytest.mark.parametrize("address", ["/reports/answer/{}/", "/watching/unsubscribe/{}/", "/calendar/{}.ics"])
def test_the_key_of_another_link_that_needs_no_sign_in_is_in_no_line(
    address: str, lines: list[dict[str, Any]]
) -> None:
    Client().get(address.format("1:a-key-of-a-link"))
    assert any("…" in each["message"] for each in lines)
    assert "a-key-of-a-link" not in json.dumps([each["message"] for each in lines])


def test_a_line_that_is_written_while_a_request_is_answered_names_it(lines: list[dict[str, Any]]) -> None:
    client = client_as(make.user("officer", username="tran"))
    client.raise_request_exception = False
    with mock.patch("pages.overview.views.render", side_effect=RuntimeError("broken")):
        answer = client.get("/")
    assert answer.status_code == 500
    [line] = [each for each in lines if each["level"] == "ERROR"]
    assert (line["request"], line["account"]) == (answer["X-Request-ID"], "tran")
    assert "RuntimeError: broken" in line["exception"]


def test_outside_of_requests_and_without_an_account_they_are_empty(
    lines: list[dict[str, Any]], client: Client
) -> None:
    logging.getLogger("a").warning("Tiếng Việt\nof two lines")
    assert lines[-1] | {"at": ""} == {
        "at": "",
        "level": "WARNING",
        "logger": "a",
        "message": "Tiếng Việt\nof two lines",
        "request": "",
        "account": "",
    }
    client.get("/accounts/login/")
    assert lines[-1]["logger"] == "access"
    assert lines[-1]["account"] == ""
    assert lines[-1]["request"]


def test_a_line_of_the_log_does_not_ask_who_it_is(lines: list[dict[str, Any]]) -> None:
    def ask(_request: HttpRequest) -> HttpResponse:
        logging.getLogger("a").warning("busy")
        return HttpResponse()

    def fail() -> None:
        raise AssertionError("asks the database")

    request = HttpRequest()
    request.user = SimpleLazyObject(fail)
    RequestLogMiddleware(ask)(request)
    assert lines[0]["message"] == "busy"
    assert lines[0]["account"] == ""


def test_a_statement_that_takes_long_is_told_without_its_values(
    lines: list[dict[str, Any]], settings: Any
) -> None:
    def ask(_request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s, 'of the program'", ["typed by somebody"])
        return HttpResponse()

    SlowQueriesMiddleware(ask)(HttpRequest())
    assert lines == []
    settings.SLOW_QUERY_MS = 0
    SlowQueriesMiddleware(ask)(HttpRequest())
    [line] = lines
    assert line["message"].startswith("a statement took ")
    assert "SELECT %s" in line["message"]
    assert "typed by somebody" not in line["message"]
