"""Bad input through each door: parameters, bodies, forms, uploads, register files. Nothing breaks or changes.

What is sent is a valid request of which a few places were spoiled, by chance from a fixed seed, so that a
failure comes again. Every run of the tests sends about 150 (marked ``fuzz``); `make torture` sends
TORTURE_MUTATIONS through each door, 10,000 by default, and 300 uploads, since a process reads each.
TORTURE_EXAMPLES=5, as in the CI, makes that 50.
"""

import contextlib
import io
import json
import os
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from docx import Document

from accounts.services.tokens import make_token
from commitments.models import Commitment
from core.audit.models import AuditEntry
from interchange.models import SpreadsheetImport
from tests import factories as make
from tests.clients import client_as
from tests.interchange.spreadsheet.conftest import MINISTRY, xlsx

BOUND = os.environ.get("TORTURE_EXAMPLES")
MANY = int(os.environ.get("TORTURE_MUTATIONS") or (10 * int(BOUND) if BOUND else 10_000))
SEED = 16
BAD: tuple[Any, ...] = (
    *("", " ", "\x00", "\ud800", "\u202e", "ꙮ" * 300, "x" * 70_000, "-1", "0", "1e309", "NaN", "9" * 400),
    *(
        "2025-02-30",
        "0000-00-00",
        "99999-01-01",
        "' OR 1=1 --",
        "{{7*7}}",
        "%s%n",
        "../../etc/passwd",
        "=1+1",
    ),
    *("<script>", "true", "null", "[]", "é" * 5, "\r\nSet-Cookie: a=b", "٣", "\ufeff"),
    *(None, True, -1, 0, 2**63, 10**400, 1.5, [], {}, [[]], {"a": {"b": []}}, [None], ["x"] * 2000),
)
PARAMETERS = {
    "state": "open",
    "as_of": "2025-12-01",
    "ordering": "-reference",
    "page": "1",
    "q": "border",
    "party": "KH",
    "lead": "vn-mofa",
    "overdue": "true",
    "mentions_min": "3",
    "quiet": "90",
}
READ = (
    "/commitments/",
    "/",
    "/api/v1/commitments/",
    "/commitments/export.csv",
    "/search/",
    "/meetings/",
    "/calendar/",
)
NEW = {
    "title": "Open the border gate at Long Binh",
    "text": "They will open the border gate at Long Binh.",
    "nature": "cooperation",
    "theme": "border",
    "parties": ["KH", "VN"],
    "obligated": ["KH"],
    "deadline": {"wording": "by June 2026", "earliest": "2026-01-01", "latest": "2026-06-30"},
    "assignments": [{"agency": "vn-mofa", "role": "lead"}],
    "mention": {"meeting": "talks", "source": "note", "paragraph": 1, "kind": "made"},
    "note": "Said by both.",
}

pytestmark = pytest.mark.django_db


def tries(door: str, few: int, many: int = MANY) -> Iterator[random.Random]:
    """A source of chance for each try at ``door``."""
    count = many if os.environ.get("TORTURE") else few
    return (random.Random(f"{SEED} {door} {number}") for number in range(count))  # noqa: S311  (no secret)


