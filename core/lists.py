"""Lists of names in a sentence, as the language joins them: "a, b and c", "a, b or c"."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def all_of(names: Iterable[object]) -> str:
    """Join ``names`` by commas and a last "and"; "" for none."""
    return _joined(names, pgettext("list, last two", "%(first)s and %(last)s"))


def one_of(names: Iterable[object]) -> str:
    """Join ``names`` by commas and a last "or"; "" for none."""
    return _joined(names, pgettext("list, last two", "%(first)s or %(last)s"))


def listed(names: Iterable[object]) -> str:
    """Join ``names`` by commas alone; "" for none."""
    return _joined(names, pgettext("list, between", "%(first)s, %(rest)s"), last_is_rest=True)


def _joined(names: Iterable[object], last_two: str, *, last_is_rest: bool = False) -> str:
    words = [str(name) for name in names]
    if len(words) < 2:
        return "".join(words)
    *before, first, last = words
    text = last_two % {"first": first, "rest" if last_is_rest else "last": last}
    between = pgettext("list, between", "%(first)s, %(rest)s")
    for word in reversed(before):
        text = between % {"first": word, "rest": text}
    return text
