"""Names joined in a sentence."""

import pytest

from core.lists import all_of, listed, one_of


@pytest.mark.parametrize(
    ("names", "all_", "one", "plain"),
    [
        ([], "", "", ""),
        (["a"], "a", "a", "a"),
        (["a", "b"], "a and b", "a or b", "a, b"),
        (["a", "b", "c"], "a, b and c", "a, b or c", "a, b, c"),
        (["50 %", "%(first)s"], "50 % and %(first)s", "50 % or %(first)s", "50 %, %(first)s"),
        (["50 %", "b", "c"], "50 %, b and c", "50 %, b or c", "50 %, b, c"),
    ],
)
def test_names_are_joined_as_a_sentence_joins_them(names: list[str], all_: str, one: str, plain: str) -> None:
    assert (all_of(names), one_of(names), listed(names)) == (all_, one, plain)
