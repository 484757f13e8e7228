"""The shipped file of nginx in front of the program: evidence, forwarded headers, what is not to be seen."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import ApiToken
from accounts.services.tokens import make_token
from commitments.services.progress import add_evidence
from tests import factories as make
from tests.clients import client_as
from tests.deploy.test_examples import certificate, site_of_nginx
from tests.servers import Server

PDF = b"%PDF-1.4 minutes of the session"
PREFIX = "/uploads-of-aide-memoire/"


@dataclass
class Proxy:
    """An nginx that runs, and the ports at which it answers."""

    https: int
    http: int

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask by HTTPS."""
        anybody = ssl._create_unverified_context()  # noqa: S323  (a certificate of this test)
        client = http.client.HTTPSConnection("127.0.0.1", self.https, context=anybody, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        client.request("GET", path, headers={"Host": "localhost"} | sent)
        answer = client.getresponse()
        content = answer.read()
        client.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture
def proxy(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Proxy]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed")
    settings.MEDIA_ROOT = tmp_path / "media"
    with Server(tmp_path / "media", ACCEL_REDIRECT=PREFIX, MONITORING_TOKEN="secret-of-a-test") as server:
        found = Proxy(free_port(), free_port())
        site = site_of_nginx(*certificate(tmp_path), ports={"443": found.https, "80": found.http})
        site = site.replace("127.0.0.1:8000", server.bind).replace("register.example.org", "localhost")
        site = site.replace("/var/lib/aide-memoire/media/", f"{tmp_path}/media/")
        (tmp_path / "site.conf").write_text(re.sub(r"listen \[::\].*", "", site))
        (tmp_path / "nginx.conf").write_text(
            f"daemon off; user root; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\nevents {{}}\n"
            f"http {{ access_log off; client_body_temp_path {tmp_path}/body; "
            f"proxy_temp_path {tmp_path}/proxy; include {tmp_path}/site.conf; }}\n"
        )
        process = subprocess.Popen([nginx, "-c", str(tmp_path / "nginx.conf")])  # noqa: S603
        try:
            wait(found.https)
            assert server.answers()
            yield found
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nginx does not answer")


def test_the_program_checks_and_nginx_sends(proxy: Proxy, settings: Any) -> None:
    officer, stranger = make.user("officer"), make.user("focal_point", agency=make.agency("kh-moc", "KH"))
    pledge = make.commitment()
    file = SimpleUploadedFile("Biên bản.pdf", PDF)
    evidence = add_evidence(commitment=pledge, actor=officer, title="Minutes", file=file)
    path = f"/api/v1/commitments/{pledge.reference}/evidence/{evidence.pk}/file/"
    keys = {
        each: make_token(owner=each, name="A", scope=ApiToken.Scope.READ, days=1)[1]
        for each in (officer, stranger)
    }
    status, headers, content = proxy.get(path, Authorization=f"Token {keys[officer]}")
    assert (status, content) == (200, PDF)
    assert headers["content-length"] == str(len(PDF))
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"].startswith("attachment; filename*=utf-8''Bi%C3%AAn")
    assert "x-accel-redirect" not in headers
    assert proxy.get(path, Authorization=f"Token {keys[stranger]}")[0] == 404
    assert proxy.get(path)[0] == 401
    # Nobody gets it past the program.
    assert proxy.get(PREFIX + evidence.file.name)[0] == 404
    assert proxy.get(PREFIX + "../media/" + evidence.file.name)[0] == 404
    # An altered file is not sent.
    Path(evidence.file.path).write_bytes(b"%PDF-1.4 something else")
    assert proxy.get(path, Authorization=f"Token {keys[officer]}")[0] == 404


def test_headers_and_what_is_for_addresses_inside(proxy: Proxy) -> None:
    status, headers, _content = proxy.get("/accounts/login/")
    assert status == 200
    # The program believes that it was asked by HTTPS, and says so to browsers once.
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    plain = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=30)
    plain.request("GET", "/accounts/login/", headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
    answer = plain.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, "https://localhost/accounts/login/")
    plain.close()
    token = {"Authorization": "Bearer secret-of-a-test"}
    assert proxy.get("/metrics")[0] == 404
    assert proxy.get("/metrics", **token)[0] == 200
    assert proxy.get("/health/ready")[0] == 200


@pytest.mark.django_db
def test_without_nginx_the_program_sends_the_file_itself(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    officer, pledge = make.user("officer"), make.commitment()
    file = SimpleUploadedFile("a.pdf", PDF)
    evidence = add_evidence(commitment=pledge, actor=officer, title="Minutes", file=file)
    path = f"/api/v1/commitments/{pledge.reference}/evidence/{evidence.pk}/file/"
    sent = client_as(officer).get(path)
    assert b"".join(sent.streaming_content) == PDF
    settings.ACCEL_REDIRECT = PREFIX
    named = client_as(officer).get(path)
    assert named.content == b""
    assert named["X-Accel-Redirect"] == PREFIX + evidence.file.name
    for header in ("Content-Type", "Content-Disposition", "Cache-Control"):
        assert named[header] == sent[header], header
