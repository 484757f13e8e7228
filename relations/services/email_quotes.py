"""Undoes the quoting of an email: all lines begin with ``>``, or some do and replies stand between them."""

import re
from collections import Counter
from collections.abc import Iterator

from core.documents.sentences import sentence_ends

_MARKS = re.compile(r"(?:>[ \t]?)+")
_LEAST_QUOTED = 2
"""So many lines in a row begin with ``>`` where it is a quotation, and not a sign such as in "> 5 %"."""


def without_quotes(text: str, *, paragraph_mark: str) -> str:
    """``text``, which is tidy, without the marks of quotation. A reply never joins what it replies to.

    The paper is what stands at the depth with most of the text. Any other block begins with
    ``paragraph_mark``, so that it is a paragraph of its own and its numbers do not count.
    """
    lines = text.split("\n")
    if not _is_quoting(lines):
        return text
    found = list(_with_depths(lines))
    sizes: Counter[int] = Counter()
    for depth, line in found:
        sizes[depth] += len(line)
    paper = sizes.most_common(1)[0][0]
    written: list[str] = []
    before, begins = found[0][0], True
    for depth, line in found:
        if line and depth != before:
            written.append("")
            begins = True
        other = line and begins and depth != paper
        written.append(f"{paragraph_mark}{line}" if other else line)
        before, begins = (depth, False) if line else (before, True)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(written)).strip()


def _is_quoting(lines: list[str]) -> bool:
    if any(lines) and all(line.startswith(">") for line in lines if line):
        return True
    run = 0
    for line in lines:
        run = run + 1 if line.startswith(">") else 0
        if run == _LEAST_QUOTED:
            return True
    return False


def _with_depths(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Each line without its marks, and how deep it was quoted.

    The end of a quoted line that a program wrapped has no mark: it begins with a small letter.
    """
    before, depth = "", 0
    for line in lines:
        marks = _MARKS.match(line)
        rest = line[marks.end() :] if marks else line
        spilt = not marks and depth and before and rest[:1].islower() and not sentence_ends(before)
        if not spilt:
            depth = marks[0].count(">") if marks else 0
        yield depth, rest
        before = rest
