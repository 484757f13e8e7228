"""The content security policy, https and the log: what every answer carries, and what is refused."""

import logging
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def https_only(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.usefixtures("https_only")
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 301),
        ("/accounts/login/", {"x-forwarded-proto": "https", "host": "elsewhere.example"}, 400),
        ("/api/v1/me/", {}, 403),
        ("/nothing-here/", {}, 301),
        ("/health/live", {}, 200),
    ],
)
def test_every_answer_carries_the_policy(
    path: str, headers: dict[str, str], status: int, settings: Any
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = Client(headers=headers).get(path)
    assert answer.status_code == status
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "base-uri 'none'" in answer["Content-Security-Policy"]


@pytest.mark.usefixtures("https_only")
@pytest.mark.parametrize("method", ["get", "post"])
def test_plain_http_to_the_api_is_refused_and_not_redirected(method: str) -> None:
    answer = getattr(Client(), method)("/api/v1/commitments/")
    assert answer.status_code == 403
    assert "Location" not in answer
    assert answer["Content-Type"] == "application/problem+json"
    assert "https only" in answer.json()["detail"]


@pytest.mark.usefixtures("https_only")
def test_https_to_the_api_is_answered(settings: Any) -> None:
    assert Client().get("/api/v1/commitments/", secure=True).status_code == 401


def test_an_unknown_host_is_a_line_in_the_log_without_a_traceback(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    with caplog.at_level(logging.ERROR):
        assert Client(headers={"host": "elsewhere.example"}).get("/accounts/login/").status_code == 400
    (record,) = [each for each in caplog.records if each.name == "django.security.DisallowedHost"]
    assert "elsewhere.example" in record.getMessage()
    assert record.exc_info is None
