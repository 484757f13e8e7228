"""The register as JSON: the objects of the API, all in one file."""

import json
from collections.abc import Iterator
from typing import Any

from rest_framework.utils.encoders import JSONEncoder

from commitments.documents.commitment_json import documents, fetch
from commitments.models import Commitment
from commitments.reports.query import ListQuery
from interchange.exports.selected_rows import SelectedRows

_CHUNK = 200
"""Commitments in memory at a time. Fewer than in tables, since each has its whole history."""


def json_of(selected: SelectedRows, query: ListQuery) -> Iterator[bytes]:
    """``{"as_of", "filters", "count", "results"}``. Objects are whole, whatever columns the query names."""
    head = {"as_of": selected.when.day, "filters": query.given, "count": len(selected)}
    yield _text(head)[:-1].encode() + b',"results":['
    is_first = True
    for keys in selected.chunks(size=_CHUNK):
        rows = Commitment.objects.readable_by(selected.user).filter(pk__in=keys)
        found = {row.pk: row for row in fetch(rows, selected.when, selected.user)}
        in_order = [found[key] for key in keys if key in found]
        texts = [_text(each) for each in documents(in_order, user=selected.user, when=selected.when)]
        if texts:
            yield (b"" if is_first else b",\n") + ",\n".join(texts).encode()
            is_first = False
    yield b"]}\n"


def _text(value: Any) -> str:
    return json.dumps(value, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))
