"""Releases: one place for the version, headings with days, and the script that makes them."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

from tests.docs.pages import ROOT, text_of

VERSION = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
_HEADING = re.compile(r"## (\d+)\.(\d+)\.(\d+) – \d{4}-\d{2}-\d{2}")


def test_the_changes_of_each_release_have_its_version_and_its_day_newest_first() -> None:
    first, *released = re.findall(r"^## .*", text_of("CHANGELOG.md"), re.MULTILINE)
    assert first == "## Unreleased"
    found = [_HEADING.fullmatch(heading) for heading in released]
    versions = [tuple(map(int, each.groups())) for each in found if each]
    assert len(versions) == len(released)
    assert versions == sorted(set(versions), reverse=True)
    assert not versions or tuple(map(int, VERSION.split("."))) == versions[0]


def release(folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    command = [str(folder / "scripts" / "release.sh"), version]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout  # noqa: S603


def test_the_script_writes_the_version_the_heading_and_the_tag(tmp_path: Path, monkeypatch) -> None:
    for variable in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"):
        monkeypatch.setenv(variable, "A")
    for variable in ("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"):
        monkeypatch.setenv(variable, "a@example.org")
    for name in ("pyproject.toml", "scripts/release.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## Unreleased\n\n- It flies.\n")
    (tmp_path / "tests/upgrades").mkdir(parents=True)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "First.")
    assert "Name the version" in release(tmp_path, "next").stderr
    assert "tests/upgrades/9.8.7-sqlite.zip is missing" in release(tmp_path, "9.8.7").stderr
    for database in ("sqlite", "postgresql"):
        (tmp_path / f"tests/upgrades/9.8.7-{database}.zip").touch()
    assert "not committed" in release(tmp_path, "9.8.7").stderr
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "Archives.")
    done = release(tmp_path, "9.8.7")
    assert done.returncode == 0, done.stderr
    assert tomllib.loads((tmp_path / "pyproject.toml").read_text())["project"]["version"] == "9.8.7"
    changes = (tmp_path / "CHANGELOG.md").read_text()
    assert re.search(r"## Unreleased\n\n## 9\.8\.7 – \d{4}-\d\d-\d\d\n\n- It flies\.", changes)
    assert git(tmp_path, "tag", "--list", "--points-at", "HEAD").strip() == "v9.8.7"
    assert git(tmp_path, "status", "--porcelain") == ""
    assert "exists already" in release(tmp_path, "9.8.7").stderr
