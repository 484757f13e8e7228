"""No request leaves the server: pages load nothing from elsewhere, and the program asks nobody."""

import ast
import re
import socket
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from tests import factories as make
from tests.docs.pages import files, text_of
from tests.html import Page, page_of

OURS = (
    "accounts",
    "api",
    "commitments",
    "config",
    "core",
    "interchange",
    "notifications",
    "pages",
    "relations",
)
CLIENTS = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "imaplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "webbrowser",
    "xmlrpc",
}
MAY = {
    ("config/gunicorn.py", "socket"): "sets the time limits of connections that come in",
    (
        "core/doctor/machine.py",
        "smtplib",
    ): "names the errors of the mail server that an administrator has set",
    (
        "notifications/sending.py",
        "smtplib",
    ): "names them too: mail goes to that server alone",
}
"""Modules that may import one of these, and why."""

LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "link": "href",
    "use": "href",
    "form": "action",
}
"""What a browser asks for without anybody who follows a link, and where it says which address."""


def imported(path: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def test_no_module_imports_a_client_of_the_network() -> None:
    program = [path for path in files() if path.endswith(".py") and path.split("/")[0] in OURS]
    assert len(program) > 300
    found = {
        (path, client)
        for path in program
        for name in imported(path)
        for client in CLIENTS
        if name == client or name.startswith(f"{client}.")
    }
    assert found == set(MAY)


def test_styles_and_scripts_name_no_other_place() -> None:
    texts = [
        path for path in files() if path.startswith("static/") and path.endswith((".css", ".js", ".svg"))
    ]
    assert len(texts) > 5
    for path in texts:
        found = re.findall(
            r"""(?:url\(|@import|import|from|fetch\(|src=|href=)\s*["'(]?\s*((?:https?:)?//[^"')\s]+)""",
            text_of(path),
        )
        assert found == [], path
    assert {PurePosixPath(path).suffix for path in texts} >= {".css", ".js"}


def loaded_by(page: Page) -> Iterator[str]:
    for tag, attribute in LOADED.items():
        for element in page.tree.iter(tag):
            if element.get(attribute):
                yield element.get(attribute)
            yield from (part.split()[0] for part in (element.get("srcset") or "").split(",") if part.strip())
    for element in page.tree.cssselect("[style]"):
        yield from re.findall(r"url\(([^)]+)\)", element.get("style"))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever connects to another machine fails. The driver of PostgreSQL does not use this module."""

    def refuse(self: socket.socket, address: Any) -> None:
        raise AssertionError(f"a request to {address} leaves the server")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_rest, **_more: refuse(None, host))


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_briefings")
def test_no_page_loads_anything_from_elsewhere(register: None, no_network: None) -> None:
    """One page of each kind that can be reached from the first one, by somebody who may see all of them."""
    client = Client()
    client.force_login(make.user("administrator", "officer", "reviewer"))
    waiting, kinds = ["/", "/admin/"], set()
    while waiting:
        url = waiting.pop(0)
        try:
            kind = resolve(urlsplit(url).path).view_name
        except Resolver404:
            continue
        if kind in kinds or "logout" in kind:
            continue
        kinds.add(kind)
        answer = client.get(url, follow=True)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        page = page_of(answer)
        for address in loaded_by(page):
            parts = urlsplit(urljoin("http://testserver/", address))
            assert parts.scheme in ("http", "data"), (url, address)
            assert parts.scheme == "data" or parts.netloc == "testserver", (url, address)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert not re.search(r"https?:|\*", policy), policy
        for link in page.links().values():
            parts = urlsplit(urljoin(urljoin("http://testserver/", url), link))
            if parts.netloc == "testserver":
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    assert len(kinds) > 40, sorted(kinds)
