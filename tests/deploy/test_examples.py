"""The files in ``deploy`` are accepted by the programs that read them, where those are installed."""

import datetime as dt
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.docs.pages import ROOT, text_of
from tests.docs.test_rules import OPERATIONS, name, table

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def program(name: str) -> str:
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def run(*command: str | Path) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that nobody trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "register.example.org")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "chain.pem").write_bytes(made.public_bytes(pem))
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, pkcs8, plain))
    return folder / "chain.pem", folder / "key.pem"


def site_of_nginx(chain: Path, key: Path, *, ports: dict[str, int]) -> str:
    """The shipped file of nginx, with a certificate and at ports that a test may use."""
    site = (DEPLOY / "nginx" / "aide-memoire.conf").read_text()
    site = re.sub(r"ssl_certificate \S+;", f"ssl_certificate {chain};", site)
    site = re.sub(r"ssl_certificate_key \S+;", f"ssl_certificate_key {key};", site)
    for port, other in ports.items():
        site = re.sub(rf"listen (\[::\]:)?{port}\b", rf"listen \g<1>{other}", site)
    return site


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_each_unit(unit: Path, tmp_path: Path) -> None:
    analyze = program("systemd-analyze")
    home = tmp_path / "srv"
    for each in ("gunicorn", "python"):
        (home / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
        (home / ".venv" / "bin" / each).symlink_to("/bin/true")
    shutil.copytree(DEPLOY, home / "deploy")
    for each in UNITS:
        (tmp_path / each.name).write_text(each.read_text().replace("/srv/aide-memoire", str(home)))
    said = run(analyze, "verify", "--man=no", tmp_path / unit.name)
    assert "aide-memoire" not in said, said


def test_every_timer_has_its_service_and_every_script_of_a_service_can_be_run() -> None:
    names = {unit.name for unit in UNITS}
    assert {each.replace(".timer", ".service") for each in names if each.endswith(".timer")} <= names
    for unit in UNITS:
        for script in re.findall(r"/srv/aide-memoire/(deploy/\S+)", unit.read_text()):
            assert os.access(ROOT / script, os.X_OK), script


def test_nginx_accepts_its_file(tmp_path: Path) -> None:
    nginx = program("nginx")
    chain, key = certificate(tmp_path)
    (tmp_path / "site.conf").write_text(site_of_nginx(chain, key, ports={"80": 1080, "443": 1443}))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log;\nevents {{}}\n"
        f"http {{ access_log off; include {tmp_path}/site.conf; }}\n"
    )
    said = run(nginx, "-t", "-c", tmp_path / "nginx.conf")
    assert "test is successful" in said
    assert "[warn]" not in said


@pytest.mark.parametrize("file", ["Caddyfile", "compose.Caddyfile"])
def test_caddy_accepts_its_files(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    caddy = program("caddy")
    monkeypatch.setenv("SITE", "register.example.org")
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    said = run(caddy, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "caddy" / file)
    assert "Valid configuration" in said


def test_the_dockerfile_has_no_faults() -> None:
    assert run(program("hadolint"), ROOT / "Dockerfile") == ""


def test_the_image_runs_without_rights_and_has_no_other_files() -> None:
    text = text_of("Dockerfile")
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert text.index("USER 10001") < text.index("CMD [")
    assert "--require-hashes" in text
    ignored = text_of(".dockerignore").split()
    assert {".git", ".venv", "var", "*.env"} <= set(ignored)


def test_the_services_of_the_composition_fit_together() -> None:
    composed = yaml.safe_load(text_of("compose.yaml"))
    services = composed["services"]
    assert set(services) == {"database", "migrate", "web", "nightly", "mail", "proxy"}
    for each in ("migrate", "web", "nightly", "mail"):
        assert services[each]["read_only"] is True
        assert services[each]["cap_drop"] == ["ALL"]
    for each in services.values():
        for other in each.get("depends_on", []):
            assert other in services
        for volume in each.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith(".") else source in composed["volumes"]
        script = (each.get("command") or [""])[0]
        assert not script or os.access(ROOT / script, os.X_OK)
    # Only the proxy can be reached from outside, and only it has no rights in the database.
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    owner = [name for name, each in services.items() if "register_owner" in str(each.get("environment"))]
    assert owner == ["database", "migrate"]


def test_the_example_of_the_settings_names_only_settings() -> None:
    named = re.findall(r"^([A-Z_]+)=", text_of("deploy/aide-memoire.env"), re.MULTILINE)
    documented = {name(row["variable"]) for row in table(OPERATIONS, "variable", "meaning", "default")}
    assert named
    assert set(named) <= documented


def test_the_limits_of_the_proxies_are_above_those_of_the_program(settings) -> None:
    largest = max(limit for _address, limit in settings.BODY_LIMITS)
    nginx = int(re.search(r"client_max_body_size (\d+)m;", text_of("deploy/nginx/aide-memoire.conf"))[1])
    assert nginx * 1024 * 1024 >= largest
    for path in ("deploy/caddy/Caddyfile", "deploy/caddy/compose.Caddyfile"):
        caddy = int(re.search(r"max_size (\d+)MB", text_of(path))[1])
        assert caddy * 1000 * 1000 >= largest, path
