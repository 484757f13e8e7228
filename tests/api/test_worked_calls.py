"""The calls of ``docs/api.md``, each run as it stands there, over HTTP."""

import json
import re
import shlex
import uuid
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from accounts.services.tokens import make_token
from commitments.models import Commitment
from tests import factories as make

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
CALL = re.compile(r"```sh\n(curl .*?)```\n\n→ (\d{3})\n\n```json\n(.*?)```", re.DOTALL)
FILES = {"minutes.txt": "The lane was opened on 21 January 2026.\n"}
ANYTHING = "…"


def send(command: str, known: dict[str, str]) -> tuple[int, dict[str, str], Any]:
    """What curl would do with ``command``; an option that this does not know fails."""
    words = [filled(word, known) for word in shlex.split(command.replace("\\\n", " "))]
    method, url, headers, body, parts = "GET", "", {}, b"", []
    rest = iter(words[1:])
    for word in rest:
        match word:
            case "-X":
                method = next(rest)
            case "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            case "-d":
                body = next(rest).encode()
            case "-F":
                parts.append(next(rest).partition("=")[::2])
            case "-i":
                pass
            case _ if not word.startswith("-") and not url:
                url = word
            case _:
                pytest.fail(f"the test does not know {word!r} of: {command}")
    if parts:
        headers["Content-Type"], body = form_data(parts)
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=30)
    connection.request(method, f"{address.path}?{address.query}".rstrip("?"), body, headers)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    connection.close()
    return answer.status, dict(answer.getheaders()), content


def filled(word: str, known: dict[str, str]) -> str:
    """``word`` with the values of its variables, as a shell puts them in."""
    return re.sub(r"\$([A-Z_]+)", lambda found: known[found[1]], word)


def form_data(parts: list[tuple[str, str]]) -> tuple[str, bytes]:
    """Fields, and files where the value begins with ``@``."""
    boundary, lines = uuid.uuid4().hex, []
    for name, value in parts:
        file = value.removeprefix("@") if value.startswith("@") else ""
        lines += [f"--{boundary}", f'Content-Disposition: form-data; name="{name}"']
        lines[-1] += f'; filename="{file}"' if file else ""
        lines += ["", FILES[file] if file else value]
    return f"multipart/form-data; boundary={boundary}", "\r\n".join([*lines, f"--{boundary}--", ""]).encode()


def holds(answer: Any, shown: Any) -> bool:
    """Whether ``answer`` is what the page shows, which may leave out members."""
    if shown == ANYTHING:
        return answer is not None
    if isinstance(shown, dict):
        return isinstance(answer, dict) and all(
            name in answer and holds(answer[name], value) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return isinstance(answer, list) and len(answer) == len(shown) and all(map(holds, answer, shown))
    return bool(answer == shown)


def test_what_is_shown_is_told_from_what_is_not() -> None:
    assert holds({"a": 1, "b": [{"c": 2, "d": 3}]}, {"b": [{"c": 2}]})
    assert holds({"a": "x"}, {"a": "…"})
    for shown in ({"a": 2}, {"b": 1}, {"a": None}, [], {"a": [1]}):
        assert not holds({"a": 1}, shown)


@pytest.mark.django_db(transaction=True)
def test_the_ten_calls_lead_from_a_token_to_a_confirmed_commitment(live_server: LiveServer) -> None:
    call_command("load_register", "commitments/fixtures/viet-nam-cambodia.yaml", verbosity=0)
    known = {"SITE": live_server.url}
    for name, role in (("REVIEWER_TOKEN", "reviewer"), ("TOKEN", "officer")):
        owner = make.user(role, username=role)
        known[name] = make_token(owner=owner, name="Records", scope="write", days=1)[1]
    calls = CALL.findall(PAGE.read_text())
    assert len(calls) == 10
    for command, status, shown in calls:
        code, headers, answer = send(command, known)
        assert code == int(status), (command, answer)
        assert holds(answer, json.loads(shown)), (command, answer)
        if "ETag" in headers:
            known["ETAG"] = headers["ETag"]
        if "/commitments/KHVN" in headers.get("Location", "") and "reference" in answer:
            known["REFERENCE"] = answer["reference"]
        if "/evidence/" in headers.get("Location", ""):
            known["EVIDENCE"] = str(answer["id"])
    done = Commitment.objects.get(reference=known["REFERENCE"])
    assert done.status == "fulfilled"
    assert [change.transition for change in done.status_changes.order_by("number")] == [
        "register",
        "submit",
        "confirm",
    ]


def test_the_page_names_every_call_that_it_promises() -> None:
    text = PAGE.read_text()
    assert [int(number) for number in re.findall(r"^\*\*(\d+)\. ", text, re.MULTILINE)] == list(range(1, 11))
    assert text.count("\n```sh\n") == 10
