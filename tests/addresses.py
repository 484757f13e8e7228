"""Every address of the site, read from the URL patterns, and what a client reads there."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

LEFT_OUT = (
    "accounts/",
    "health/",
    "metrics",
    "admin/login/",
    "admin/logout/",
    "admin/jsi18n/",
    "api/v1/schema/",
    "api/v1/docs/",
)
"""Parts of the site that read nothing of the register."""


def routes(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every route of the site but those of ``LEFT_OUT``, as it is written in the URL patterns."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        pattern = str(entry.pattern).removeprefix("^").removesuffix("$")
        route = prefix + re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern)
        if any(route.startswith(part) for part in LEFT_OUT if part != prefix):
            continue
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route


def filled(route: str, values: Mapping[str, Any]) -> str:
    """``route`` with a value for each placeholder, chosen by the segment before it. Raises ``KeyError``."""
    before, parts = "", []
    for part in route.split("/"):
        if placeholder := re.fullmatch(r"<(?:\w+:)?(\w+)>", part):
            parts.append(str(values[f"{before}/{placeholder[1]}"]))
            before = placeholder[1]
        else:
            parts.append(part)
            before = part
    return "/" + "/".join(parts)


_RANDOM = re.compile(r'csrfmiddlewaretoken"\s+value="\w+|once" value="[\w-]+|nonce="[^"]+|\d\d:\d\d')


@dataclass(frozen=True)
class Answer:
    """What a client reads, without what differs between two equal requests."""

    status: int
    headers: str
    text: str


def read(client: Client, url: str, method: str = "get", **sent: Any) -> Answer:
    client.cookies.pop("messages", None)
    answer: Any = getattr(client, method)(url, **sent)
    content = answer.getvalue()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = sorted(name for name in archive.namelist() if name != "docProps/core.xml")
            content = b"\n".join(archive.read(name) for name in names)
    if content.startswith(b"%PDF"):  # made from the Word file, which is read; its moment is in it
        content = b"%PDF"
    # The tokens of forms and scripts, and the moment of an export.
    text = _RANDOM.sub("", content.decode(errors="backslashreplace"))  # a Word file has pictures
    kept = ("ETag", "Location", "Link", "Content-Disposition")
    headers = "\n".join(f"{name}: {answer.headers[name]}" for name in kept if name in answer.headers)
    return Answer(answer.status_code, headers, text)
