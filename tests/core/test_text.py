"""Folding: what counts as the same spelling."""

import pytest

from core.text import fold
from relations.names import fold_names


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lê Hoài Trung", "le hoai trung"),
        ("Đà Nẵng", "da nang"),
        ("  BIÊN   GIỚI ", "bien gioi"),
        ("Phạm Minh Chính", "pham minh chinh"),
        ("ព្រំដែន", "ព្រំដែន"),
        ("Tan Nam – Meun Chey", "tan nam - meun chey"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("name", ["Viet Nam", "Vietnam", "Việt Nam", "VIỆT  NAM", "viet nam"])
def test_one_country_has_one_spelling(name: str) -> None:
    assert fold_names(f"to {name}-Cambodia") == "to vietnam-cambodia"
