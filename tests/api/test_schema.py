"""The OpenAPI document: whole, described, and changed only on purpose."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

SNAPSHOT = Path(__file__).parents[2] / "docs" / "openapi.yml"


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The document, valid and made without a warning."""
    file = tmp_path_factory.mktemp("schema") / "openapi.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file), stdout=StringIO())
    return file.read_text()


@pytest.fixture(scope="module")
def schema(text: str) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(text)
    return parsed


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def views() -> Iterator[type[APIView]]:
    """The views below ``/api/``."""

    def walk(patterns: Any, inside: bool) -> Iterator[type[APIView]]:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, inside or str(entry.pattern).startswith("api/"))
            elif isinstance(entry, URLPattern) and inside and hasattr(entry.callback, "cls"):
                yield entry.callback.cls

    yield from walk(get_resolver().url_patterns, False)


def test_the_document_is_the_one_that_was_agreed_on(text: str) -> None:
    assert text == SNAPSHOT.read_text(), "The API changed. If it should, write it down: make schema"


def test_everything_is_described(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        where = f"{method} {path}"
        assert len(operation["summary"]) > 3, where
        assert len(operation["description"]) > 10, where
        for parameter in operation.get("parameters", []):
            if parameter["in"] != "path":
                assert parameter.get("description"), f"{where}: {parameter['name']}"
    for name in ("Status", "Transition", "Problem"):
        assert len(schema["components"]["schemas"][name]["description"]) > 20, name
    names = [operation["operationId"] for _path, _method, operation in operations(schema)]
    assert len(set(names)) == len(names)


def test_every_refusal_is_a_problem_with_its_meaning(schema: dict[str, Any]) -> None:
    refusals = schema["components"]["responses"]
    for path, method, operation in operations(schema):
        answers = operation["responses"]
        assert {"400", "401", "403", "404", "429"} <= set(answers), (method, path)
        if method == "post":
            assert {"409", "413", "415", "422"} <= set(answers), path
        if method in ("patch", "delete"):
            assert {"412", "428"} <= set(answers), path
        for code, answer in answers.items():
            if code >= "400":
                told = refusals[answer["$ref"].rsplit("/", 1)[1]]
                assert list(told["content"]) == ["application/problem+json"]
                assert told["description"]


def test_everything_that_is_sent_can_be_sent_again(schema: dict[str, Any]) -> None:
    posts = [view for view in views() if hasattr(view, "post")]
    assert len(posts) > 10
    assert [view.__name__ for view in posts if not getattr(view.post, "is_idempotent", False)] == []
    for path, method, operation in operations(schema):
        names = {parameter["name"] for parameter in operation["parameters"]}
        assert ("Idempotency-Key" in names) is (method == "post"), path
        if method in ("patch", "put", "delete"):
            assert "If-Match" in names, path


def test_a_move_of_the_document_is_a_move_of_the_table(schema: dict[str, Any]) -> None:
    assert schema["components"]["schemas"]["Transition"]["enum"] == [
        "register",
        "agree",
        "start",
        "stall",
        "uphold",
        "submit",
        "confirm",
        "return",
        "withdraw",
        "correct",
        "reopen",
    ]
