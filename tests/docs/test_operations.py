"""docs/operations.md states the limits of documents that the code has."""

import re

from core.documents import limits
from tests.docs.pages import ROOT

_ROW = re.compile(r"^\| `([A-Z_]+)` \| (\d+)( MB)? \|", re.MULTILINE)


def test_every_limit_of_a_document_is_documented() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    documented = {name: int(value) * (1024**2 if unit else 1) for name, value, unit in _ROW.findall(text)}
    assert documented == {
        name: value for name, value in vars(limits).items() if name.isupper() and name[0] != "_"
    }
