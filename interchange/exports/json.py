"""The register as JSON: the objects of the API, all of them at once."""

import json
from collections.abc import Iterator
from typing import Any

from rest_framework.utils.encoders import JSONEncoder

from commitments.documents.commitment_json import documents, fetch
from commitments.models import Commitment
from commitments.reports.query import ListQuery
from interchange.exports.selected_rows import SelectedRows

_CHUNK = 200
"""Smaller than a table's: each object carries its whole history."""


def json_of(matrix: SelectedRows, asked: ListQuery) -> Iterator[bytes]:
    """``{"as_of", "filters", "count", "results"}``; columns are for tables, an object is always whole."""
    head = {"as_of": matrix.when.day, "filters": asked.given, "count": len(matrix)}
    yield _text(head)[:-1].encode() + b',"results":['
    is_first = True
    for keys in matrix.chunks(size=_CHUNK):
        rows = Commitment.objects.visible_to(matrix.user).filter(pk__in=keys)
        found = {row.pk: row for row in fetch(rows, matrix.when, matrix.user)}
        in_order = [found[key] for key in keys if key in found]
        texts = [_text(each) for each in documents(in_order, user=matrix.user, when=matrix.when)]
        if texts:
            yield (b"" if is_first else b",\n") + ",\n".join(texts).encode()
            is_first = False
    yield b"]}\n"


def _text(value: Any) -> str:
    return json.dumps(value, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))
