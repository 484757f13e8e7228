"""The command ``read_source``."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from commitments.models import Commitment

pytestmark = pytest.mark.django_db

TEXT = "The two sides agreed to hold the next round in Kigali in 2027."
KEYS = (
    *("start", "end", "quote", "class", "cue", "kind", "modality", "obligated", "deadline", "nature"),
    *("theme", "matches"),
)


def run(*args: str) -> dict[str, Any]:
    out = StringIO()
    call_command("read_source", *args, "--json", stdout=out)
    read: dict[str, Any] = json.loads(out.getvalue())
    return read


def test_a_file_is_read_for_countries_outside_the_register(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text(TEXT, encoding="utf-8")
    [found] = run(str(file), "--parties", "rw,ke")["candidates"]
    assert tuple(found) == KEYS
    assert found["obligated"] == ["KE", "RW"]
    assert found["quote"] == TEXT[found["start"] : found["end"]]
    assert found["deadline"] == {"wording": "in 2027", "earliest": "2027-01-01", "latest": "2027-12-31"}
    assert not Commitment.objects.exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["missing.txt"], "“missing.txt” is neither the key of a source nor a file"),
        (["missing.txt", "--parties", "VN,XX"], "“XX” is not an ISO code"),
    ],
)
def test_errors_name_what_is_wrong(args: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("read_source", *args)
