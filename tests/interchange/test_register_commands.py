"""The commands for the register file: output, error output and exit status."""

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from commitments.models import Commitment
from relations.models import Country
from tests.databases import SHIPPED

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    """An output that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def load(path: Path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("load_register", str(path), *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_load_prints_what_it_did() -> None:
    printed = load(SHIPPED).splitlines()
    assert printed[0].split() == ["created", "changed", "unchanged"]
    assert printed[-1].split() == ["commitments", "77", "0", "0"]
    assert load(SHIPPED).splitlines()[-1].split() == ["commitments", "0", "0", "77"]


def test_dry_run_prints_what_it_would_do() -> None:
    printed = load(SHIPPED, "--dry-run")
    assert "would be created" in printed
    assert "This was a dry run. Nothing was changed." in printed
    assert not Commitment.objects.exists()


def test_conflicts_are_printed_with_line_and_both_values() -> None:
    load(SHIPPED)
    Country.objects.filter(code="VN").update(name="Vietnam")
    assert load(SHIPPED).splitlines()[-1] == (
        "Conflict: line 8: countries.VN.name: “Viet Nam” in the file, “Vietnam” in the register; not changed"
    )


def test_if_empty_does_not_load_into_a_register_with_commitments(tmp_path: Path) -> None:
    load(SHIPPED)
    assert load(tmp_path / "not there", "--if-empty") == (
        "The register already has commitments. Nothing was loaded.\n"
    )


def test_every_error_is_a_line_on_the_error_output(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("register: 1\ntitle: T\nas_of: soon\nthemes:\n  - key: a\n")
    errors = io.StringIO()
    with pytest.raises(CommandError, match=r"^2 errors\. Nothing was changed\.$") as refused:
        call_command("load_register", str(path), stdout=io.StringIO(), stderr=errors)
    assert refused.value.returncode == 1
    assert errors.getvalue().splitlines() == [
        f"{path}: line 3: as_of: “soon” is not a date, YYYY-MM-DD",
        f"{path}: line 5: themes.a.name: is missing",
    ]


def test_an_invalid_file_gives_exit_status_1(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.touch()
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "SECRET_KEY": "x" * 60}
    ended = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "manage.py", "load_register", str(path)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [
        f"{path}: line 1: the file: the file is empty",
        "CommandError: 1 error. Nothing was changed.",
    ]


@pytest.mark.parametrize(
    ("name", "expected"), [("missing.yaml", "No such file or directory"), ("", "Is a directory")]
)
def test_a_file_that_cannot_be_read_gives_a_clear_message(tmp_path: Path, name: str, expected: str) -> None:
    with pytest.raises(CommandError, match=expected):
        load(tmp_path / name)


def test_a_progress_bar_is_shown_on_a_terminal_only() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    call_command("load_register", str(SHIPPED), stdout=io.StringIO(), stderr=terminal)
    assert "\r[####" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")
    call_command("load_register", str(SHIPPED), stdout=io.StringIO(), stderr=pipe)
    assert pipe.getvalue() == ""


def test_dump_goes_to_the_standard_output_or_to_a_file(tmp_path: Path) -> None:
    load(SHIPPED)
    out, path = io.StringIO(), tmp_path / "dump.yaml"
    call_command("dump_register", stdout=out)
    printed, said = io.StringIO(), io.StringIO()
    call_command("dump_register", str(path), stdout=printed, stderr=said)
    for left_out in (
        "Accounts.",
        "Files of evidence and of sources.",
        "The field history of entries that were deleted.",
        "Saved views,",
    ):
        assert f"- {left_out}" in said.getvalue()
    assert path.read_text() == out.getvalue()
    assert printed.getvalue() == f"77 commitments written to {path}.\n"
    assert [each.name for each in tmp_path.iterdir()] == ["dump.yaml"]


def test_a_new_dump_is_readable_for_its_owner_only_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "dump.yaml"
    call_command("dump_register", str(path), stdout=io.StringIO())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    call_command("dump_register", str(path), stdout=io.StringIO())
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_failed_dump_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "dump.yaml"
    path.write_text("old")

    def fail(stream: io.StringIO, **_options: object) -> int:
        stream.write("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("interchange.management.commands.dump_register.dump_register", fail)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("dump_register", str(path), stdout=io.StringIO())
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("dump.yaml", "old")]
