"""Normal forms keep every real text, and cost no time for a made one."""

import time
import unicodedata
from collections.abc import Callable

import pytest

from accounts.login_names import login_key
from core.normal_forms import normalized
from core.search.folding import fold
from relations.services.paragraph_splitting import tidy

TIBETAN, HALFWIDTH = "a" + "\u0f73" * 30_000, "a" + "\uff9e\u0301" * 30_000
"""Characters that are no marks, but become marks in NFD or NFKC."""

MARKS = "a" + "\u0301\u0323" * 50_000


@pytest.mark.parametrize("text", ["Hai bên nhất trí", "ភាគីទាំងពីរបានឯកភាពគ្នា", "e" + "\u0323\u0302" * 15, "ậ"])
def test_a_text_of_a_language_is_not_cut(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC"):
        assert normalized(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (tidy, MARKS),
        (fold, MARKS),
        (login_key, MARKS),
        (login_key, HALFWIDTH),
        (lambda text: normalized("NFC", text), TIBETAN),
    ],
)
def test_many_marks_on_a_letter_cost_no_time(read: Callable[[str], str], text: str) -> None:
    began = time.process_time()
    assert len(read(text)) <= 61
    assert time.process_time() - began < 1