def spoiled(value: Any, chance: random.Random) -> Any:
    """``value`` with one place of it spoiled."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        if chance.random() < 0.15:
            return {name: each for name, each in value.items() if name != key}
        if chance.random() < 0.1:
            return {**value, str(chance.choice(BAD))[:50]: chance.choice(BAD)}
        return {**value, key: spoiled(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [spoiled(each, chance) if number == at else each for number, each in enumerate(value)]
    return chance.choice(BAD)


def spoiled_bytes(content: bytes, chance: random.Random) -> bytes:
    """``content`` with some bytes changed, cut out or said twice."""
    found = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8, 50))):
        at = chance.randrange(len(found) or 1)
        match chance.randrange(4):
            case 0:
                found[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del found[at : at + chance.randrange(1, 200)]
            case 2:
                found[at:at] = found[at : at + chance.randrange(1, 200)]
            case _:
                found[at:at] = chance.choice(
                    (b"\x00", b"\xff\xfe", b"]]>", b"&a;", b"\n- *x\n", b"{{", b": :")
                )
    return bytes(found)


def texts(values: Any) -> dict[str, str]:
    """``values`` as a form or an address can hold them."""
    values = values if isinstance(values, dict) else {"": values, str(values): ""}
    kept = {name.replace("\ud800", "?"): str(each).replace("\ud800", "?") for name, each in values.items()}
    return {name: each[:2000] for name, each in kept.items() if name}


def assert_open(client: Client, addresses: Iterable[str]) -> None:
    """Each address takes requests, or nothing would be tried there."""
    for each in addresses:
        assert client.options(each).status_code != 404, each


def assert_well(send: Callable[[], Any]) -> None:
    """The answer is no failure of the program, and what is refused has changed nothing."""
    before = AuditEntry.objects.count(), Commitment.objects.count()
    with transaction.atomic():
        answer = send()
        if answer.streaming:
            list(answer)
        assert answer.status_code < 500 or answer.status_code == 503, answer.content[:2000]
        if answer.status_code >= 400:
            assert (AuditEntry.objects.count(), Commitment.objects.count()) == before, answer.content[:2000]
        transaction.set_rollback(True)


@pytest.fixture
def officer() -> Any:
    make.theme()
    make.agency()
    make.meeting(slug="talks").sources.add(make.source(slug="note"))
    return make.user("officer", "reviewer")


def check_parameters(officer: Any) -> None:
    make.commitment()
    client = client_as(officer)
    assert_open(client, READ)
    for chance in tries("parameters", 40):
        query = urlencode(texts(spoiled(PARAMETERS, chance)))
        assert_well(lambda: client.get(f"{chance.choice(READ)}?{query}"))  # noqa: B023  (called at once)


def check_bodies(officer: Any) -> None:
    pledge = make.commitment()
    _token, key = make_token(owner=officer, name="Script", scope="write", days=1)
    client = Client(headers={"Authorization": f"Bearer {key}"})
    doors: dict[str, Any] = {
        "/api/v1/commitments/": NEW,
        f"/api/v1/commitments/{pledge.reference}/transitions/": {"transition": "start", "note": "Begun."},
        f"/api/v1/commitments/{pledge.reference}/progress/": {"achieved": "Half.", "review_on": "2027-01-01"},
        "/api/v1/bulk/commitments/": {"items": [NEW]},
        "/api/v1/meetings/": {"title": "Session", "form": "talks", "level": "minister", "status": "planned"},
        "/api/v1/saved-views/": {"name": "Late", "query": "overdue=true"},
    }
    assert_open(client, doors)
    for chance in tries("bodies", 50):
        url = chance.choice(list(doors))
        body = json.dumps(spoiled(doors[url], chance)).encode()
        if chance.random() < 0.3:
            body = spoiled_bytes(body, chance)
        assert_well(lambda: client.post(url, body, content_type="application/json"))  # noqa: B023


def check_forms(officer: Any) -> None:
    pledge, client = make.commitment(), client_as(officer)
    doors = {
        f"/commitments/{pledge.reference}/transitions/start/": {
            "note": "Begun.",
            "occurred_on": "2026-01-01",
        },
        f"/commitments/{pledge.reference}/progress/": {"achieved": "Half.", "review_on": "2027-01-01"},
        "/commitments/views/new/": {"name": "Late", "shared_with": "private", "query": "overdue=true"},
        "/meetings/record/": {
            "text": "1. They agreed.",
            "title": "Talks",
            "starts_on": "2026-01-01",
            "form": "talks",
        },
        "/accounts/login/": {"login": "lan", "password": "correct horse"},
        "/admin/commitments/commitment/": {"action": "start", "_selected_action": str(pledge.pk)},
    }
    assert_open(client, doors)
    for chance in tries("forms", 40):
        url = chance.choice(list(doors))
        assert_well(lambda: client.post(url, texts(spoiled(doors[url], chance))))  # noqa: B023


def check_uploads(officer: Any) -> None:
    client, paper = client_as(officer), io.BytesIO()
    document = Document()
    document.add_paragraph("1. The sides agreed to open the border gate.")
    document.save(paper)
    sheet = xlsx(MINISTRY, [("MOFA", "Cambodia", "To meet.", "", "", "")])
    files = {
        "rows.xlsx": ("/imports/", sheet),
        "rows.csv": ("/imports/", b"Content,Partner\nTo meet,KH\n"),
        "paper.docx": ("/meetings/record/", paper.getvalue()),
    }
    for chance in tries("uploads", 4, min(MANY, 300)):
        name = chance.choice(list(files))
        url, content = files[name]
        file = SimpleUploadedFile(name, spoiled_bytes(content, chance))
        assert_well(lambda: client.post(url, {"file": file, "title": "Talks"}))  # noqa: B023
    assert not SpreadsheetImport.objects.exists()


def check_register_files(tmp_path: Path) -> None:
    shipped = Path(settings.BASE_DIR, "commitments/fixtures/viet-nam-cambodia.yaml").read_bytes()
    begin = shipped[:6000].rsplit(b"\n- ", 1)[0] + b"\n"
    file = tmp_path / "register.yaml"
    for chance in tries("register files", 15):
        file.write_bytes(spoiled_bytes(begin, chance))
        before = AuditEntry.objects.count()
        with transaction.atomic():
            with contextlib.suppress(CommandError):  # with the lines that are wrong
                call_command(
                    "load_register", str(file), dry_run=True, stdout=io.StringIO(), stderr=io.StringIO()
                )
            assert AuditEntry.objects.count() == before
            transaction.set_rollback(True)


@pytest.mark.fuzz
def test_bad_input_breaks_nothing_and_changes_nothing(officer: Any, tmp_path: Path) -> None:
    for check in (check_parameters, check_bodies, check_forms, check_uploads):
        check(officer)
    check_register_files(tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize("door", [check_parameters, check_bodies, check_forms, check_uploads])
def test_ten_thousand_of_each_break_nothing_either(
    door: Callable[[Any], None], officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORTURE", "1")
    door(officer)


@pytest.mark.torture
def test_ten_thousand_register_files_break_nothing_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORTURE", "1")
    check_register_files(tmp_path)
