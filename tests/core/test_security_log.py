"""The security log: what is told, by whom, under which request, and what is never in it."""

import json
import logging
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.services.tokens import make_token
from commitments.services.progress import add_evidence
from core.security_log import JsonFormatter
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Any:
    cache.clear()
    caplog.set_level(logging.INFO, logger="security")

    def lines() -> list[dict[str, Any]]:
        found = [each for each in caplog.records if each.name == "security"]
        return [json.loads(JsonFormatter().format(record)) for record in found]

    return lines


def test_sign_ins_failures_and_sign_outs_are_told_without_the_password(told: Any) -> None:
    user = make.user("officer", username="lan")
    browser = Client()
    browser.post("/accounts/login/", {"login": "lan", "password": "a wrong one"})
    browser.post("/accounts/login/", {"login": "lan", "password": "correct horse battery"})
    browser.post("/accounts/logout/")
    events = [(line["event"], line["account"]) for line in told()]
    assert events == [("sign-in failed", "lan"), ("signed in", "lan"), ("signed out", "lan")]
    text = json.dumps(told())
    assert "wrong" not in text
    assert "horse" not in text
    assert all(line["request"] and line["at"] for line in told())
    assert user.pk


def test_what_was_typed_as_a_name_is_told_only_if_an_account_has_it(told: Any) -> None:
    make.user("officer", username="lan", email="lan@example.org")
    for typed in ("my secret phrase", "LAN@example.org", "lan" * 100):
        Client().post("/accounts/login/", {"login": typed, "password": "x"})
    assert [(line["event"], line["account"]) for line in told()] == [
        ("sign-in failed", ""),
        ("sign-in failed", "lan"),
        ("sign-in failed", ""),
    ]
    assert "secret" not in json.dumps(told())


def test_refused_sign_ins_and_codes_are_told(told: Any) -> None:
    user = make.user("officer", username="lan")
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    browser = Client()
    browser.post("/accounts/login/", {"login": "lan", "password": "correct horse battery"})
    for _ in range(6):
        browser.post("/accounts/2fa/authenticate/", {"code": "12345"})
    for _ in range(6):
        Client().post("/accounts/login/", {"login": "lan", "password": "x"})
    lines = [(line["event"], line["account"], line.get("reason")) for line in told()]
    assert lines == [
        *[("code refused", "lan", "incorrect_code")] * 5,
        ("code refused", "lan", "too_many_login_attempts"),
        *[("sign-in failed", "lan", None)] * 5,
        ("sign-in refused", "lan", "too many failures"),
    ]
    assert "12345" not in json.dumps([line | {"at": "", "request": ""} for line in told()])


def test_no_character_ends_a_line_and_no_fact_is_long() -> None:
    record = logging.makeLogRecord({"msg": "refused", "facts": {"path": "/\x85\u2028\x9b\n" + "x" * 5000}})
    line = JsonFormatter().format(record)
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 500


def test_refusals_are_told_under_the_id_that_the_answer_bears(told: Any) -> None:
    answer = client_as("reader").get("/commitments/bulk/?secret=x")
    line = told()[-1]
    assert (line["event"], line["status"], line["path"]) == ("refused", 403, "/commitments/bulk/")
    assert line["request"] == answer["X-Request-ID"]
    assert "secret" not in json.dumps(line)


def test_the_use_of_a_token_is_told_by_its_number_and_not_its_key(told: Any) -> None:
    token, key = make_token(owner=make.user("officer", username="lan"), name="Records", scope="read", days=1)
    Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {key}"})
    Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {key}x"})
    used, refused = told()
    assert (used["event"], used["account"], used["token"]) == ("token used", "lan", token.pk)
    assert (refused["event"], refused["status"], refused["account"]) == ("refused", 401, "")
    assert key not in json.dumps(told())


def test_exports_and_downloads_are_told(told: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    pledge = make.commitment()
    file = SimpleUploadedFile("minutes.pdf", b"%PDF-1.7")
    evidence = add_evidence(commitment=pledge, actor=make.user("officer"), title="Minutes", file=file)
    reader = client_as("reader")
    for path in ("export.csv?q=secret", f"{pledge.reference}/evidence/{evidence.pk}/"):
        assert b"".join(reader.get(f"/commitments/{path}").streaming_content)
    reader.get("/commitments/")
    assert [line["event"] for line in told()] == ["signed in", "exported", "downloaded"]
    assert "secret" not in json.dumps(told())


def test_the_shortcut_of_the_admin_to_any_record_is_not_there() -> None:
    pledge = make.commitment()
    kind = ContentType.objects.get_for_model(pledge)
    url = f"/admin/r/{kind.pk}/{pledge.pk}/"
    assert Client().get(url).status_code == 404
    for role in ("officer", "administrator", "reader"):
        assert client_as(role).get(url).status_code == 404
