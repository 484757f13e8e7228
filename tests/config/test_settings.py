"""The settings as a process outside of the tests reads them, from a given environment and nothing else."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils.formats import localize

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "a-key-as-long-and-as-varied-as-Django-asks-one-to-be-0123456789",
    "DATABASE_URL": "sqlite://:memory:",
}


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (our own interpreter, our own words)
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def settings(*names: str, **environment: str) -> dict[str, object]:
    code = (
        "import json; from config import settings; "
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}, default=str))"
    )
    result = run(code, **environment)
    assert result.returncode == 0, result.stderr
    values: dict[str, object] = json.loads(result.stdout)
    return values


def test_without_a_secret_key_nothing_starts_and_the_message_says_what_to_do():
    result = run("import config.settings", DATABASE_URL="sqlite://:memory:")
    assert result.returncode != 0
    assert "ImproperlyConfigured: SECRET_KEY is not set" in result.stderr


def test_an_empty_secret_key_is_a_missing_one():
    result = run("import config.settings", SECRET_KEY="", DATABASE_URL="sqlite://:memory:")
    assert "SECRET_KEY is not set" in result.stderr


def test_debug_does_not_excuse_a_missing_secret_key():
    result = run("import config.settings", DEBUG="1", DATABASE_URL="sqlite://:memory:")
    assert "SECRET_KEY is not set" in result.stderr


def test_a_management_command_needs_only_key_and_database():
    result = run("import sys; sys.argv = ['manage.py', 'check']; import manage; manage.main()", **PRODUCTION)
    assert result.returncode == 0, result.stderr


def test_defaults_are_those_of_production():
    assert settings(
        "DEBUG",
        "DEMO",
        "ALLOWED_HOSTS",
        "HOME_COUNTRY",
        "TIME_ZONE",
        "USE_TZ",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_PROXY_SSL_HEADER",
        **PRODUCTION,
    ) == {
        "DEBUG": False,
        "DEMO": False,
        "ALLOWED_HOSTS": [],
        "HOME_COUNTRY": "VN",
        "TIME_ZONE": "Asia/Ho_Chi_Minh",
        "USE_TZ": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    }


def test_the_environment_is_read():
    environment = {
        "ALLOWED_HOSTS": "a.example,b.example",
        "HOME_COUNTRY": "KH",
        "TIME_ZONE": "Asia/Phnom_Penh",
    }
    assert settings("ALLOWED_HOSTS", "HOME_COUNTRY", "TIME_ZONE", **PRODUCTION, **environment) == {
        "ALLOWED_HOSTS": ["a.example", "b.example"],
        "HOME_COUNTRY": "KH",
        "TIME_ZONE": "Asia/Phnom_Penh",
    }


def test_forms_are_sent_to_us_and_to_the_identity_provider_that_a_setting_names():
    name = "CONTENT_SECURITY_POLICY"
    policy: Any = settings(name, **PRODUCTION, FORM_ACTION_ORIGINS="https://id.example")[name]
    assert policy["DIRECTIVES"]["form-action"] == ["'self'", "https://id.example"]
    assert policy["DIRECTIVES"]["base-uri"] == ["'none'"]


def test_debug_alone_leaves_cookies_secure():
    assert settings("SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", DEBUG="1", **PRODUCTION) == {
        "SESSION_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
    }


def test_the_demonstration_answers_plain_http_on_this_machine_only():
    names = (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "ALLOWED_HOSTS",
    )
    assert settings(*names, DEMO="1", **PRODUCTION) == {
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_SECURE": False,
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 0,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
    }


def test_a_demonstration_keeps_the_key_it_made(tmp_path: Path):
    code = (
        "import sys; from pathlib import Path; from config.demo_key import stored_demo_key; "
        f"print(stored_demo_key(Path({str(tmp_path)!r}) / 'var' / 'key'))"
    )
    first, second = run(code), run(code)
    assert len(first.stdout.strip()) >= 50
    assert second.stdout == first.stdout
    assert (tmp_path / "var" / "key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["postgres://u@db.example/register", "postgresql://u@db.example/register"])
def test_postgresql_gets_a_connection_pool(url: str):
    given = {"SECRET_KEY": "k", "DATABASE_URL": url}
    served = settings("DATABASES", **given, AIDE_MEMOIRE_SERVES="1", WEB_THREADS="32")
    database = served["DATABASES"]["default"]  # type: ignore[index]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["OPTIONS"]["pool"]["max_size"] == 32
    assert not database.get("CONN_MAX_AGE")
    # A connection from before a restart is replaced; nobody waits for a forgotten transaction.
    assert database["CONN_HEALTH_CHECKS"] is True
    for limit in ("lock_timeout=5s", "statement_timeout=25s"):
        assert limit in database["OPTIONS"]["options"]
    # A command has one connection, and is told at once why it gets none.
    assert "pool" not in settings("DATABASES", **given)["DATABASES"]["default"]["OPTIONS"]  # type: ignore[index]


def test_without_a_database_url_the_register_lies_under_var():
    database = settings("DATABASES", SECRET_KEY="k")["DATABASES"]["default"]  # type: ignore[index]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(ROOT / "var" / "db.sqlite3")


def test_a_day_reads_in_the_admin_as_on_every_page():
    assert localize(dt.date(2026, 11, 22)) == "22 Nov 2026"
    assert localize(dt.datetime(2026, 11, 22, 13, 1)) == "22 Nov 2026, 13:01"  # noqa: DTZ001


def test_a_deployment_check_has_nothing_to_say_but_that_there_are_no_tables_yet():
    result = run(
        "import sys; sys.argv = ['manage.py', 'check', '--deploy']; import manage; manage.main()",
        **PRODUCTION,
        ALLOWED_HOSTS="register.example.org",
    )
    assert result.returncode == 0, result.stderr
    assert "security.W" not in result.stderr


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 20000), ("synchronous", 1)],
)
def test_sqlite_runs_with_what_many_writers_need(pragma: str, value: object):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone()[0] == value


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
def test_sqlite_transactions_wait_for_their_turn_at_the_start():
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
